//! The same variable set twice, with nothing between that could read the first value.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Instruction, Kind, Pair};

pub(super) const RULE: Rule = Rule {
    id: "duplicate-env-key",
    title: "The first value is never used",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        // What is set and not read yet.
        let mut open: Vec<(&Pair, &Instruction)> = Vec::new();
        for step in &stage.steps {
            let is_env = matches!(step.instruction.kind, Kind::Env(_));
            if open.is_empty() && !is_env {
                continue;
            }
            let has_variable = model.source(step.instruction).contains('$');
            match &step.instruction.kind {
                Kind::Env(pairs) if !has_variable => {
                    open.extend(pairs.iter().map(|pair| (pair, step.instruction)));
                }
                Kind::Run(_) => tell(model, &mut open, report),
                _ if has_variable => tell(model, &mut open, report),
                _ => {}
            }
        }
        tell(model, &mut open, report);
    }
}

/// Tells of each pair that another one of the same name follows, and forgets them all.
fn tell(model: &Model, open: &mut Vec<(&Pair, &Instruction)>, report: &mut Report) {
    open.sort_unstable_by_key(|(pair, _)| (pair.key.text.as_str(), pair.range.start));
    for two in open.windows(2) {
        if two[0].0.key.text == two[1].0.key.text {
            one(model, two[0].1, two[0].0, report);
        }
    }
    open.clear();
}

fn one(model: &Model, instruction: &Instruction, first: &Pair, report: &mut Report) {
    let name = &first.key.text;
    let message = format!(
        "`{name}` gets another value further down, before anything reads this one; whoever changes it here wonders why nothing happens."
    );
    let finding = report.at(&RULE, first.range, message);
    match model.delete_pair(instruction, first) {
        Some(edits) => finding.fix(Fix::new("Delete the first value", edits)),
        None => finding.advice("Delete the first one."),
    };
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_first() {
        check(
            &RULE,
            "\
FROM debian:12
ENV A=1 B=2 A=3
#   ^^^ `A` gets another value further down
WORKDIR /x
ENV C=4
#   ^^^ `C` gets another value further down
ENV C=5
",
        );
    }

    #[test]
    fn deletes_it() {
        check_fix(&RULE, "FROM a\nENV A=1 B=2\nENV A=3\n", "FROM a\nENV B=2\nENV A=3\n");
        check_fix(&RULE, "FROM a\nENV A=1\nENV A=3\n", "FROM a\nENV A=3\n");
    }

    #[test]
    fn silent_where_something_reads_it() {
        for lines in [
            "ENV A=1\nRUN b\nENV A=2",
            "ENV A=1\nENV A=$A:2",
            "ENV A=1\nCOPY $A /a\nENV A=2",
            "ENV A=1\nFROM b\nENV A=2",
        ] {
            silent(&RULE, &format!("FROM a\n{lines}\n"));
        }
    }
}
