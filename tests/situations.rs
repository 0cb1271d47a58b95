//! The hard situations for a rewrite: a folder each, in it cases that say what must hold, with what becomes of them.
//!
//! ```text
//! A sentence that says what must hold.
//!
//! ==== Dockerfile, CRLF
//! FROM python:3.11
//! ==== rewritten
//! FROM python:3.11-slim
//! ==== applied
//! full-base-image: Use `python:3.11-slim` (Check first)
//! ==== left
//! runs-as-root: …
//! ```
//!
//! Behind `Dockerfile` may stand how the file is to be taken, each behind a comma: `CRLF`, `BOM`, `no last line end`,
//! `--target NAME`. Files beside it have sections of their own, under their names.
//! `DRYDOCK_UPDATE=1 cargo core --test situations` writes what becomes of the files. Then look at the difference.

#![expect(clippy::disallowed_methods, reason = "cases are files")]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use drydock::analysis::Analysis;
use drydock::input::{DOCKERIGNORE, Input, PACKAGE_JSON, REQUIREMENTS};
use drydock::rewrite::{Level, Rewrite, rewrite};
use drydock::syntax::{Item, parse};

/// Each has at least so many cases.
const FEWEST: usize = 5;

const SITUATIONS: [&str; 13] = [
    "alpine",
    "arg-in-from",
    "comments-and-directives",
    "copy-all-with-a-manager",
    "distroless-and-scratch",
    "entrypoint-and-cmd",
    "front-end",
    "several-stages",
    "shell-chains",
    "unknown-base",
    "user-and-root-work",
    "windows",
    "workdir",
];

/// The sections that are written for a case.
const RESULTS: [&str; 4] = ["rewritten", "applied", "left", "new files"];

struct Case {
    path: PathBuf,
    /// The sentence, and the input, as they stand in the file.
    head: String,
    /// The results, as they stand in the file.
    expected: String,
    input: Input,
    /// What becomes of it: what is safe, and all.
    rewrites: [Rewrite; 2],
}

const LEVELS: [Level; 2] = [Level::Safe, Level::All];

