//! Colours for the editor, from the tree: what is a keyword is what Docker takes for one.

use super::{Token, TokenKind};
use crate::syntax::{File, Instruction, Item, Kind};
use crate::text::TextRange;

/// Every coloured piece of `source`, sorted and disjoint.
pub(super) fn tokens(source: &str, file: &File) -> Vec<Token> {
    let mut out = Vec::new();
    for item in &file.items {
        match item {
            Item::Directive(directive) => push(&mut out, directive.range, TokenKind::Comment),
            Item::Comment(range) => push(&mut out, *range, TokenKind::Comment),
            Item::Instruction(instruction) => colour(source, instruction, &mut out),
        }
    }
    out
}

fn push(out: &mut Vec<Token>, range: TextRange, kind: TokenKind) {
    if !range.is_empty() {
        out.push(Token { range, kind });
    }
}

fn colour(source: &str, instruction: &Instruction, out: &mut Vec<Token>) {
    let first = out.len();
    if instruction.keyword.is_some() {
        push(out, instruction.keyword_word.range, TokenKind::Keyword);
    }
    for flag in &instruction.flags {
        let end = flag.value.as_ref().map_or(flag.range.end, |value| value.range.start);
        push(out, TextRange::new(flag.range.start, end), TokenKind::Flag);
    }
    let mut skip: Vec<TextRange> = instruction.comments.clone();
    skip.extend(&instruction.continuations);
    for range in &instruction.comments {
        push(out, *range, TokenKind::Comment);
    }
    for range in &instruction.continuations {
        push(out, *range, TokenKind::Operator);
    }
    for heredoc in &instruction.heredocs {
        push(out, heredoc.opener, TokenKind::Operator);
        push(out, heredoc.body, TokenKind::Heredoc);
        push(out, heredoc.terminator.unwrap_or_default(), TokenKind::Operator);
    }
    skip.extend(instruction.heredocs.iter().map(|heredoc| heredoc.opener));
    skip.sort_unstable();
    match &instruction.kind {
        Kind::From { as_word, .. } => push(out, as_word.unwrap_or_default(), TokenKind::Keyword),
        // What it holds is coloured like any other instruction.
        Kind::Onbuild(nested) => {
            push(out, nested.keyword_word.range, TokenKind::Keyword);
            skip.push(nested.keyword_word.range);
        }
        _ => {}
    }
    let shell = instruction.body().is_some();
    Scan { source, end: instruction.arguments.end, skip: &skip, shell, out }
        .run(instruction.arguments.start);
    // Its own tokens only: a file has as many instructions as lines.
    let mut own = out.split_off(first);
    own.sort_unstable_by_key(|token| token.range);
    let mut end = 0;
    // Later tokens that reach into earlier ones go.
    own.retain(|token| {
        let keep = token.range.start >= end;
        if keep {
            end = token.range.end;
        }
        keep
    });
    out.append(&mut own);
}

/// Strings, variables, options and operators between two places.
struct Scan<'a> {
    source: &'a str,
    end: usize,
    skip: &'a [TextRange],
    shell: bool,
    out: &'a mut Vec<Token>,
}

impl Scan<'_> {
    fn run(&mut self, start: usize) {
        let mut at = start;
        let mut word_start = true;
        let mut skipped = 0;
        while let Some(rest) = self.source.get(at..self.end).filter(|rest| !rest.is_empty()) {
            while self.skip.get(skipped).is_some_and(|range| range.end <= at) {
                skipped += 1;
            }
            if let Some(range) = self.skip.get(skipped).filter(|range| range.start <= at) {
                at = range.end;
                word_start = true;
                continue;
            }
            let (length, kind) = self.one(rest, word_start);
            if let Some(kind) = kind {
                push(self.out, TextRange::new(at, at + length), kind);
            }
            word_start = rest.starts_with(char::is_whitespace) || kind == Some(TokenKind::Operator);
            at += length;
        }
    }

    /// The length of the next piece, and its colour.
    fn one(&self, rest: &str, word_start: bool) -> (usize, Option<TokenKind>) {
        let first = rest.chars().next().unwrap_or_default();
        match first {
            '"' | '\'' => match closing_quote(rest, first) {
                Some(length) => (length, Some(TokenKind::String)),
                None => (1, None),
            },
            '$' => match variable(rest) {
                0 => (1, None),
                length => (length, Some(TokenKind::Variable)),
            },
            '&' | '|' | ';' if self.shell => (
                rest.bytes().take_while(|&b| b == rest.as_bytes()[0]).count(),
                Some(TokenKind::Operator),
            ),
            '-' if word_start && self.shell => {
                let length =
                    rest.find(|c: char| c.is_whitespace() || matches!(c, '=' | ';' | '&' | '|'));
                (length.unwrap_or(rest.len()), Some(TokenKind::Flag))
            }
            '\\' => (1 + rest.chars().nth(1).map_or(0, char::len_utf8), None),
            c => (c.len_utf8(), None),
        }
    }
}

/// The length of the string that `rest` starts with, if it ends on the same line.
fn closing_quote(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The length of `$NAME` or `${...}`; 0 for a lone dollar.
fn variable(rest: &str) -> usize {
    let name =
        |text: &str| text.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    if rest.starts_with("${") {
        return rest
            .find(['}', '\n'])
            .filter(|&at| rest.as_bytes()[at] == b'}')
            .map_or(0, |at| at + 1);
    }
    match name(&rest[1..]) {
        0 => 0,
        length => length + 1,
    }
}
