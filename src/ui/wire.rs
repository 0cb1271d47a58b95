//! How an input is written down for links and storage. The engine's own types stay free of any format.
//!
//! Tuples rather than maps: nothing but the values is written, and reading them takes little code.

use serde::{Deserialize, Serialize};

use crate::input::{Choices, ContextFile, Given, Input};

/// An [`Input`]: its Dockerfile; other files by name, `None` for "I have none"; paths and bytes of the context;
/// the target; the choices.
#[derive(Serialize, Deserialize)]
pub struct WireInput(
    String,
    Vec<(String, Option<String>)>,
    Option<Vec<(String, u64)>>,
    Option<String>,
    WireChoices,
);

/// [`Choices`]: health path, port, workers, user, rules left out; and what older links do not have, the registry and
/// what private bases are made from.
#[derive(Serialize, Deserialize)]
struct WireChoices(
    Option<String>,
    Option<u64>,
    u64,
    String,
    Vec<String>,
    #[serde(default)] Option<String>,
    #[serde(default)] Vec<(String, Option<String>)>,
);

impl From<&Input> for WireInput {
    fn from(input: &Input) -> Self {
        let choices = &input.choices;
        let mut files = Vec::new();
        for (name, given) in &input.files {
            files.push((name.clone(), given.text().map(str::to_owned)));
        }
        let context = input.context.as_ref().map(|context| {
            let mut paths = Vec::with_capacity(context.len());
            for file in context {
                paths.push((file.path.clone(), file.bytes));
            }
            paths
        });
        // The same pairs as files are, so that no other type has to be read.
        let mut bases = Vec::new();
        for (name, known) in &choices.bases {
            bases.push((name.clone(), Some(known.clone())));
        }
        let choices = WireChoices(
            choices.health_path.clone(),
            choices.port.map(u64::from),
            u64::from(choices.workers),
            choices.user.clone(),
            choices.without.iter().cloned().collect(),
            choices.registry.clone(),
            bases,
        );
        Self(input.dockerfile.clone(), files, context, input.target.clone(), choices)
    }
}

impl From<WireInput> for Input {
    fn from(WireInput(dockerfile, files, context, target, choices): WireInput) -> Self {
        let WireChoices(health_path, port, workers, user, without, registry, bases) = choices;
        let mut input = Self { target, ..Self::new(dockerfile) };
        for (name, text) in files {
            input.files.insert(name, text.map_or(Given::Absent, Given::Text));
        }
        input.context = context.map(|context| {
            let mut files = Vec::with_capacity(context.len());
            for (path, bytes) in context {
                files.push(ContextFile { path, bytes });
            }
            files
        });
        let default = Choices::default();
        input.choices = Choices {
            health_path,
            port: port.and_then(|port| u16::try_from(port).ok()),
            workers: u32::try_from(workers).unwrap_or(default.workers),
            user,
            registry,
            ..default
        };
        for (name, known) in bases {
            if let Some(known) = known {
                input.choices.bases.insert(name, known);
            }
        }
        for rule in without {
            input.choices.without.insert(rule);
        }
        input
    }
}
