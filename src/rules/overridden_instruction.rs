//! Several CMD, ENTRYPOINT or HEALTHCHECK in one stage: the last one counts.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, Step};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "overridden-instruction",
    title: "A later line takes this one's place",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &[
        "MultipleInstructionsDisallowed",
        "DL3012",
        "DL4003",
        "DL4004",
        "DF038",
        "DF039",
        "DF041",
    ],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        for keyword in [Keyword::Cmd, Keyword::Entrypoint, Keyword::Healthcheck] {
            let mut before: Option<&Step> = None;
            for step in stage.steps_of(&[keyword]) {
                if let Some(before) = before.replace(step) {
                    one(model, before, step, report);
                }
            }
        }
    }
}

fn one(model: &Model, before: &Step, after: &Step, report: &mut Report) {
    let name = before.keyword().as_str();
    let line = model.lines().line(after.instruction.range.start);
    let message = format!(
        "Only the last `{name}` of a stage counts, and line {line} has another one, so this does nothing."
    );
    let fix = Fix::new(format!("Delete this `{name}`"), model.remove(before.instruction).into());
    report.at(&RULE, before.instruction.keyword_word.range, message).fix(fix);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn all_but_the_last() {
        check(
            &RULE,
            "\
FROM debian:12
  CMD [\"a\"]
# ^^^ Only the last `CMD` of a stage counts, and line 5 has another one
ENTRYPOINT [\"e\"]
CMD [\"b\"]
",
        );
    }

    #[test]
    fn takes_it_out() {
        check_fix(
            &RULE,
            "FROM a\nENTRYPOINT [\"x\"]\nEXPOSE 80\nENTRYPOINT [\"y\"]\n",
            "FROM a\nEXPOSE 80\nENTRYPOINT [\"y\"]\n",
        );
        check_fix(
            &RULE,
            "FROM a\nHEALTHCHECK \\\n CMD x\nHEALTHCHECK NONE",
            "FROM a\nHEALTHCHECK NONE",
        );
    }

    #[test]
    fn silent_for_one_in_each_stage() {
        silent(
            &RULE,
            "FROM a AS b\nCMD x\nFROM b\nENTRYPOINT [\"y\"]\nCMD z\nEXPOSE 1\nEXPOSE 2\n",
        );
    }
}
