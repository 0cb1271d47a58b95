//! The seam to `dockerfile_parser`: it reads one joined instruction at a time; its types end in this file.
//!
//! `None` means that the crate refuses the text, or is known to read it otherwise than Docker does; then our own
//! tokenizer reads it.

use dockerfile_parser::{Dockerfile, Instruction, Span};

use super::ast::{Flag, Keyword, Kind, Pair, Transfer, Word};
use super::lines::Logical;
use crate::text::TextRange;

/// Above this the crate's grammar gets slow.
const LONGEST: usize = 16 * 1024;

/// Reads FROM, ARG, ENV, LABEL and COPY. `arguments` is the range of the joined text behind the flags.
pub(super) fn read(
    keyword: Keyword,
    flags: &[Flag],
    logical: &Logical,
    arguments: TextRange,
) -> Option<Kind> {
    if !is_safe(keyword, flags, logical, arguments) {
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
        Instruction::Copy(copy) => Kind::Copy(Transfer {
            sources: copy.sources.iter().map(|path| word(path.span, &path.content)).collect(),
            destination: word(copy.destination.span, &copy.destination.content),
        }),
        _ => return None,
    };
    // Quotes inside a word are the shell's business; the crate leaves them where they are.
    pairs(&kind).iter().all(|pair| !has_quote(pair)).then_some(kind)
}

/// Whether the crate is known to read such a text as Docker does.
fn is_safe(keyword: Keyword, flags: &[Flag], logical: &Logical, arguments: TextRange) -> bool {
    let given = arguments.of(&logical.text);
    let first = given.split_whitespace().next().unwrap_or_default();
    let shape = match keyword {
        Keyword::From | Keyword::Copy => !given.contains(['"', '\'']),
        Keyword::Arg => given == first,
        Keyword::Env | Keyword::Label => first.contains('='),
        _ => false,
    };
    // It takes `#` for a comment, a flag without a value for a path, and knows other escapes than Docker.
    let misread =
        given.starts_with(['#', '[']) || given.contains(['\\', '`']) || given.contains("<<");
    shape
        && !misread
        && logical.text.len() <= LONGEST
        && flags.iter().all(|flag| flag.value.is_some())
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
