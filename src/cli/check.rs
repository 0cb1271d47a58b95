//! `check` for people: the line, carets under the token, what, why, what to do.

use std::collections::BTreeSet;

use anstyle::{AnsiColor, Style};

use super::excerpt::{Excerpt, printable};
use super::lessons;
use super::place::Place;
use crate::analysis::{Analysis, Mistaken};
use crate::finding::{Applicability, DOCKERFILE, Finding, Origin, Severity};
use crate::input::Input;

/// Longest line of running text, in characters.
const MEASURE: usize = 96;
const BOLD: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// Everything there is to say about `file`, with colours.
pub(super) fn text(file: &str, input: &Input, analysis: &Analysis) -> String {
    let shown_file = printable(file);
    let mistaken = analysis.mistaken.map(mistaken_for);
    let mut out =
        mistaken.map_or_else(String::new, |what| format!("{BOLD}{shown_file}{BOLD:#}: {what}\n\n"));
    let mut explained = BTreeSet::new();
    for finding in &analysis.findings {
        let name = if finding.file == DOCKERFILE { &shown_file } else { finding.file };
        let place = Place::of(finding, input, analysis);
        out += &heading(name, finding, &place);
        out += &source(finding, &place);
        // A rule that speaks twice gives its reason once.
        let why = if explained.insert(finding.rule) { lessons::why(finding.rule) } else { None };
        out += &advice(finding, why);
        out.push('\n');
    }
    out + &summary(&shown_file, analysis)
}

fn heading(file: &str, finding: &Finding, place: &Place) -> String {
    let style = style(finding.severity);
    let title = finding.title;
    format!(
        "{BOLD}{file}:{}:{}{BOLD:#}: {style}{}{style:#}: {BOLD}{title}{BOLD:#} {QUIET}[{}]{QUIET:#}\n",
        place.start.line,
        place.start.column,
        finding.severity.as_str(),
        finding.rule,
    )
}

/// The line with carets under the token; under something missing, where its line would go.
fn source(finding: &Finding, place: &Place) -> String {
    let style = style(finding.severity);
    // Past the end of the text there is nothing to show, so the last line stands in.
    let below =
        finding.missing && place.start.line > 1 && place.line(place.start.line).trim().is_empty();
    let number = if below { place.start.line - 1 } else { place.start.line };
    // A range that ends where a line starts has nothing of that line.
    let last = place.end.line - usize::from(place.end.column == 1 && place.end.line > number);
    let start = if below { 0 } else { place.start.column - 1 };
    let end = if place.end.line > number { usize::MAX } else { place.end.column - 1 };
    let excerpt = Excerpt::new(place.line(number), start, end);
    let carets = "^".repeat(excerpt.length);
    let mark = if finding.missing {
        let side = if below { "below" } else { "above" };
        format!("^ missing: it would stand {side} this line")
    } else if last > number {
        format!("{carets} (to line {last})")
    } else {
        carets
    };
    format!(
        "{QUIET}{number:>4} |{QUIET:#} {}\n     {QUIET}|{QUIET:#} {}{style}{mark}{style:#}\n",
        excerpt.line,
        " ".repeat(excerpt.indent),
    )
}

/// What, why, what to do.
fn advice(finding: &Finding, why: Option<&str>) -> String {
    let mut out = paragraph("", &finding.message);
    if let Some(why) = why {
        out += &paragraph("Why", why);
    }
    if let Some(fix) = &finding.fix {
        out += &paragraph(fix.applicability.label(), &fix.title);
        if fix.applicability == Applicability::Ask {
            for assumed in &fix.assumes {
                out += &paragraph("Assumes", assumed);
            }
        }
    }
    if let Some(by_hand) = &finding.advice {
        out += &paragraph("By hand", by_hand);
    }
    out
}

/// `text` behind a bold `label`, broken into lines of at most [`MEASURE`] characters.
fn paragraph(label: &str, text: &str) -> String {
    let bold_label = format!(" {BOLD}{label}:{BOLD:#}");
    let mut out = "      ".to_owned();
    let mut length = 0;
    if !label.is_empty() {
        out += &bold_label;
        length = label.chars().count() + 2;
    }
    for word in printable(text).split_whitespace() {
        let columns = word.chars().count() + 1;
        if length + columns > MEASURE {
            out += "\n      ";
            length = 0;
        }
        out.push(' ');
        out += word;
        length += columns;
    }
    out.push('\n');
    out
}

/// What is counted here is what the score counts: notes are left out.
fn summary(file: &str, analysis: &Analysis) -> String {
    let counted = analysis.findings.iter().filter(|finding| finding.origin != Origin::Note);
    let (consider, fix): (Vec<_>, Vec<_>) =
        counted.partition(|finding| finding.severity == Severity::Info);
    let found = if fix.is_empty() && consider.is_empty() {
        "nothing to fix".to_owned()
    } else {
        format!("{} to fix, {} to consider", fix.len(), consider.len())
    };
    let silenced = match analysis.suppressed.len() {
        0 => String::new(),
        number => format!(" · {number} silenced by comments"),
    };
    let score = &analysis.score;
    format!("{file}: {BOLD}{found}{BOLD:#}{silenced} · score {} ({})\n", score.points, score.grade)
}

const fn style(severity: Severity) -> Style {
    let colour = match severity {
        Severity::Error => AnsiColor::Red,
        Severity::Warning => AnsiColor::Yellow,
        Severity::Info => AnsiColor::Cyan,
    };
    colour.on_default().bold()
}

const fn mistaken_for(mistaken: Mistaken) -> &'static str {
    match mistaken {
        Mistaken::Wrapped => {
            "this holds more than the Dockerfile: a Markdown fence, or the prompts of a terminal"
        }
        Mistaken::Compose => "this looks like a compose file; give the Dockerfile that it builds",
        Mistaken::Requirements => "this looks like pip's requirements; give it with --requirements",
        Mistaken::Dockerignore => "this looks like an ignore file; give it with --dockerignore",
        Mistaken::PackageJson => "this looks like npm's package.json; give it with --package-json",
        Mistaken::Binary => "this is not text",
        Mistaken::Prose => "no line of this is a Dockerfile's",
    }
}
