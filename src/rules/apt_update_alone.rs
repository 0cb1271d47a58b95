//! `apt-get update` in one RUN, the install in a later one.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Act, Manager, Model, Step};
use crate::syntax::Keyword;
use crate::syntax::shell::{Command, Script};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "apt-update-alone",
    title: "Installs use an old package index",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability, Buys::Security],
    aliases: &["CIS-DI-0007", "DF028"],
    taught: &[Section::docker("Complete Production Dockerfile")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        // The last RUN that only fetched the index.
        let mut alone: Option<(&Step, &Command)> = None;
        for step in stage.steps_of(&[Keyword::Run]) {
            let installs = step.installs.iter().any(|install| install.manager == Manager::Apt);
            let update = step.does(Manager::Apt, Act::Update);
            if let (true, None, Some((first, command))) = (installs, update, alone) {
                say(model, first, command, step, report);
                alone = None;
            } else if let Some(command) = update {
                alone = Some((step, command)).filter(|_| !installs);
            }
        }
    }
}

fn say(model: &Model, first: &Step, update: &Command, second: &Step, report: &mut Report) {
    let message = format!(
        "`{} update` is kept from an earlier build while the install below changes, so that looks for packages that are gone; write both in one RUN.",
        update.program()
    );
    let finding = report.at(&RULE, update.range, message);
    match joined(model, first, update, second) {
        Some(edits) => finding.fix(Fix::new("Update and install in one RUN", edits)),
        None => finding.advice(
            "Write `apt-get update && apt-get install …` in each RUN that installs, and no update by itself.",
        ),
    };
}

/// The edits that put the update in front of the install, where the two are neighbours and nothing else.
fn joined(model: &Model, first: &Step, update: &Command, second: &Step) -> Option<EditSet> {
    let is_plain = |step: &Step| {
        step.script().is_some_and(Script::is_chain) && step.instruction.heredocs.is_empty()
    };
    let flags = |step: &Step| {
        let instruction = step.instruction;
        let range = TextRange::new(instruction.keyword_word.range.end, instruction.arguments.start);
        range.of(model.text()).trim()
    };
    let text = update.range.of(model.text());
    let fits = is_plain(first)
        && is_plain(second)
        && first.commands().len() == 1
        && first.index + 1 == second.index
        && flags(first) == flags(second)
        && !text.contains('\n');
    let start = second.commands().first()?.range.start;
    let edits = [model.remove(first.instruction), TextEdit::insert(start, format!("{text} && "))];
    EditSet::new(edits).ok().filter(|_| fits)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_update() {
        check(
            &RULE,
            "\
FROM debian:12 AS b
RUN apt-get -qq update
#   ^^^^^^^^^^^^^^^^^^ `apt-get update` is kept from an earlier build
RUN apt-get install -y curl
RUN apt-get install -y git
FROM debian:12
",
        );
    }

    #[test]
    fn puts_both_in_one_run() {
        check_fix(
            &RULE,
            "FROM debian:12\n# Tools\nRUN apt-get update\nRUN apt-get install -y \\\n    curl\n",
            "FROM debian:12\n# Tools\nRUN apt-get update && apt-get install -y \\\n    curl\n",
        );
        silent(&RULE, "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n");
    }

    #[test]
    fn by_hand_where_more_stands_between() {
        for lines in [
            "RUN apt-get update\nCOPY a /a\nRUN apt-get install -y curl",
            "RUN apt-get update && echo\nRUN apt-get install -y curl",
            "RUN --network=default apt-get update\nRUN apt-get install -y curl",
            "RUN apt-get update\nRUN apt-get install -y curl || true",
        ] {
            no_fix(&RULE, &format!("FROM debian:12\n{lines}\n"));
        }
    }

    #[test]
    fn silent_where_each_install_has_its_own() {
        for lines in [
            "RUN apt-get update && apt-get install -y a\nRUN apt-get install -y b",
            "RUN apt-get update\nRUN apt-get update && apt-get install -y a",
            "RUN apt-get update",
            "RUN apk update\nRUN apk add curl",
        ] {
            silent(&RULE, &format!("FROM debian:12\n{lines}\n"));
        }
    }
}
