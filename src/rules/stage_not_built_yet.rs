//! COPY --from its own stage or one below.

use std::cmp::Ordering;

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, Stage};
use crate::syntax::Keyword;
use crate::text::TextRange;

pub(super) const RULE: Rule = Rule {
    id: "stage-not-built-yet",
    title: "The stage is not built yet",
    severity: Severity::Error,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["DL3023", "tally/circular-stage-deps", "DF050"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.steps_of(&[Keyword::Copy, Keyword::Add, Keyword::Run]) {
        let copied = model.stage_copied(step);
        let flag = step.instruction.flag("from").filter(|_| copied.is_some());
        one(stage, copied, flag.map(|flag| flag.range), report);
        let flags = step.instruction.flags.iter().filter(|flag| flag.name == "mount");
        for (flag, mount) in flags.zip(&step.mounts) {
            one(stage, model.stage_of_mount(mount), Some(flag.range), report);
        }
    }
}

/// `stage` takes files from `other` at `place`.
fn one(stage: &Stage, other: Option<&Stage>, place: Option<TextRange>, report: &mut Report) {
    let (Some(other), Some(place)) = (other, place) else { return };
    let name = other.name.map_or("", |name| name.text.as_str());
    let message = match other.index.cmp(&stage.index) {
        Ordering::Less => return,
        Ordering::Equal => {
            "This copies from the stage that it stands in, which Docker refuses; name an earlier stage."
                .to_owned()
        }
        Ordering::Greater => format!(
            "The stage `{name}` stands below this one, and Docker builds from top to bottom; move it above."
        ),
    };
    report.at(&RULE, place, message).advice(
        "What is in the stage already needs no `--from`: use `RUN cp`. What another stage makes must stand above.",
    );
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn its_own_stage_or_one_below() {
        check(
            &RULE,
            "\
FROM a AS build
COPY --from=build /x /y
#    ^^^^^^^^^^^^ This copies from the stage that it stands in
RUN --mount=type=bind,from=last,target=/z ls
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The stage `last` stands below
COPY --from=1 /x /y
#    ^^^^^^^^ The stage `last` stands below
FROM a AS last
",
        );
        no_fix(&RULE, "FROM a\nCOPY --from=0 /x /y\n");
    }

    #[test]
    fn silent_for_what_stands_above() {
        silent(
            &RULE,
            "FROM a AS b\nFROM a\nCOPY --from=b /x /y\nRUN --mount=from=b,target=/z ls\n",
        );
        silent(&RULE, "FROM a\nCOPY --from=nginx:1 /x /y\nCOPY . .\n");
    }
}
