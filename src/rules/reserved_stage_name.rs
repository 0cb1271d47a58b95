//! A stage named like something that Docker knows already.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::Model;

pub(super) const RULE: Rule = Rule {
    id: "reserved-stage-name",
    title: "The stage's name means something else already",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["ReservedStageName", "DL3063", "DF084"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for name in model.stages().iter().filter_map(|stage| stage.name) {
        let meaning = match name.text.to_ascii_lowercase().as_str() {
            "scratch" => "the empty image",
            "context" => "the build context",
            _ => continue,
        };
        let message = format!(
            "`{}` is Docker's own word for {meaning}, so this stage may not be found; take another name.",
            name.text
        );
        report
            .at(&RULE, name.range, message)
            .advice("Say what the stage makes: `build`, `assets`.");
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_name() {
        check(
            &RULE,
            "\
FROM debian:12 AS scratch
#                 ^^^^^^^ `scratch` is Docker's own word for the empty image
FROM debian:12 AS Context
#                 ^^^^^^^ `Context` is Docker's own word for the build context
",
        );
        no_fix(&RULE, "FROM a AS scratch\n");
    }

    #[test]
    fn silent_for_the_empty_image_itself() {
        silent(&RULE, "FROM scratch AS empty\nFROM scratch\nFROM a AS scratchpad\n");
    }
}
