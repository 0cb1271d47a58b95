//! RUN in an image that has no shell.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Family, Model, Tool};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "shell-missing-for-run",
    title: "This image has no shell to run it",
    severity: Severity::Error,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["tally/shell-run-in-scratch"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let name = match &stage.base {
            Base::Scratch => "scratch",
            Base::Image(image)
                if model.family(stage) == Some(Family::Distroless)
                    && image.has(Tool::Shell) == Some(false) =>
            {
                &image.repository
            }
            _ => continue,
        };
        for step in &stage.steps {
            // A shell may come along with what is copied, or be mounted.
            let brings = step.transfer().is_some()
                && step.destination().is_none_or(|folder| may_hold_shell(&folder));
            if brings || step.shell.is_some() || !step.mounts.is_empty() {
                break;
            }
            if step.keyword() == Keyword::Run && step.script().is_some() {
                let message = format!(
                    "`RUN` as text starts `/bin/sh`, and `{name}` has none, so the build stops here; do this in an earlier stage."
                );
                report.at(&RULE, step.instruction.keyword_word.range, message).advice(
                    "Do the work in a stage with a shell, and copy the result: `COPY --from=build /app /app`.",
                );
            }
        }
    }
}

/// Whether programs of the system lie there.
fn may_hold_shell(folder: &str) -> bool {
    let top = folder.trim_start_matches('/').split('/').next().unwrap_or_default();
    matches!(top, "" | "bin" | "usr" | "busybox")
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn nothing_can_run() {
        check(
            &RULE,
            "\
FROM scratch
WORKDIR /app
  RUN mkdir data
# ^^^ `RUN` as text starts `/bin/sh`, and `scratch` has none
",
        );
        no_fix(&RULE, "FROM gcr.io/distroless/base-debian12\nRUN ls\n");
        no_fix(&RULE, "FROM gcr.io/distroless/nodejs22-debian12\nCOPY . /app\nRUN npm ci\n");
    }

    #[test]
    fn silent_where_a_shell_may_be() {
        for text in [
            "FROM scratch\nADD rootfs.tar.xz /\nRUN ls\n",
            "FROM scratch\nCOPY --from=busybox:1 / /\nRUN ls\n",
            "FROM scratch\nRUN --mount=from=busybox:1,target=/bin ls\n",
            "FROM gcr.io/distroless/base:debug\nRUN ls\n",
            "FROM acme/base:1\nRUN ls\n",
        ] {
            silent(&RULE, text);
        }
    }

    #[test]
    fn silent_for_the_exec_form() {
        silent(&RULE, "FROM gcr.io/distroless/python3-debian12\nRUN [\"python3\", \"-V\"]\n");
    }
}
