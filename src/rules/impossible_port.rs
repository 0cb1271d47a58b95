//! `EXPOSE 80800`: no port has this number.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::Model;
use crate::syntax::{Keyword, Kind};

pub(super) const RULE: Rule = Rule {
    id: "impossible-port",
    title: "The build stops at this port",
    severity: Severity::Error,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["DL3011", "DF040", "ExposePortOutOfRange", "ExposeInvalidProtocol", "invalid_port"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.steps_of(&[Keyword::Expose]) {
        let Kind::Expose(words) = &step.instruction.kind else { continue };
        for word in words.iter().filter(|word| word.is_literal()) {
            // What stands before a colon is the host's, which another rule is about.
            let port = word.text.rsplit(':').next().unwrap_or_default();
            let (port, protocol) = port.split_once('/').unwrap_or((port, ""));
            let (wrong, what) = if port.is_empty() {
                (word.text.as_str(), "a port: the number is missing")
            } else if !is_range(port) {
                (port, "a port: one number up to 65535, or two as in `8000-8010`")
            } else if !is_protocol(protocol) {
                (protocol, "a protocol: write `tcp`, `udp` or `sctp`")
            } else {
                continue;
            };
            let range = model.part_of(word, wrong).unwrap_or(word.range);
            let message = format!("Docker stops here, because `{wrong}` is not {what}.");
            report.at(&RULE, range, message).advice("Write the port that the app listens on.");
        }
    }
}

/// Whether it is a port, or the first and the last of some.
fn is_range(text: &str) -> bool {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    matches!((number(first), number(last)), (Some(first), Some(last)) if first <= last)
}

fn number(text: &str) -> Option<u16> {
    text.parse().ok().filter(|_| !text.starts_with('+'))
}

fn is_protocol(text: &str) -> bool {
    text.is_empty() || ["tcp", "udp", "sctp"].iter().any(|one| one.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_part() {
        check(
            &RULE,
            "\
FROM debian:12
EXPOSE 80 80800
#         ^^^^^ Docker stops here, because `80800` is not a port
EXPOSE http
#      ^^^^ Docker stops here, because `http` is not a port
EXPOSE 8080:99999/tcp
#           ^^^^^ Docker stops here
EXPOSE 8010-8000
#      ^^^^^^^^^ Docker stops here
EXPOSE /tcp
#      ^^^^ Docker stops here, because `/tcp` is not a port: the number is missing.
EXPOSE 80/http
#         ^^^^ Docker stops here, because `http` is not a protocol
",
        );
    }

    #[test]
    fn silent_for_what_docker_takes() {
        silent(&RULE, "FROM a\nEXPOSE 80 65535 8000-8010 53/udp 80/TCP 5/sctp 80/ 8080:80\n");
    }

    #[test]
    fn silent_for_variables() {
        silent(&RULE, "FROM a\nEXPOSE $PORT ${PORT:-99999}/tcp\n");
    }

    #[test]
    fn by_hand_because_only_you_know_the_port() {
        no_fix(&RULE, "FROM a\nEXPOSE 99999\n");
    }
}
