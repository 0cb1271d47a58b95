//! Several files copied to a place that is not marked as a folder.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "destination-without-slash",
    title: "Only the last file may be left",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::Starts],
    aliases: &["DL3021", "DF048"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.copy_steps() {
        let Some(transfer) = step.transfer().filter(|transfer| transfer.sources.len() > 1) else {
            continue;
        };
        let word = &transfer.destination;
        let text = word.text.as_str();
        // The folder that the step runs in is there already.
        let is_here =
            step.workdir.is_some() && step.destination().as_deref() == step.workdir.as_deref();
        if text.ends_with(['/', '\\', '.']) || !word.is_literal() || is_here {
            continue;
        }
        let Some(range) = model.part_of(word, text) else { continue };
        let message = format!(
            "Unless the folder `{text}` exists, each file is written over the one before; end it with `/`."
        );
        let edit = TextEdit::insert(range.end, "/");
        report.at(&RULE, word.range, message).fix(Fix::new("Add `/`", edit.into()));
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_destination() {
        check(
            &RULE,
            "\
FROM debian:12
COPY a.txt b.txt /data
#                ^^^^^ Unless the folder `/data` exists
",
        );
    }

    #[test]
    fn marks_it_as_a_folder() {
        check_fix(&RULE, "FROM a\nADD a b /c\n", "FROM a\nADD a b /c/\n");
        check_fix(
            &RULE,
            "FROM a\nCOPY [\"a\", \"b\", \"/c\"]\n",
            "FROM a\nCOPY [\"a\", \"b\", \"/c/\"]\n",
        );
    }

    #[test]
    fn silent_where_it_is_a_folder_or_one_file() {
        for text in [
            "FROM a\nCOPY a b /c/\nCOPY a b ./\nCOPY a b .\nCOPY a /c\n",
            "FROM a\nCOPY a b $DIR\nCOPY *.txt /c\n",
            "FROM a\nWORKDIR /app\nCOPY a b /app\n",
        ] {
            silent(&RULE, text);
        }
    }
}
