//! What COPY and ADD take from the build context: the learner's own list of files where it was given, else an assumption that says so.

use super::walk::{Desk, estimated};
use super::{Basis, Bytes};
use crate::input::{DOCKERIGNORE, Input};
use crate::model::{IgnoreFile, Model};

/// A small project's own source in kilobytes, assumed where no list of files was given.
const SOURCE: (u32, u32, u32) = (10, 1000, 20_000);
/// What lies beside the source where nothing keeps it out: `.git`, tests, docs, virtual environments.
const CLUTTER: (u32, u32, u32) = (0, 10_000, 150_000);
/// One file by its name.
const ONE_FILE: (u32, u32, u32) = (0, 2, 200);

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

/// The files of the build context that an ignore file lets through, sorted, so that a folder is one piece of it.
#[derive(Debug)]
pub(super) struct Listing<'a> {
    /// Paths, with the bytes of all before each.
    files: Vec<(&'a str, u64)>,
    total: u64,
    /// Whether some are folders, which a slash at the end tells: then nobody knows how many files there are.
    has_folders: bool,
}

impl<'a> Listing<'a> {
    /// What the model's context sends; `None` where no list was given.
    pub(super) fn of(model: &Model<'a>) -> Option<Self> {
        Self::through(model.input(), model.ignore_file())
    }

    /// What `ignore` lets through.
    pub(super) fn through(input: &'a Input, ignore: Option<&IgnoreFile>) -> Option<Self> {
        let context = input.context.as_deref()?;
        let mut files: Vec<(&str, u64)> = context
            .iter()
            .filter(|file| !ignore.is_some_and(|ignore| ignore.verdict(&file.path).is_ignored))
            .map(|file| (file.path.as_str(), file.bytes))
            .collect();
        files.sort_unstable();
        let mut total = 0_u64;
        for (_, bytes) in &mut files {
            let before = total;
            total = total.saturating_add(*bytes);
            *bytes = before;
        }
        let has_folders = files.iter().any(|(path, _)| path.ends_with('/'));
        Some(Self { files, total, has_folders })
    }

    /// The bytes before the file at `index`.
    fn before(&self, index: usize) -> u64 {
        self.files.get(index).map_or(self.total, |&(_, before)| before)
    }

    /// How many files lie at or below a path, and their bytes.
    fn below(&self, path: &str) -> (usize, u64) {
        let start = self.files.partition_point(|(one, _)| *one < path);
        if self.files.get(start).is_some_and(|(one, _)| *one == path) {
            return (1, self.before(start + 1) - self.before(start));
        }
        // What begins with `path/` stands before `path0`, which is the next character.
        let at = |end: char| {
            let bound = format!("{path}{end}");
            self.files.partition_point(|(one, _)| *one < bound.as_str())
        };
        let (first, end) = (at('/'), at('0'));
        (end - first, self.before(end) - self.before(first))
    }
}

/// What of the context `sources` name.
pub(super) fn taken(desk: &Desk<'_, '_>, sources: &[&str]) -> Files {
    let listing = desk.listing.as_ref();
    let may = |count: usize| desk.may_look_up(count);
    taken_from(desk.model.input(), listing, desk.hides_git, sources, &may)
}

/// Whether an ignore file keeps the history out, and so likely the rest that no image needs.
pub(super) fn hides_git(ignore: Option<&IgnoreFile>) -> bool {
    ignore.is_some_and(|file| file.verdict(".git/HEAD").is_ignored)
}

/// What of `listing` the sources name, an assumption where there is none; `may` says whether so many files may be looked at.
pub(super) fn taken_from(
    input: &Input,
    listing: Option<&Listing<'_>>,
    hides_git: bool,
    sources: &[&str],
    may: &dyn Fn(usize) -> bool,
) -> Files {
    let Some(listing) = listing else { return assumed(input, sources, hides_git) };
    let globs = sources.iter().filter(|source| is_glob(source)).count();
    let sum = if sources.iter().any(|source| is_everything(source)) {
        Some((listing.files.len(), listing.total))
    } else if globs == 0 && may(sources.len()) {
        let mut paths: Vec<&str> = sources.iter().map(|source| bare(source)).collect();
        paths.sort_unstable();
        paths.dedup();
        let all = paths.iter().map(|path| listing.below(path));
        Some(
            all.fold((0, 0_u64), |(count, bytes), one| {
                (count + one.0, bytes.saturating_add(one.1))
            }),
        )
    } else {
        may(listing.files.len().saturating_mul(sources.len())).then(|| matching(listing, sources))
    };
    match sum {
        Some((count, bytes)) => Files {
            size: Bytes::exact(bytes),
            basis: estimated("Added up from your list of files"),
            count: Some(count).filter(|_| !listing.has_folders),
        },
        None => Files {
            size: Bytes { low: 0, likely: listing.total / 2, high: listing.total },
            basis: estimated("Too many patterns to look at each of your files for each"),
            count: None,
        },
    }
}

