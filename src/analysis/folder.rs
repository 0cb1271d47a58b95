//! The learner's own folder: what the build context sends, what an ignore file keeps out and by which line, biggest first.

use crate::input::ContextFile;
use crate::model::IgnoreFile;

/// A project carries so many paths; of a larger folder, files deep inside are one entry with their folder.
const MOST_ENTRIES: usize = 1000;
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

/// Looks at one file after the other, sorted by their paths, so that whoever asks may pause in between.
#[derive(Debug, Default)]
pub struct Sorter {
    now: IgnoreFile,
    better: IgnoreFile,
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
        let verdict = self.now.verdict(&file.path);
        let is_saved = !verdict.is_ignored && self.better.verdict(&file.path).is_ignored;
        let folder = &mut self.folder;
        let name = file.path.find('/').map_or(&*file.path, |at| &file.path[..=at]);
        if folder.entries.last().is_none_or(|last| last.name != name) {
            folder.entries.push(Entry { name: name.to_owned(), ..Entry::default() });
        }
        let Some(entry) = folder.entries.last_mut() else { return };
        if is_saved {
            entry.saved.add(file.bytes);
            folder.saved.add(file.bytes);
        }
        if !verdict.is_ignored {
            entry.sent.add(file.bytes);
            folder.sent.add(file.bytes);
            return;
        }
        entry.kept_out.add(file.bytes);
        folder.kept_out.add(file.bytes);
        entry.line = entry.line.or(verdict.line);
        let Some(line) = verdict.line else { return };
        let at = folder.by_line.partition_point(|&(one, _)| one < line);
        if folder.by_line.get(at).is_none_or(|&(one, _)| one != line) {
            folder.by_line.insert(at, (line, Amount::default()));
        }
        if let Some((_, amount)) = folder.by_line.get_mut(at) {
            amount.add(file.bytes);
        }
    }

    /// What came out.
    pub fn done(self) -> Folder {
        let mut folder = self.folder;
        let size = |entry: &Entry| entry.sent.bytes.saturating_add(entry.kept_out.bytes);
        folder.entries.sort_unstable_by(|a, b| size(b).cmp(&size(a)).then(a.name.cmp(&b.name)));
        folder
    }
}

/// The list that a project carries: `files`, sorted by their paths, as they are; where there are too many, what lies deep
/// in the fullest folders is one entry with its folder (a slash at the end). Nothing of their bytes is lost.
pub fn folded(files: &[ContextFile]) -> Vec<ContextFile> {
    let mut count = files.len();
    if count <= MOST_ENTRIES {
        return files.to_vec();
    }
    let top = |file: &ContextFile| file.path.find('/').unwrap_or(file.path.len());
    // What lies below each name in the root, and how deep it is kept.
    let mut tops: Vec<(&[ContextFile], usize)> = Vec::new();
    for files in files.chunk_by(|a, b| a.path[..top(a)] == b.path[..top(b)]) {
        tops.push((files, usize::MAX));
    }
    tops.sort_unstable_by_key(|(files, _)| usize::MAX - files.len());
    for (files, kept) in &mut tops {
        let all = count - files.len();
        for depth in (1..=DEEPEST).rev().filter(|_| files.len() > 1) {
            if count <= MOST_ENTRIES {
                break;
            }
            *kept = depth;
            count = all + cut(files, depth).len();
        }
    }
    tops.into_iter().flat_map(|(files, depth)| cut(files, depth)).collect()
}

/// `files` with all that lies deeper than `depth` names as one entry for each folder there.
fn cut(files: &[ContextFile], depth: usize) -> Vec<ContextFile> {
    let mut entries: Vec<ContextFile> = Vec::new();
    for file in files {
        let end = file.path.match_indices('/').nth(depth.saturating_sub(1)).map(|(at, _)| at + 1);
        let path = &file.path[..end.unwrap_or(file.path.len())];
        match entries.last_mut() {
            Some(last) if last.path == path => last.bytes = last.bytes.saturating_add(file.bytes),
            _ => entries.push(ContextFile { path: path.to_owned(), bytes: file.bytes }),
        }
    }
    entries
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
            (".git/HEAD", 1),
            (".git/pack", 400),
            ("a.log", 5),
            ("main.py", 10),
            ("tests/a.py", 20),
            ("tests/b.py", 30),
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
        let mut files = vec![file("main.py", 1)];
        for package in 0..500 {
            for nth in 0..100 {
                files.push(file(format!("node_modules/p{package}/lib/f{nth}.js"), 10));
            }
        }
        files.push(file("src/app/api/users.py", 7));
        let folded = folded(&files);
        assert_eq!(folded.len(), 502);
        assert!(folded.contains(&file("src/app/api/users.py", 7)), "own files stay as they are");
        assert!(folded.contains(&file("node_modules/p0/lib/", 1000)));
        let sum = |files: &[ContextFile]| files.iter().map(|file| file.bytes).sum::<u64>();
        assert_eq!(sum(&folded), sum(&files));
    }

    #[test]
    fn a_small_folder_stays_as_it_is() {
        let files = vec![file("a/b", 1), file("c", 2)];
        assert_eq!(folded(&files), files);
    }
}
