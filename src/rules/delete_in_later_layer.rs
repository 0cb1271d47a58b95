//! What an earlier layer holds stays in the image, whatever a later RUN deletes or hands to another owner.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Model, Step, is_within};
use crate::syntax::shell::{Command, Joined};
use crate::syntax::{Keyword, Word};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "delete-in-later-layer",
    title: "Deleted files still add to the image",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size],
    aliases: &[],
    taught: &[
        Section::docker("Complete Production Dockerfile"),
        Section::docker("Image Size Comparison"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut above: Vec<&Step> = Vec::new();
    for (_, step) in model.final_steps() {
        for (at, command) in step.commands().iter().enumerate() {
            if step.keyword() != Keyword::Run {
                continue;
            }
            let text = command.range.of(model.text());
            match command.program() {
                "rm" => {
                    let Some((word, earlier)) = deleted(step, command, &above) else { continue };
                    let (what, advice) = ...
                }
                "chown" | "chmod" if is_recursive(command) => {}
                _ => {}
            }
        }
        above.push(step);
    }
}
