//! What COPY and ADD take from the build context: the learner's own list of files where it was given, else an assumption that says so.

use super::{Basis, Bytes};
use crate::input::{DOCKERIGNORE, Input};
use crate::model::IgnoreFile;

/// A small project's own source, assumed where no list of files was given.
const SOURCE: (f64, f64, f64) = (0.01, 1.0, 20.0);
/// What lies beside the source where nothing keeps it out: `.git`, tests, docs, virtual environments.
const CLUTTER: (f64, f64, f64) = (0.0, 10.0, 150.0);
/// One file by its name.
const ONE_FILE: (f64, f64, f64) = (0.0, 0.002, 0.2);

/// Files that reach the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Files {
    /// All of them together.
    pub(super) size: Bytes,
    /// Where the number comes from.
    pub(super) basis: Basis,
    /// How many there are, where a list was given.
    pub(super) count: Option<usize>,
}

/// What of the context `sources` name, without what `ignore` keeps out.
pub(super) fn taken(input: &Input, sources: &[&str], ignore: Option<&IgnoreFile>) -> Files {
    let is_ignored = |path: &str| ignore.is_some_and(|file| file.verdict(path).is_ignored);
    let Some(context) = &input.context else { return assumed(input, sources, ignore) };
    // Sources are globs of the same kind as the lines of an ignore file.
    let patterns: Vec<Option<IgnoreFile>> = sources
        .iter()
        .map(|source| {
            (!is_everything(source)).then(|| IgnoreFile::parse(source.trim_start_matches('!')))
        })
        .collect();
    let matches = |path: &str| {
        patterns
            .iter()
            .any(|pattern| pattern.as_ref().is_none_or(|pattern| pattern.verdict(path).is_ignored))
    };
    let files: Vec<u64> = context
        .iter()
        .filter(|file| matches(&file.path) && !is_ignored(&file.path))
        .map(|file| file.bytes)
        .collect();
    let size = files.iter().fold(0, |sum: u64, bytes| sum.saturating_add(*bytes));
    let why = "Added up from your list of files".to_owned();
    Files { size: Bytes::exact(size), basis: Basis::Estimated { why }, count: Some(files.len()) }
}

fn is_everything(source: &str) -> bool {
    matches!(source.trim_start_matches("./").trim_end_matches('/'), "" | "." | "*" | "/*")
}

/// Without a list: one file, some source, or the whole folder.
fn assumed(input: &Input, sources: &[&str], ignore: Option<&IgnoreFile>) -> Files {
    let one = |source: &&str| {
        let name = source.rsplit('/').next().unwrap_or_default();
        match input.text(name) {
            Some(text) => Some(Bytes::exact(text.len() as u64)),
            None if looks_like_a_file(name) => Some(range(ONE_FILE)),
            None => None,
        }
    };
    let named: Option<Bytes> = sources.iter().map(one).sum();
    let (size, why) = if let Some(size) = named {
        let is_exact = size.low == size.high;
        (
            size,
            if is_exact {
                "As long as the text that was given"
            } else {
                "A few kilobytes a file, assumed"
            },
        )
    } else if !sources.iter().any(|source| is_everything(source)) {
        (range(SOURCE), "Assumed: 1 MB of source; give a list of your files to know")
    } else if ignore.is_some_and(|file| file.verdict(".git/HEAD").is_ignored) {
        (
            range(SOURCE),
            "Assumed: 1 MB of source and what .dockerignore lets through; give a list of your files to know",
        )
    } else {
        (
            range(SOURCE) + range(CLUTTER),
            "Assumed: 1 MB of source and 10 MB of .git, tests and the like; give a list of your files to know",
        )
    };
    Files { size, basis: Basis::Estimated { why: why.to_owned() }, count: None }
}

fn range((low, likely, high): (f64, f64, f64)) -> Bytes {
    Bytes::mb(low, likely, high)
}

/// `main.py`, `requirements*.txt`, `Makefile`; not `src`, `.`, `app/`.
pub(super) fn looks_like_a_file(name: &str) -> bool {
    let known = ["Makefile", "Gemfile", "Pipfile", "Procfile", "Rakefile", "LICENSE", DOCKERIGNORE];
    known.contains(&name) || name.trim_start_matches('.').contains('.') || name.starts_with(".env")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::ContextFile;

    fn project(ignore: Option<&str>, files: &[(&str, u64)]) -> Input {
        let mut input = Input::new("FROM a\n");
        if let Some(text) = ignore {
            input = input.with_file(DOCKERIGNORE, text);
        }
        let files = files.iter().map(|&(path, bytes)| ContextFile { path: path.to_owned(), bytes });
        input.context = Some(files.collect());
        input
    }

    fn size(input: &Input, sources: &[&str]) -> Bytes {
        let ignore = input.text(DOCKERIGNORE).map(IgnoreFile::parse);
        taken(input, sources, ignore.as_ref()).size
    }

    const FILES: &[(&str, u64)] = &[
        (".git/objects/pack/a.pack", 40_000_000),
        ("main.py", 1_000),
        ("src/app.py", 2_000),
        ("src/util/a.py", 3_000),
        ("requirements.txt", 50),
    ];

    #[test]
    fn a_list_of_files_is_added_up() {
        let input = project(None, FILES);
        for (sources, bytes) in [
            (&["."][..], 40_006_050),
            (&["./src"], 5_000),
            (&["src/"], 5_000),
            (&["*.py"], 1_000),
            (&["requirements.txt", "main.py"], 1_050),
            (&["none"], 0),
        ] {
            assert_eq!(size(&input, sources), Bytes::exact(bytes), "{sources:?}");
        }
    }

    #[test]
    fn the_ignore_file_keeps_files_out() {
        assert_eq!(size(&project(Some(".git\n"), FILES), &["."]), Bytes::exact(6_050));
        // Its patterns are anchored at the root: nothing in src/ is touched.
        assert_eq!(size(&project(Some("*.py\n"), FILES), &["src"]), Bytes::exact(5_000));
    }

    #[test]
    fn without_a_list_the_assumption_is_stated_and_an_ignore_file_lowers_it() {
        let open = Input::new("FROM a\n");
        let kept = Input::new("FROM a\n").with_file(DOCKERIGNORE, ".git\n");
        assert!(size(&open, &["."]).likely > size(&kept, &["."]).likely);
        assert!(size(&open, &["requirements.txt"]).high < 1_000_000);
        let given = Input::new("FROM a\n").with_file("requirements.txt", "flask\n");
        assert_eq!(size(&given, &["requirements.txt"]), Bytes::exact(6));
    }
}
