//! dnf, yum and zypper keep what they have downloaded.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, program_and_verb};
use crate::syntax::shell::Command;

pub(super) const RULE: Rule = Rule {
    id: "rpm-cache-left",
    title: "The image keeps downloaded package lists",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size],
    aliases: &["DL3032", "DL3036", "DL3040", "DF045", "DF046", "DF047"],
    taught: &[],
    check,
};

/// Programs, where they keep things, and what empties it.
const CACHES: [(&str, &str, &str); 5] = [
    ("dnf", "/var/cache/dnf", "dnf clean all"),
    ("microdnf", "/var/cache/yum", "microdnf clean all"),
    ("tdnf", "/var/cache/tdnf", "tdnf clean all"),
    ("yum", "/var/cache/yum", "yum clean all"),
    ("zypper", "/var/cache/zypp", "zypper clean --all"),
];
/// What stores package lists.
const INSTALLS: [&str; 7] =
    ["install", "in", "update", "up", "upgrade", "groupinstall", "makecache"];

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.final_steps() {
        let fills = |command| Some((command, does(command, &INSTALLS)?));
        let Some((command, (name, place, clean))) = step.run_commands().iter().find_map(fills)
        else {
            continue;
        };
        // Whatever the program is called, dnf may be behind it.
        let is_empty = |place: &str| step.deletes(place) || step.mounts_over(place);
        if is_empty(place)
            || is_empty("/var/cache/dnf")
            || step.run_commands().iter().any(|command| does(command, &["clean", "cc"]).is_some())
        {
            continue;
        }
        let message =
            format!("`{name}` keeps its package lists in this layer; end the RUN with `{clean}`.");
        let finding = report.at(&RULE, command.range, message);
        match model.append(step, clean) {
            Some(edits) => finding.fix(Fix::new(format!("Add `{clean}`"), edits)),
            None => finding.advice(format!("Make `{clean}` the last command of this RUN.")),
        };
    }
}

/// How the command's program keeps things, where its first word that is no option is one of `verbs`.
fn does(command: &Command, verbs: &[&str]) -> Option<(&'static str, &'static str, &'static str)> {
    let (program, verb) = program_and_verb(command)?;
    let cache = CACHES.iter().find(|(name, ..)| *name == program.text)?;
    verbs.contains(&verb.text.as_str()).then_some(*cache)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn lists_stay() {
        check(
            &RULE,
            "\
FROM fedora:42
RUN dnf install -y git && dnf install -y make
#   ^^^^^^^^^^^^^^^^^^ `dnf` keeps its package lists
RUN microdnf update -y
#   ^^^^^^^^^^^^^^^^^^ `microdnf` keeps
",
        );
    }

    #[test]
    fn cleans_in_the_same_run() {
        check_fix(
            &RULE,
            "FROM fedora:42\nRUN dnf install -y git\n",
            "FROM fedora:42\nRUN dnf install -y git && dnf clean all\n",
        );
        no_fix(&RULE, "FROM fedora:42\nRUN yum install -y git; true\n");
        no_fix(&RULE, "FROM fedora:42\nRUN <<EOF\ndnf install -y git || true\nEOF\n");
    }

    #[test]
    fn silent_where_nothing_stays() {
        for text in [
            "FROM fedora:42\nRUN dnf install -y git && dnf clean all\n",
            "FROM fedora:42\nRUN yum install -y git && rm -rf /var/cache/yum\n",
            "FROM fedora:42\nRUN yum install -y git && rm -rf /var/cache/dnf/*\n",
            "FROM fedora:42\nRUN --mount=type=cache,target=/var/cache/dnf dnf install -y git\n",
            "FROM fedora:42 AS b\nRUN dnf install -y git\nFROM fedora:42\nCOPY --from=b /a /a\n",
            "FROM fedora:42\nRUN dnf repolist && git clean\nCMD dnf install x\n",
        ] {
            silent(&RULE, text);
        }
    }
}
