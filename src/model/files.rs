//! What each step does to files: which it makes, fetches, copies, deletes or gives away, by path from `/`.

use super::stages::join;
use super::wrappers::{is_in, plain_name, program};
use super::{Step, is_within};
use crate::syntax::Word;
use crate::syntax::shell::Command;

/// What becomes of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// An empty folder: `mkdir`.
    Folder,
    /// A small file: `echo x > f`, `touch`, `ln`.
    Written,
    /// A file or folder of any size: `cp`, `mv`, `tar`, `gcc -o`.
    Made,
    /// From the network: `curl -o`, `wget`, `git clone`, `ADD https://…`.
    Fetched,
    /// From the build context or another stage: COPY, ADD.
    Copied,
    /// `rm`, or moved away by `mv`.
    Deleted,
    /// Another owner or mode: `chown`, `chmod`.
    Owned,
}

impl Change {
    /// Whether it puts bytes into the layer.
    pub const fn adds(self) -> bool {
        matches!(self, Self::Made | Self::Fetched | Self::Copied)
    }
}

/// A path that a step does something to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange<'s> {
    /// What it does.
    pub change: Change,
    /// From `/`, without a slash at its end. Of `rm x/*` it is the folder.
    pub path: String,
    /// The word that names it, or from which the name follows.
    pub word: &'s Word,
    /// Which of the step's commands does it; `None` for COPY and ADD.
    pub command: Option<usize>,
}

impl Step<'_> {
    /// What the step does to files, as far as its text tells.
    pub fn files(&self) -> Vec<FileChange<'_>> {
        let mut reader = Reader { found: Vec::new(), command: None, folder: None };
        if let (Some(transfer), Some(to)) = (self.transfer(), self.destination()) {
            reader.folder = Some(to);
            let is_remote =
                |word: &Word| word.text.contains("://") || word.text.starts_with("git@");
            let change = |word| if is_remote(word) { Change::Fetched } else { Change::Copied };
            for word in &transfer.sources {
                // Into a folder, a file goes under its own name.
                if !is_in(". ..", last_name(&word.text)) {
                    reader.add(change(word), word, last_name(&word.text));
                }
            }
            let first = transfer.sources.first().unwrap_or(&transfer.destination);
            reader.add(change(first), &transfer.destination, ".");
            return reader.found;
        }
        if !matches!(self.instruction.kind, crate::syntax::Kind::Run(_)) {
            return Vec::new();
        }
        // `cd` counts until its brackets end.
        let mut folders = vec![(0, self.workdir.as_deref().map(str::to_owned))];
        for (at, command) in self.commands().iter().enumerate() {
            while folders.len() > 1
                && folders.last().is_some_and(|(depth, _)| *depth > command.depth)
            {
                folders.pop();
            }
            let folder = folders.last().and_then(|(_, folder)| folder.clone());
            if is_in("cd pushd", command.program()) {
                let target = command.arguments().iter().find(|word| !word.text.starts_with('-'));
                let target = target.and_then(|word| absolute(folder.as_deref(), &word.text));
                folders.push((command.depth, target));
                continue;
            }
            reader.command = Some(at);
            reader.folder = folder;
            reader.read(command);
        }
        reader.found
    }
}

struct Reader<'s> {
    found: Vec<FileChange<'s>>,
    command: Option<usize>,
    /// The folder that the command runs in, where that is known.
    folder: Option<String>,
}

impl<'s> Reader<'s> {
    /// Notes a path, which `word` names in one way or another.
    fn add(&mut self, change: Change, word: &'s Word, path: &str) {
        let path = path.trim_end_matches('*');
        let Some(path) = absolute(self.folder.as_deref(), path) else { return };
        if path != "/" && !is_within(&path, "/dev") {
            self.found.push(FileChange { change, path, word, command: self.command });
        }
    }

