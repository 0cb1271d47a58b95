//! A password or a key in a command, an address or a label.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, Step, secrets};
use crate::syntax::shell::Command;
use crate::syntax::{Keyword, Kind, Word};

pub(super) const RULE: Rule = Rule {
    id: "secret-in-command",
    title: "The file gives a secret away",
    severity: Severity::Error,
    fixes: Fixes::Never,
    buys: &[Buys::Security],
    aliases: &["tally/secrets-in-code", "DF013"],
    taught: &[],
    check,
};

/// Options whose value is a secret.
const OPTIONS: [&str; 6] =
    ["--api-key", "--auth-token", "--passphrase", "--passwd", "--password", "--token"];
/// Words of a variable's name that mean nothing but a secret.
const NAMES: [&str; 4] = ["password", "passwd", "secret", "token"];

/// What is kept in an image's history as it is written.
const HOLDERS: [Keyword; 6] = [
    Keyword::Run,
    Keyword::Cmd,
    Keyword::Entrypoint,
    Keyword::Healthcheck,
    Keyword::Label,
    Keyword::Add,
];

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.steps_of(&HOLDERS) {
        for word in secret_words(step) {
            let message = if model.is_in_final(stage) {
                "A password or key stands here, and whoever has the image can read it with `docker history`; keep it out of the file."
            } else {
                "A password or key stands here, for everybody who reads this file or the build's cache; keep it out of the file."
            };
            report.at(&RULE, word.range, message).advice(
                "Hand it over with `RUN --mount=type=secret`, which leaves no trace. Replace it, because it is in the file's history already.",
            );
        }
    }
}

fn secret_words<'s>(step: &'s Step) -> Vec<&'s Word> {
    let mut found: Vec<&Word> = Vec::new();
    match &step.instruction.kind {
        Kind::Label(pairs) => found.extend(pairs.iter().filter_map(|pair| pair.value.as_ref())),
        Kind::Add(transfer) => found.extend(&transfer.sources),
        _ => {}
    }
    found.retain(|word| has_secret(&word.text));
    // What a shell is told to run follows as commands of its own.
    let follows = step.keyword() == Keyword::Run;
    for command in step.commands().iter().filter(|one| one.inner.is_none() || !follows) {
        let words = command.assignments.iter().chain(&command.words);
        found.extend(words.filter(|word| has_secret(&word.text) || sets_secret(&word.text)));
        for pair in command.words.windows(2) {
            let [option, value] = pair else { continue };
            let is_shown = || has_secret(&value.text) || !is_secret(&value.text);
            let is_option = || {
                option.text.starts_with("--")
                    && OPTIONS.contains(&option.text.as_str())
                    && !is_shown()
            };
            if is_option() || is_login(command, option, value) {
                found.push(value);
            }
        }
    }
    found
}

/// `curl -u name:hunter2`.
fn is_login(command: &Command, option: &Word, value: &Word) -> bool {
    matches!(option.text.as_str(), "-u" | "--user")
        && command.program() == "curl"
        && !has_secret(&value.text)
        && value.text.split_once(':').is_some_and(|(_, password)| is_secret(password))
}

/// Whether a part of the word has the shape of a secret.
fn has_secret(text: &str) -> bool {
    if text.len() < secrets::SHORTEST {
        return false;
    }
    let is_end = |byte: u8| matches!(byte, b' ' | b'=' | b'"' | b'\'' | b',' | b';');
    // A part may begin wherever such a sign stands; none of them is inside of another letter.
    let mut before = b' ';
    let mut starts = text.bytes().enumerate().filter_map(|(at, byte)| {
        let is_start = is_end(std::mem::replace(&mut before, byte)) && !is_end(byte);
        is_start.then_some(at)
    });
    let part = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        rest.bytes().position(is_end).and_then(|end| rest.get(..end)).unwrap_or(rest)
    };
    (secrets::is_secret_value(text) || starts.any(|at| secrets::is_secret_value(part(at))))
        && !text.contains("CERTIFICATE")
        && !text.contains("PUBLIC KEY")
}

/// `--password=hunter2`, `DB_PASSWORD=hunter2`.
fn sets_secret(text: &str) -> bool {
    let Some(at) = text.bytes().position(|byte| byte == b'=') else { return false };
    let (name, value) = (&text[..at], &text[at + 1..]);
    let lower = name.to_ascii_lowercase();
    let is_name =
        || lower.split('_').any(|part| NAMES.contains(&part)) && secrets::is_secret_name(name);
    (OPTIONS.contains(&name) || is_name()) && is_secret(value)
}

/// Whether the value can be a secret itself, rather than a place to put one.
fn is_secret(value: &str) -> bool {
    secrets::may_be_secret(value) && value.len() > 3 && !value.starts_with(['<', '-', '{', '`'])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

    #[test]
    fn points_at_the_word() {
        check(
            &RULE,
            "\
FROM debian:12
RUN git clone https://me:hunter2@example.org/app.git
#             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ A password or key stands here, and whoever
RUN NPM_TOKEN=hunter2 npm ci
#   ^^^^^^^^^^^^^^^^^ A password or key stands here
RUN curl -H \"Authorization: token ghp_0123456789abcdefghij\" example.org
#           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ A password or key
RUN curl -fu me:hunter2 -u me:hunter2 example.org
#                          ^^^^^^^^^^ A password or key
RUN sh -c \"mysql --password=hunter2\"
#                ^^^^^^^^^^^^^^^^^^ A password or key
CMD [\"app\", \"--token\", \"hunter2\"]
#                      ^^^^^^^^^ A password or key
",
        );
        check(
            &RULE,
            "\
FROM debian:12 AS build
ADD https://me:hunter2@example.org/a.tar /a
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ A password or key stands here, for everybody
FROM debian:12
LABEL key=AKIAIOSFODNN7EXAMPLE
#         ^^^^^^^^^^^^^^^^^^^^ A password or key
",
        );
        no_fix(&RULE, "FROM a\nRUN x --password hunter2\n");
    }

    #[test]
    fn never_tells_the_secret() {
        let text = "FROM a\nRUN x --password hunter2 && TOKEN=hunter2 y\n";
        let found = findings(&RULE, &Input::new(text));
        assert_eq!(found.len(), 2);
        assert!(!format!("{found:?}").contains("hunter2"));
    }

    #[test]
    fn silent_where_nothing_is_given_away() {
        for (why, line) in [
            ("a variable", "RUN x --password=$PW && TOKEN=$(cat /run/secrets/t) npm ci"),
            ("a mount", "RUN --mount=type=secret,id=token TOKEN=/run/secrets/token x"),
            ("from standard input", "RUN x --password-stdin"),
            ("nothing", "RUN x --passphrase '' --password=\"\""),
            ("a place to fill in", "RUN x --token '<token>'"),
            ("no password in it", "RUN git clone https://me@example.org/a.git"),
            (
                "the number of a public key",
                "RUN KEY=573BFD6B3D8FBC641079A6ABABF5BD827BD9BF62; gpg \"$KEY\"",
            ),
            ("no password yet", "RUN curl -u me: a && curl -u me:$PW a && useradd -u 10:hunter2 a"),
            ("a certificate", "RUN echo '-----BEGIN CERTIFICATE-----' > ca.crt"),
            ("a name", "RUN make AUTH=basic TOKEN_FILE=/t PASSWORD_LENGTH=12"),
        ] {
            silent(&RULE, &format!("FROM a\n# {why}\n{line}\n"));
        }
    }
}
