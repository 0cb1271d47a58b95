//! CMD or ENTRYPOINT as text, so that a shell starts the program.

use super::broken_json_list::is_meant_as_list;
use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Family, Model, ShellNeed, Step, Tool, is_builtin, is_wrapper};
use crate::syntax::shell::{Command, Script};
use crate::syntax::{Keyword, Word, json_string};

pub(super) const RULE: Rule = Rule {
    id: "shell-form-cmd",
    title: "A shell stands between Docker and your app",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["DL3025", "JSONArgsRecommended", "DF018", "DF025"],
    taught: &[
        Section::docker("Production Uvicorn Settings"),
        Section::flask("Creating the Production Dockerfile"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(stage) = model.final_stage() else { return };
    let has_shell = model.final_steps().any(|(_, step)| step.keyword() == Keyword::Shell);
    if has_shell || model.family(stage) == Some(Family::Windows) {
        return;
    }
    let (entrypoint, cmd) = model.starters();
    // An ENTRYPOINT in shell form leaves CMD out.
    let counts = entrypoint.is_none_or(|step| step.script().is_none());
    for step in entrypoint.into_iter().chain(cmd.filter(|_| counts)) {
        // A list that is no JSON is told as such.
        let is_list = is_meant_as_list(step.instruction.arguments.of(model.text()).trim_end());
        if let Some(script) = step.script().filter(|_| !is_list) {
            one(model, step, script, report);
        }
    }
}

fn one(model: &Model, step: &Step<'_>, script: &Script, report: &mut Report) {
    let (words, is_exec) = match model.words_without_shell(step, script) {
        Ok(words) => match words.split_first() {
            Some((first, rest)) if first.text == "exec" && !rest.is_empty() => (Ok(rest), true),
            _ => (Ok(words), false),
        },
        // With `exec`, this is what the advice says.
        Err(_) if is_exec_command(script) && has_shell(model) => return,
        Err(need) => {
            if let (Some(fix), true) = (hand_over(model, step, script), has_shell(model)) {
                let message = format!(
                    "`/bin/sh` starts your app here and may not pass the stop signal on; put `exec` before `{}`, so that the shell hands over to it.",
                    script.commands.last().map_or("", Command::program)
                );
                report.at(&RULE, step.instruction.arguments, message).fix(fix);
                return;
            }
            (Err(instead(model, step, &need)), false)
        }
    };
    let keyword = step.keyword().as_str();
    let program = script.commands.first().map_or("", |command| match command.program() {
        "exec" => command.arguments().first().map_or("", |word| word.text.as_str()),
        name => name,
    });
    let message = if !has_shell(model) {
        format!(
            "`{keyword}` as text needs `/bin/sh`, which this image does not have, so the container cannot start; write the words as a JSON list."
        )
    } else if is_exec {
        format!(
            "`{keyword}` starts `/bin/sh` first; with `exec` it hands over to `{program}`, so signals arrive. A JSON list needs no shell at all."
        )
    } else {
        format!(
            "`{keyword} {program} …` starts `/bin/sh` first, which may not pass the stop signal on; write the words as a JSON list."
        )
    };
    let finding = report.at(&RULE, step.instruction.arguments, message);
    if !has_shell(model) {
        finding.severity(Severity::Error);
    } else if is_exec {
        finding.severity(Severity::Info);
    }
    match words.and_then(|words| as_list(model, step, words)) {
        Ok(fix) => finding.fix(fix),
        Err(advice) => finding.advice(advice),
    };
}

/// `exec` before the last of the commands, where that is the app in words that a shell can replace itself by.
fn hand_over(model: &Model, step: &Step<'_>, script: &Script) -> Option<Fix> {
    let last = script.commands.last()?;
    let program = last.words.first()?;
    let (entrypoint, cmd) = model.starters();
    let is_alone = entrypoint.is_none() || cmd.is_none();
    // A variable in front is the program's, with `exec` behind it too.
    let is_plain = last.inner.is_none()
        && !is_builtin(&program.text)
        && program.text.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/'));
    if !script.is_chain() || !is_alone || !is_plain || !step.instruction.heredocs.is_empty() {
        return None;
    }
    let edits = model.insert_before_word(program, "exec");
    Some(Fix::new("Let the shell hand over to the app with `exec`", edits))
}

/// What to do about what needs a shell.
fn instead(model: &Model, step: &Step<'_>, need: &ShellNeed) -> String {
    match need {
        ShellNeed::Several => "More than one command needs a shell. Put them into a start script whose last line is `exec` and your app.".to_owned(),
        ShellNeed::Part(word) => needs_shell(model, step, word),
        ShellNeed::Unclear => "This text needs a shell. Let it end in `exec` and your app.".to_owned(),
    }
}

fn needs_shell(model: &Model, step: &Step<'_>, word: &str) -> String {
    let text = step.instruction.arguments.of(model.text());
    let text = text.strip_prefix("exec ").unwrap_or(text);
    let keyword = step.keyword().as_str();
    // A line of its own stays readable in a sentence; a builtin or a variable cannot stand behind `exec`.
    let sets = text.split_whitespace().next().is_some_and(|first| first.contains('='));
    if text.contains(['\n', '`', '\'']) || text.len() > 120 || is_builtin(word) || sets {
        return format!(
            "`{word}` needs a shell. Keep it, and let the app replace the shell: write `exec` before the program."
        );
    }
    let list = json_string(&format!("exec {text}"));
    format!(
        "`{word}` needs a shell. Keep it, and let the app replace the shell: `{keyword} [\"sh\", \"-c\", {list}]`."
    )
}

/// The change that writes `words` as a JSON list where each stands, or what to do by hand.
fn as_list(model: &Model, step: &Step<'_>, words: &[Word]) -> Result<Fix, String> {
    let (entrypoint, cmd) = model.starters();
    let is_entrypoint = step.keyword() == Keyword::Entrypoint;
    let wraps = |step: &Step<'_>| step.commands().first().is_some_and(|c| is_wrapper(c.program()));
    if is_entrypoint && cmd.is_some() {
        return Err("As text, ENTRYPOINT leaves CMD out; as a JSON list it takes CMD as its arguments. Write both as lists, and check what they say together.".to_owned());
    }
    if !is_entrypoint && entrypoint.is_some_and(|entrypoint| !wraps(entrypoint)) {
        return Err("ENTRYPOINT gets these words as its arguments, now behind `/bin/sh -c`. Write them as a JSON list, and check what the two say together.".to_owned());
    }
    let by_hand = || "Write the words as a JSON list.".to_owned();
    let edits = model.as_exec_form(step, words).ok_or_else(by_hand)?;
    let first = words.first().ok_or_else(by_hand)?;
    let fix = Fix::new("Write the words as a JSON list", edits);
    let is_script = first.text.rsplit_once('.').is_some_and(|(_, end)| end == "sh");
    let fix = if is_script || first.text.starts_with("./") {
        fix.assuming(format!(
            "`{}` may be executed, and its first line names what runs it, such as `#!/bin/sh`.",
            first.text
        ))
    } else {
        fix
    };
    if is_entrypoint
        || entrypoint.is_some()
        || model.final_image().is_some_and(|(_, image)| image.starts_plainly())
        || !has_shell(model)
    {
        Ok(fix)
    } else {
        Ok(fix.assuming(
            "The base image has no ENTRYPOINT that would treat the words in another way.",
        ))
    }
}

fn is_exec_command(script: &Script) -> bool {
    script.commands.last().is_some_and(|command| command.program() == "exec")
}

/// Whether the final image has `/bin/sh`, as far as its name tells.
fn has_shell(model: &Model) -> bool {
    model.final_stage().is_none_or(|stage| model.has(stage, Tool::Shell) != Some(false))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, fixed, no_fix, silent};
    use super::{RULE, Severity};
    use crate::finding::Applicability;
    use crate::input::Input;

    const FROM: &str = "FROM python:3.11-slim\n";

    fn becomes(before: &str, after: &str) {
        let after = format!("{FROM}{after}\n");
        check_fix(&RULE, &format!("{FROM}{before}\n"), &after);
        silent(&RULE, &after);
    }

    fn first(text: &str) -> Option<(Severity, Option<Applicability>)> {
        let found = findings(&RULE, &Input::new(text));
        found.first().map(|one| (one.severity, one.fix.as_ref().map(|fix| fix.applicability)))
    }

    fn advice(cmd: &str) -> String {
        let text = format!("{FROM}{cmd}\n");
        no_fix(&RULE, &text);
        let mut found = findings(&RULE, &Input::new(text));
        found.pop().and_then(|finding| finding.advice).unwrap_or_default()
    }

    #[test]
    fn points_at_the_command() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
CMD uvicorn main:app --port 8000
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `CMD uvicorn …` starts `/bin/sh` first
",
        );
    }

    #[test]
    fn writes_a_list_in_the_same_lines() {
        becomes("CMD uvicorn a:b  --port 80", "CMD [\"uvicorn\", \"a:b\",  \"--port\", \"80\"]");
        becomes(
            "CMD a \\\n  # why\n  'b \"c\"' \"d*\"",
            "CMD [\"a\", \\\n  # why\n  \"b \\\"c\\\"\", \"d*\"]",
        );
        becomes("ENTRYPOINT exec /usr/bin/app -x", "ENTRYPOINT [\"/usr/bin/app\", \"-x\"]");
        becomes(
            "ENTRYPOINT [\"tini\", \"--\"]\nCMD uvicorn a:b",
            "ENTRYPOINT [\"tini\", \"--\"]\nCMD [\"uvicorn\", \"a:b\"]",
        );
        becomes("CMD echo ❌", "CMD [\"echo\", \"❌\"]");
    }

    #[test]
    fn how_sure_and_how_grave() {
        let safe = Some(Applicability::Safe);
        let ask = Some(Applicability::Ask);
        assert_eq!(first("FROM python:3.11\nCMD app\n"), Some((Severity::Warning, safe)));
        assert_eq!(first("FROM python:3.11\nCMD ./start.sh\n"), Some((Severity::Warning, ask)));
        assert_eq!(first("FROM org/app:1\nCMD app\n"), Some((Severity::Warning, ask)));
        assert_eq!(first("FROM org/app:1\nENTRYPOINT app\n"), Some((Severity::Warning, safe)));
        assert_eq!(first("FROM python:3.11\nCMD exec app\n"), Some((Severity::Info, safe)));
        assert_eq!(first("FROM scratch\nCMD app\n"), Some((Severity::Error, safe)));
        assert_eq!(first("FROM gcr.io/distroless/cc\nCMD app $A\n"), Some((Severity::Error, None)));
    }

    #[test]
    fn names_the_word_that_needs_the_shell() {
        for (cmd, word) in [
            ("CMD app &", "`&` needs"),
            ("CMD cd /app", "`cd` needs"),
            ("CMD migrate; app", "More than one command"),
            ("CMD migrate && $APP", "More than one command"),
            ("CMD (app)", "`(` needs"),
        ] {
            let advice = advice(cmd);
            assert!(advice.starts_with(word), "{cmd}: {advice}");
        }
    }

    #[test]
    fn the_shell_hands_over_where_it_is_needed() {
        for (before, after) in [
            ("CMD uvicorn a:b --port $PORT", "CMD exec uvicorn a:b --port $PORT"),
            ("CMD migrate && app -p 80", "CMD migrate && exec app -p 80"),
            ("CMD cd /app && \\\n    ./app > log", "CMD cd /app && \\\n    exec ./app > log"),
            ("ENTRYPOINT app --x=\"a b\"", "ENTRYPOINT exec app --x=\"a b\""),
            ("CMD A=\"b c\" app -x", "CMD A=\"b c\" exec app -x"),
        ] {
            becomes(before, after);
        }
    }

    #[test]
    fn no_edit_where_a_partner_would_mean_something_else() {
        assert!(advice("ENTRYPOINT python app.py\nCMD [\"--debug\"]").starts_with("As text"));
        assert!(advice("ENTRYPOINT [\"python\"]\nCMD app.py").starts_with("ENTRYPOINT gets"));
        assert_eq!(
            fixed(&RULE, &format!("{FROM}CMD a\nCMD b\n")),
            Some(format!("{FROM}CMD a\nCMD [\"b\"]\n"))
        );
    }

    #[test]
    fn silent_after_a_shell_instruction() {
        silent(&RULE, &format!("{FROM}SHELL [\"/bin/bash\", \"-c\"]\nCMD app\n"));
    }

    #[test]
    fn silent_on_exec_with_a_variable() {
        silent(&RULE, &format!("{FROM}CMD exec app --port $PORT\n"));
        silent(&RULE, &format!("{FROM}CMD migrate && exec app\n"));
    }

    #[test]
    fn silent_on_lists_and_health_checks() {
        silent(&RULE, &format!("{FROM}HEALTHCHECK CMD curl localhost\nCMD [\"app\"]\n"));
        silent(&RULE, &format!("{FROM}CMD [\"sh\", \"-c\", \"app $X\"]\n"));
    }

    #[test]
    fn silent_in_a_builder_and_on_windows() {
        silent(&RULE, "FROM python:3.11 AS b\nCMD app\nFROM python:3.11\nCMD [\"app\"]\n");
        silent(&RULE, "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCMD app\n");
    }
}
