//! A tree as text: one line for each item, each word with its role and the source that stands at its place.

use std::fmt::Write as _;

use drydock::syntax::{Body, Instruction, Item, Kind, Pair, Word, parse};
use drydock::text::{LineIndex, TextRange};

/// A word of an instruction.
#[derive(Debug)]
pub struct Piece {
    /// What it is there for.
    pub role: String,
    /// Where it stands.
    pub range: TextRange,
    /// What it means; `None` where it is taken as it stands.
    pub value: Option<String>,
}

impl Piece {
    fn source(&self, text: &str) -> String {
        let source = self.range.of(text);
        let value = self.value.as_ref().filter(|value| *value != source);
        let value = value.map(|value| format!("=‹{}›", visible(value)));
        format!(" {}‹{}›{}", self.role, visible(source), value.unwrap_or_default())
    }
}

/// All that is in `text`, and what Docker refuses of it.
///
/// ```text
/// 2-3 COPY --from‹a› source‹"b c"›=‹b c› to‹d›     first and last line, keyword, role‹source›=‹value if it differs›
/// ! ‹x› what is wrong
/// ```
pub fn show(text: &str) -> String {
    let file = parse(text);
    let lines = LineIndex::new(text);
    let mut out = String::new();
    for item in &file.items {
        match item {
            Item::Directive(directive) => {
                let line = lines.line(directive.range.start);
                let (name, value) = (directive.name.range, directive.value.range);
                writeln!(out, "{line} directive‹{}› value‹{}›", name.of(text), value.of(text))
                    .unwrap();
            }
            Item::Comment(range) => {
                writeln!(out, "{} comment‹{}›", lines.line(range.start), visible(range.of(text)))
                    .unwrap();
            }
            Item::Instruction(instruction) => show_instruction(text, &lines, instruction, &mut out),
        }
    }
    for error in &file.errors {
        let token: String = error.range.of(text).chars().take(60).collect();
        writeln!(out, "! ‹{}› {}", visible(&token), error.message).unwrap();
    }
    out
}

fn show_instruction(text: &str, lines: &LineIndex, instruction: &Instruction, out: &mut String) {
    let (first, last) = (lines.line(instruction.range.start), lines.line(instruction.range.end));
    let place = if first == last { first.to_string() } else { format!("{first}-{last}") };
    write!(out, "{place} {}", visible(&instruction.keyword_word.text)).unwrap();
    for piece in pieces(instruction).iter().skip(1) {
        out.push_str(&piece.source(text));
    }
    if let Kind::Onbuild(nested) = &instruction.kind
        && nested.kind == Kind::Broken
    {
        out.push_str(" broken");
    }
    match instruction.kind {
        Kind::Broken => out.push_str(" broken"),
        Kind::Healthcheck(None) => out.push_str(" none"),
        _ => {}
    }
    for comment in &instruction.comments {
        write!(out, " comment‹{}›", visible(comment.of(text))).unwrap();
    }
    if !instruction.empty_lines.is_empty() {
        write!(out, " blank lines: {}", instruction.empty_lines.len()).unwrap();
    }
    for heredoc in &instruction.heredocs {
        let tabs = if heredoc.strips_tabs { " without tabs" } else { "" };
        let raw = if heredoc.expands { "" } else { " as it stands" };
        let opener = visible(heredoc.opener.of(text));
        let body = visible(heredoc.body.of(text));
        write!(out, " heredoc‹{opener}› {}‹{body}›{tabs}{raw}", heredoc.name).unwrap();
    }
    if instruction.is_open {
        out.push_str(" open");
    }
    out.push('\n');
}

/// Line ends and tabs as signs that can be seen.
fn visible(text: &str) -> String {
    text.replace('\n', "⏎").replace('\r', "␍").replace('\t', "⇥")
}

/// Every word of the instruction with its place, the keyword first.
pub fn pieces(instruction: &Instruction) -> Vec<Piece> {
    let mut out = Vec::new();
    words("keyword", [&instruction.keyword_word], &mut out);
    for flag in &instruction.flags {
        let role = format!("--{}", flag.name);
        match &flag.value {
            Some(value) => words(&role, [value], &mut out),
            None => out.push(Piece { role, range: flag.range, value: None }),
        }
        pairs(&flag.options, &mut out);
    }
    match &instruction.kind {
        Kind::From { image, as_word, alias } => {
            words("image", [image], &mut out);
            words("name", alias, &mut out);
            assert_eq!(as_word.is_some(), alias.is_some());
        }
        Kind::Arg(all) | Kind::Env(all) | Kind::Label(all) => pairs(all, &mut out),
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            words("source", &transfer.sources, &mut out);
            words("to", [&transfer.destination], &mut out);
        }
        Kind::Workdir(one) | Kind::User(one) | Kind::Stopsignal(one) | Kind::Maintainer(one) => {
            words("value", [one], &mut out);
        }
        Kind::Expose(all) => words("port", all, &mut out),
        Kind::Volume(all) => words("path", all, &mut out),
        Kind::Shell(all) => words("element", all, &mut out),
        Kind::Onbuild(nested) => out.extend(pieces(nested)),
        _ => {}
    }
    match instruction.body() {
        Some(Body::Exec(elements)) => words("element", elements, &mut out),
        Some(Body::Shell(script)) => {
            let role = "shell".to_owned();
            out.push(Piece { role, range: script.range, value: None });
        }
        None => {}
    }
    out
}

fn words<'a>(role: &str, words: impl IntoIterator<Item = &'a Word>, out: &mut Vec<Piece>) {
    for word in words {
        let value = Some(word.text.clone());
        out.push(Piece { role: role.to_owned(), range: word.range, value });
    }
}

fn pairs(pairs: &[Pair], out: &mut Vec<Piece>) {
    for pair in pairs {
        words("key", [&pair.key], out);
        words("value", &pair.value, out);
    }
}
