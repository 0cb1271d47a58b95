//! The command watches source files and restarts the app when one changes.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{DevOption, Launch, Model};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "dev-reload-flag",
    title: "The server is still in development mode",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[
        Section::docker("Development vs Production Dockerfile"),
        Section::docker("Production Uvicorn Settings"),
        Section::flask("Why remove the `--reload` flag?"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    if model.is_for_development() {
        return;
    }
    variables(model, report);
    let Some(launch) = model.launch() else { return };
    for option in launch.dev_options() {
        flag(model, &launch, &option, report);
    }
    restarter(model, &launch, report);
}

/// An option that watches files or switches on debug mode.
fn flag(model: &Model, launch: &Launch<'_>, option: &DevOption, report: &mut Report) {
    let (word, program) = (&launch.words[option.at], launch.program());
    let name = &word.text;
    let keyword = launch.step_of(word).keyword().as_str();
    let effect = if option.is_debug {
        "restart when a source file changes and may show visitors your code"
    } else {
        "watch your source files and restart when one changes"
    };
    let message = format!("`{name}` makes {program} {effect}; delete it from `{keyword}`.");
    let finding = report.at(&RULE, word.range, message);
    match model.delete_words(&launch.words, &option.words) {
        Some(edits) => {
            let fix = Fix::new(format!("Delete `{name}`"), edits);
            let fix =
                if option.is_debug { fix.assuming("Nothing relies on debug mode.") } else { fix };
            finding.fix(fix);
        }
        None => {
            finding.advice(format!("Delete `{name}` and the options that only serve it."));
        }
    }
}

/// A program whose work is to restart another one.
fn restarter(model: &Model, launch: &Launch<'_>, report: &mut Report) {
    let words = launch.restarter();
    let Some(range) = words.iter().map(|word| word.range).reduce(TextRange::cover) else { return };
    let program = launch.program();
    let mut shown = program.to_owned();
    for word in words.iter().skip(1) {
        shown = format!("{shown} {}", word.text);
    }
    let (instead, fix) = replacement(model, launch);
    let is_script = shown.ends_with("dev") && program != "fastapi" && words.len() > 1;
    let message = if is_script {
        format!(
            "`{shown}` starts the script for working on the app, which usually watches files; start what the build made instead."
        )
    } else {
        let instead =
            instead.map_or_else(|| "the app itself".to_owned(), |text| format!("`{text}`"));
        format!(
            "`{shown}` restarts the app whenever a file changes; start it with {instead} instead."
        )
    };
    let finding = report.at(&RULE, range, message);
    match fix {
        Some(fix) => finding.fix(fix),
        None => finding.advice(
            "Write the command that starts the app once, without a program that restarts it. For a script, look in `package.json` what it runs.",
        ),
    };
}

/// What to start in place of a program that restarts, where that is sure, and the change that does it.
fn replacement(model: &Model, launch: &Launch<'_>) -> (Option<String>, Option<Fix>) {
    let at = launch.program;
    let (Some(program), Some(first)) = (launch.words.get(at), launch.words.get(at + 1)) else {
        return (None, None);
    };
    let is_npx = at.checked_sub(1).is_some_and(|at| launch.words[at].text == "npx");
    let is_plain = |text: &str| !text.starts_with('-') && !text.contains('$');
    let in_place = |word, old: &str, new: &str| {
        let range = model.part_of(word, old).filter(|_| launch.is_in_place())?;
        Some(EditSet::from(TextEdit::replace(range, new)))
    };
    let (instead, edits, assumption) = match launch.program() {
        "fastapi" => (
            "fastapi run".to_owned(),
            in_place(first, "dev", "run"),
            "The app may be reached from outside: `fastapi run` listens on every address.",
        ),
        "nodemon" if program.text == "nodemon" && first.text.ends_with("js") && !is_npx => (
            format!("node {}", first.text),
            in_place(program, "nodemon", "node"),
            "No settings file of nodemon changes how the app is started.",
        ),
        "tsx" => match launch.words.get(at + 2).filter(|word| is_plain(&word.text)) {
            Some(script) => (
                format!("tsx {}", script.text),
                model.delete_words(&launch.words, &[at + 1]),
                "The app does not read files that only the watcher would notice.",
            ),
            None => return (None, None),
        },
        _ => return (None, None),
    };
    let fix = edits.map(|edits| Fix::new(format!("Start `{instead}`"), edits).assuming(assumption));
    (Some(instead), fix)
}

/// Variables that switch the watcher on.
fn variables(model: &Model, report: &mut Report) {
    if let Some(variable) = model.final_env("UVICORN_RELOAD") {
        let value = variable.value.unwrap_or_default().to_ascii_lowercase();
        if matches!(value.as_str(), "1" | "true" | "t" | "yes" | "y" | "on") {
            let message = "`UVICORN_RELOAD` switches on the file watcher; delete the variable.";
            let finding = report.at(&RULE, variable.pair.key.range, message);
            let edits = model
                .holder(variable.pair.range)
                .filter(|(stage, _)| !model.is_shared(stage))
                .and_then(|(_, step)| model.delete_pair(step.instruction, variable.pair));
            match edits {
                Some(edits) => finding.fix(Fix::new("Delete `UVICORN_RELOAD`", edits)),
                None => finding.advice("Set it in the stage that you develop with only."),
            };
        }
    }
    if let Some(variable) = model.final_env("GUNICORN_CMD_ARGS")
        && let Some(value) = &variable.pair.value
        && value.text.split_whitespace().any(|word| word == "--reload")
    {
        let range = model.part_of(value, "--reload").unwrap_or(value.range);
        let message = "`--reload` in `GUNICORN_CMD_ARGS` switches on the file watcher; delete it.";
        report
            .at(&RULE, range, message)
            .advice("Take `--reload` out of the value, and keep the rest.");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, check_input, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Applicability;
    use crate::input::Input;

    /// The command after the first fix, and how sure it is.
    fn fixed(cmd: &str) -> Option<(String, Applicability)> {
        let text = format!("FROM python:3.11\n{cmd}\n");
        let found = findings(&RULE, &Input::new(&text));
        let fix = found.first()?.fix.as_ref()?;
        let after = fix.edits()?.apply(&text);
        silent(&RULE, &after);
        Some((after.lines().skip(1).collect::<Vec<_>>().join("\n"), fix.applicability))
    }

    fn safe(before: &str, after: &str) {
        assert_eq!(fixed(before), Some((after.to_owned(), Applicability::Safe)), "{before}");
    }

    fn ask(before: &str, after: &str) {
        assert_eq!(fixed(before), Some((after.to_owned(), Applicability::Ask)), "{before}");
    }

    #[test]
    fn points_at_the_flag() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
CMD [\"uvicorn\", \"main:app\", \"--reload\", \"--host\", \"0.0.0.0\"]
#                           ^^^^^^^^^^ `--reload` makes uvicorn watch your source files and restart when one changes; delete it from `CMD`.
",
        );
        check(
            &RULE,
            "\
FROM python:3.11-slim
ENTRYPOINT [\"python\", \"-m\", \"flask\"]
CMD [\"--debug\", \"run\"]
#    ^^^^^^^^^ `--debug` makes flask restart when a source file changes and may show visitors your code; delete it from `CMD`.
",
        );
        check(
            &RULE,
            "\
FROM python:3.11-slim
CMD [\"sh\", \"-c\", \"poetry run gunicorn app:app --reload --bind :$PORT\"]
#                                             ^^^^^^^^ `--reload` makes gunicorn watch
",
        );
    }

    #[test]
    fn deletes_the_flag_and_what_serves_it() {
        safe(
            "CMD [\"uvicorn\", \"a:b\", \"--reload\", \"--host\", \"0.0.0.0\"]",
            "CMD [\"uvicorn\", \"a:b\", \"--host\", \"0.0.0.0\"]",
        );
        safe(
            "CMD uvicorn a:b --reload --reload-dir src --reload-delay=1 --port 80",
            "CMD uvicorn a:b --port 80",
        );
        safe(
            "CMD [\"uvicorn\", \\\n     \"a:b\", \\\n     \"--reload\"]",
            "CMD [\"uvicorn\", \\\n     \"a:b\"]",
        );
        safe(
            "ENTRYPOINT [\"uvicorn\"]\nCMD [\"--reload\", \"a:b\"]",
            "ENTRYPOINT [\"uvicorn\"]\nCMD [\"a:b\"]",
        );
        safe("CMD node --watch --watch-path=src app.js", "CMD node app.js");
        safe("CMD uv run fastapi run --reload", "CMD uv run fastapi run");
        safe("ENV UVICORN_RELOAD=true A=b\nCMD uvicorn a:b", "ENV A=b\nCMD uvicorn a:b");
    }

    #[test]
    fn asks_where_more_changes() {
        ask("CMD flask run --debug --port 80", "CMD flask run --port 80");
        ask("CMD [\"nodemon\", \"app.js\"]", "CMD [\"node\", \"app.js\"]");
        ask("CMD [\"fastapi\", \"dev\", \"app.py\"]", "CMD [\"fastapi\", \"run\", \"app.py\"]");
        ask("CMD npx tsx watch app.ts", "CMD npx tsx app.ts");
    }

    #[test]
    fn programs_that_restart_another_one() {
        check(
            &RULE,
            "\
FROM node:20
CMD [\"nodemon\", \"app.js\"]
#    ^^^^^^^^^ `nodemon` restarts the app whenever a file changes; start it with `node app.js` instead.
",
        );
        check(
            &RULE,
            "\
FROM node:20
CMD npm run dev
#   ^^^^^^^^^^^ `npm run dev` starts the script for working on the app
",
        );
        for cmd in [
            "nodemon",
            "npx nodemon app.js",
            "yarn dev",
            "ts-node-dev a.ts",
            "tsx watch --x a.ts",
            "cargo watch -x run",
            "watchfiles 'python a.py'",
            "air",
        ] {
            no_fix(&RULE, &format!("FROM node:20\nCMD {cmd}\n"));
        }
    }

    #[test]
    fn no_edit_inside_a_string_in_two_lines() {
        no_fix(&RULE, "FROM python:3.11\nCMD [\"sh\", \"-c\", \"uvicorn \\\n a:b --reload\"]\n");
        no_fix(
            &RULE,
            "FROM python:3.11\nENV GUNICORN_CMD_ARGS=\"--reload -w 2\"\nCMD gunicorn a:b\n",
        );
    }

    #[test]
    fn silent_in_a_dev_stage_that_nobody_chose() {
        let text = "FROM python:3.11 AS dev\nCMD [\"uvicorn\", \"a:b\", \"--reload\"]\n";
        silent(&RULE, text);
        silent(&RULE, &format!("{text}FROM python:3.11\nCMD [\"uvicorn\", \"a:b\"]\n"));
        let marked = "\
FROM python:3.11 AS dev
CMD [\"uvicorn\", \"a:b\", \"--reload\"]
#                      ^^^^^^^^^^ `--reload` makes
FROM python:3.11
";
        check_input(&RULE, &Input { target: Some("dev".to_owned()), ..Input::new(marked) });
    }

    #[test]
    fn silent_on_run_and_healthcheck() {
        silent(
            &RULE,
            "FROM python:3.11\nRUN uvicorn a:b --reload\nHEALTHCHECK CMD uvicorn --reload\nCMD [\"uvicorn\", \"a:b\"]\n",
        );
    }

    #[test]
    fn silent_on_other_meanings_of_reload() {
        for cmd in [
            "uvicorn a:b --no-reload",
            "nginx -s reload",
            "gunicorn a:b -- --reload",
            "node app.js --watch",
            "npm start",
            "python main.py",
            "cargo run",
        ] {
            silent(&RULE, &format!("FROM python:3.11\nCMD {cmd}\n"));
        }
        silent(&RULE, "FROM python:3.11\nENV UVICORN_RELOAD=false\nCMD uvicorn a:b\n");
    }

    #[test]
    fn keeps_comments_and_line_ends() {
        check_fix(
            &RULE,
            "FROM python:3.11\r\n# dev\r\nCMD uvicorn a:b \\\r\n    --reload \\\r\n    --port 80\r\n",
            "FROM python:3.11\r\n# dev\r\nCMD uvicorn a:b \\\r\n    --port 80\r\n",
        );
    }
}
