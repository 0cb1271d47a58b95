//! Every folder of `good` is a Dockerfile as an expert ships it: nothing to mend there, and next to nothing to say.

#![expect(clippy::disallowed_methods, reason = "good files are files")]

use std::fs;
use std::path::Path;

use drydock::analysis::Analysis;
use drydock::finding::{Finding, Origin, Severity};
use drydock::input::{DOCKERIGNORE, Input};

/// What the page does not fold away.
const MOST: usize = 2;

fn inputs() -> Vec<(String, Input)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/good");
    let mut inputs: Vec<_> = fs::read_dir(root)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let read = |name: &str| fs::read_to_string(entry.path().join(name)).unwrap();
            let input = Input::new(read("Dockerfile")).with_file(DOCKERIGNORE, read(DOCKERIGNORE));
            (entry.file_name().to_string_lossy().into_owned(), input)
        })
        .collect();
    inputs.sort_by(|a, b| a.0.cmp(&b.0));
    inputs
}

#[test]
fn good_files_are_left_in_peace() {
    let inputs = inputs();
    assert!(inputs.len() >= 18, "only {} good files", inputs.len());
    for (name, input) in &inputs {
        let analysis = Analysis::of(input);
        let show =
            |one: &Finding| format!("{} {}: {}", one.severity.as_str(), one.rule, one.message);
        let loud: Vec<_> = analysis
            .findings
            .iter()
            .filter(|one| one.severity > Severity::Info)
            .map(show)
            .collect();
        assert_eq!(loud, [""; 0], "{name}");
        let open = analysis.findings.iter().filter(|one| one.origin == Origin::Lesson);
        let open: Vec<_> = open.map(show).collect();
        assert!(open.len() <= MOST, "{name}: {open:#?}");
    }
}
