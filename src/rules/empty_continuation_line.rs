//! A blank line inside of an instruction, because the line above it ends in a backslash.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Instruction, Keyword};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "empty-continuation-line",
    title: "The instruction goes on behind a blank line",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["NoEmptyContinuation", "ParserWarning"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let steps = stage.steps.iter().map(|step| step.instruction);
        for instruction in [stage.from].into_iter().chain(steps) {
            let Some(first) = instruction.empty_lines.first() else { continue };
            let name = &instruction.keyword_word.text;
            if let Some((word, edit)) = swallowed(model, instruction) {
                let message = format!(
                    "The line above ends in `{}`, so `{}` still belongs to that `{name}` and is no instruction.",
                    model.escape(),
                    word.of(model.text())
                );
                let fix = Fix::new("End the line above", edit.into());
                let finding = report.at(&RULE, word, message).severity(Severity::Error);
                finding.fix(fix.assuming("A new instruction begins here."));
                continue;
            }
            let message = format!(
                "Line {} inside of this `{name}` is empty, which a later Docker is going to refuse; delete it.",
                model.lines().line(first.start)
            );
            // BuildKit names the line that the instruction ends in.
            let place = last_line(model, instruction);
            report.at(&RULE, place, message).fix(without_blank_lines(model, instruction));
        }
    }
}

/// The keyword behind a blank line that was meant to begin an instruction, and the edit that lets it.
fn swallowed(model: &Model, instruction: &Instruction) -> Option<(TextRange, TextEdit)> {
    for empty in &instruction.empty_lines {
        let next = model.lines().range(model.lines().line(empty.start) + 1);
        let text = next.of(model.text());
        let word = text.split(|c: char| !c.is_ascii_uppercase()).next().unwrap_or_default();
        let range = TextRange::new(next.start, next.start + word.len());
        let above = instruction.continuations.partition_point(|one| one.end <= empty.start);
        let end = above.checked_sub(1).and_then(|at| instruction.continuations.get(at));
        if Keyword::parse(word).is_some()
            && text[word.len()..].starts_with([' ', '\t'])
            && range.end <= instruction.arguments.end
            && let Some(end) = end
        {
            let blanks = TextRange::new(instruction.range.start, end.start).of(model.text());
            let start = instruction.range.start + blanks.trim_end_matches([' ', '\t']).len();
            return Some((range, TextEdit::delete(TextRange::new(start, end.end))));
        }
    }
    None
}

/// What stands in the last line of the instruction, heredocs left out.
fn last_line(model: &Model, instruction: &Instruction) -> TextRange {
    let end = instruction.arguments.end;
    let start = model.lines().range(model.lines().line(end.saturating_sub(1))).start;
    let text = TextRange::new(start.min(end), end).of(model.text());
    TextRange::new(end - text.trim_start().len(), end)
}

fn without_blank_lines(model: &Model, instruction: &Instruction) -> Option<Fix> {
    let whole = |range: &TextRange| model.lines().range(model.lines().line(range.start));
    let edits = instruction.empty_lines.iter().map(|range| TextEdit::delete(whole(range)));
    Some(Fix::new("Delete the blank lines", EditSet::new(edits).ok()?))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn named_where_the_instruction_ends() {
        check(
            &RULE,
            "\
FROM debian:12
RUN apt-get update && \\

  apt-get clean && \\
  # why

  true
# ^^^^ Line 3 inside of this `RUN` is empty
EXPOSE \\

  80
# ^^ Line 10 inside of this `EXPOSE` is empty
",
        );
    }

    #[test]
    fn blank_lines_go() {
        check_fix(&RULE, "FROM a\nRUN a && \\\n\n  \n b\n", "FROM a\nRUN a && \\\n b\n");
        check_fix(&RULE, "FROM a\r\nRUN a && \\\r\n\r\n b", "FROM a\r\nRUN a && \\\r\n b");
    }

    #[test]
    fn an_instruction_that_is_none() {
        let before = "FROM a\nRUN apt-get install -y \\\n  curl \\\n\nCOPY . .\n";
        let found = findings(&RULE, &Input::new(before));
        assert_eq!(found[0].severity, Severity::Error);
        assert_eq!(found[0].range.of(before), "COPY");
        check_fix(&RULE, before, "FROM a\nRUN apt-get install -y \\\n  curl\n\nCOPY . .\n");
    }

    #[test]
    fn silent_between_instructions_and_in_heredocs() {
        silent(&RULE, "FROM a\n\nRUN a \\\n # why\n b\n\nRUN <<EOF\na\n\nb\nEOF\n");
    }
}