impl Case {
    fn name(&self) -> String {
        let parts: Vec<_> =
            self.path.iter().rev().take(2).map(|part| part.to_string_lossy()).collect();
        format!("{}/{}", parts[1], parts[0])
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All cases, as they stand in the files before anything is written.
fn cases() -> &'static [Case] {
    static CASES: LazyLock<Vec<Case>> = LazyLock::new(read_all);
    &CASES
}

fn read_all() -> Vec<Case> {
    let folders =
        SITUATIONS.iter().flat_map(|name| sorted(&root().join("tests/situations").join(name)));
    folders.map(read).collect()
}

fn read(path: PathBuf) -> Case {
    let text = fs::read_to_string(&path).unwrap();
    let (head, expected, input) = <(String, String, Input)>::default();
    let mut case = Case { path, head, expected, input, rewrites: Default::default() };
    for (at, section) in text.split_inclusive('\n').fold(Vec::new(), by_section).iter().enumerate()
    {
        let (title, body) = section.split_once('\n').unwrap();
        let title = title.trim_start_matches("==== ");
        if RESULTS.contains(&title) {
            case.expected.push_str(section);
            continue;
        }
        case.head.push_str(section);
        if at == 0 {
            assert!(
                title.ends_with('.') && body == "\n",
                "{}: a sentence, a blank line",
                case.name()
            );
        } else if let Some(options) = title.strip_prefix("Dockerfile") {
            case.input.dockerfile = taken(body, options, &mut case.input.target);
        } else {
            case.input = case.input.with_file(title, body);
        }
    }
    assert!(case.head.contains("\n==== Dockerfile"), "{}: no Dockerfile", case.name());
    case.rewrites = LEVELS.map(|level| rewrite(&case.input, level));
    case
}

fn by_section(mut sections: Vec<String>, line: &str) -> Vec<String> {
    if sections.is_empty() || line.starts_with("==== ") {
        sections.push(String::new());
    }
    sections.last_mut().unwrap().push_str(line);
    sections
}

/// The text as the options behind its title want it.
fn taken(text: &str, options: &str, target: &mut Option<String>) -> String {
    let mut text = text.to_owned();
    for option in options.split(", ").skip(1) {
        match option {
            "CRLF" => text = text.replace('\n', "\r\n"),
            "BOM" => text.insert(0, '\u{feff}'),
            "no last line end" => text.truncate(text.trim_end_matches(['\r', '\n']).len()),
            _ => *target = Some(option.strip_prefix("--target ").expect(option).to_owned()),
        }
    }
    text
}

/// What stands in the file of a case about its rewrite.
fn show(case: &Case) -> String {
    let [_, rewrite] = &case.rewrites;
    let mut out = String::from("==== rewritten\n");
    if rewrite.dockerfile == case.input.dockerfile {
        out.push_str("(as it was)\n");
    } else {
        // That they are kept is another test.
        let text = rewrite.dockerfile.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        out.push_str(text.strip_suffix('\n').unwrap_or(&text));
        out.push('\n');
    }
    out.push_str("==== applied\n");
    for step in &rewrite.applied {
        writeln!(out, "{}: {} ({})", step.rule, step.title, step.applicability.label()).unwrap();
        step.assumes.iter().for_each(|sentence| writeln!(out, "    if: {sentence}").unwrap());
    }
    out.push_str("==== left\n");
    for skipped in &rewrite.skipped {
        writeln!(out, "{}: {}", skipped.rule, skipped.reason).unwrap();
    }
    // The ignore file is the same everywhere.
    let files: Vec<_> = rewrite.files.iter().filter(|(name, _)| *name != DOCKERIGNORE).collect();
    if !files.is_empty() {
        out.push_str("==== new files\n");
        for (name, text) in files {
            write!(out, "{name}:\n{text}").unwrap();
        }
    }
    out
}

#[test]
fn every_case_becomes_what_it_says() {
    let update = std::env::var("DRYDOCK_UPDATE").is_ok();
    for case in cases() {
        let shown = show(case);
        if update {
            fs::write(&case.path, format!("{}{shown}", case.head)).unwrap();
        } else {
            assert_eq!(shown, case.expected, "{}", case.name());
        }
    }
}

#[test]
fn each_situation_has_its_cases() {
    let folders = sorted(&root().join("tests/situations"));
    let names: Vec<_> =
        folders.iter().map(|path| path.file_name().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, SITUATIONS);
    for folder in folders {
        let count = sorted(&folder).len();
        assert!(count >= FEWEST, "{}: only {count}", folder.display());
    }
}

#[test]
fn a_second_rewrite_changes_nothing() {
    for case in cases() {
        for (once, level) in case.rewrites.iter().zip(LEVELS) {
            let twice = rewrite(&once.input, level);
            assert_eq!(twice.dockerfile, once.dockerfile, "{}", case.name());
            assert_eq!(twice.applied, [], "{}", case.name());
        }
    }
}

#[test]
fn a_rewrite_can_be_read_and_leaves_less_to_say() {
    for case in cases() {
        let before = Analysis::of(&case.input);
        let errors = parse(&case.input.dockerfile).errors.len();
        for after in &case.rewrites {
            assert!(parse(&after.dockerfile).errors.len() <= errors, "{}", case.name());
            let after = Analysis::of(&after.input);
            assert!(after.findings.len() <= before.findings.len(), "{}", case.name());
            assert!(after.score.points >= before.score.points, "{}", case.name());
        }
    }
}

/// The bytes of every comment and directive with what stands before it on its line.
fn remarks(text: &str) -> Vec<String> {
    let file = parse(text);
    let mut ranges = Vec::new();
    for item in &file.items {
        match item {
            Item::Directive(one) => ranges.push(one.range),
            Item::Comment(range) => ranges.push(*range),
            Item::Instruction(one) => ranges.extend(one.comments.iter().copied()),
        }
    }
    let line = |start: usize| text[..start].rfind('\n').map_or(0, |at| at + 1);
    ranges.iter().map(|one| text[line(one.start)..one.end].trim_end().to_owned()).collect()
}

/// The bytes of every instruction, by what Docker reads in it.
fn instructions(text: &str) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::<String, BTreeSet<String>>::new();
    for one in parse(text).instructions() {
        let source = one.range.of(text).trim_end().to_owned();
        let bodies = one.heredocs.iter().map(|heredoc| heredoc.body.of(text));
        let read: String = std::iter::once(one.logical.text.trim_end()).chain(bodies).collect();
        all.entry(read).or_default().insert(source);
    }
    all
}

#[test]
fn what_no_edit_touches_stays_as_it_is() {
    for case in cases() {
        let (name, old) = (case.name(), &case.input.dockerfile);
        for Rewrite { dockerfile: new, .. } in &case.rewrites {
            assert_eq!(
                new.starts_with('\u{feff}'),
                old.starts_with('\u{feff}'),
                "{name}: the mark"
            );
            assert_eq!(new.ends_with('\n'), old.ends_with('\n'), "{name}: the last line end");
            let crlf = old.contains("\r\n");
            let ends = |text: &str| (text.matches("\r\n").count(), text.matches('\n').count());
            let (with, all) = ends(new);
            assert_eq!(with, if crlf { all } else { 0 }, "{name}: line ends");
            // Directives count at the very top only.
            let directives = |text: &str| -> Vec<String> {
                let file = parse(text);
                let top = file.items.iter().map_while(|item| match item {
                    Item::Directive(one) => Some(text[..one.range.end].to_owned()),
                    _ => None,
                });
                top.collect()
            };
            assert_eq!(directives(new), directives(old), "{name}: directives");
            let mut kept = remarks(new);
            for remark in remarks(old) {
                let at = kept.iter().position(|one| *one == remark);
                kept.swap_remove(at.unwrap_or_else(|| panic!("{name}: {remark:?} is gone")));
            }
            let sources = instructions(old);
            for (text, now) in instructions(new) {
                let Some(old) = sources.get(&text) else { continue };
                assert!(now.is_subset(old), "{name}: {now:?} was {old:?}");
            }
        }
    }
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    let plain = |case: &&Case| !case.input.dockerfile.contains(['\r', '\u{feff}']);
    for case in cases().iter().filter(plain) {
        let [_, all] = &case.rewrites;
        for copy in
            [|text: &str| text.replace('\n', "\r\n"), |text: &str| format!("\u{feff}{text}")]
        {
            let input = Input { dockerfile: copy(&case.input.dockerfile), ..case.input.clone() };
            assert_eq!(
                rewrite(&input, Level::All).dockerfile,
                copy(&all.dockerfile),
                "{}",
                case.name()
            );
        }
    }
}

