//! The learner's own folder: what the build context sends, what an ignore file keeps out and by which line, biggest first.

use std::collections::BTreeMap;

use crate::input::ContextFile;
use crate::model::IgnoreFile;

/// A project carries so many paths; of a larger folder, files deep inside are one entry with their folder.
const MOST_ENTRIES: usize = 2000;
/// Paths are kept down to so many folders; hardly a project goes deeper.
const DEEPEST: usize = 8;

/// How many files, and their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Amount {
    /// How many.
    pub files: usize,
    /// All of them together.
    pub bytes: u64,
}

impl Amount {
    const fn add(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// A file or a folder right in the build context.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Entry {
    /// Its name; a folder's ends with a slash.
    pub name: String,
    /// What of it is sent.
    pub sent: Amount,
    /// What of it stays out.
    pub kept_out: Amount,
    /// The 1-based line of the ignore file that keeps the first of it out.
    pub line: Option<usize>,
    /// What of it a better ignore file would keep out besides.
    pub saved: Amount,
}

/// All of a folder, seen through its ignore file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Folder {
    /// What is in it, biggest first.
    pub entries: Vec<Entry>,
    /// What is sent.
    pub sent: Amount,
    /// What stays out.
    pub kept_out: Amount,
    /// What of that is sent a better ignore file would keep out.
    pub saved: Amount,
    /// What each 1-based line of the ignore file keeps out, in their order.
    pub by_line: Vec<(usize, Amount)>,
}

/// Looks at one file after the other, so that whoever asks may pause in between.
#[derive(Debug, Default)]
pub struct Sorter {
    now: IgnoreFile,
    better: IgnoreFile,
    entries: BTreeMap<String, Entry>,
    lines: BTreeMap<usize, Amount>,
    folder: Folder,
}

impl Sorter {
    /// Sorts by the ignore file `now`, and by a `better` one; `None` for none.
    pub fn new(now: Option<&str>, better: Option<&str>) -> Self {
        let read = |text: Option<&str>| text.map(IgnoreFile::parse).unwrap_or_default();
        Self { now: read(now), better: read(better), ..Self::default() }
    }

    /// Takes `file` in.
    pub fn add(&mut self, file: &ContextFile) {
        let name = match file.path.split_once('/') {
            Some((folder, _)) => format!("{folder}/"),
            None => file.path.clone(),
        };
        let verdict = self.now.verdict(&file.path);
        let entry = self.entries.entry(name).or_default();
        if verdict.is_ignored {
            entry.kept_out.add(file.bytes);
            self.folder.kept_out.add(file.bytes);
            entry.line = entry.line.or(verdict.line);
            if let Some(line) = verdict.line {
                self.lines.entry(line).or_default().add(file.bytes);
            }
            return;
        }
        entry.sent.add(file.bytes);
        self.folder.sent.add(file.bytes);
        if self.better.verdict(&file.path).is_ignored {
            entry.saved.add(file.bytes);
            self.folder.saved.add(file.bytes);
        }
    }

    /// What came out.
    pub fn done(self) -> Folder {
        let mut folder = self.folder;
        for (name, entry) in self.entries {
            folder.entries.push(Entry { name, ..entry });
        }
        let size = |entry: &Entry| entry.sent.bytes.saturating_add(entry.kept_out.bytes);
        folder.entries.sort_by_key(|entry| std::cmp::Reverse(size(entry)));
        folder.by_line = self.lines.into_iter().collect();
        folder
    }
}

/// The list that a project carries: `files` as they are, or with folders as one entry each (a slash at the end) where
/// there are too many, deep in the fullest folders first. Nothing of their bytes is lost.
pub fn folded(files: &[ContextFile]) -> Vec<ContextFile> {
    if files.len() <= MOST_ENTRIES {
        return files.to_vec();
    }
    let mut tops: BTreeMap<&str, Vec<&ContextFile>> = BTreeMap::new();
    for file in files {
        let top = file.path.split('/').next().unwrap_or_default();
        tops.entry(top).or_default().push(file);
    }
    // For each folder of the root how deep it is kept, and what that leaves of it.
    let mut kept: Vec<(usize, Vec<ContextFile>)> = Vec::new();
    for files in tops.values() {
        kept.push((DEEPEST, cut(files, DEEPEST)));
    }
    let all: Vec<Vec<&ContextFile>> = tops.into_values().collect();
    loop {
        let sum: usize = kept.iter().map(|(_, entries)| entries.len()).sum();
        let fullest = (0..kept.len()).max_by_key(|&at| kept[at].1.len());
        let Some(at) = fullest.filter(|&at| sum > MOST_ENTRIES && kept[at].0 > 1) else { break };
        let depth = kept[at].0 - 1;
        kept[at] = (depth, cut(&all[at], depth));
    }
    kept.into_iter().flat_map(|(_, entries)| entries).collect()
}

/// `files` of one folder with all that lies deeper than `depth` names as one entry for each folder there.
fn cut(files: &[&ContextFile], depth: usize) -> Vec<ContextFile> {
    let mut entries: BTreeMap<&str, u64> = BTreeMap::new();
    for file in files {
        let end = file.path.match_indices('/').nth(depth - 1).map(|(at, _)| at + 1);
        let path = &file.path[..end.unwrap_or(file.path.len())];
        let bytes = entries.entry(path).or_default();
        *bytes = bytes.saturating_add(file.bytes);
    }
    entries.into_iter().map(|(path, bytes)| ContextFile { path: path.to_owned(), bytes }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: impl Into<String>, bytes: u64) -> ContextFile {
        ContextFile { path: path.into(), bytes }
    }

    #[test]
    fn what_is_sent_and_what_stays_out() {
        let mut sorter = Sorter::new(Some("# ours\ntests\n*.log\n"), Some(".git\ntests\n"));
        for (path, bytes) in [
            ("main.py", 10),
            (".git/HEAD", 1),
            (".git/pack", 400),
            ("tests/a.py", 20),
            ("tests/b.py", 30),
            ("a.log", 5),
        ] {
            sorter.add(&file(path, bytes));
        }
        let folder = sorter.done();
        let amount = |files, bytes| Amount { files, bytes };
        assert_eq!(folder.sent, amount(3, 411));
        assert_eq!(folder.kept_out, amount(3, 55));
        assert_eq!(folder.saved, amount(2, 401));
        assert_eq!(folder.by_line, [(2, amount(2, 50)), (3, amount(1, 5))]);
        let names: Vec<&str> = folder.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, [".git/", "tests/", "main.py", "a.log"]);
        assert_eq!(folder.entries[1].line, Some(2));
    }

    #[test]
    fn a_large_folder_is_folded_where_it_is_fullest() {
        let mut files = vec![file("src/app/api/users.py", 7), file("main.py", 1)];
        for package in 0..500 {
            for nth in 0..100 {
                files.push(file(format!("node_modules/p{package}/lib/f{nth}.js"), 10));
            }
        }
        let folded = folded(&files);
        assert_eq!(folded.len(), 502);
        assert!(folded.contains(&file("src/app/api/users.py", 7)), "own files stay as they are");
        assert!(folded.contains(&file("node_modules/p0/", 1000)));
        let sum = |files: &[ContextFile]| files.iter().map(|file| file.bytes).sum::<u64>();
        assert_eq!(sum(&folded), sum(&files));
    }

    #[test]
    fn a_small_folder_stays_as_it_is() {
        let files = vec![file("a/b", 1), file("c", 2)];
        assert_eq!(folded(&files), files);
    }
}
