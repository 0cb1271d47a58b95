//! Where a text belongs, and how it comes through the door.

use super::samples::{self, Sample};
use crate::finding::DOCKERFILE;
use crate::input::{DOCKERIGNORE, Input, OTHERS, PACKAGE_JSON, REQUIREMENTS};

/// Over this many bytes the page says that it may get slow.
pub const LARGE: usize = 1_000_000;

/// What the page can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The learner's own file.
    Yours,
    /// The learner's file before another one was pasted over an example.
    Earlier,
    /// The example project with this id.
    Sample(&'static str),
    /// What a link brought.
    Shared,
}

impl Place {
    /// Its name in storage.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Yours => "yours",
            Self::Earlier => "earlier",
            Self::Sample(id) => id,
            Self::Shared => "shared",
        }
    }

    /// The place with this name, if there is one.
    pub fn from_id(id: &str) -> Option<Self> {
        match id {
            "yours" => Some(Self::Yours),
            "earlier" => Some(Self::Earlier),
            "shared" => Some(Self::Shared),
            _ => samples::sample(id).map(|sample| Self::Sample(sample.id)),
        }
    }
}

/// What is written in one place.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Draft {
    /// What stands there now.
    pub input: Input,
    /// What the sizes are compared with.
    pub baseline: Input,
    /// The example project that the files beside the Dockerfile come from.
    pub example: Option<&'static Sample>,
    /// Whether lines ended with `\r\n` where the text came from.
    pub crlf: bool,
}

impl Draft {
    /// An example project, untouched.
    pub fn of(sample: &'static Sample) -> Self {
        let input = sample.input();
        let example = (!sample.is_empty()).then_some(sample);
        Self { baseline: input.clone(), input, example, crlf: false }
    }

    /// A text of which nothing else is known.
    pub fn new(input: Input) -> Self {
        Self { baseline: input.clone(), input, ..Self::default() }
    }
}

/// What is kept of the places that are not shown; a few at most.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Drafts(Vec<(Place, Draft)>);

impl Drafts {
    /// What is kept of `place`.
    pub fn get(&self, place: Place) -> Option<&Draft> {
        self.0.iter().find(|(at, _)| *at == place).map(|(_, draft)| draft)
    }

    /// Keeps `draft` for `place`, in place of what was kept there.
    pub fn put(&mut self, place: Place, draft: Draft) {
        self.0.retain(|(at, _)| *at != place);
        self.0.push((place, draft));
    }

    /// Takes out what is kept of `place`.
    pub fn take(&mut self, place: Place) -> Option<Draft> {
        let at = self.0.iter().position(|(at, _)| *at == place)?;
        Some(self.0.swap_remove(at).1)
    }

    /// All of them, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &(Place, Draft)> {
        self.0.iter()
    }
}

/// Endings of names that no Dockerfile has.
const ELSE: [&str; 19] = [
    "css", "env", "go", "html", "ini", "js", "json", "lock", "md", "mod", "py", "rs", "sh", "sum",
    "toml", "ts", "xml", "yaml", "yml",
];

/// The files that have a tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileTab {
    /// The Dockerfile.
    Dockerfile,
    /// The ignore file.
    Dockerignore,
    /// pip's list.
    Requirements,
    /// npm's description.
    PackageJson,
    /// One of [`OTHERS`], by its name; its tab is there while the file is.
    Other(&'static str),
}

impl FileTab {
    /// The file's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dockerfile => DOCKERFILE,
            Self::Dockerignore => DOCKERIGNORE,
            Self::Requirements => REQUIREMENTS,
            Self::PackageJson => PACKAGE_JSON,
            Self::Other(name) => name,
        }
    }

    /// The tab for a file from the learner's disk. What has no name of its own is taken for a Dockerfile; `None` where
    /// its name says that it is something else, of which nothing is read.
    pub fn for_name(name: &str) -> Option<Self> {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        if let Some(other) = OTHERS.into_iter().find(|other| other.eq_ignore_ascii_case(name)) {
            return Some(Self::Other(other));
        }
        let name = name.to_ascii_lowercase();
        let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
        match name.as_str() {
            DOCKERIGNORE | "dockerignore" | "dockerignore.txt" => Some(Self::Dockerignore),
            PACKAGE_JSON => Some(Self::PackageJson),
            _ if name.starts_with("requirements") => Some(Self::Requirements),
            _ if ELSE.contains(&ending) && !name.contains("dockerfile") => None,
            _ => Some(Self::Dockerfile),
        }
    }
}

/// A text as it comes in, without a byte order mark and with `\n` only; and whether it had `\r\n`.
pub fn clean(text: &str) -> (String, bool) {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let crlf = text.contains("\r\n");
    (
        if text.contains('\r') {
            text.replace("\r\n", "\n").replace('\r', "\n")
        } else {
            text.to_owned()
        },
        crlf,
    )
}

/// Whether `new` is another text rather than an edit of `old`: nearly nothing at its two ends is the same.
pub fn is_another_text(old: &str, new: &str) -> bool {
    let (old, new) = (old.as_bytes(), new.as_bytes());
    let front = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let shorter = old.len().min(new.len());
    let back = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(|(a, b)| a == b)
        .count()
        .min(shorter.saturating_sub(front));
    (front + back) * 5 < old.len() || old.is_empty()
}
