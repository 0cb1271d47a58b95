//! uvicorn with one worker process.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Launch, Model};

pub(super) const RULE: Rule = Rule {
    id: "single-worker",
    title: "The server uses only one CPU core",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[Section::docker("Production Uvicorn Settings")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let workers = model.choices().workers;
    let Some(launch) = model.launch() else { return };
    if launch.server().is_none_or(|server| server.name != "uvicorn") {
        return;
    }
    // One worker may be what was chosen, because several containers are started instead.
    if workers < 2 || model.is_for_development() || is_settled(model, &launch) {
        return;
    }
    let Some(word) = launch.words.get(launch.program) else { return };
    let count = workers.to_string();
    let message = format!(
        "uvicorn starts one worker process, which keeps one CPU core busy at most; add `--workers {count}`, and expect the memory of {} copies.",
        in_words(workers)
    );
    let finding = report.at(&RULE, word.range, message);
    match model.append_to_launch(&launch, &["--workers", &count]) {
        Some(edits) => {
            let fix = Fix::new(format!("Add `--workers {count}`"), edits).in_phase(Phase::Runtime);
            finding.fix(fix.assuming("The app keeps nothing in memory that all requests must share, and there is memory for each worker."));
        }
        None => {
            finding.advice(format!(
                "Add `--workers {count}` to uvicorn's options, or set `WEB_CONCURRENCY={count}`."
            ));
        }
    }
}

/// Whether the number of workers is said, or does not count yet because of the file watcher.
fn is_settled(model: &Model, launch: &Launch<'_>) -> bool {
    let variables = ["WEB_CONCURRENCY", "UVICORN_WORKERS", "UVICORN_RELOAD"];
    launch.has_option(&["--workers", "--fd", "--reload"])
        || variables.iter().any(|name| model.final_env(name).is_some())
}

fn in_words(number: u32) -> String {
    match number {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        4 => "four".to_owned(),
        number => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, check_input, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

    #[test]
    fn uvicorn_without_workers() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
CMD [\"python\", \"-m\", \"uvicorn\", \"main:app\"]
#                    ^^^^^^^^^ uvicorn starts one worker process
",
        );
    }

    #[test]
    fn adds_the_option_at_the_end() {
        for (before, after) in [
            (
                "CMD [\"uvicorn\", \"a:b\", \"--port\", \"8000\"]",
                "CMD [\"uvicorn\", \"a:b\", \"--port\", \"8000\", \"--workers\", \"2\"]",
            ),
            ("CMD uvicorn a:b --port $PORT", "CMD uvicorn a:b --port $PORT --workers 2"),
            (
                "ENTRYPOINT [\"uvicorn\"]\nCMD [\"a:b\"]",
                "ENTRYPOINT [\"uvicorn\"]\nCMD [\"a:b\", \"--workers\", \"2\"]",
            ),
        ] {
            let from = "FROM python:3.11-slim\n";
            check_fix(&RULE, &format!("{from}{before}\n"), &format!("{from}{after}\n"));
            silent(&RULE, &format!("{from}{after}\n"));
        }
        no_fix(&RULE, "FROM python:3.11-slim\nENTRYPOINT [\"uvicorn\", \"a:b\"]\nCMD --port 80\n");
    }

    #[test]
    fn takes_the_number_that_was_chosen() {
        let mut input = Input::new(
            "\
FROM python:3.11-slim
CMD uvicorn main:app
#   ^^^^^^^ uvicorn starts one worker process, which keeps one CPU core busy at most; add `--workers 6`, and expect the memory of 6 copies.
",
        );
        input.choices.workers = 6;
        check_input(&RULE, &input);
        let mut input = Input::new("FROM python:3.11-slim\nCMD uvicorn main:app\n");
        input.choices.workers = 1;
        check_input(&RULE, &input);
    }

    #[test]
    fn silent_where_the_number_is_said() {
        for rest in [
            "CMD [\"uvicorn\", \"a:b\", \"--workers=1\"]",
            "CMD [\"uvicorn\", \"a:b\", \"--fd\", \"3\"]",
            "ENV WEB_CONCURRENCY=4\nCMD [\"uvicorn\", \"a:b\"]",
        ] {
            silent(&RULE, &format!("FROM python:3.11-slim\n{rest}\n"));
        }
    }

    #[test]
    fn silent_while_reload_is_on() {
        silent(&RULE, "FROM python:3.11-slim\nCMD [\"uvicorn\", \"a:b\", \"--reload\"]\n");
    }

    #[test]
    fn silent_on_other_servers() {
        silent(&RULE, "FROM python:3.11-slim\nCMD [\"gunicorn\", \"-k\", \"w\", \"a:b\"]\n");
        silent(&RULE, "FROM python:3.11-slim\nCMD [\"python\", \"main.py\"]\n");
    }
}
