//! The lessons' Dockerfiles as small projects, and an empty one.

use crate::finding::DOCKERFILE;
use crate::input::{ContextFile, DOCKERIGNORE, Given, Input, REQUIREMENTS};

/// An example project: made up around a lesson's Dockerfile, so that sizes and ignore rules have something to work on.
#[derive(Debug, PartialEq, Eq)]
pub struct Sample {
    /// Its name in links and storage.
    pub id: &'static str,
    /// The lesson it comes from; empty for the empty project.
    pub lesson: &'static str,
    /// Its name for people.
    pub name: &'static str,
    dockerfile: &'static str,
    requirements: Option<&'static str>,
    dockerignore: Option<&'static str>,
    /// Path below the context's root, and bytes.
    context: &'static [(&'static str, u64)],
}

const DOCKER: &str = "Docker for Production";
const FLASK: &str = "Flask for Production";

/// A FastAPI project whose code lies beside the Dockerfile.
const FLAT: &[(&str, u64)] = &[
    (".env", 420),
    (".git/config", 310),
    (".git/objects/pack/pack-1.pack", 40_000_000),
    ("README.md", 3_200),
    ("__pycache__/main.cpython-311.pyc", 9_800),
    ("main.py", 6_100),
    ("models.py", 4_300),
    ("tests/data/orders.json", 2_600_000),
    ("tests/test_main.py", 8_900),
];

/// A FastAPI project whose code lies in `src`.
const NESTED: &[(&str, u64)] = &[
    (".env", 420),
    (".git/config", 310),
    (".git/objects/pack/pack-1.pack", 40_000_000),
    ("README.md", 3_200),
    ("src/__pycache__/main.cpython-311.pyc", 9_800),
    ("src/main.py", 6_100),
    ("src/models.py", 4_300),
    ("tests/data/orders.json", 2_600_000),
    ("tests/test_main.py", 8_900),
];

/// A Flask project.
const BACKEND: &[(&str, u64)] = &[
    (".env", 510),
    (".git/config", 310),
    (".git/objects/pack/pack-1.pack", 40_000_000),
    ("__pycache__/app.cpython-310.pyc", 7_400),
    ("app.py", 7_900),
    ("db/schema.sql", 2_100),
    ("lib/db.py", 3_600),
    ("services/home_activities.py", 1_900),
    ("tests/test_app.py", 5_200),
];

/// What the first visit shows.
pub const FIRST: &Sample = &SAMPLES[0];

/// The project without a line.
pub const EMPTY: &Sample = &SAMPLES[SAMPLES.len() - 1];

/// Every example project, in the order of the menu.
pub const SAMPLES: &[Sample] = &[
    Sample {
        id: "a-dev",
        lesson: DOCKER,
        name: "Development",
        dockerfile: include_str!("samples/a-dev/Dockerfile"),
        requirements: Some(include_str!("samples/a-dev/requirements.txt")),
        dockerignore: None,
        context: FLAT,
    },
    Sample {
        id: "a-prod",
        lesson: DOCKER,
        name: "Production",
        dockerfile: include_str!("samples/a-prod/Dockerfile"),
        requirements: Some(include_str!("samples/a-prod/requirements.txt")),
        dockerignore: None,
        context: NESTED,
    },
    Sample {
        id: "a-complete",
        lesson: DOCKER,
        name: "Complete production",
        dockerfile: include_str!("samples/a-complete/Dockerfile"),
        requirements: Some(include_str!("samples/a-complete/requirements.txt")),
        dockerignore: Some(include_str!("samples/a-complete/.dockerignore")),
        context: NESTED,
    },
    Sample {
        id: "b-dev",
        lesson: FLASK,
        name: "Development",
        dockerfile: include_str!("samples/b-dev/Dockerfile"),
        requirements: Some(include_str!("samples/b-dev/requirements.txt")),
        dockerignore: None,
        context: BACKEND,
    },
    Sample {
        id: "b-prod",
        lesson: FLASK,
        name: "Production",
        dockerfile: include_str!("samples/b-prod/Dockerfile"),
        requirements: Some(include_str!("samples/b-prod/requirements.txt")),
        dockerignore: None,
        context: BACKEND,
    },
    Sample {
        id: "empty",
        lesson: "",
        name: "Empty",
        dockerfile: "",
        requirements: None,
        dockerignore: None,
        context: &[],
    },
];

/// The example project called `id`.
pub fn sample(id: &str) -> Option<&'static Sample> {
    SAMPLES.iter().find(|sample| sample.id == id)
}

impl Sample {
    /// Whether there is nothing in it.
    pub const fn is_empty(&self) -> bool {
        self.dockerfile.is_empty()
    }

    /// The project as the analysis takes it.
    pub fn input(&self) -> Input {
        let mut input = Input::new(self.dockerfile);
        if self.is_empty() {
            return input;
        }
        if let Some(text) = self.requirements {
            input = input.with_file(REQUIREMENTS, text);
        }
        let ignore = self.dockerignore.map_or(Given::Absent, |text| Given::Text(text.to_owned()));
        input.files.insert(DOCKERIGNORE.to_owned(), ignore);
        let own = [
            (DOCKERFILE, self.dockerfile),
            (REQUIREMENTS, self.requirements.unwrap_or_default()),
            (DOCKERIGNORE, self.dockerignore.unwrap_or_default()),
        ];
        let mut context = Vec::new();
        for (path, text) in own {
            if !text.is_empty() {
                context.push(ContextFile { path: path.to_owned(), bytes: text.len() as u64 });
            }
        }
        for (path, bytes) in self.context {
            context.push(ContextFile { path: (*path).to_owned(), bytes: *bytes });
        }
        input.context = Some(context);
        input
    }
}
