//! A package manager that asks a question which nobody answers during a build.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, own_words, program_and_verb};
use crate::syntax::Word;
use crate::syntax::shell::{Command, Joined};

pub(super) const RULE: Rule = Rule {
    id: "install-asks-for-yes",
    title: "The build stops at a question",
    severity: Severity::Error,
    fixes: Fixes::Always,
    buys: &[Buys::Starts],
    aliases: &["DL3014", "DL3030", "DL3034", "DL3038", "DF015", "DF027", "DF043"],
    taught: &[],
    check,
};

const APT: &[&str] =
    &["install", "remove", "purge", "autoremove", "upgrade", "dist-upgrade", "full-upgrade"];
const RPM: &[&str] = &["install", "remove", "update", "upgrade", "groupinstall", "autoremove"];
const ZYPPER: &[&str] = &["install", "in", "remove", "rm", "update", "up", "dist-upgrade", "dup"];
/// Programs, what they ask before, and the letters of short options that answer.
const ASKS: [(&str, &[&str], &str); 6] = [
    ("apt-get", APT, "ys"),
    ("apt", APT, "ys"),
    ("yum", RPM, "y"),
    ("dnf", RPM, "y"),
    ("microdnf", RPM, "y"),
    ("zypper", ZYPPER, "yn"),
];
/// Long options that answer, and those with which nothing is asked.
const ANSWERS: [&str; 9] = [
    "--assume-yes",
    "--assumeyes",
    "--dry-run",
    "--force-yes",
    "--no-confirm",
    "--non-interactive",
    "--print-uris",
    "--simulate",
    "--yes",
];

fn check(model: &Model, report: &mut Report) {
    // A line of configuration answers for all that follow.
    if model.text().contains("Assume-Yes") || model.text().contains("assumeyes") {
        return;
    }
    for (name, verbs, letters) in ASKS {
        for ran in model.commands_of(name) {
            let Some((program, verb)) = question(ran.command, verbs, letters) else { continue };
            let message = format!(
                "`{} {}` asks before it goes on, and nobody answers during a build; add `-y`.",
                program.text, verb.text
            );
            let edits = model.add_option(ran.step, verb, "-y");
            let range = program.range.cover(verb.range);
            report.at(&RULE, range, message).fix(Fix::new("Add `-y`", edits));
        }
    }
}

/// The program that asks and the word that makes it ask.
fn question<'m>(
    command: &'m Command,
    verbs: &[&str],
    letters: &str,
) -> Option<(&'m Word, &'m Word)> {
    let (program, verb) = program_and_verb(command)?;
    let answers = |word: &Word| {
        let text = word.text.as_str();
        match text.strip_prefix('-') {
            Some(short) if !short.starts_with('-') => {
                // `-qq` is quiet to the point of not asking.
                short.contains(|c| letters.contains(c)) || text.contains("qq") || text == "-q=2"
            }
            _ => ANSWERS.contains(&text) || text.contains('$'),
        }
    };
    let is_fed = command.joined == Joined::Pipe || !command.redirects.is_empty();
    let asks = verbs.contains(&verb.text.as_str()) && !is_fed;
    (asks && !own_words(command).iter().any(answers)).then_some((program, verb))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn nobody_answers() {
        check(
            &RULE,
            "\
FROM debian:12 AS build
RUN apt-get update && apt-get install --no-install-recommends curl
#                     ^^^^^^^^^^^^^^^ `apt-get install` asks before
RUN sudo apt-get -q upgrade
#        ^^^^^^^^^^^^^^^^^^ `apt-get upgrade` asks
FROM fedora:42
RUN dnf install git
#   ^^^^^^^^^^^ `dnf install` asks
RUN yum update
#   ^^^^^^^^^^ `yum update`
",
        );
    }

    #[test]
    fn says_yes() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN apt-get install curl\n",
            "FROM debian:12\nRUN apt-get install -y curl\n",
        );
        check_fix(
            &RULE,
            "FROM fedora:42\nRUN [\"dnf\", \"install\", \"git\"]\n",
            "FROM fedora:42\nRUN [\"dnf\", \"install\", \"-y\", \"git\"]\n",
        );
        check_fix(
            &RULE,
            "FROM opensuse/leap:15\nRUN [\"sh\", \"-c\", \"zypper in git\"]\n",
            "FROM opensuse/leap:15\nRUN [\"sh\", \"-c\", \"zypper in -y git\"]\n",
        );
    }

    #[test]
    fn silent_where_it_is_answered() {
        for line in [
            "apt-get install -y curl",
            "apt-get -y install curl",
            "apt-get install -yqq curl",
            "apt-get install -qq curl",
            "apt-get install --yes curl",
            "apt-get install $OPTIONS curl",
            "apt-get -o APT::Get::Assume-Yes=true install curl",
            "yes | apt-get install curl",
            "apt-get install curl < answers",
            "apt-get -s install curl",
            "dnf -y install git",
            "microdnf install --assumeyes git",
            "zypper -n install git",
            "zypper --non-interactive in git",
        ] {
            silent(&RULE, &format!("FROM debian:12\nRUN {line}\n"));
        }
    }

    #[test]
    fn silent_where_nothing_is_asked() {
        silent(
            &RULE,
            "FROM debian:12\nRUN apt-get update && apt-get clean\nCMD apt-get install x\n",
        );
        silent(&RULE, "FROM alpine:3\nRUN apk add git && pip install x\n");
        // Another program of that name.
        silent(&RULE, "FROM debian:12\nRUN ./apt install x\n");
    }
}
