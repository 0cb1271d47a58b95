//! Capital letters in the name of a stage.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "stage-name-casing",
    title: "The stage's name has capital letters",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["StageNameCasing"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for name in model.stages().iter().filter_map(|stage| stage.name) {
        let lower = name.text.to_ascii_lowercase();
        if lower != name.text {
            let message = format!(
                "Docker keeps stage names in lower case, and `FROM {}` would not find this one; write `{lower}`.",
                name.text
            );
            let fix =
                Fix::new(format!("Write `{lower}`"), TextEdit::replace(name.range, lower).into());
            report.at(&RULE, name.range, message).fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_name() {
        check(
            &RULE,
            "\
FROM debian:12 AS Build
#                 ^^^^^ Docker keeps stage names in lower case
FROM debian:12
COPY --from=Build /a /a
",
        );
    }

    #[test]
    fn writes_it_small() {
        check_fix(&RULE, "FROM a AS myBuild\n", "FROM a AS mybuild\n");
    }

    #[test]
    fn silent_in_lower_case() {
        silent(&RULE, "FROM a AS my-build.2\nFROM a\n");
    }
}
