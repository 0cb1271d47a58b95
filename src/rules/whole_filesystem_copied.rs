//! COPY --from=build / /: everything of another stage.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Model};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "whole-filesystem-copied",
    title: "The whole other stage comes along",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Size, Buys::Security],
    aliases: &["DL3067"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.final_steps() {
        let (Some(flag), Some(transfer)) = (step.instruction.flag_value("from"), step.transfer())
        else {
            continue;
        };
        // Into an empty image, everything in one layer is what is wanted.
        if model.root(stage).is_some_and(|root| root.base == Base::Scratch) {
            continue;
        }
        let is_all = |word: &&Word| matches!(word.text.as_str(), "/" | "/." | "/*");
        let Some(source) = transfer.sources.iter().find(is_all) else { continue };
        let message = format!(
            "`{}` is all that `{flag}` has, its system and its tools too; copy only the files that your app needs.",
            source.text
        );
        report
            .at(&RULE, source.range, message)
            .advice("Name the folder that the other stage made: `COPY --from=build /app /app`.");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_root() {
        check(
            &RULE,
            "\
FROM debian:12 AS build
FROM debian:12-slim
COPY --from=build / /
#                 ^ `/` is all that `build` has
",
        );
        no_fix(&RULE, "FROM a AS b\nFROM c\nCOPY --from=b /* /\n");
    }

    #[test]
    fn silent_for_a_folder_or_the_context() {
        silent(&RULE, "FROM a AS b\nFROM c\nCOPY --from=b /out/ /\nCOPY / /app\n");
    }

    #[test]
    fn silent_where_it_starts_from_nothing() {
        silent(&RULE, "FROM a AS b\nFROM scratch\nCOPY --from=b / /\n");
    }

    #[test]
    fn silent_in_a_builder() {
        silent(&RULE, "FROM a AS b\nFROM c AS d\nCOPY --from=b / /\nFROM c\nCOPY --from=d /x /x\n");
    }
}
