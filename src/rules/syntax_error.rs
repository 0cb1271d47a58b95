//! What Docker refuses while reading the file.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "syntax-error",
    title: "The build stops at this line",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &["DL1000", "DL3061"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for error in model.syntax_errors() {
        let finding = if error.range.is_empty() {
            report.missing(&RULE, error.range.start, &error.message)
        } else {
            report.at(&RULE, error.range, &error.message)
        };
        match &error.suggestion {
            Some(word) => {
                let edits = TextEdit::replace(error.range, word).into();
                let assumption = format!("`{word}` is what this line means.");
                finding.fix(Fix::new(format!("Write `{word}`"), edits).assuming(assumption));
            }
            None => {
                finding.advice("Docker builds nothing until this is mended. The rest of the file is still checked.");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn one_path_is_not_enough() {
        check(
            &RULE,
            "\
FROM debian:12
COPY .
#    ^ `COPY` needs a source and a destination.
",
        );
    }

    #[test]
    fn mends_a_slip_of_the_keys() {
        check_fix(&RULE, "FORM debian:12\n", "FROM debian:12\n");
        check_fix(&RULE, "FROM a\nCOPY --form=b c d\n", "FROM a\nCOPY --from=b c d\n");
        check_fix(&RULE, "FROM a\nRUN --network=nome b\n", "FROM a\nRUN --network=none b\n");
        no_fix(&RULE, "FROM debian:12\nuvicorn main:app\n");
    }

    #[test]
    fn silent_on_what_docker_reads() {
        silent(&RULE, "from debian:12\ncmd\nRUN [ -f x ]\nENV A=\n");
        silent(&RULE, "FROM debian:12\nRUN\nONBUILD COPY a\nEXPOSE x\n");
    }
}
