//! sudo in RUN, where every step runs as root already.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{DefaultUser, Model};

pub(super) const RULE: Rule = Rule {
    id: "sudo-in-run",
    title: "The step needs a program for nothing",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts, Buys::Security],
    aliases: &["DL3004", "DKL-DI-0001", "DF010"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for ran in model.commands_of("sudo") {
        let Some((word, arguments)) = ran.command.words.split_first() else { continue };
        let has_options = arguments.first().is_none_or(|word| word.text.starts_with('-'));
        let is_root = model.user_at(ran.stage, ran.step) == DefaultUser::Root;
        let edits = model.delete_words(&ran.command.words, &[0]);
        let finding = report.at(&RULE, word.range, MESSAGE);
        match edits.filter(|_| is_root && !has_options) {
            Some(edits) => finding.fix(
                Fix::new("Delete `sudo`", edits)
                    .assuming("Nothing counts on the clean environment that `sudo` gives."),
            ),
            None => finding.advice(
                "Say who runs what with `USER`: `USER root` above the step, and the app's user below it again.",
            ),
        };
    }
}

const MESSAGE: &str = "A build runs as root until a `USER` says otherwise, and most images have no `sudo`; leave it out, and change the user with `USER`.";

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_each() {
        check(
            &RULE,
            "\
FROM debian:12
RUN apt-get update \\
 && sudo apt-get install -y curl
#   ^^^^ A build runs as root
",
        );
    }

    #[test]
    fn leaves_the_command() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN cd / && sudo make\n",
            "FROM debian:12\nRUN cd / && make\n",
        );
        check_fix(
            &RULE,
            "FROM debian:12\nRUN [\"sudo\", \"make\"]\n",
            "FROM debian:12\nRUN [\"make\"]\n",
        );
    }

    #[test]
    fn by_hand_where_somebody_else_runs_it() {
        no_fix(&RULE, "FROM debian:12\nRUN sudo -u app make\n");
        no_fix(&RULE, "FROM debian:12\nUSER app\nRUN sudo make\n");
        no_fix(&RULE, "FROM debian:12 AS a\nUSER app\nFROM a\nRUN sudo make\n");
        no_fix(&RULE, "FROM acme/base:1\nRUN sudo make\n");
    }

    #[test]
    fn silent_where_sudo_is_only_named() {
        silent(&RULE, "FROM debian:12\nRUN apt-get install -y sudo\nCMD [\"sudo\", \"x\"]\n");
        silent(&RULE, "FROM debian:12\nRUN echo 'app ALL=(ALL) ALL' > /etc/sudoers.d/app\n");
    }
}
