//! Upgrading the whole system inside a build.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, own_words, program_and_verb};
use crate::syntax::Word;
use crate::syntax::shell::Command;

pub(super) const RULE: Rule = Rule {
    id: "system-upgrade",
    title: "Each build may get other system packages",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability, Buys::Size],
    aliases: &["DL3005", "DL3017", "DL3031", "DL3035", "DL3039", "DKL-DI-0003", "DF044", "DF069"],
    taught: &[],
    check,
};

/// Programs with the words that upgrade all there is.
const UPGRADES: [(&str, &[&str]); 7] = [
    ("apt-get", &["upgrade", "dist-upgrade", "full-upgrade"]),
    ("apt", &["upgrade", "dist-upgrade", "full-upgrade"]),
    ("apk", &["upgrade"]),
    ("dnf", &["upgrade", "update", "distro-sync"]),
    ("microdnf", &["upgrade", "update"]),
    ("yum", &["upgrade", "update"]),
    ("zypper", &["update", "up", "dist-upgrade", "dup"]),
];

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.final_steps() {
        for (program, verb) in step.run_commands().iter().filter_map(upgrade) {
            let message = format!(
                "`{} {}` takes what is newest on the day of the build; a newer base image brings the same fixes, tested together.",
                program.text, verb.text
            );
            report.at(&RULE, program.range.cover(verb.range), message).advice(
                "Build again on a fresh base image (`docker build --pull`) instead. Where a fix cannot wait for it, keep this line and the date of the build.",
            );
        }
    }
}

/// Program and verb of a command that upgrades everything, no package named.
fn upgrade(command: &Command) -> Option<(&Word, &Word)> {
    let (program, verb) = program_and_verb(command)?;
    let (_, verbs) = UPGRADES.iter().find(|(name, _)| *name == program.text)?;
    let plain = own_words(command).iter().filter(|word| !word.text.starts_with('-')).count();
    (plain == 2 && verbs.contains(&verb.text.as_str())).then_some((program, verb))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn everything_is_upgraded() {
        check(
            &RULE,
            "\
FROM debian:12
RUN apt-get update && apt-get -y upgrade && rm -rf /var/lib/apt/lists/*
#                     ^^^^^^^^^^^^^^^^^^ `apt-get upgrade` takes
RUN sudo yum update -y
#        ^^^^^^^^^^ `yum update` takes
",
        );
        no_fix(&RULE, "FROM alpine:3.22\nRUN apk --no-cache upgrade\n");
    }

    #[test]
    fn silent_where_one_package_is_named() {
        silent(&RULE, "FROM fedora:42\nRUN dnf upgrade -y openssl\nRUN apt-get update\n");
    }

    #[test]
    fn silent_in_a_builder() {
        silent(&RULE, "FROM debian:12 AS b\nRUN apt-get upgrade -y\nFROM debian:12\n");
    }
}
