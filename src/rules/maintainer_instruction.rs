//! MAINTAINER, which Docker has given up.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Keyword, Kind, json_string};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "maintainer-instruction",
    title: "Docker has given this instruction up",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["MaintainerDeprecated", "DL4000", "DF019"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.steps_of(&[Keyword::Maintainer]) {
        let Kind::Maintainer(word) = &step.instruction.kind else { continue };
        let keyword = &step.instruction.keyword_word;
        let finding = report.at(&RULE, keyword.range, MESSAGE);
        let is_plain = word.is_literal() && !word.text.contains(['"', '\\', '\n']);
        if is_plain && step.instruction.comments.is_empty() {
            let label = if keyword.text.starts_with('m') { "label" } else { "LABEL" };
            let text =
                format!("{label} org.opencontainers.image.authors={}", json_string(&word.text));
            let edit = TextEdit::replace(keyword.range.cover(step.instruction.arguments), text);
            finding.fix(Fix::new("Write a label", edit.into()));
        } else {
            finding.advice("Write `LABEL org.opencontainers.image.authors=\"…\"` instead.");
        }
    }
}

const MESSAGE: &str = "`MAINTAINER` is old and may go; the label `org.opencontainers.image.authors` is where tools look today.";

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_keyword() {
        check(
            &RULE,
            "\
FROM debian:12
  MAINTAINER Ada <ada@example.org>
# ^^^^^^^^^^ `MAINTAINER` is old
",
        );
    }

    #[test]
    fn writes_a_label() {
        check_fix(
            &RULE,
            "FROM a\nMAINTAINER Ada <ada@example.org>\n",
            "FROM a\nLABEL org.opencontainers.image.authors=\"Ada <ada@example.org>\"\n",
        );
        check_fix(
            &RULE,
            "from a\nmaintainer \"Ada\"\n",
            "from a\nlabel org.opencontainers.image.authors=\"Ada\"\n",
        );
        no_fix(&RULE, "FROM a\nMAINTAINER $NAME\n");
    }

    #[test]
    fn silent_with_a_label() {
        silent(&RULE, "FROM a\nLABEL maintainer=\"Ada\"\n");
    }
}
