//! VOLUME on a folder that belongs to the system's kernel.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, is_within};
use crate::syntax::Kind;

pub(super) const RULE: Rule = Rule {
    id: "volume-on-system-folder",
    title: "The volume hides a folder of the system",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["DKL-DI-0002"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.final_steps() {
        let Kind::Volume(words) = &step.instruction.kind else { continue };
        for word in words {
            if ["/dev", "/proc", "/sys"].iter().any(|folder| is_within(&word.text, folder)) {
                let message = format!(
                    "The kernel shows itself in `{}`; a volume there hides what programs look for.",
                    word.text
                );
                report.at(&RULE, word.range, message).advice(
                    "Take it out. Keep data of the app in a folder of its own, such as `/data`.",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_folder() {
        check(
            &RULE,
            "\
FROM debian:12
VOLUME /data /sys/fs/cgroup
#            ^^^^^^^^^^^^^^ The kernel shows itself in `/sys/fs/cgroup`
",
        );
        no_fix(&RULE, "FROM debian:12\nVOLUME [\"/proc\"]\n");
    }

    #[test]
    fn silent_for_data() {
        silent(&RULE, "FROM debian:12\nVOLUME /data /system /var/lib/dev\n");
    }
}