/// What hadolint says of an instruction of a rewrite and did not say of the original, with the reason why it stays.
const HADOLINT: [(&str, &str, &str); 4] = [
    (
        "DL3008",
        "RUN",
        "Debian keeps one version of a package and deletes those before it, so a version breaks the build",
    ),
    (
        "DL3025",
        "HEALTHCHECK",
        "it takes the check's command for the container's; in shell form it can be read and copied",
    ),
    ("DL3059", "RUN", "one RUN for one purpose is easier to read, and rebuilt less"),
    ("DL3066", "USER", "the line above makes the user, so the name is known in the image"),
];

/// Every Dockerfile of the tests: its name, its text, and what becomes of it.
fn everything() -> Vec<(String, String, String)> {
    let of_case = |case: &Case| {
        let [_, all] = &case.rewrites;
        (case.name(), case.input.dockerfile.clone(), all.dockerfile.clone())
    };
    let mut all: Vec<_> = cases().iter().map(of_case).collect();
    for folder in sorted(&root().join("tests/fixtures")) {
        let mut input = Input::new(fs::read_to_string(folder.join("Dockerfile")).unwrap());
        for name in [DOCKERIGNORE, REQUIREMENTS, PACKAGE_JSON] {
            if let Ok(text) = fs::read_to_string(folder.join(name)) {
                input = input.with_file(name, text);
            }
        }
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let after = rewrite(&input, Level::All).dockerfile;
        all.push((name, input.dockerfile, after));
    }
    all
}

/// What hadolint reports, by the file's place in `texts`: rules with the instruction's keyword.
fn hadolint(program: &Path, texts: &[&str]) -> Vec<BTreeSet<(String, String)>> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hadolint");
    drop(fs::remove_dir_all(&folder));
    fs::create_dir_all(&folder).unwrap();
    let names: Vec<_> = (0..texts.len()).map(|at| format!("{at}.Dockerfile")).collect();
    for (name, text) in names.iter().zip(texts) {
        // It cannot read a JSON list with CRLF behind it.
        fs::write(folder.join(name), text.replace("\r\n", "\n")).unwrap();
    }
    let output = Command::new(program)
        .args(["--no-fail", "--format", "json"])
        .args(&names)
        .current_dir(&folder)
        .output()
        .unwrap();
    let reports: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found = vec![BTreeSet::new(); texts.len()];
    for report in reports.as_array().unwrap() {
        let file = report["file"].as_str().unwrap();
        let at = names.iter().position(|name| name == file).unwrap();
        let line = usize::try_from(report["line"].as_u64().unwrap()).unwrap();
        let line = texts[at].lines().nth(line - 1).unwrap_or_default();
        let keyword = line.split_whitespace().next().unwrap_or_default().to_uppercase();
        found[at].insert((report["code"].as_str().unwrap().to_owned(), keyword));
    }
    found
}

#[test]
fn hadolint_says_nothing_new_of_a_rewrite() {
    let program = root().join(".tools/venv/bin/hadolint");
    if !program.exists() {
        // Not by `eprintln!`, which a test that passes keeps to itself.
        let line = "SKIPPED: hadolint is not there to look at rewrites; `make test` installs it";
        writeln!(std::io::stderr(), "{line}").unwrap();
        return;
    }
    let all = everything();
    let mut texts: Vec<&str> = all.iter().map(|(_, before, _)| before.as_str()).collect();
    texts.extend(all.iter().map(|(_, _, after)| after.as_str()));
    let found = hadolint(&program, &texts);
    assert!(found.iter().any(|rules| !rules.is_empty()), "hadolint says nothing at all");
    let (before, after) = found.split_at(all.len());
    let mut news = Vec::new();
    for ((name, ..), (old, new)) in all.iter().zip(before.iter().zip(after)) {
        let is_known = |rule: &str, keyword: &str| {
            old.iter().any(|(one, _)| one == rule)
                || HADOLINT.iter().any(|known| (known.0, known.1) == (rule, keyword))
        };
        let fresh: Vec<_> = new.iter().filter(|(rule, keyword)| !is_known(rule, keyword)).collect();
        if !fresh.is_empty() {
            news.push(format!("{name}: {fresh:?}"));
        }
    }
    assert!(news.is_empty(), "{}", news.join("\n"));
}
