//! A line of the ignore file that does not do what it says: an exception without effect, a comment inside a pattern.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Finding, Fix};
use crate::input::DOCKERIGNORE;
use crate::model::{IgnoreFile, Model};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "dockerignore-exception-order",
    title: "This ignore line does nothing",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::Security, Buys::Size],
    aliases: &[],
    taught: &[Section::docker(".dockerignore")],
    check,
};

/// Nobody has more exceptions; each is compared with all lines.
const MOST: usize = 40;

fn check(model: &Model, report: &mut Report) {
    let (Some(text), Some(file)) = (model.ignore_text(), model.ignore_file()) else { return };
    let mut exceptions = 0;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let range = TextRange::new(start, start + line.len());
        start = range.end;
        let body = line.trim_end();
        if line.starts_with('#') || exceptions == MOST {
            continue;
        }
        let found = if let Some(at) = body.find(" #") {
            Some(comment(range, body, at, report))
        } else if let Some(path) = body.trim_start().strip_prefix('!') {
            exceptions += 1;
            exception(text, file, range, path.trim(), report)
        } else {
            None
        };
        if let Some(finding) = found {
            finding.file = DOCKERIGNORE;
        }
    }
}

/// `.env # secrets`: a comment needs a line of its own.
fn comment<'r>(line: TextRange, body: &str, at: usize, report: &'r mut Report) -> &'r mut Finding {
    let (pattern, note) = body.split_at(at);
    let (pattern, note) = (pattern.trim_end(), note.trim_start());
    let message = format!(
        "`{note}` is read as part of the pattern, so `{}` is not left out; give the comment a line of its own.",
        pattern.trim()
    );
    let from = line.start + pattern.len();
    let edits = EditSet::new([
        TextEdit::insert(line.start, format!("{note}\n")),
        TextEdit::delete(TextRange::new(from, line.start + body.len())),
    ]);
    let fix = edits
        .ok()
        .map(|edits| Fix::in_file("Give the comment a line of its own", DOCKERIGNORE, edits));
    let range = TextRange::new(line.start + body.len() - note.len(), line.start + body.len());
    report.at(&RULE, range, message).fix(fix)
}

/// `!path` that a later line undoes, or that no earlier line needs.
fn exception<'r>(
    text: &str,
    file: &IgnoreFile,
    line: TextRange,
    path: &str,
    report: &'r mut Report,
) -> Option<&'r mut Finding> {
    if path.contains(['*', '?', '[']) {
        return None;
    }
    let own = line.of(text).trim_end();
    let range = TextRange::new(line.end - line.of(text).trim_start().len(), line.start + own.len());
    let verdict = file.verdict(path);
    if let (true, Some(number)) = (verdict.is_ignored, verdict.line) {
        let message = format!(
            "Line {number} leaves `{path}` out again, because the last line that matches wins; move `!{path}` below it."
        );
        let end = text.split_inclusive('\n').take(number).map(str::len).sum();
        let moved = if text.get(..end).is_some_and(|above| above.ends_with('\n')) {
            format!("{own}\n")
        } else {
            format!("\n{own}")
        };
        let edits = EditSet::new([TextEdit::delete(line), TextEdit::insert(end, moved)]).ok()?;
        let fix = Fix::in_file(format!("Move `!{path}` down"), DOCKERIGNORE, edits);
        return Some(report.at(&RULE, range, message).fix(fix));
    }
    // A folder may be brought back for what lies in it; a file only for itself.
    let is_file =
        path.rsplit('/').next().is_some_and(|name| name.trim_start_matches('.').contains('.'));
    let above = IgnoreFile::parse(text.get(..line.start)?);
    if !is_file || above.verdict(path).is_ignored {
        return None;
    }
    let message = format!(
        "No line above leaves `{path}` out, so `!{path}` does nothing; delete it, or move it below the line that does."
    );
    let fix =
        Fix::in_file(format!("Delete `!{path}`"), DOCKERIGNORE, TextEdit::delete(line).into());
    Some(report.at(&RULE, range, message).severity(Severity::Info).fix(fix))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_input, fixed_file, silent_input};
    use super::RULE;
    use crate::input::{DOCKERIGNORE, Input};

    fn with(ignore: &str) -> Input {
        Input::new("FROM a\nCOPY . .\n").with_file(DOCKERIGNORE, ignore)
    }

    fn becomes(before: &str, after: &str) {
        assert_eq!(fixed_file(&RULE, &with(before), DOCKERIGNORE).as_deref(), Some(after));
        silent_input(&RULE, &with(after));
    }

    #[test]
    fn each_line_is_told_apart() {
        check_input(
            &RULE,
            &with(
                "\
.git
  !README.md
# ^^^^^^^^^^ Line 4 leaves `README.md` out again
*.md
.env   # secrets
#      ^^^^^^^^^ `# secrets` is read as part of the pattern, so `.env` is not left out
  !notes.txt
# ^^^^^^^^^^ No line above leaves `notes.txt` out, so `!notes.txt` does nothing
",
            ),
        );
    }

    #[test]
    fn moves_deletes_and_splits() {
        becomes("!README.md\n*.md\ndocs\n", "*.md\n!README.md\ndocs\n");
        becomes("!README.md\n*.md", "*.md\n!README.md");
        becomes(".env # secrets\n.git\n", "# secrets\n.env\n.git\n");
        becomes("!a.txt\n.git\n", ".git\n");
    }

    #[test]
    fn silent_where_it_works() {
        for ignore in [
            "*.md\n!README.md\n",
            "# a comment # of its own\n*\n!src\n",
            "**/*.md\n!docs\n",
            "!*.md\n*\n",
            "a#b\n",
        ] {
            silent_input(&RULE, &with(ignore));
        }
    }
}
