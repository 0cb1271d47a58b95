//! COPY names a file that the ignore file hides, so the build fails.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::input::DOCKERIGNORE;
use crate::model::Model;
use crate::syntax::Word;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "copy-ignored-file",
    title: "The build cannot find this file",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &["CopyIgnoredFile", "DF077"],
    taught: &[Section::docker(".dockerignore")],
    check,
};

/// Nobody copies more files by name; each is compared with all lines.
const MOST: usize = 200;

fn check(model: &Model, report: &mut Report) {
    let (Some(text), Some(file)) = (model.ignore_text(), model.ignore_file()) else { return };
    let transfers = model.copy_steps().filter_map(|(_, step)| step.from_context());
    for source in transfers.flat_map(|transfer| &transfer.sources).take(MOST) {
        let Some(path) = named(source) else { continue };
        let verdict = file.verdict(path);
        let (true, Some(line)) = (verdict.is_ignored, verdict.line) else { continue };
        if brings_back_inside(text, path) {
            continue;
        }
        let message = format!(
            "Line {line} of .dockerignore leaves `{path}` out, so Docker does not find it and the build stops."
        );
        let finding = report.at(&RULE, source.range, message);
        if path.rsplit('/').next().is_some_and(|name| name.starts_with(".env")) {
            finding.advice("A file of secrets is left out for a reason: delete this COPY, and give the values when the container starts.");
            continue;
        }
        let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
        let edit = TextEdit::insert(text.len(), format!("{newline}!{path}\n"));
        let fix =
            Fix::in_file(format!("Add `!{path}` to .dockerignore"), DOCKERIGNORE, edit.into());
        finding.fix(fix.assuming(format!("`{path}` may be in the image.")));
    }
}

/// The path below the context, where the source is one file or folder by its name.
fn named(source: &Word) -> Option<&str> {
    let path = source.text.trim_start_matches("./").trim_matches('/');
    let is_pattern = !source.is_literal() || path.contains(['*', '?', '[', '\\']) || path == ".";
    (!is_pattern && !path.is_empty()).then_some(path)
}

/// Whether an exception lets something in the folder `path` through.
fn brings_back_inside(text: &str, path: &str) -> bool {
    text.lines().filter_map(|line| line.trim().strip_prefix('!')).any(|line| {
        let line = line.trim().trim_start_matches("./").trim_start_matches('/');
        line.contains("**") || line.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_input, findings, fixed_file, silent, silent_input};
    use super::RULE;
    use crate::input::{DOCKERIGNORE, Input};

    fn with(copy: &str, ignore: &str) -> Input {
        Input::new(format!("FROM a AS b\nFROM a\n{copy}\n")).with_file(DOCKERIGNORE, ignore)
    }

    #[test]
    fn points_at_the_file() {
        check_input(
            &RULE,
            &with(
                "COPY main.py ./README.md /app/\n#            ^^^^^^^^^^^ Line 2 of .dockerignore leaves `README.md` out",
                ".git\n*.md\n",
            ),
        );
        check_input(
            &RULE,
            &with("ADD tests/unit /t/\n#   ^^^^^^^^^^ Line 1 of .dockerignore leaves", "tests/"),
        );
    }

    #[test]
    fn brings_the_file_back() {
        let input = with("COPY README.md .", "*.md");
        let after = fixed_file(&RULE, &input, DOCKERIGNORE).unwrap();
        assert_eq!(after, "*.md\n!README.md\n");
        silent_input(&RULE, &with("COPY README.md .", &after));
    }

    #[test]
    fn secrets_stay_out() {
        let found = findings(&RULE, &with("COPY .env .", ".env*"));
        assert!(found[0].fix.is_none() && found[0].advice.is_some());
    }

    #[test]
    fn silent_where_the_file_may_be_there() {
        for (why, copy, ignore) in [
            ("brought back", "COPY README.md .", "*.md\n!README.md\n"),
            ("something in the folder is", "COPY docs /d/", "docs\n!docs/index.html\n"),
            ("the whole folder", "COPY . .", "*.md"),
            ("a pattern", "COPY *.md .", "*.md"),
            ("a variable", "COPY $FILE .", "*"),
            ("another stage", "COPY --from=b /README.md .", "*.md"),
            ("a download", "ADD https://example.org/README.md .", "**/*.md"),
            ("deeper", "COPY src/README.md .", "*.md"),
        ] {
            silent_input(&RULE, &with(copy, &format!("# {why}\n{ignore}")));
        }
        silent(&RULE, "FROM a\nCOPY README.md .\n");
    }
}
