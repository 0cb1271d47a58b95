//! What a rule says: where, what, and how to mend it. Knows no rule, only its id.

use std::collections::BTreeMap;

use crate::text::{EditSet, TextRange};

/// The name under which the Dockerfile itself stands among the files of a [`Fix`].
pub const DOCKERFILE: &str = "Dockerfile";

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A lesson recommends it, or it is good to know.
    Info,
    /// A lesson calls it a problem.
    Warning,
    /// It does not work, or it leaks.
    Error,
}

impl Severity {
    /// The word of the command line's JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// How far a fix can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Applicability {
    /// The same program; apply always.
    Safe,
    /// Right under an assumption that the fix states; apply after checking it.
    Ask,
}

impl Applicability {
    /// The word of the command line's JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Safe => "safe",
            Self::Ask => "ask",
        }
    }

    /// What the page calls it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Safe => "Safe",
            Self::Ask => "Check first",
        }
    }
}

/// When a fix takes its turn: the rewrite does one phase a pass, the earliest that has work.
/// Words come before structure, and what only the final stage needs comes once the stages stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Phase {
    /// Words within one instruction.
    Words,
    /// The order of instructions.
    Order,
    /// New stages.
    Stages,
    /// Other base images.
    Base,
    /// What the final stage gains: user, ports, environment, health check; and what is only wanted there.
    Runtime,
}

/// What a fix does to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Edits of the text that the file has.
    Edit(EditSet),
    /// A file that is not there yet, with its text.
    Create(String),
}

/// A change that mends a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What it does, as an order: "Delete `--reload`".
    pub title: String,
    /// Whether somebody has to look first.
    pub applicability: Applicability,
    /// When it takes its turn in a full rewrite.
    pub phase: Phase,
    /// By file name; the Dockerfile stands under [`DOCKERFILE`].
    pub changes: BTreeMap<String, Change>,
    /// What must be true for the program to stay the same, a sentence each.
    pub assumes: Vec<String>,
}

impl Fix {
    /// A safe fix by words of the Dockerfile; change what differs with the methods below.
    pub fn new(title: impl Into<String>, edits: EditSet) -> Self {
        let fix = Self {
            title: title.into(),
            applicability: Applicability::Safe,
            phase: Phase::Words,
            changes: BTreeMap::new(),
            assumes: Vec::new(),
        };
        fix.and(DOCKERFILE, Change::Edit(edits))
    }

    /// A safe fix that creates the file `name`.
    pub fn create(title: impl Into<String>, name: &str, text: impl Into<String>) -> Self {
        let mut fix = Self::new(title, EditSet::default());
        fix.changes.clear();
        fix.in_phase(Phase::Runtime).and(name, Change::Create(text.into()))
    }

    /// A safe fix by words of the file `name`, which was given.
    pub fn in_file(title: impl Into<String>, name: &str, edits: EditSet) -> Self {
        let mut fix = Self::new(title, EditSet::default());
        fix.changes.clear();
        fix.and(name, Change::Edit(edits))
    }

    /// The same fix, to be checked first because it assumes `sentence`.
    #[must_use]
    pub fn assuming(mut self, sentence: impl Into<String>) -> Self {
        self.applicability = Applicability::Ask;
        self.assumes.push(sentence.into());
        self
    }

    /// The same fix in another phase.
    #[must_use]
    pub const fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = phase;
        self
    }

    /// The same fix, which also edits or creates the file `name`.
    #[must_use]
    pub fn and(mut self, name: &str, change: Change) -> Self {
        self.changes.insert(name.to_owned(), change);
        self
    }

    /// The edits of the Dockerfile, if it has any.
    pub fn edits(&self) -> Option<&EditSet> {
        match self.changes.get(DOCKERFILE) {
            Some(Change::Edit(edits)) if !edits.is_empty() => Some(edits),
            _ => None,
        }
    }
}

/// Where what a rule says comes from, and so how much room it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// One of the two lessons.
    Lesson,
    /// Good practice outside of them: counted apart, and where it is only taste it costs no score.
    Practice,
    /// A fact to know: neither counted nor scored.
    Note,
}

/// One thing that a rule has to say about one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The rule's id.
    pub rule: &'static str,
    /// The rule's title.
    pub title: &'static str,
    /// Where the rule comes from.
    pub origin: Origin,
    /// How much it matters here; a rule has a usual severity, a finding may differ.
    pub severity: Severity,
    /// The file it is in; [`DOCKERFILE`] but for rules about its neighbours.
    pub file: &'static str,
    /// The token, in bytes. Where something is missing: an empty range where the line would go.
    pub range: TextRange,
    /// Whether it is about something that is not there.
    pub missing: bool,
    /// What and what to do, in at most 30 words. Words in backticks are code.
    pub message: String,
    /// A change that mends it.
    pub fix: Option<Fix>,
    /// What to do by hand, where there is no fix.
    pub advice: Option<String>,
}
