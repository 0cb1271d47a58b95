//! `FROM` and `as` in different case.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Origin};
use crate::model::Model;
use crate::syntax::Kind;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "from-as-casing",
    title: "FROM and AS differ in case",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["FromAsCasing", "DF079"],
    taught: &[Section::docker("Multi-Stage Builds")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let Kind::From { as_word: Some(range), .. } = stage.from.kind else { continue };
        let (from, written) = (stage.from.keyword_word.text.as_str(), range.of(model.text()));
        let is_lower = from.chars().all(|c| c.is_ascii_lowercase());
        let wanted = if is_lower { "as" } else { "AS" };
        let is_mixed = from.chars().any(|c| c.is_ascii_lowercase()) && !is_lower;
        if written != wanted && !is_mixed {
            let message = format!(
                "Docker warns at every build where `{from}` and `{written}` differ in case; write `{wanted}`."
            );
            let fix =
                Fix::new(format!("Write `{wanted}`"), TextEdit::replace(range, wanted).into());
            let finding = report.at(&RULE, range, message).fix(fix);
            // The lesson's files have it, but it is a matter of taste.
            finding.origin = Origin::Practice;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_word() {
        check(
            &RULE,
            "\
FROM a:1 as b
#        ^^ Docker warns at every build where `FROM` and `as` differ in case; write `AS`.
from a:1 AS c
#        ^^ Docker warns
",
        );
    }

    #[test]
    fn writes_it_like_from() {
        check_fix(&RULE, "FROM a:1 as b\n", "FROM a:1 AS b\n");
        check_fix(&RULE, "from a:1 As b\n", "from a:1 as b\n");
    }

    #[test]
    fn silent_where_they_agree() {
        silent(&RULE, "FROM a:1 AS b\nfrom b as c\nFROM c\n");
        silent(&RULE, "From a:1 as b\n");
    }
}
