//! The invariants that are about source text, each shown to bite.
#![expect(clippy::disallowed_methods, reason = "it reads the sources")]

use std::fs;
use std::path::Path;

/// One file: its path below the repository with `/`, and its text.
struct Source {
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned() }
    }

    fn is_under(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }

    /// The lines that are code: no comments, and nothing from the tests at the file's foot on.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
        lines
            .take_while(|(_, line)| *line != "#[cfg(test)]")
            .filter(|(_, line)| !line.starts_with("//"))
    }

    /// A complaint for each line of code that holds one of `words`.
    fn naming(&self, words: &[String], why: &str) -> Vec<String> {
        let hits = self.code().filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        hits.map(|(at, line)| format!("{}:{at}: {why}: {line}", self.path)).collect()
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .expect("a file of the repository")
}

/// Every Rust file below `folder`, sorted by path.
fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder))
        .expect("a folder")
        .flatten()
    {
        let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
        // Built, not written.
        if path == "tests/images/out" {
            continue;
        }
        if entry.path().is_dir() {
            found.extend(sources(&path));
        } else if entry.path().extension().is_some_and(|extension| extension == "rs") {
            found.push(Source::new(&path, &read(&path)));
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// The file stems of the rules: all of src/rules but the furniture.
fn rule_stems() -> Vec<String> {
    let files = sources("src/rules");
    let stems =
        files.iter().filter_map(|file| file.path.strip_prefix("src/rules/")?.strip_suffix(".rs"));
    stems
        .filter(|stem| !["lessons", "mod", "suppress", "testing", "tests"].contains(stem))
        .map(str::to_owned)
        .collect()
}

/// `check` is silent about every source of the crate, and speaks about `bad`.
fn holds(check: impl Fn(&Source) -> Vec<String>, bad: &Source) {
    assert!(!check(bad).is_empty(), "the check does not bite");
    let files = sources("src").into_iter().chain(sources("tests"));
    let complaints: Vec<_> = files.flat_map(|file| check(&file)).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is() {
    let check = |file: &Source| {
        let says = file.text.lines().next().and_then(|line| line.strip_prefix("//! "));
        let sentence = says.is_some_and(|text| text.contains(char::is_alphabetic));
        if sentence {
            Vec::new()
        } else {
            vec![format!("{}: open with `//!` and a sentence", file.path)]
        }
    };
    holds(check, &Source::new("src/text/bad.rs", "use std::fmt;\n"));
}

#[test]
fn data_goes_up_the_stairs_and_never_down() {
    let lib = read("src/lib.rs");
    let stairs: Vec<_> = lib
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub mod ")?.strip_suffix(';'))
        .collect();
    assert!(stairs.starts_with(&["text"]), "lib.rs declares the bottom step first: {stairs:?}");
    let check = |file: &Source| {
        let is_step =
            |step: &&str| file.is_under(&[&format!("src/{step}/"), &format!("src/{step}.rs")]);
        let own = stairs.iter().position(is_step);
        // Tests may look at the whole house, and so do the helpers of the rules' tests.
        let is_test = file.path.ends_with("/tests.rs") || file.path == "src/rules/testing.rs";
        let Some(own) = own.filter(|_| !is_test) else {
            return Vec::new();
        };
        let above: Vec<_> =
            stairs[own + 1..].iter().map(|step| format!("crate::{step}::")).collect();
        file.naming(&above, "names a step above its own (order: src/lib.rs)")
    };
    holds(check, &Source::new("src/text/bad.rs", "use crate::rules::RULES;\n"));
}

#[test]
fn the_page_judges_nothing() {
    let ids: Vec<_> =
        rule_stems().iter().map(|stem| format!("\"{}\"", stem.replace('_', "-"))).collect();
    let check = |file: &Source| {
        if file.is_under(&["src/ui/"]) {
            file.naming(&ids, "branches on a rule id")
        } else {
            Vec::new()
        }
    };
    holds(check, &Source::new("src/ui/bad.rs", "if finding.rule == \"runs-as-root\" {"));
}

#[test]
fn the_browser_has_one_door() {
    let names = words(&["web_sys", "gloo", "Effect::", "js_sys", "wasm_bindgen"]);
    let check = |file: &Source| {
        let may = file.is_under(&["src/ui/browser/", "tests/tidy.rs", "tests/dependencies.rs"]);
        if may { Vec::new() } else { file.naming(&names, "belongs in src/ui/browser") }
    };
    holds(check, &Source::new("src/ui/issues/bad.rs", "use web_sys::window;\n"));
}

#[test]
fn bytes_inside_utf16_at_the_edge() {
    let names = words(&["utf16"]);
    let check = |file: &Source| {
        let may = ["src/text/line_index.rs", "src/ui/editor/", "src/ui/browser/", "tests/tidy.rs"];
        if file.is_under(&may) { Vec::new() } else { file.naming(&names, "counts in UTF-16") }
    };
    holds(check, &Source::new("src/model/bad.rs", "let column = text.encode_utf16().count();\n"));
}

#[test]
fn the_same_text_gives_the_same_answer() {
    let names = words(&["HashMap", "HashSet"]);
    let check = |file: &Source| {
        if file.path == "tests/tidy.rs" {
            Vec::new()
        } else {
            file.naming(&names, "has no order: use a BTree")
        }
    };
    holds(check, &Source::new("src/model/bad.rs", "use std::collections::HashMap;\n"));
}

#[test]
fn every_rule_is_registered_and_has_its_lesson() {
    let complaints = |stems: &[String]| -> Vec<String> {
        let registry = read("src/rules/mod.rs");
        let lesson = |stem: &str| {
            Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/rules/{stem}.md")).is_file()
        };
        let unnamed = stems.iter().filter(|stem| !registry.contains(&format!("{stem}::RULE")));
        let mute = stems.iter().filter(|stem| !lesson(stem));
        unnamed
            .map(|stem| format!("{stem}.rs is not in RULES"))
            .chain(mute.map(|stem| format!("{stem}.md is missing")))
            .collect()
    };
    assert_eq!(complaints(&words(&["no_such_rule"])).len(), 2, "the check does not bite");
    let found = complaints(&rule_stems());
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn the_npm_lock_names_no_host() {
    let lock = read("package-lock.json");
    assert!(lock.contains("\"integrity\""), "the lock holds no packages");
    assert!(
        !lock.contains("\"resolved\""),
        "write it with: npm install --omit-lockfile-registry-resolved"
    );
}
