//! COPY --from=0: a stage by its number.

use std::collections::BTreeMap;

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
/// So many stages are named; nobody has more of them by number.
const MOST: usize = 20;

fn check(model: &Model, report: &mut Report) {
    // Names for the stages that have none, by their places.
    let mut names: BTreeMap<usize, Option<String>> = BTreeMap::new();
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
        let known = names.len();
        let name = names.entry(stage.index).or_insert_with(|| name_for(model, stage, known));
        match name.as_ref().and_then(|name| Some((name, by_name(stage, value.range, name)?))) {
            Some((name, edits)) => finding.fix(Fix::new(format!("Call it `{name}`"), edits)),
            None => finding.advice("Put `AS` and a name behind the image of that stage."),
        };
    }
}

/// The name that the stage has, else `build`; with a number behind it where `known` others are named here.
fn name_for(model: &Model, stage: &Stage, known: usize) -> Option<String> {
    match stage.name {
        // Another stage of the same name may be the one that Docker takes.
        Some(name) => {
            let called = model.stage_called(&name.text)?;
            (called.index == stage.index).then(|| name.text.clone())
        }
        None if known >= MOST => None,
        None => {
            let name = if known == 0 { NAME.to_owned() } else { format!("{NAME}{}", stage.index) };
            model.is_free_name(&name).then_some(name)
        }
    }
}

/// The edits that use the stage's name at `place`; a stage without one is given it.
fn by_name(stage: &Stage, place: TextRange, name: &str) -> Option<EditSet> {
    let used = TextEdit::replace(place, name);
    if stage.name.is_some() {
        return Some(used.into());
    }
    EditSet::new([TextEdit::insert(stage.image.range.end, format!(" AS {name}")), used]).ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

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
        // An image of that name, and a name that two stages have.
        no_fix(&RULE, "FROM a\nFROM b\nCOPY --from=0 /a /a\nCOPY --from=build /b /b\n");
        no_fix(&RULE, "FROM a AS web\nFROM b AS web\nFROM c\nCOPY --from=0 /a /a\n");
    }

    #[test]
    fn two_stages_get_two_names() {
        let input =
            Input::new("FROM a\nFROM b\nFROM c\nCOPY --from=0 /a /a\nCOPY --from=1 /b /b\n");
        let found = findings(&RULE, &input);
        let titles: Vec<_> =
            found.iter().filter_map(|one| Some(one.fix.as_ref()?.title.as_str())).collect();
        assert_eq!(titles, ["Call it `build`", "Call it `build1`"]);
    }

    #[test]
    fn silent_with_a_name_or_no_such_stage() {
        silent(&RULE, "FROM a AS b\nFROM c\nCOPY --from=b /a /a\nCOPY --from=nginx:1 /b /b\n");
        silent(&RULE, "FROM a\nCOPY --from=7 /a /a\n");
    }
}
