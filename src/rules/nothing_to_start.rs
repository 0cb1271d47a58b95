//! Neither CMD nor ENTRYPOINT, on a base image that has no app of its own.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Model, is_in};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "nothing-to-start",
    title: "The container ends as it starts",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["DF036", "CmdMissingCommand", "EntrypointMissingCommand"],
    taught: &[],
    check,
};

/// Official images, and what they start by themselves.
const BARE: [(&str, &str); 4] = [
    ("python", "`python3`, which waits for somebody to type"),
    ("node", "`node`, which waits for somebody to type"),
    ("ruby", "`irb`, which waits for somebody to type"),
    (
        "debian ubuntu alpine golang rust eclipse-temurin busybox",
        "a shell, which waits for somebody to type",
    ),
];

fn check(model: &Model, report: &mut Report) {
    let Some(stage) = model.final_stage() else {
        return;
    };
    let is_base = model.steps().any(|(_, step)| step.keyword() == Keyword::Onbuild);
    // Without an app, it is meant as a base image or a box of tools.
    let has_app =
        model.final_steps().any(|(_, step)| matches!(step.keyword(), Keyword::Copy | Keyword::Add));
    let says = model
        .final_steps()
        .any(|(_, step)| matches!(step.keyword(), Keyword::Cmd | Keyword::Entrypoint));
    if is_base || !has_app || says {
        return;
    }
    let starts = match model.final_image() {
        Some((_, image)) => {
            let name = image.official().unwrap_or_default();
            BARE.iter().find(|(names, _)| is_in(names, name)).map(|(_, starts)| *starts)
        }
        None => model
            .root(stage)
            .filter(|root| root.base == Base::Scratch)
            .map(|_| "nothing, and Docker refuses to run it"),
    };
    let Some(starts) = starts else { return };
    let message = format!(
        "Nothing says what to run, so the container starts {starts}. Name your program with `CMD`."
    );
    let at = model.line_end(stage.last());
    report.missing(&RULE, at, message).advice("End the file with `CMD` and the words that start your app, as a list: `CMD [\"gunicorn\", \"app:app\"]`.");
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, silent};
    use super::RULE;
    use crate::input::Input;

    #[test]
    fn says_what_starts_instead() {
        check(
            &RULE,
            "\
FROM python:3.11
COPY app.py .
# < Nothing says what to run, so the container starts `python3`
",
        );
        let found = findings(&RULE, &Input::new("FROM scratch\nCOPY a /a\n"));
        assert!(found[0].message.contains("starts nothing"), "{found:?}");
    }

    #[test]
    fn silent_where_something_starts_or_nothing_is_known() {
        for text in [
            "FROM python:3.11\nCOPY a .\nCMD [\"a\"]\n",
            "FROM python:3.11\nCOPY a .\nCMD []\n",
            "FROM python:3.11 AS a\nENTRYPOINT [\"a\"]\nFROM a\nCOPY a .\n",
            "FROM nginx:1.27\nCOPY a .\n",
            "FROM acme/base:1\nCOPY a .\n",
            "FROM debian:12\nRUN a\n",
            "FROM python:3.11\nCOPY a .\nONBUILD COPY . .\n",
            "FROM $X\nCOPY a .\n",
        ] {
            silent(&RULE, text);
        }
    }
}
