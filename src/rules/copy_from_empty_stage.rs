//! COPY --from a stage that starts from nothing and is given nothing.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Model, Stage, Step};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "copy-from-empty-stage",
    title: "The other stage holds no files",
    severity: Severity::Error,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["tally/copy-from-empty-scratch-stage"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let is_empty: Vec<bool> = model.stages().iter().map(is_empty).collect();
    for (_, step) in model.copy_steps() {
        let from = model.stage_copied(step).filter(|from| is_empty.get(from.index) == Some(&true));
        if let Some(flag) = step.instruction.flag("from").filter(|_| from.is_some()) {
            report
                .at(&RULE, flag.range, MESSAGE)
                .advice("Copy the files into that stage first, or name the stage that makes them.");
        }
    }
}

fn is_empty(stage: &Stage) -> bool {
    let fills = |step: &Step| {
        let makes = matches!(step.keyword(), Keyword::Run | Keyword::Workdir);
        step.transfer().is_some() || makes
    };
    stage.base == Base::Scratch && !stage.steps.iter().any(fills)
}

const MESSAGE: &str =
    "That stage starts from nothing and nothing is copied into it, so there is nothing to take.";

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn nothing_to_take() {
        check(
            &RULE,
            "\
FROM scratch AS files
LABEL a=b
FROM debian:12
COPY --from=files /a /a
#    ^^^^^^^^^^^^ That stage starts from nothing
",
        );
        no_fix(&RULE, "FROM scratch\nFROM a\nCOPY --from=0 /a /a\n");
    }

    #[test]
    fn silent_where_something_is_copied_in() {
        silent(&RULE, "FROM scratch AS f\nCOPY a /a\nFROM b\nCOPY --from=f /a /a\n");
        silent(&RULE, "FROM scratch AS f\nADD a.tar /\nFROM f AS g\nFROM b\nCOPY --from=g /a /a\n");
        silent(&RULE, "FROM a AS f\nFROM b\nCOPY --from=f /a /a\n");
    }
}
