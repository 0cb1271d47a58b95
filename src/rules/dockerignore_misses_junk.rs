//! The ignore file lets through what belongs in no image.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::input::DOCKERIGNORE;
use crate::model::{IgnoreFile, Model, leave_out};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "dockerignore-misses-junk",
    title: "The ignore file lets junk through",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Size, Buys::Security, Buys::RebuildTime],
    aliases: &["DKL-LI-0003"],
    taught: &[Section::docker(".dockerignore")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(text) = model.ignore_text() else { return };
    if model.ignore_file().is_none_or(IgnoreFile::is_empty)
        || model.copy_steps().all(|(_, step)| step.whole_context().is_none())
    {
        return;
    }
    let missing = leave_out::missing(model);
    if missing.is_empty() {
        return;
    }
    let mut lines = missing.join("\n");
    lines.push('\n');
    let names: Vec<_> = missing.iter().filter_map(|group| group.lines().next()).collect();
    let names = format!("`{}`", names.join("`, `"));
    let names = match names.rsplit_once(", ") {
        Some((before, last)) => format!("{before} and {last}"),
        None => names,
    };
    let message = format!(
        "The ignore file has no line for {names}, so they reach the build if they are in your folder; add them."
    );
    // Above what is there, so that its exceptions still have the last word.
    let place = first_pattern(text);
    let fix =
        Fix::in_file("Add the missing lines", DOCKERIGNORE, TextEdit::insert(place, lines).into());
    let fix = fix.in_phase(Phase::Runtime);
    let fix = match leave_out::assumption(model) {
        Some(sentence) => fix.assuming(sentence),
        None => fix,
    };
    let finding = report.missing(&RULE, place, message).fix(fix);
    finding.file = DOCKERIGNORE;
}

/// Where the first line starts that is no comment.
fn first_pattern(text: &str) -> usize {
    let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in text.get(at..).unwrap_or_default().split_inclusive('\n') {
        if !line.starts_with('#') && !line.trim().is_empty() {
            break;
        }
        at += line.len();
    }
    at
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_input, fixed_file, silent, silent_input};
    use super::RULE;
    use crate::input::{DOCKERIGNORE, Input};

    const PYTHON: &str = "FROM python:3.11\nCOPY . .\n";

    fn with(dockerfile: &str, ignore: &str) -> Input {
        Input::new(dockerfile).with_file(DOCKERIGNORE, ignore)
    }

    #[test]
    fn names_what_is_not_there() {
        check_input(
            &RULE,
            &with(
                PYTHON,
                "# mine\n# < The ignore file has no line for `.git`, `**/*.py[co]` and `.venv`, so they reach\n.env*\n__pycache__\n",
            ),
        );
    }

    #[test]
    fn adds_the_lines_above_the_others() {
        assert_eq!(
            fixed_file(&RULE, &with("FROM a\nCOPY . .\n", "# mine\nx\n!.env.ci\n"), DOCKERIGNORE)
                .as_deref(),
            Some("# mine\n.git\n**/.env\n**/.env.*\nx\n!.env.ci\n")
        );
    }

    #[test]
    fn silent_where_all_is_there_or_nothing_is_copied() {
        silent(&RULE, PYTHON);
        silent_input(&RULE, &with(PYTHON, "*\n!src"));
        silent_input(&RULE, &with(PYTHON, ".git\n.env*\n**/__pycache__\n*.pyc\n.venv/\n"));
        silent_input(&RULE, &with("FROM python:3.11\nCOPY src .\n", "docs\n"));
        silent_input(&RULE, &with(PYTHON, "# nothing, which copy-whole-context says\n"));
    }
}
