//! The files of `cases`: one theme each, in it Dockerfiles with a name and what is read from them.
//!
//! ```text
//! ==== the name says what the case shows
//! FROM debian
//! ----
//! 1 FROM image‹debian›
//! ```

#![expect(clippy::disallowed_methods, reason = "cases are files")]

use std::fs;
use std::path::PathBuf;

use crate::show::show;

/// One Dockerfile with what is in it.
pub struct Case {
    pub file: String,
    pub line: usize,
    pub name: String,
    pub text: String,
    pub expected: String,
}

/// All cases, in the order of their files.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for path in paths() {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let text = fs::read_to_string(&path).unwrap();
        let mut expects = false;
        for (at, line) in text.split_inclusive('\n').enumerate() {
            if let Some(name) = line.strip_prefix("==== ") {
                expects = false;
                cases.push(Case {
                    file: file.clone(),
                    line: at + 1,
                    name: name.trim().to_owned(),
                    text: String::new(),
                    expected: String::new(),
                });
            } else if line == "----\n" {
                expects = true;
            } else if let Some(case) = cases.last_mut().filter(|case| case.file == file) {
                let part = if expects { &mut case.expected } else { &mut case.text };
                part.push_str(line);
            }
        }
    }
    // The blank line above the next name is for the eye.
    for case in &mut cases {
        if case.expected.ends_with("\n\n") {
            case.expected.pop();
        }
    }
    cases
}

/// Writes what is read into the files, if the environment says so. Whether it did.
pub fn update() -> bool {
    if std::env::var("DRYDOCK_UPDATE").is_err() {
        return false;
    }
    let cases = cases();
    for path in paths() {
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        let old = fs::read_to_string(&path).unwrap();
        let preface = old.split("==== ").next().unwrap_or_default().to_owned();
        let own = cases.iter().filter(|case| case.file == file);
        let blocks: Vec<_> = own
            .map(|case| format!("==== {}\n{}----\n{}", case.name, case.text, show(&case.text)))
            .collect();
        fs::write(path, preface + &blocks.join("\n")).unwrap();
    }
    true
}

fn paths() -> Vec<PathBuf> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/syntax/cases");
    let mut paths: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

/// The Dockerfiles of `tests/fixtures`, which are whole ones.
pub fn fixtures() -> Vec<String> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut folders: Vec<_> =
        fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders.iter().filter_map(|folder| fs::read_to_string(folder.join("Dockerfile")).ok()).collect()
}
