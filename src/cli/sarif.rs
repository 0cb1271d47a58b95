//! `check --format sarif`: one SARIF 2.1.0 log for all files, for code hosts and editors that read it.

use serde::Serialize;

use super::lessons;
use super::place::Place;
use crate::analysis::Analysis;
use crate::finding::{DOCKERFILE, Finding, Severity};
use crate::input::Input;
use crate::rules::{RULES, Rule};

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The results gathered so far.
#[derive(Default)]
pub(super) struct Log {
    results: Vec<Outcome>,
}

#[derive(Serialize)]
pub(super) struct Document<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    invocations: [Invocation<'a>; 1],
    column_kind: &'static str,
    results: Vec<Outcome>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    short_description: Text<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    full_description: Option<Text<String>>,
    default_configuration: Configuration,
    properties: Properties,
}

#[derive(Serialize)]
struct Text<T> {
    text: T,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

#[derive(Serialize)]
struct Properties {
    tags: &'static [&'static str],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification<'a>>,
}

#[derive(Serialize)]
struct Notification<'a> {
    level: &'static str,
    message: Text<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    rule_id: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule_index: Option<usize>,
    level: &'static str,
    message: Text<String>,
    locations: [Location; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: Physical,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

impl Log {
    /// Adds the findings about `file`.
    pub(super) fn add(&mut self, file: &str, input: &Input, analysis: &Analysis) {
        let outcomes = analysis.findings.iter().map(|finding| {
            let about = if finding.file == DOCKERFILE { file } else { finding.file };
            Outcome::new(about, finding, &Place::of(finding, input, analysis))
        });
        self.results.extend(outcomes);
    }

    /// The whole log; `failed` says which files could not be read.
    pub(super) fn finish(self, failed: &[String]) -> Document<'_> {
        Document {
            schema: SCHEMA,
            version: "2.1.0",
            runs: [Run {
                tool: Tool {
                    driver: Driver {
                        name: "Drydock",
                        semantic_version: env!("CARGO_PKG_VERSION"),
                        rules: RULES.iter().map(Descriptor::of).collect(),
                    },
                },
                invocations: [Invocation {
                    execution_successful: failed.is_empty(),
                    tool_execution_notifications: failed
                        .iter()
                        .map(|line| Notification::of(line))
                        .collect(),
                }],
                column_kind: "unicodeCodePoints",
                results: self.results,
            }],
        }
    }
}

impl<'a> Notification<'a> {
    const fn of(line: &'a str) -> Self {
        Self { level: "error", message: Text { text: line } }
    }
}

impl Descriptor {
    fn of(rule: &Rule) -> Self {
        Self {
            id: rule.id,
            short_description: Text { text: rule.title },
            full_description: lessons::lesson(rule.id).map(|lesson| Text { text: lesson.why }),
            default_configuration: Configuration { level: level(rule.severity) },
            properties: Properties { tags: rule.aliases },
        }
    }
}

impl Outcome {
    fn new(file: &str, finding: &Finding, place: &Place) -> Self {
        let region = Region {
            start_line: place.start.line,
            start_column: place.start.column,
            end_line: place.end.line,
            end_column: place.end.column,
        };
        Self {
            rule_id: finding.rule,
            rule_index: RULES.iter().position(|rule| rule.id == finding.rule),
            level: level(finding.severity),
            message: Text { text: finding.message.clone() },
            locations: [Location {
                physical_location: Physical {
                    artifact_location: Artifact { uri: uri(file) },
                    region,
                },
            }],
        }
    }
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// `path` as a URI: relative as it is, absolute behind `file://`, with `%20` for what a URI cannot hold.
fn uri(path: &str) -> String {
    let mut out = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out += &percent(byte),
        }
    }
    out
}

fn percent(byte: u8) -> String {
    format!("%{byte:02X}")
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn paths_become_uris() {
        assert_eq!(uri("app/Dockerfile.prod"), "app/Dockerfile.prod");
        assert_eq!(uri("/srv/my app/é"), "file:///srv/my%20app/%C3%A9");
    }
}
