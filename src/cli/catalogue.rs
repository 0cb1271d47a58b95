//! `rules`: every rule with its class of fix, as a table and as JSON.

use anstyle::Style;
use serde::Serialize;

use super::lessons;
use super::wire::SCHEMA;
use crate::finding::Applicability;
use crate::rules::{RULES, Rule};

const BOLD: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// All rules, as `--format json` prints them.
#[derive(Serialize)]
pub(super) struct Catalogue {
    schema: u32,
    rules: Vec<Entry>,
}

#[derive(Serialize)]
struct Entry {
    rule: &'static str,
    severity: &'static str,
    applicability: Vec<&'static str>,
    aliases: &'static [&'static str],
    title: &'static str,
    /// Whether one of the two lessons teaches it.
    lesson: bool,
    sources: Vec<String>,
}

impl Catalogue {
    pub(super) fn new() -> Self {
        Self { schema: SCHEMA, rules: RULES.iter().map(Entry::of).collect() }
    }
}

impl Entry {
    fn of(rule: &Rule) -> Self {
        let lesson = lessons::lesson(rule.id);
        let sources = lesson.iter().flat_map(|lesson| lesson.sources.clone());
        Self {
            rule: rule.id,
            severity: rule.severity.as_str(),
            applicability: lesson
                .as_ref()
                .map_or_else(Vec::new, |lesson| lessons::applicability(rule, lesson)),
            aliases: rule.aliases,
            title: rule.title,
            lesson: !rule.taught.is_empty(),
            sources: sources.map(|source| source.url.unwrap_or(source.text)).collect(),
        }
    }
}

/// All rules as a table, with colours.
pub(super) fn text() -> String {
    let entries = Catalogue::new().rules;
    let widest = entries.iter().map(|entry| entry.rule.len()).max().unwrap_or_default();
    entries.iter().map(|entry| row(entry, widest)).collect()
}

fn row(entry: &Entry, widest: usize) -> String {
    let Entry { rule, severity, title, .. } = entry;
    let classes: Vec<_> = entry.applicability.iter().map(|word| label(word)).collect();
    let classes = classes.join(", ");
    let aliases = entry.aliases.join(", ");
    let aliases = if aliases.is_empty() { aliases } else { format!(" ({aliases})") };
    format!(
        "{BOLD}{rule:widest$}{BOLD:#}  {severity:<8} {classes:<21} {title}{QUIET}{aliases}{QUIET:#}\n"
    )
}

fn label(applicability: &str) -> &'static str {
    match applicability {
        "safe" => Applicability::Safe.label(),
        "ask" => Applicability::Ask.label(),
        _ => "By hand",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "it keeps a file of the repository current")]

    use std::fmt::Write;

    use super::*;

    /// The list as Markdown, for who reads the sources.
    fn markdown() -> String {
        let entries = Catalogue::new().rules;
        let mut out = format!(
            "# The rules\n\n{} rules, each with its lesson beside it. This list is made from the catalogue: \
             `UPDATE_SNAPSHOTS=1 cargo core catalogue` writes it.\n\n\
             | Rule | Severity | Fix | Taught in the lessons | Elsewhere called |\n|---|---|---|---|---|\n",
            entries.len()
        );
        for entry in entries {
            let classes: Vec<_> = entry.applicability.iter().map(|word| label(word)).collect();
            let taught = if entry.lesson { "yes" } else { "" };
            let Entry { rule, title, severity, .. } = entry;
            let file = rule.replace('-', "_");
            let (fix, aliases) = (classes.join(", "), entry.aliases.join(", "));
            let cells = [severity, &fix, taught, &aliases].join(" | ");
            writeln!(out, "| [`{rule}`]({file}.md): {title} | {cells} |").expect("memory");
        }
        out
    }

    #[test]
    fn the_list_beside_the_rules_is_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/src/rules/README.md");
        let text = markdown();
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            std::fs::write(path, &text).expect("the sources can be written");
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == text, "src/rules/README.md: run again with UPDATE_SNAPSHOTS=1");
    }
}
