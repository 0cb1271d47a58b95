//! `EXPOSE 8080:80`: a port of the host, which a Dockerfile cannot choose.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Keyword, Kind};
use crate::text::{TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "expose-host-mapping",
    title: "EXPOSE cannot choose a port of the host",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &["ExposeInvalidFormat", "expose_host_port"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.steps_of(&[Keyword::Expose]) {
        let Kind::Expose(words) = &step.instruction.kind else { continue };
        for word in words {
            // `${PORT:-80}` has a colon of its own.
            let Some((_, port)) = word.text.rsplit_once(':').filter(|_| word.is_literal()) else {
                continue;
            };
            let message = format!(
                "Which port of the host leads to the container is chosen when it starts; here only `{port}` counts."
            );
            let finding = report.at(&RULE, word.range, message);
            let is_plain = !port.is_empty() && word.range.of(model.text()) == word.text;
            if is_plain {
                let front = TextRange::new(word.range.start, word.range.end - port.len());
                finding.fix(Fix::new(format!("Leave `{port}`"), TextEdit::delete(front).into()));
            } else {
                finding.advice("Write the port that the app listens on, and nothing else.");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_mapping() {
        check(
            &RULE,
            "\
FROM debian:12
EXPOSE 80 8080:80/tcp
#         ^^^^^^^^^^^ Which port of the host leads to the container
EXPOSE 127.0.0.1:80:80
#      ^^^^^^^^^^^^^^^ Which port of the host
",
        );
    }

    #[test]
    fn leaves_the_containers_port() {
        check_fix(&RULE, "FROM a\nEXPOSE 127.0.0.1:8080:80/udp 5\n", "FROM a\nEXPOSE 80/udp 5\n");
        no_fix(&RULE, "FROM a\nEXPOSE \"8080:80\"\n");
    }

    #[test]
    fn silent_for_ports_and_variables() {
        silent(&RULE, "FROM a\nEXPOSE 80 8000-8010 53/udp ${PORT:-80}\n");
    }
}
