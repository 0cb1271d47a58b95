//! The only callers of the engine in rule tests: text in, expectation beside it.

use super::{Report, Rule};
use crate::finding::{Change, DOCKERFILE, Finding};
use crate::input::Input;
use crate::model::Model;
use crate::syntax::parse;
use crate::text::{LineIndex, TextRange};

/// What `rule` alone finds in `input`.
pub(crate) fn findings(rule: &Rule, input: &Input) -> Vec<Finding> {
    let file = parse(&input.dockerfile);
    let mut report = Report::default();
    (rule.check)(&Model::build(&file, input), &mut report);
    report.findings
}

/// Checks that `rule` finds exactly what the comments mark.
///
/// A comment of carets marks the token above it and, behind the carets, says how the message begins:
///
/// ```text
/// CMD ["uvicorn", "main:app", "--reload"]
/// #                           ^^^^^^^^^^ `--reload` makes
/// ```
///
/// `# < message` marks something missing that would stand in its place, above the next line.
pub(super) fn check(rule: &Rule, dockerfile: &str) {
    check_input(rule, &Input::new(dockerfile));
}

/// [`check`] with other files, choices, a target. A file with comments of carets is checked like the Dockerfile.
pub(super) fn check_input(rule: &Rule, input: &Input) {
    let found = findings(rule, input);
    let mut checked = check_file(rule, DOCKERFILE, &input.dockerfile, &found);
    for (name, given) in &input.files {
        checked += check_file(rule, name, given.text().unwrap_or_default(), &found);
    }
    assert_eq!(checked, found.len(), "{} found something in another file: {found:#?}", rule.id);
}

/// Checks the findings in one file, and says how many there are.
fn check_file(rule: &Rule, name: &str, text: &str, found: &[Finding]) -> usize {
    let lines = LineIndex::new(text);
    let mut expected = Vec::new();
    for line in 1..=lines.lines() {
        let content = lines.range(line).of(text).trim_end();
        if let Some(message) = content.strip_prefix("# < ") {
            expected.push((TextRange::at(lines.range(line + 1).start), true, message.to_owned()));
        } else if content.starts_with('#') && content.contains('^') {
            let above = lines.range(line - 1).start;
            let start = content.find('^').unwrap_or_default();
            let marked = content[start..].trim_start_matches('^');
            let end = content.len() - marked.len();
            expected.push((
                TextRange::new(above + start, above + end),
                false,
                marked.trim().to_owned(),
            ));
        }
    }
    let mut found: Vec<_> = found.iter().filter(|finding| finding.file == name).collect();
    found.sort_by_key(|finding| finding.range);
    expected.sort_by_key(|(range, ..)| *range);
    let show = |range: TextRange| {
        let at = lines.line_column(text, range.start);
        format!("{}:{} `{}`", at.line, at.column, range.of(text))
    };
    let shown: Vec<_> = found
        .iter()
        .map(|f| format!("{} missing: {} {}", show(f.range), f.missing, f.message))
        .collect();
    assert_eq!(found.len(), expected.len(), "{} found:\n{}\nin\n{text}", rule.id, shown.join("\n"));
    for (finding, (range, missing, message)) in found.iter().zip(&expected) {
        // Something missing may be marked by a comment that itself stands between the place and the next line.
        let same_place = finding.range == *range
            || (*missing && only_comments(text, finding.range.start, range.start));
        assert!(
            same_place && finding.missing == *missing,
            "{} found {shown:?}, expected {}",
            rule.id,
            show(*range)
        );
        assert!(
            finding.message.starts_with(message.as_str()),
            "{} says\n{}\nnot\n{message}",
            rule.id,
            finding.message
        );
        assert!(words(&finding.message) <= 30, "{}: over 30 words: {}", rule.id, finding.message);
        assert_eq!(finding.rule, rule.id);
    }
    found.len()
}

/// The text of the file `name` after the first finding's fix; `None` where nothing is found or nothing can be fixed.
pub(super) fn fixed_file(rule: &Rule, input: &Input, name: &str) -> Option<String> {
    let found = findings(rule, input);
    Some(match found.first()?.fix.as_ref()?.changes.get(name)? {
        Change::Edit(edits) => edits.apply(input.text(name).unwrap_or_default()),
        Change::Create(text) => text.clone(),
    })
}

/// Checks that `rule` finds nothing in a Dockerfile with other files.
pub(super) fn silent_input(rule: &Rule, input: &Input) {
    let found = findings(rule, input);
    assert!(found.is_empty(), "{} is not silent: {found:#?}", rule.id);
}

/// Checks that `rule` finds nothing.
pub(super) fn silent(rule: &Rule, dockerfile: &str) {
    let found = findings(rule, &Input::new(dockerfile));
    assert!(found.is_empty(), "{} is not silent: {found:#?}", rule.id);
}

/// Checks that the fix of the one finding turns `before` into `after`.
pub(super) fn check_fix(rule: &Rule, before: &str, after: &str) {
    assert_eq!(fixed(rule, before).as_deref(), Some(after), "{} fixes {before:?}", rule.id);
}

/// Checks that `rule` speaks and has no fix, because a sure one does not exist.
pub(super) fn no_fix(rule: &Rule, dockerfile: &str) {
    let found = findings(rule, &Input::new(dockerfile));
    assert!(!found.is_empty(), "{} is silent", rule.id);
    assert!(found.iter().all(|finding| finding.fix.is_none()), "{} has a fix: {found:#?}", rule.id);
    assert!(
        found.iter().all(|finding| finding.advice.is_some()),
        "{} has neither fix nor advice",
        rule.id
    );
}

/// The Dockerfile with the first finding's fix applied; `None` where nothing is found or nothing can be fixed.
pub(super) fn fixed(rule: &Rule, before: &str) -> Option<String> {
    let found = findings(rule, &Input::new(before));
    let fix = found.first()?.fix.as_ref()?;
    match fix.changes.get(DOCKERFILE)? {
        Change::Edit(edits) => Some(edits.apply(before)),
        Change::Create(_) => None,
    }
}

fn only_comments(text: &str, a: usize, b: usize) -> bool {
    TextRange::new(a.min(b), a.max(b))
        .of(text)
        .lines()
        .all(|line| line.starts_with('#') || line.trim().is_empty())
}

fn words(message: &str) -> usize {
    message.split_whitespace().count()
}
