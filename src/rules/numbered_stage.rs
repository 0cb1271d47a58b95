//! COPY --from=0: a stage by its number.

use std::cell::LazyCell;

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, Stage};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "numbered-stage",
    title: "A new stage above changes what is copied",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["DF023"],
    taught: &[],
    check,
};

/// What a stage is called that has no name yet.
const NAME: &str = "build";

fn check(model: &Model, report: &mut Report) {
    let is_free = LazyCell::new(|| model.is_free_name(NAME));
    for (_, step) in model.copy_steps() {
        let Some(value) = step.instruction.flag("from").and_then(|flag| flag.value.as_ref()) else {
            continue;
        };
        let number = value.text.parse().ok().and_then(|at: usize| model.stages().get(at));
        let Some(stage) = number else { continue };
        let message = format!(
            "`--from={}` counts the stages from the top, so one more above it shifts the number; give the stage a name and use that.",
            value.text
        );
        let finding = report.at(&RULE, value.range, message);
        match by_name(model, stage, value.range, &is_free) {
            Some((name, edits)) => finding.fix(Fix::new(format!("Call it `{name}`"), edits)),
            None => finding.advice("Put `AS` and a name behind the image of that stage."),
        };
    }
}

/// The stage's name and the edits that use it at `place`; a stage without one is given one.
fn by_name(
    model: &Model,
    stage: &Stage,
    place: TextRange,
    is_free: &LazyCell<bool, impl FnOnce() -> bool>,
) -> Option<(String, EditSet)> {
    if let Some(name) = stage.name {
        // Another stage of the same name may be the one that Docker takes.
        model.stage_called(&name.text).filter(|called| called.index == stage.index)?;
        return Some((name.text.clone(), TextEdit::replace(place, &name.text).into()));
    }
    if !**is_free {
        return None;
    }
    let name = TextEdit::insert(stage.image.range.end, format!(" AS {NAME}"));
    let edits = EditSet::new([name, TextEdit::replace(place, NAME)]).ok()?;
    Some((NAME.to_owned(), edits))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_number() {
        check(
            &RULE,
            "\
FROM golang:1.25
FROM scratch
COPY --from=0 /app /app
#           ^ `--from=0` counts the stages
",
        );
    }

    #[test]
    fn takes_the_name_or_gives_one() {
        check_fix(
            &RULE,
            "FROM a AS deps\nFROM b\nCOPY --from=0 /a /a\n",
            "FROM a AS deps\nFROM b\nCOPY --from=deps /a /a\n",
        );
        check_fix(
            &RULE,
            "FROM a\nFROM b\nCOPY --from=0 /a /a\nCOPY --from=0 /b /b\n",
            "FROM a AS build\nFROM b\nCOPY --from=build /a /a\nCOPY --from=0 /b /b\n",
        );
        no_fix(&RULE, "FROM a\nFROM b AS build\nCOPY --from=0 /a /a\n");
    }

    #[test]
    fn silent_with_a_name_or_no_such_stage() {
        silent(&RULE, "FROM a AS b\nFROM c\nCOPY --from=b /a /a\nCOPY --from=nginx:1 /b /b\n");
        silent(&RULE, "FROM a\nCOPY --from=7 /a /a\n");
    }
}
