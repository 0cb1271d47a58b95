//! How an input is written down for links and storage. The engine's own types stay free of any format.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::input::{Choices, ContextFile, Given, Input};

/// An [`Input`]. What is missing takes its default, so that older links keep working.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub struct WireInput {
    #[serde(rename = "d")]
    dockerfile: String,
    /// By name; `None` for "I have none".
    #[serde(rename = "f", skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, Option<String>>,
    /// Paths and bytes.
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    context: Option<Vec<(String, u64)>>,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    target: Option<String>,
    #[serde(rename = "c", skip_serializing_if = "WireChoices::is_default")]
    choices: WireChoices,
}

/// [`Choices`], each only where it differs from the default.
#[derive(Serialize, Deserialize, Default, PartialEq)]
#[serde(default)]
struct WireChoices {
    #[serde(rename = "h", skip_serializing_if = "Option::is_none")]
    health_path: Option<String>,
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    port: Option<u16>,
    #[serde(rename = "w", skip_serializing_if = "Option::is_none")]
    workers: Option<u32>,
    #[serde(rename = "u", skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(rename = "x", skip_serializing_if = "BTreeSet::is_empty")]
    without: BTreeSet<String>,
}

impl WireChoices {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl From<&Input> for WireInput {
    fn from(input: &Input) -> Self {
        let default = Choices::default();
        let choices = &input.choices;
        let files =
            input.files.iter().map(|(name, given)| (name.clone(), given.text().map(str::to_owned)));
        let paths = |files: &Vec<ContextFile>| {
            files.iter().map(|file| (file.path.clone(), file.bytes)).collect()
        };
        Self {
            dockerfile: input.dockerfile.clone(),
            files: files.collect(),
            context: input.context.as_ref().map(paths),
            target: input.target.clone(),
            choices: WireChoices {
                health_path: choices.health_path.clone(),
                port: choices.port,
                workers: (choices.workers != default.workers).then_some(choices.workers),
                user: (choices.user != default.user).then(|| choices.user.clone()),
                without: choices.without.clone(),
            },
        }
    }
}

impl From<WireInput> for Input {
    fn from(wire: WireInput) -> Self {
        let default = Choices::default();
        let given = |text: Option<String>| text.map_or(Given::Absent, Given::Text);
        let files = wire.files.into_iter().map(|(name, text)| (name, given(text)));
        let paths = |paths: Vec<(String, u64)>| {
            paths.into_iter().map(|(path, bytes)| ContextFile { path, bytes }).collect()
        };
        Self {
            dockerfile: wire.dockerfile,
            files: files.collect(),
            context: wire.context.map(paths),
            target: wire.target,
            choices: Choices {
                health_path: wire.choices.health_path,
                port: wire.choices.port,
                workers: wire.choices.workers.unwrap_or(default.workers),
                user: wire.choices.user.unwrap_or(default.user),
                without: wire.choices.without,
            },
        }
    }
}
