//! A health check without times of its own, or with times that do not fit.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Instruction, Keyword};
use crate::text::TextEdit;

const OPTIONS: &str = "--interval=30s --timeout=3s --start-period=5s --retries=3";

pub(super) const RULE: Rule = Rule {
    id: "healthcheck-options",
    title: "The health check waits too long",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[Section::docker("Health Checks")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut steps = model.final_steps().map(|(_, step)| step.instruction);
    let last = steps.rfind(|one| one.keyword == Some(Keyword::Healthcheck));
    let Some(instruction) = last.filter(|one| one.body().is_some()) else { return };
    if instruction.flags.is_empty() {
        let keyword = instruction.keyword_word.range;
        let message = "Without options Docker waits 30 seconds for each answer and gives no time to start; add an interval, a timeout, a start period and retries.";
        let edit = TextEdit::insert(keyword.end, format!(" {OPTIONS}"));
        let fix = Fix::new("Add the lesson's four values", edit.into());
        report
            .at(&RULE, keyword, message)
            .fix(fix.assuming("The app answers a check within three seconds."));
        return;
    }
    let Some(flag) = instruction.flag("timeout") else { return };
    if let (Some(timeout), Some(interval)) =
        (seconds(instruction, "timeout"), seconds(instruction, "interval"))
        && timeout >= interval
    {
        let message = "The timeout is not below the interval, so a hanging app is found late; let a check give up before the next one is due.";
        report
            .at(&RULE, flag.range, message)
            .advice("Three to five seconds are usual for a timeout, thirty for an interval.");
    }
}

/// The value of `--name` in seconds, where it is plain: `30s`, `1m30s`, `500ms` counts as 0.
fn seconds(instruction: &Instruction, name: &str) -> Option<u64> {
    let (mut sum, mut number) = (0, None::<u64>);
    let text = instruction.flag_value(name)?.replace("ms", "x");
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit.into())?);
            continue;
        }
        let unit = match c {
            'h' => 3600,
            'm' => 60,
            's' => 1,
            'x' => 0,
            _ => return None,
        };
        sum += number.take()?.checked_mul(unit)?;
    }
    number.is_none().then_some(sum)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

    #[test]
    fn no_times_or_wrong_ones() {
        check(
            &RULE,
            "\
FROM a
HEALTHCHECK --interval=1m --timeout=90s CMD true
#                         ^^^^^^^^^^^^^ The timeout is not below the interval
",
        );
        let found = findings(&RULE, &Input::new("FROM a\nHEALTHCHECK CMD true\n"));
        assert_eq!((found[0].range.start, found[0].range.end), (7, 18));
    }

    #[test]
    fn adds_the_four_values() {
        check_fix(
            &RULE,
            "FROM a\nHEALTHCHECK CMD true\n",
            "FROM a\nHEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 CMD true\n",
        );
        no_fix(&RULE, "FROM a\nHEALTHCHECK --interval=10s --timeout=10s CMD true\n");
    }

    #[test]
    fn silent_where_times_are_given_and_fit() {
        for options in [
            "--interval=30s --timeout=3s",
            "--start-interval=2s",
            "--retries=5",
            "--interval=1m30s --timeout=89s",
            "--interval=$I --timeout=1m",
        ] {
            silent(&RULE, &format!("FROM a\nARG I\nHEALTHCHECK {options} CMD true\n"));
        }
        silent(&RULE, "FROM a\nHEALTHCHECK CMD true\nHEALTHCHECK NONE\n");
        silent(&RULE, "FROM a AS b\nHEALTHCHECK CMD true\nFROM a\n");
    }
}
