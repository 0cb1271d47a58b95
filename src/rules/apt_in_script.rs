//! apt where apt-get is meant: apt is for people at a terminal.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, program_and_verb};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "apt-in-script",
    title: "The command is made for people typing",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["DL3027", "DF059"],
    taught: &[],
    check,
};

/// What apt-get knows under the same name.
const SHARED: [&str; 10] = [
    "autoclean",
    "autoremove",
    "build-dep",
    "clean",
    "download",
    "install",
    "purge",
    "remove",
    "update",
    "upgrade",
];

fn check(model: &Model, report: &mut Report) {
    for ran in model.commands_of("apt") {
        let Some((word, verb)) = program_and_verb(ran.command) else { continue };
        let is_shared = word.text == "apt" && SHARED.contains(&verb.text.as_str());
        if let Some(range) = model.part_of(word, "apt").filter(|_| is_shared) {
            let fix = Fix::new("Write `apt-get`", TextEdit::replace(range, "apt-get").into());
            report.at(&RULE, word.range, MESSAGE).fix(fix);
        }
    }
}

const MESSAGE: &str = "`apt` is for people at a terminal, and its options and output may change; `apt-get` stays the same for scripts.";

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_program() {
        check(
            &RULE,
            "\
FROM debian:12
RUN apt-get update && sudo apt -y install curl
#                          ^^^ `apt` is for people
",
        );
    }

    #[test]
    fn writes_apt_get() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN apt update\n",
            "FROM debian:12\nRUN apt-get update\n",
        );
        check_fix(
            &RULE,
            "FROM debian:12\nRUN [\"apt\", \"update\"]\n",
            "FROM debian:12\nRUN [\"apt-get\", \"update\"]\n",
        );
    }

    #[test]
    fn silent_where_apt_get_has_no_such_word() {
        silent(&RULE, "FROM debian:12\nRUN apt list --installed && apt-get update\n");
        silent(&RULE, "FROM debian:12\nRUN echo apt install\nCMD apt update\n");
    }
}
