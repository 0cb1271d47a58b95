//! A user by name in an image that has no list of names.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Base, Model, Step, is_within};
use crate::syntax::{Kind, Word};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "named-user-in-scratch",
    title: "This image knows no names of users",
    severity: Severity::Error,
    fixes: Fixes::Always,
    buys: &[Buys::Starts],
    aliases: &["tally/named-identity-in-passwdless-stage"],
    taught: &[],
    check,
};

/// The number that images without a list of users give to "nobody in particular".
const NUMBER: &str = "65532:65532";

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.final_steps() {
        // A list of users may have been copied in.
        if model.root(stage).is_none_or(|root| root.base != Base::Scratch) || brings_names(step) {
            return;
        }
        let word = match &step.instruction.kind {
            Kind::User(word) => Some(word),
            _ => step.instruction.flag("chown").and_then(|flag| flag.value.as_ref()),
        };
        let Some(word) = word.filter(|word| is_name(word)) else { continue };
        let message = format!(
            "`scratch` has no `/etc/passwd`, so nobody there is called `{}`; write a number.",
            word.text
        );
        let edit = TextEdit::replace(word.range, NUMBER);
        let fix = Fix::new(format!("Write `{NUMBER}`"), edit.into());
        report
            .at(&RULE, word.range, message)
            .fix(fix.assuming("The app asks for no name and no home folder."));
    }
}

/// Whether the step may put a list of users into the image.
fn brings_names(step: &Step) -> bool {
    let lands = || step.destination().is_none_or(|to| is_within("/etc/passwd", &to));
    step.transfer().is_some() && lands()
}

/// Whether it names somebody other than root.
fn is_name(word: &Word) -> bool {
    let name = word.text.split(':').next().unwrap_or_default();
    word.is_literal() && name != "root" && name.bytes().any(|byte| !byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn nobody_has_a_name() {
        check(
            &RULE,
            "\
FROM golang:1.25 AS build
RUN useradd app
FROM scratch
COPY --from=build --chown=app /app /app
#                         ^^^ `scratch` has no `/etc/passwd`
USER app:app
#    ^^^^^^^ `scratch` has no `/etc/passwd`, so nobody there is called `app:app`
",
        );
    }

    #[test]
    fn writes_a_number() {
        check_fix(&RULE, "FROM scratch\nUSER nonroot\n", "FROM scratch\nUSER 65532:65532\n");
    }

    #[test]
    fn silent_with_numbers_or_names_that_came_along() {
        for text in [
            "FROM scratch\nUSER 10001:10001\n",
            "FROM scratch\nUSER root\nUSER $USER\n",
            "FROM a AS b\nFROM scratch\nCOPY --from=b /etc/passwd /etc/passwd\nUSER app\n",
            "FROM a AS b\nFROM scratch\nCOPY --from=b /etc/passwd /etc/group /etc/\nUSER app\n",
            "FROM scratch\nADD rootfs.tar /\nUSER app\n",
            "FROM debian:12\nUSER app\n",
        ] {
            silent(&RULE, text);
        }
    }
}
