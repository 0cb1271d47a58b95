//! Options and variables that switch off the check who is at the other end.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, is_in, own_program};
use crate::syntax::Word;
use crate::syntax::shell::Command;

pub(super) const RULE: Rule = Rule {
    id: "certificate-check-off",
    title: "Anybody can send something else",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security],
    aliases: &[],
    taught: &[],
    check,
};

/// Programs and their options that accept any sender.
const OPTIONS: [(&str, &str); 7] = [
    ("curl", "-k --insecure"),
    ("wget", "--no-check-certificate"),
    ("apt-get apt", "--allow-unauthenticated --force-yes"),
    ("apk", "--allow-untrusted"),
    ("yum dnf microdnf", "--nogpgcheck"),
    ("zypper", "--no-gpg-checks"),
    ("gem", "--no-verify"),
];
/// Variables and the values by which they do so, in the running app as well.
const VARIABLES: [(&str, &str); 4] = [
    ("NODE_TLS_REJECT_UNAUTHORIZED", "0"),
    ("PYTHONHTTPSVERIFY", "0"),
    ("NPM_CONFIG_STRICT_SSL", "false"),
    ("GIT_SSL_NO_VERIFY", "1 true"),
];
const ADVICE: &str = "If the sender has a certificate of your company, copy that certificate into the image and run `update-ca-certificates`.";

fn check(model: &Model, report: &mut Report) {
    for (programs, options) in OPTIONS {
        for command in model.commands_of(programs).map(|ran| ran.command) {
            let Some((word, at)) = option(command, options) else { continue };
            let message = format!(
                "With `{}`, whoever sits between the build and the server can send other files, and nobody notices.",
                word.text
            );
            let finding = report.at(&RULE, word.range, message);
            let is_whole = word.text.starts_with("--") || word.text == "-k";
            match model.delete_words(&command.words, &[at]).filter(|_| is_whole) {
                Some(edits) => {
                    finding.fix(Fix::new(format!("Delete `{}`", word.text), edits).assuming(
                        "The server has a valid certificate, or its packages a known key.",
                    ))
                }
                None => finding.advice(ADVICE),
            };
        }
    }
    for variable in model.final_variables() {
        let (name, value) = (&variable.pair.key.text, variable.value.unwrap_or_default());
        if VARIABLES.iter().any(|(one, values)| one == name && is_in(values, &value)) {
            let message = format!(
                "`{name}` also holds in the running container: it then trusts every server that it talks to."
            );
            report.at(&RULE, variable.pair.range, message).advice(ADVICE);
        }
    }
}

/// The first word of the command that switches the check off, and its place.
fn option<'m>(command: &'m Command, options: &str) -> Option<(&'m Word, usize)> {
    let is_it = |word: &Word| {
        // `-fsSLk` has it among others; behind `-o` or `-H` comes a value.
        let letters = word.text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        let among = letters.is_some_and(|rest| {
            rest.contains('k') && rest.len() < 7 && rest.chars().all(|c| c.is_ascii_alphabetic())
        });
        is_in(options, &word.text) || (own_program(command) == "curl" && among)
    };
    let at = command.words.iter().position(is_it)?;
    Some((command.words.get(at)?, at))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_word() {
        check(
            &RULE,
            "\
FROM debian:12
RUN curl -fsSLk https://a.b/c -o d
#        ^^^^^^ With `-fsSLk`, whoever sits between
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `NODE_TLS_REJECT_UNAUTHORIZED` also holds
",
        );
    }

    #[test]
    fn deletes_the_option() {
        for (before, after) in [
            ("wget --no-check-certificate https://a.b/c", "wget https://a.b/c"),
            ("curl -f -k https://a.b/c", "curl -f https://a.b/c"),
            ("apk add --allow-untrusted a.apk", "apk add a.apk"),
        ] {
            check_fix(&RULE, &format!("FROM a\nRUN {before}\n"), &format!("FROM a\nRUN {after}\n"));
        }
        no_fix(&RULE, "FROM a\nRUN curl -sk https://a.b/c\n");
    }

    #[test]
    fn silent_where_the_check_is_on() {
        silent(&RULE, "FROM a\nRUN curl -fsSL --key k https://a.b/c && grep -k a\n");
        silent(&RULE, "FROM a\nENV NODE_TLS_REJECT_UNAUTHORIZED=1 PYTHONHTTPSVERIFY=$X\n");
        silent(&RULE, "FROM a\nHEALTHCHECK CMD curl -k https://localhost/\n");
    }
}
