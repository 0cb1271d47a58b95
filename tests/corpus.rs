//! Every folder of `fixtures` is a test: what is found, what the rewrite makes of it, what it weighs.
//!
//! `findings.snap`, `rewrite.snap` and `layers.snap` stand beside the Dockerfile; `cargo insta review` updates them.

#![expect(clippy::disallowed_methods, reason = "fixtures are files")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use drydock::analysis::{Analysis, weigh};
use drydock::estimate::{Estimate, Tables};
use drydock::finding::Severity;
use drydock::input::{DOCKERIGNORE, Input, PACKAGE_JSON, REQUIREMENTS};
use drydock::rewrite::{Level, Rewrite, rewrite};

struct Case {
    folder: PathBuf,
    input: Input,
}

impl Case {
    fn name(&self) -> &str {
        self.folder.file_name().unwrap().to_str().unwrap()
    }
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut folders: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let cases: Vec<_> = folders
        .into_iter()
        .map(|folder| {
            let mut input = Input::new(fs::read_to_string(folder.join("Dockerfile")).unwrap());
            for name in [DOCKERIGNORE, REQUIREMENTS, PACKAGE_JSON] {
                if let Ok(text) = fs::read_to_string(folder.join(name)) {
                    input = input.with_file(name, text);
                }
            }
            Case { folder, input }
        })
        .collect();
    assert!(cases.len() >= 15, "only {} fixtures", cases.len());
    cases
}