/// The files that one of the sources names; they are globs of the same kind as the lines of an ignore file.
fn matching(listing: &Listing<'_>, sources: &[&str]) -> (usize, u64) {
    let lines: Vec<&str> = sources.iter().map(|source| source.trim_start_matches('!')).collect();
    let patterns = IgnoreFile::parse(&lines.join("\n"));
    let mut sum = (0, 0_u64);
    for (at, (path, before)) in listing.files.iter().enumerate() {
        if patterns.verdict(path).is_ignored {
            sum.0 += 1;
            sum.1 = sum.1.saturating_add(listing.before(at + 1) - before);
        }
    }
    sum
}

fn bare(source: &str) -> &str {
    source.trim_start_matches("./").trim_start_matches('/').trim_end_matches('/')
}

fn is_glob(source: &str) -> bool {
    source.contains(['*', '?', '[', '\\']) || source.contains("..") || source.contains("//")
}

fn is_everything(source: &str) -> bool {
    matches!(bare(source), "" | "." | "*")
}

/// Without a list: one file, some source, or the whole folder.
fn assumed(input: &Input, sources: &[&str], hides_git: bool) -> Files {
    let one = |source: &&str| {
        let name = source.rsplit('/').next().unwrap_or_default();
        match input.text(name) {
            Some(text) => Some(Bytes::exact(text.len() as u64)),
            None if looks_like_a_file(name) => Some(Bytes::kb(ONE_FILE)),
            None => None,
        }
    };
    let named: Option<Bytes> = sources.iter().map(one).sum();
    let (size, why) = if let Some(size) = named {
        let is_exact = size.low == size.high;
        let why = if is_exact {
            "As long as the text that was given"
        } else {
            "A few kilobytes a file, assumed"
        };
        (size, why)
    } else if !sources.iter().any(|source| is_everything(source)) {
        (Bytes::kb(SOURCE), "Assumed: 1 MB of source; give a list of your files to know")
    } else if hides_git {
        (
            Bytes::kb(SOURCE),
            "Assumed: 1 MB of source and what .dockerignore lets through; give a list of your files to know",
        )
    } else {
        (
            Bytes::kb(SOURCE) + Bytes::kb(CLUTTER),
            "Assumed: 1 MB of source and 10 MB of .git, tests and the like; give a list of your files to know",
        )
    };
    Files { size, basis: estimated(why), count: None }
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

    fn taken(input: &Input, sources: &[&str], may: bool) -> Files {
        let ignore = input.text(DOCKERIGNORE).map(IgnoreFile::parse);
        let listing = Listing::through(input, ignore.as_ref());
        taken_from(input, listing.as_ref(), hides_git(ignore.as_ref()), sources, &|_| may)
    }

    fn size(input: &Input, sources: &[&str]) -> Bytes {
        taken(input, sources, true).size
    }

    const FILES: &[(&str, u64)] = &[
        (".git/objects/pack/a.pack", 40_000_000),
        ("main.py", 1_000),
        ("src/app.py", 2_000),
        ("src/util/a.py", 3_000),
        ("src-old/app.py", 700_000),
        ("src.txt", 800_000),
        ("requirements.txt", 50),
    ];

    #[test]
    fn a_list_of_files_is_added_up() {
        let input = project(None, FILES);
        for (sources, bytes) in [
            (&["."][..], 41_506_050),
            (&["./src"], 5_000),
            (&["src/"], 5_000),
            (&["/src/util"], 3_000),
            (&["src", "src/"], 5_000),
            (&["*.py"], 1_000),
            (&["requirements.txt", "main.py"], 1_050),
            (&["requirements.txt", "*.py"], 1_050),
            (&["none"], 0),
            (&["sr"], 0),
        ] {
            assert_eq!(size(&input, sources), Bytes::exact(bytes), "{sources:?}");
        }
    }

    #[test]
    fn the_ignore_file_keeps_files_out() {
        assert_eq!(size(&project(Some(".git\n"), FILES), &["."]), Bytes::exact(1_506_050));
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

    #[test]
    fn too_many_patterns_become_a_range() {
        let files = taken(&project(None, FILES), &["*.py"], false);
        assert_eq!((files.size.low, files.size.high), (0, 41_506_050));
    }
}