    fn add_all(&mut self, change: Change, words: &[&'s Word]) {
        for word in words {
            self.add(change, word, &word.text);
        }
    }

    fn read(&mut self, command: &'s Command) {
        for redirect in &command.redirects {
            let operator = redirect.operator.as_str();
            if operator.contains('>') && !operator.contains("&>") && !operator.ends_with('&') {
                self.add(Change::Written, &redirect.target, &redirect.target.text);
            }
        }
        let at = program(&command.words);
        let name = command.words.get(at).map_or("", |word| plain_name(&word.text));
        let all = command.words.get(at + 1..).unwrap_or_default();
        let value = |options: &str| {
            let at = all.iter().position(|word| is_in(options, &word.text))?;
            all.get(at + 1)
        };
        let plain: Vec<&Word> = all.iter().filter(|word| !word.text.starts_with('-')).collect();
        match name {
            "mkdir" => self.add_all(Change::Folder, &plain),
            "touch" | "tee" => self.add_all(Change::Written, &plain),
            "rm" | "rmdir" | "unlink" => self.add_all(Change::Deleted, &plain),
            "chown" | "chmod" | "chgrp" => {
                self.add_all(Change::Owned, plain.get(1..).unwrap_or_default());
            }
            "cp" | "mv" | "ln" | "install" | "rsync" => {
                let change = if name == "ln" { Change::Written } else { Change::Made };
                let target = value("-t --target-directory").or_else(|| plain.last().copied());
                let Some(target) = target else { return };
                for source in plain.iter().filter(|word| word.range != target.range) {
                    if name == "mv" {
                        self.add(Change::Deleted, source, &source.text);
                    }
                    let inside = format!("{}/{}", target.text, last_name(&source.text));
                    self.add(change, target, &inside);
                }
                self.add(change, target, &target.text);
            }
            "curl" | "wget" => self.download(name, all),
            "git" if plain.first().is_some_and(|word| word.text == "clone") => {
                // Values of options stand among the plain words, so the address shows where to look.
                let url = plain.iter().position(|word| word.text.contains([':', '/']));
                let Some((url, rest)) = url.and_then(|at| plain.get(at..)?.split_first()) else {
                    return;
                };
                let name = last_name(url.text.trim_end_matches('/')).trim_end_matches(".git");
                match rest.first() {
                    Some(folder) => self.add(Change::Fetched, folder, &folder.text),
                    None => self.add(Change::Fetched, url, name),
                }
            }
            "tar" | "bsdtar" | "unzip" => self.archive(name, all),
            "go" | "gcc" | "g++" | "cc" | "clang" | "rustc" => {
                if let Some(word) = value("-o") {
                    self.add(Change::Made, word, &word.text);
                }
            }
            "venv" | "virtualenv" => {
                if let Some(word) = plain.first() {
                    self.add(Change::Made, word, &word.text);
                }
            }
            "dd" => {
                for word in all {
                    if let Some(path) = word.text.strip_prefix("of=") {
                        self.add(Change::Made, word, path);
                    }
                }
            }
            _ => {}
        }
    }

    /// curl and wget: `-o file`, `-fsSLo file`, `-O`, `-O file`, `-P folder`.
    fn download(&mut self, name: &str, words: &'s [Word]) {
        let (into, long) =
            if name == "curl" { ('o', "--output") } else { ('O', "--output-document") };
        let folders = "-P --directory-prefix --output-dir";
        let mut is_named = false;
        let mut keeps_name = name == "wget";
        let mut folder = "";
        let mut urls: Vec<&Word> = Vec::new();
        let mut rest = words.iter();
        while let Some(word) = rest.next() {
            let text = word.text.as_str();
            let letters = text.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
            let glued = text.split_once('=').filter(|(option, _)| *option == long);
            if let Some((_, path)) = glued {
                is_named = true;
                self.add(Change::Fetched, word, path);
            } else if text == long || letters.is_some_and(|letters| letters.ends_with(into)) {
                is_named = true;
                if let Some(path) = rest.next().filter(|path| path.text != "-") {
                    self.add(Change::Fetched, path, &path.text);
                }
            } else if letters.is_some_and(|letters| name == "wget" && letters.ends_with("O-")) {
                is_named = true;
            } else if is_in(folders, text) {
                folder = rest.next().map_or("", |word| word.text.as_str());
            } else if text.contains("://") {
                urls.push(word);
            } else if name == "curl" {
                keeps_name |=
                    text == "--remote-name" || letters.is_some_and(|all| all.contains('O'));
            }
        }
        for url in urls.into_iter().filter(|_| keeps_name && !is_named) {
            let path = url.text.split(['?', '#']).next().unwrap_or_default();
            let separator = if folder.is_empty() { "" } else { "/" };
            self.add(Change::Fetched, url, &format!("{folder}{separator}{}", last_name(path)));
        }
    }

    /// tar and unzip: what is packed, or the folder that is unpacked into.
    fn archive(&mut self, name: &str, words: &'s [Word]) {
        let is_in_folder =
            |word: &&Word| is_in(if name == "unzip" { "-d" } else { "-C --directory" }, &word.text);
        let folder =
            words.iter().position(|word| is_in_folder(&word)).and_then(|at| words.get(at + 1));
        let glued =
            words.iter().find_map(|word| Some((word, word.text.strip_prefix("--directory=")?)));
        let letters = words.first().map_or("", |word| word.text.trim_start_matches('-'));
        let packs = name != "unzip" && letters.contains('c') && !letters.contains('x');
        if packs {
            if let Some(file) = words.get(1).filter(|_| letters.ends_with('f')) {
                self.add(Change::Made, file, &file.text);
            }
        } else if let Some((word, path)) = folder.map(|word| (word, word.text.as_str())).or(glued) {
            self.add(Change::Made, word, path);
        } else if let Some(word) = words.iter().find(|word| !word.text.starts_with('-')) {
            self.add(Change::Made, word, ".");
        }
    }
}

fn last_name(path: &str) -> &str {
    path.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
}

/// `path` from `/`; `None` where that cannot be told.
pub(super) fn absolute(folder: Option<&str>, path: &str) -> Option<String> {
    if path.is_empty() || path.contains(['$', '`', '*', '?', '~']) {
        return None;
    }
    join(folder, path)
}

#[cfg(test)]
mod tests {
    use crate::input::Input;
    use crate::model::Model;
    use crate::syntax::parse;

