//! All that an analysis depends on. The same input gives the same answer.

use std::collections::{BTreeMap, BTreeSet};

/// The ignore file of a build context.
pub const DOCKERIGNORE: &str = ".dockerignore";
/// pip's list of requirements.
pub const REQUIREMENTS: &str = "requirements.txt";
/// npm's description of a package.
pub const PACKAGE_JSON: &str = "package.json";

/// What is known about a file beside the Dockerfile. A file that nothing is known of is not in the map.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// "I have none."
    Absent,
    /// Its text.
    Text(String),
}

impl Given {
    /// The text, where there is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Absent => None,
            Self::Text(text) => Some(text),
        }
    }
}

/// One file of the build context.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextFile {
    /// Path below the context's root, with `/`.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
}

/// What the learner decides; everything has a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// The path that answers a health check. `None`: not known, so a check opens a connection only.
    pub health_path: Option<String>,
    /// The port the server listens on, where the file does not tell.
    pub port: Option<u16>,
    /// Worker processes for a server that takes a number.
    pub workers: u32,
    /// The name for a new user.
    pub user: String,
    /// What stands in front of the names of official images, up to the last `/`: `public.ecr.aws/docker/library/`.
    pub registry: Option<String>,
    /// Base images that nothing is known of, each with a known image that it is made from.
    pub bases: BTreeMap<String, String>,
    /// Rules whose fixes the full rewrite leaves out.
    pub without: BTreeSet<String>,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            health_path: None,
            port: None,
            workers: 2,
            user: "appuser".to_owned(),
            registry: None,
            bases: BTreeMap::new(),
            without: BTreeSet::new(),
        }
    }
}

/// Files besides the three above that say something about a build, and are read where they are given.
pub const OTHERS: [&str; 16] = [
    "requirements-dev.txt",
    "pyproject.toml",
    "Pipfile",
    "manage.py",
    "pnpm-workspace.yaml",
    ".yarnrc.yml",
    "vite.config.js",
    "vite.config.ts",
    "vite.config.mjs",
    "vite.config.mts",
    "nginx.conf",
    "go.mod",
    "go.work",
    "Gemfile",
    "composer.json",
    "pom.xml",
];

/// The Dockerfile, what stands beside it, and what was decided.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Input {
    /// The text, as it is: any line ends, with or without a byte order mark.
    pub dockerfile: String,
    /// Other files by name: [`DOCKERIGNORE`], [`REQUIREMENTS`], [`PACKAGE_JSON`], [`OTHERS`].
    pub files: BTreeMap<String, Given>,
    /// The files of the build context, where they were given.
    pub context: Option<Vec<ContextFile>>,
    /// The stage to build (`--target`); the last one where not given.
    pub target: Option<String>,
    /// What the learner decided.
    pub choices: Choices,
}

impl Input {
    /// A Dockerfile of which nothing else is known.
    pub fn new(dockerfile: impl Into<String>) -> Self {
        Self { dockerfile: dockerfile.into(), ..Self::default() }
    }

    /// The text of the file `name`, if one was given.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.files.get(name).and_then(Given::text)
    }

    /// The same input with the file `name` given.
    #[must_use]
    pub fn with_file(mut self, name: &str, text: impl Into<String>) -> Self {
        self.files.insert(name.to_owned(), Given::Text(text.into()));
        self
    }
}
