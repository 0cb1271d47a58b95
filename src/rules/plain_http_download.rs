//! A download without encryption, which nothing checks afterwards.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, Step, is_in, own_words};
use crate::syntax::{Keyword, Word};
use crate::text::{TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "plain-http-download",
    title: "The download can be swapped on the way",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Security],
    aliases: &["curlUseHttpsUrl", "wgetUseHttpsUrl"],
    taught: &[],
    check,
};

const START: &str = "http://";

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.steps_with(START) {
        if is_checked(step) {
            continue;
        }
        if let Some(transfer) = step.transfer().filter(|_| step.keyword() == Keyword::Add) {
            for word in &transfer.sources {
                one(model, word, report);
            }
        }
        for command in step.run_commands() {
            let words = own_words(command);
            if words.first().is_some_and(|word| is_in("curl wget git", &word.text)) {
                for word in words {
                    one(model, word, report);
                }
            }
        }
    }
}

/// Whether a sum or a signature is compared in the same step.
fn is_checked(step: &Step) -> bool {
    let checks = "sha1sum sha256sum sha512sum md5sum shasum gpg gpgv cosign minisign";
    step.instruction.flag("checksum").is_some()
        || step.run_commands().iter().any(|command| is_in(checks, command.program()))
}

fn one(model: &Model, word: &Word, report: &mut Report) {
    let Some(host) = word.text.strip_prefix(START) else { return };
    let host = host.split(['/', ':']).next().unwrap_or_default();
    // A name without a dot, or a number, is a machine nearby.
    let is_near = !host.contains('.') || !host.contains(|c: char| c.is_ascii_alphabetic());
    let near = [".local", ".internal", ".lan", ".test"].iter().any(|end| host.ends_with(end));
    let Some(at) = model.part_of(word, START).filter(|_| !is_near && !near && !host.contains('$'))
    else {
        return;
    };
    let message = format!(
        "`http://` has no lock on it: what arrives from `{host}` can be read and swapped on the way, and nothing here checks it."
    );
    let edit = TextEdit::replace(TextRange::new(at.start, at.end), "https://");
    let fix = Fix::new("Write `https://`", edit.into());
    report
        .at(&RULE, word.range, message)
        .fix(fix.assuming(format!("`{host}` answers at `https://` as well.")));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_address() {
        check(
            &RULE,
            "\
FROM debian:12
ADD http://a.org/b.tgz /b/
#   ^^^^^^^^^^^^^^^^^^ `http://` has no lock on it
RUN wget \"http://a.org/c\"
#        ^^^^^^^^^^^^^^^^ `http://` has no lock on it
",
        );
    }

    #[test]
    fn writes_https() {
        check_fix(
            &RULE,
            "FROM a\nRUN curl -f 'http://a.org/b' -o c\n",
            "FROM a\nRUN curl -f 'https://a.org/b' -o c\n",
        );
    }

    #[test]
    fn silent_nearby_and_where_it_is_checked() {
        for line in [
            "RUN curl -f http://localhost:8000/a http://10.0.0.1/a http://db/a http://$HOST/a",
            "RUN wget http://a.org/b && sha256sum -c b.sum",
            "ADD --checksum=sha256:00 http://a.org/b /b",
            "RUN wget https://a.org/b && pip install http://a.org/c",
            "COPY . .",
        ] {
            silent(&RULE, &format!("FROM a\n{line}\n"));
        }
    }
}
