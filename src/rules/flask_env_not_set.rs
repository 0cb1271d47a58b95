//! Flask without `FLASK_ENV`: the lesson sets it, and today's Flask does not read it.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::input::REQUIREMENTS;
use crate::model::Model;

pub(super) const RULE: Rule = Rule {
    id: "flask-env-not-set",
    title: "FLASK_ENV is not set, and need not be",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Security],
    aliases: &[],
    taught: &[
        Section::flask("Why set `FLASK_ENV=production`?"),
        Section::flask("Key Differences: Development vs Production"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch() else { return };
    if launch.server().is_none_or(|server| server.name != "flask run") {
        return;
    }
    let Some(word) = launch.words.get(launch.program) else { return };
    if model.is_for_development() || model.final_env("FLASK_ENV").is_some() || is_new(model) {
        return;
    }
    let message = "`FLASK_ENV` is not set, and need not be: Flask 2.3 and later ignores it, and keeps debug mode off until `FLASK_DEBUG` or `--debug` turns it on.";
    report.at(&RULE, word.range, message).advice(
        "With Flask before 2.3 `production` is the default too. Watch for `FLASK_DEBUG` and `--debug` instead.",
    );
}

/// Whether the list names a version of Flask that does not read the variable.
fn is_new(model: &Model) -> bool {
    let text = model.input().text(REQUIREMENTS).unwrap_or_default();
    text.lines().any(|line| {
        let line = line.trim().to_ascii_lowercase();
        let version = line.strip_prefix("flask==").unwrap_or_default();
        let mut numbers = version.split('.').map(|part| part.parse().unwrap_or(0));
        (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (2, 3)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent, silent_input};
    use super::RULE;
    use crate::input::{Input, REQUIREMENTS};

    const FLASK: &str = "FROM python:3.11\nCMD [\"flask\", \"run\"]\n";

    #[test]
    fn flask_without_the_variable() {
        check(
            &RULE,
            &format!(
                "{FLASK}#    ^^^^^^^ `FLASK_ENV` is not set, and need not be: Flask 2.3 and later"
            ),
        );
    }

    #[test]
    fn silent_where_it_is_set_or_settled_or_another_program() {
        silent(&RULE, "FROM python:3.11\nENV FLASK_ENV=production\nCMD flask run\n");
        silent(&RULE, "FROM python:3.11\nCMD gunicorn app:app\n");
        silent(&RULE, "FROM python:3.11 AS dev\nCMD flask run\n");
        silent_input(&RULE, &Input::new(FLASK).with_file(REQUIREMENTS, "Flask==3.1.3\n"));
    }
}
