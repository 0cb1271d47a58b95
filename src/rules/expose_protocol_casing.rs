//! `EXPOSE 80/TCP`: the protocol in capitals.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Keyword, Kind};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "expose-protocol-casing",
    title: "The protocol is written in capitals",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["ExposeProtoCasing"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.steps_of(&[Keyword::Expose]) {
        let Kind::Expose(words) = &step.instruction.kind else { continue };
        for word in words.iter().filter(|word| word.is_literal()) {
            let Some((_, protocol)) = word.text.split_once('/') else { continue };
            let lower = protocol.to_ascii_lowercase();
            let range = model.part_of(word, protocol);
            let Some(range) = range.filter(|_| lower != protocol) else { continue };
            let message = format!("Docker writes protocols in small letters; write `{lower}`.");
            let fix = Fix::new(format!("Write `{lower}`"), TextEdit::replace(range, lower).into());
            report.at(&RULE, range, message).fix(fix);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_protocol() {
        check(
            &RULE,
            "\
FROM debian:12
EXPOSE 80/tcp 443/TCP
#                 ^^^ Docker writes protocols in small letters; write `tcp`.
",
        );
    }

    #[test]
    fn writes_it_small() {
        check_fix(&RULE, "FROM a\nEXPOSE 53/Udp\n", "FROM a\nEXPOSE 53/udp\n");
    }

    #[test]
    fn silent_in_small_letters_or_unknown() {
        silent(&RULE, "FROM a\nEXPOSE 80 53/udp $PORT/TCP\n");
    }
}