    /// The changes of the last step as `Deleted /a`.
    fn changes(lines: &str) -> Vec<String> {
        let text = format!("FROM a\nWORKDIR /w\n{lines}\n");
        let (file, input) = (parse(&text), Input::new(&text));
        let model = Model::build(&file, &input);
        let step = model.final_stage().unwrap().steps.last().unwrap();
        step.files().iter().map(|file| format!("{:?} {}", file.change, file.path)).collect()
    }

    #[test]
    fn what_a_step_does_to_files() {
        for (line, expected) in [
            ("COPY a.txt /b/", ["Copied /b/a.txt", "Copied /b"].as_slice()),
            ("COPY . .", &["Copied /w"]),
            ("ADD https://example.org/x.tgz /opt/", &["Fetched /opt/x.tgz", "Fetched /opt"]),
            ("RUN mkdir -p a /b", &["Folder /w/a", "Folder /b"]),
            ("RUN rm -rf a/* $X /c", &["Deleted /w/a", "Deleted /c"]),
            ("RUN echo x > a && date >> /b 2>/dev/null", &["Written /w/a", "Written /b"]),
            ("RUN echo x | tee /a 2>&1", &["Written /a"]),
            ("RUN cp -r a /b", &["Made /b/a", "Made /b"]),
            ("RUN mv a b", &["Deleted /w/a", "Made /w/b/a", "Made /w/b"]),
            ("RUN chown -R app:app a /b", &["Owned /w/a", "Owned /b"]),
            ("RUN curl -fsSLo /a https://example.org/x", &["Fetched /a"]),
            ("RUN curl -O https://example.org/x.tgz?y", &["Fetched /w/x.tgz"]),
            ("RUN curl https://example.org/x | sh", &[]),
            ("RUN wget -q https://example.org/x.tgz", &["Fetched /w/x.tgz"]),
            ("RUN wget -P /t https://example.org/x", &["Fetched /t/x"]),
            ("RUN wget -qO- https://example.org/x", &[]),
            ("RUN wget -O a https://example.org/x", &["Fetched /w/a"]),
            ("RUN git clone --depth 1 https://example.org/a/b.git", &["Fetched /w/b"]),
            ("RUN git clone https://example.org/a /src", &["Fetched /src"]),
            ("RUN tar -xzf a.tgz -C /opt", &["Made /opt"]),
            ("RUN tar xf a.tgz", &["Made /w"]),
            ("RUN tar czf /a.tgz b", &["Made /a.tgz"]),
            ("RUN unzip a.zip -d b", &["Made /w/b"]),
            ("RUN go build -o /app .", &["Made /app"]),
            ("RUN python3 -m venv /opt/venv", &["Made /opt/venv"]),
        ] {
            assert_eq!(changes(line), expected, "{line}");
        }
    }

    #[test]
    fn cd_counts_until_its_brackets_end() {
        for (line, expected) in [
            ("RUN cd /a && rm b", ["Deleted /a/b"].as_slice()),
            ("RUN (cd /a && rm b) && rm b", &["Deleted /a/b", "Deleted /w/b"]),
            ("RUN cd a && cd b && rm c", &["Deleted /w/a/b/c"]),
            ("RUN cd $X && rm b /c", &["Deleted /c"]),
            ("RUN sh -c 'cd /a && rm b'", &["Deleted /a/b"]),
        ] {
            assert_eq!(changes(line), expected, "{line}");
        }
    }
}
