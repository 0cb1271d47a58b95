//! A pattern of the ignore file matches at the top only, although such files lie deeper too.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::input::DOCKERIGNORE;
use crate::model::{IgnoreFile, Model, leave_out};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "dockerignore-root-only-pattern",
    title: "Ignored files are copied from deeper folders",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::Security, Buys::Size],
    aliases: &[],
    taught: &[Section::docker(".dockerignore")],
    check,
};

/// Patterns for what is made in every folder, or must not be copied from any.
const DEEP: [&str; 11] = [
    "*.py[co]",
    "*.py[cod]",
    "*.pyc",
    "*.pyd",
    "*.pyo",
    ".DS_Store",
    ".env",
    ".env*",
    ".env.*",
    "__pycache__",
    "node_modules",
];

fn check(model: &Model, report: &mut Report) {
    let (Some(text), Some(file)) = (model.ignore_text(), model.ignore_file()) else { return };
    if leave_out::folder(model).is_none() {
        return;
    }
    // Each pattern once: with one line mended the others have nothing left to do.
    let mut found: Vec<(&str, TextRange)> = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let pattern = line.trim().trim_end_matches('/');
        let at = start + line.find(pattern).unwrap_or_default();
        start += line.len();
        if DEEP.contains(&pattern)
            && found.iter().all(|(known, _)| *known != pattern)
            && lets_through(model, file, pattern)
        {
            found.push((pattern, TextRange::new(at, at + pattern.len())));
        }
    }
    let Some(&(first, range)) = found.first() else { return };
    let more = match found.len() {
        1 => String::new(),
        2 => " One more line is like it.".to_owned(),
        count => format!(" {} more lines are like it.", count - 1),
    };
    let message = format!(
        "`{first}` matches at the top of your folder only, so `src/{}` is still copied; write `**/{first}`.{more}",
        leave_out::example(first)
    );
    let edits = found.iter().map(|(_, range)| TextEdit::insert(range.start, "**/"));
    let fix = EditSet::new(edits).ok().map(|edits| {
        let fix = Fix::in_file("Match in every folder", DOCKERIGNORE, edits);
        match leave_out::assumption(model) {
            Some(sentence) if found.iter().any(|(name, _)| name.starts_with(".env")) => {
                fix.assuming(sentence)
            }
            _ => fix,
        }
    });
    report.at(&RULE, range, message).fix(fix).file = DOCKERIGNORE;
}

/// Whether a file below the top that the pattern means still reaches the build; one that is really there, where the
/// context's files are known.
fn lets_through(model: &Model, file: &IgnoreFile, pattern: &str) -> bool {
    let Some(context) = &model.input().context else {
        let path = format!("src/{}", leave_out::example(pattern));
        return !file.verdict(&path).is_ignored;
    };
    let meant = IgnoreFile::parse(&format!("**/{pattern}"));
    let mut paths = context.iter().map(|file| file.path.as_str());
    paths.any(|path| meant.verdict(path).is_ignored && !file.verdict(path).is_ignored)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_input, fixed_file, silent, silent_input};
    use super::RULE;
    use crate::input::{ContextFile, DOCKERIGNORE, Input};

    const COPY: &str = "FROM python:3.11\nCOPY ./src .\n";

    fn with(ignore: &str) -> Input {
        Input::new(COPY).with_file(DOCKERIGNORE, ignore)
    }

    #[test]
    fn points_at_the_first_such_line() {
        check_input(
            &RULE,
            &with(
                "tests/\n  __pycache__/\n# ^^^^^^^^^^^ `__pycache__` matches at the top of your folder only, so `src/__pycache__` is still copied; write `**/__pycache__`. 2 more lines\n*.py[co]\n.env.*\n",
            ),
        );
    }

    #[test]
    fn matches_in_every_folder() {
        let input = with(".git\n.env\r\n__pycache__/\n.env\n");
        let text = fixed_file(&RULE, &input, DOCKERIGNORE).unwrap();
        assert_eq!(text, ".git\n**/.env\r\n**/__pycache__/\n.env\n");
        silent_input(&RULE, &with(&text));
    }

    #[test]
    fn silent_where_it_matches_deep_or_only_the_top_is_meant() {
        for ignore in [
            "**/.env\n**/__pycache__\n",
            ".env\n**/.env\n",
            "/.env\n",
            ".git\n.vscode\n.idea\ndocs/\nDockerfile\n",
            "*\n!main.py\n__pycache__\n",
        ] {
            silent_input(&RULE, &with(ignore));
        }
        silent(&RULE, COPY);
        silent_input(
            &RULE,
            &Input::new("FROM a\nCOPY main.py .\n").with_file(DOCKERIGNORE, "__pycache__\n"),
        );
    }

    #[test]
    fn the_files_that_are_there_decide() {
        let file = |path: &str| ContextFile { path: path.to_owned(), bytes: 1 };
        let mut input = with(".env\n__pycache__\n");
        input.context = Some(vec![file(".env"), file("src/main.py")]);
        silent_input(&RULE, &input);
        input.context = Some(vec![file("src/__pycache__/main.pyc")]);
        assert_eq!(
            fixed_file(&RULE, &input, DOCKERIGNORE).as_deref(),
            Some(".env\n**/__pycache__\n")
        );
    }
}
