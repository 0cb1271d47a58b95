//! The crate `dockerfile_parser` as a second reader of what a rewrite wrote; its types end in this file.

use dockerfile_parser::{Dockerfile, Instruction, Span};

use super::ast::{Instruction as Ours, Keyword, Kind, Pair, Word};
use super::lines::Logical;
use crate::text::TextRange;

/// Above this the crate's grammar gets slow.
const LONGEST: usize = 16 * 1024;

/// Whether another reader reads `instruction` as we do, or cannot tell: it knows FROM, ARG, ENV and LABEL.
pub fn agrees(instruction: &Ours) -> bool {
    read(instruction).is_none_or(|kind| kind == instruction.kind)
}

/// `None` where the crate refuses the text, or is known to read it otherwise than Docker does.
fn read(instruction: &Ours) -> Option<Kind> {
    let logical = &instruction.logical;
    if !is_safe(instruction) {
        return None;
    }
    let parsed = Dockerfile::parse(&logical.text).ok()?;
    let [instruction] = parsed.instructions.as_slice() else { return None };
    if instruction.span().end < logical.text.trim_end().len() {
        return None;
    }
    let word =
        |span: Span, text: &str| Word { text: text.to_owned(), range: source(logical, span) };
    let pair = |span: Span, key: Word, value: Option<Word>| Pair {
        range: source(logical, span),
        key,
        value,
    };
    let kind = match instruction {
        Instruction::From(from) => Kind::From {
            image: word(from.image.span, &from.image.content),
            as_word: from
                .alias
                .as_ref()
                .and_then(|alias| as_word(logical, from.image.span.end, alias.span.start)),
            alias: from.alias.as_ref().map(|alias| word(alias.span, &alias.content)),
        },
        Instruction::Arg(arg) => {
            let value = arg.value.as_ref().map(|value| word(value.span, &value.content));
            let span = Span::new(
                arg.name.span.start,
                arg.value.as_ref().map_or(arg.name.span.end, |v| v.span.end),
            );
            Kind::Arg(vec![pair(span, word(arg.name.span, &arg.name.content), value)])
        }
        Instruction::Env(env) => Kind::Env(
            env.vars
                .iter()
                .map(|var| {
                    let value = word(var.value.span, &var.value.to_string());
                    pair(var.span, word(var.key.span, &var.key.content), Some(value))
                })
                .collect(),
        ),
        Instruction::Label(label) => Kind::Label(
            label
                .labels
                .iter()
                .map(|one| {
                    let value = word(one.value.span, &one.value.content);
                    pair(one.span, word(one.name.span, &one.name.content), Some(value))
                })
                .collect(),
        ),
        _ => return None,
    };
    // Quotes inside a word are the shell's business; the crate leaves them where they are.
    pairs(&kind).iter().all(|pair| !has_quote(pair)).then_some(kind)
}

/// Whether the crate is known to read such a text as Docker does.
fn is_safe(instruction: &Ours) -> bool {
    let text = &instruction.logical.text;
    let given = arguments(text);
    let first = given.split_whitespace().next().unwrap_or_default();
    let shape = match instruction.keyword {
        Some(Keyword::From) => !given.contains(['"', '\'']),
        Some(Keyword::Arg) => given == first,
        Some(Keyword::Env | Keyword::Label) => first.contains('='),
        _ => false,
    };
    // It takes `#` for a comment, and knows other escapes than Docker.
    let misread = given.starts_with('#') || given.contains(['\\', '`']);
    shape
        && !misread
        && text.len() <= LONGEST
        && instruction.flags.iter().all(|flag| flag.value.is_some())
}

/// What stands behind the keyword and its flags.
fn arguments(text: &str) -> &str {
    let behind_word = |text: &'_ str| text.find(char::is_whitespace).unwrap_or(text.len());
    let mut rest = text[behind_word(text)..].trim_start();
    while rest.starts_with("--") {
        rest = rest[behind_word(rest)..].trim_start();
    }
    rest
}

fn source(logical: &Logical, span: Span) -> TextRange {
    logical.source(TextRange::new(span.start, span.end))
}

/// The word AS between image and alias.
fn as_word(logical: &Logical, from: usize, to: usize) -> Option<TextRange> {
    let between = logical.text.get(from..to)?;
    let start = from + (between.len() - between.trim_start().len());
    Some(logical.source(TextRange::new(start, start + between.trim().len())))
}

fn pairs(kind: &Kind) -> &[Pair] {
    match kind {
        Kind::Arg(pairs) | Kind::Env(pairs) | Kind::Label(pairs) => pairs,
        _ => &[],
    }
}

fn has_quote(pair: &Pair) -> bool {
    let value = pair.value.as_ref().is_some_and(|value| value.text.contains(['"', '\'']));
    value || pair.key.text.contains(['"', '\''])
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    #[test]
    fn reads_what_we_read() {
        for text in [
            "FROM python:3.11-slim",
            "FROM --platform=linux/amd64 ghcr.io/a/b:1 AS builder",
            "ARG VERSION=1.2",
            "ENV A=1 B=two PATH=/opt/venv/bin:$PATH",
            "ENV A='x y'",
            "LABEL org.opencontainers.image.title=app",
        ] {
            let file = parse(text);
            let instruction = file.instructions().next().expect("one line");
            assert_eq!(read(instruction).as_ref(), Some(&instruction.kind), "{text}");
        }
    }

    #[test]
    fn cannot_tell_where_it_is_known_to_read_otherwise() {
        for text in ["FROM \"a\"", "ARG A B", "ENV A 1", "ENV A=\\$B", "COPY a b", "RUN true"] {
            let file = parse(text);
            let instruction = file.instructions().next().expect("one line");
            assert_eq!(read(instruction), None, "{text}");
        }
    }
}