/// Writes one snapshot beside the Dockerfile.
fn snapshot(case: &Case, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(&case.folder);
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn show_findings(analysis: &Analysis) -> String {
    let mut out = String::new();
    for finding in &analysis.findings {
        let at = analysis.lines.line_column(&analysis.text, finding.range.start);
        let token = if finding.missing { "missing" } else { finding.range.of(&analysis.text) };
        let mend = finding.fix.as_ref().map_or("By hand", |fix| fix.applicability.label());
        let severity = finding.severity.as_str();
        let token = token.lines().next().unwrap_or_default();
        writeln!(out, "{}:{} {severity} {} | {token} | {mend}", at.line, at.column, finding.rule)
            .unwrap();
    }
    writeln!(out, "score {} {}", analysis.score.points, analysis.score.grade).unwrap();
    out
}

fn show_rewrite(rewrite: &Rewrite) -> String {
    let mut out = rewrite.dockerfile.clone();
    out.push_str("\n==== applied\n");
    for step in &rewrite.applied {
        writeln!(out, "{}: {} ({})", step.rule, step.title, step.applicability.label()).unwrap();
        step.assumes.iter().for_each(|sentence| writeln!(out, "    if: {sentence}").unwrap());
    }
    out.push_str("==== left\n");
    rewrite
        .skipped
        .iter()
        .for_each(|skipped| writeln!(out, "{}: {}", skipped.rule, skipped.reason).unwrap());
    out.push_str("==== files\n");
    rewrite.files.keys().for_each(|name| writeln!(out, "{name}").unwrap());
    out
}

fn show_layers(estimate: &Estimate) -> String {
    let mut out = String::new();
    for layer in &estimate.layers {
        let size =
            layer.size.map_or("?".to_owned(), |s| format!("{}..{}..{}", s.low, s.likely, s.high));
        writeln!(
            out,
            "{} {} {:?} {size} {}",
            layer.line, layer.instruction, layer.part, layer.note
        )
        .unwrap();
    }
    let total =
        estimate.total.map_or("?".to_owned(), |s| format!("{}..{}..{}", s.low, s.likely, s.high));
    writeln!(out, "total {total}").unwrap();
    out
}

#[test]
fn findings_rewrite_and_layers_are_as_reviewed() {
    for case in cases() {
        let analysis = Analysis::of(&case.input);
        snapshot(&case, "findings", &show_findings(&analysis));
        snapshot(&case, "layers", &show_layers(&weigh(&case.input, Tables::built_in())));
        snapshot(&case, "rewrite", &show_rewrite(&rewrite(&case.input, Level::All)));
    }
}

#[test]
fn a_second_rewrite_changes_nothing() {
    for case in cases() {
        for level in [Level::Safe, Level::All] {
            let once = rewrite(&case.input, level);
            let twice = rewrite(&once.input, level);
            assert_eq!(twice.dockerfile, once.dockerfile, "{:?}", case.folder);
            assert_eq!(twice.applied, [], "{:?}", case.folder);
            // The text alone, as somebody would paste it again.
            let alone = rewrite(&Input::new(&once.dockerfile), level);
            assert_eq!(alone.dockerfile, once.dockerfile, "{:?}", case.folder);
        }
    }
}

#[test]
fn a_rewrite_breaks_nothing_and_raises_the_score() {
    for case in cases() {
        let before = Analysis::of(&case.input);
        for level in [Level::Safe, Level::All] {
            let after = Analysis::of(&rewrite(&case.input, level).input);
            let broken = |analysis: &Analysis| {
                analysis.findings.iter().filter(|f| f.rule == "syntax-error").count()
            };
            assert!(broken(&after) <= broken(&before), "{:?}", case.folder);
            assert!(after.score.points >= before.score.points, "{:?}", case.folder);
            assert!(after.findings.len() <= before.findings.len(), "{:?}", case.folder);
        }
    }
}

/// What is left to say about a file, the worst first.
fn left(input: &Input) -> Vec<(Severity, &'static str)> {
    let findings = Analysis::of(input).findings;
    let mut left: Vec<_> = findings.iter().map(|one| (one.severity, one.rule)).collect();
    left.sort_unstable_by(|a, b| b.cmp(a));
    left
}

#[test]
fn a_rewritten_lesson_file_has_next_to_nothing_left() {
    let lessons = cases().into_iter().filter(|case| case.name().starts_with("lesson-"));
    let lessons: Vec<_> = lessons.collect();
    assert_eq!(lessons.len(), 5);
    for case in lessons {
        let left = left(&rewrite(&case.input, Level::All).input);
        assert!(left.len() <= 3, "{}: {left:?}", case.name());
        assert!(left.iter().all(|&(severity, _)| severity == Severity::Info), "{left:?}");
    }
}

#[test]
fn the_complete_lesson_file_needs_its_errors_mended_and_no_more() {
    let mut input =
        cases().into_iter().find(|case| case.name() == "lesson-a-complete").unwrap().input;
    let mended = ["wheels-without-dependencies", "delete-in-later-layer"];
    for rule in mended {
        let analysis = Analysis::of(&input);
        let finding = analysis.findings.iter().find(|one| one.rule == rule).unwrap();
        input = drydock::rewrite::apply(&input, finding.fix.as_ref().unwrap());
    }
    let left = left(&input);
    assert!(left.iter().all(|&(severity, _)| severity == Severity::Info), "{left:?}");
}

#[test]
fn every_fix_alone_mends_its_finding() {
    for case in cases() {
        let before = Analysis::of(&case.input);
        for finding in before.findings.iter().filter(|finding| finding.fix.is_some()) {
            let Some(fix) = &finding.fix else { continue };
            let after = Analysis::of(&drydock::rewrite::apply(&case.input, fix));
            let count = |analysis: &Analysis| {
                let same = analysis.findings.iter().filter(|f| f.rule == finding.rule);
                same.map(|f| 1 + usize::from(f.severity > Severity::Info)).sum::<usize>()
            };
            assert!(count(&after) < count(&before), "{} in {:?}", finding.rule, case.folder);
            assert!(
                after.score.points >= before.score.points,
                "{} in {:?} lowers the score",
                finding.rule,
                case.folder
            );
        }
    }
}

#[test]
fn line_ends_and_marks_change_no_finding() {
    for case in
        cases().into_iter().filter(|case| !case.input.dockerfile.contains(['\r', '\u{feff}']))
    {
        let plain = Analysis::of(&case.input);
        for text in [
            case.input.dockerfile.replace('\n', "\r\n"),
            format!("\u{feff}{}", case.input.dockerfile),
        ] {
            let other = Analysis::of(&Input { dockerfile: text, ..case.input.clone() });
            let rules = |analysis: &Analysis| {
                analysis.findings.iter().map(|f| (f.rule, f.severity)).collect::<Vec<_>>()
            };
            assert_eq!(rules(&other), rules(&plain), "{:?}", case.folder);
            let lines = |a: &Analysis| {
                a.findings.iter().map(|f| a.lines.line(f.range.start)).collect::<Vec<_>>()
            };
            assert_eq!(lines(&other), lines(&plain), "{:?}", case.folder);
        }
    }
}

#[test]
fn every_prefix_of_every_file_is_analysed() {
    for case in cases() {
        let text = &case.input.dockerfile;
        for (at, _) in text.char_indices().step_by(3) {
            let analysis =
                Analysis::of(&Input { dockerfile: text[..at].to_owned(), ..case.input.clone() });
            let inside = analysis
                .findings
                .iter()
                .all(|f| text[..at].get(f.range.start..f.range.end).is_some());
            assert!(inside, "{:?} cut at {at}", case.folder);
            rewrite(&Input::new(&text[..at]), Level::All);
        }
    }
}
