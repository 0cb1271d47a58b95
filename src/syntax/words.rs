//! Words of an instruction's joined text: quotes, escapes, blanks. Ranges are bytes of the joined text.

use crate::text::TextRange;

/// What Docker splits keywords and plain arguments at. Quoted ones it splits at all that Unicode calls white space.
pub(super) const fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\u{b}' | '\u{c}')
}

/// In which of the quotes the escape character is a letter like any other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// In single ones. In double ones it counts before `"`, `$` and itself.
    Shell,
    /// In none.
    Flag,
}

/// The first word from byte `from` on, with its quotes: it ends at a blank that is neither quoted nor escaped.
pub(super) fn next(text: &str, from: usize, escape: char, quotes: Quotes) -> Option<TextRange> {
    let line = text.get(from..)?;
    let start = from + (line.len() - line.trim_start().len());
    let mut quote = None;
    let mut chars = text[start..].char_indices();
    let mut end = text.len();
    while let Some((at, c)) = chars.next() {
        if quote.is_none() && c.is_whitespace() {
            end = start + at;
            break;
        }
        if c == escape && (quote != Some('\'') || quotes == Quotes::Flag) {
            chars.next();
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') {
            quote = Some(c);
        }
    }
    (start < end).then_some(TextRange::new(start, end))
}

/// All words of `range`.
pub(super) fn split(text: &str, range: TextRange, escape: char) -> Vec<TextRange> {
    let text = &text[..range.end];
    let mut words = Vec::new();
    let mut at = range.start;
    while let Some(word) = next(text, at, escape, Quotes::Shell) {
        at = word.end;
        words.push(word);
    }
    words
}

/// The pieces of `range` between plain blanks; quotes mean nothing here.
pub(super) fn fields(text: &str, range: TextRange) -> Vec<TextRange> {
    let mut fields = Vec::new();
    let mut at = range.start;
    for field in range.of(text).split(is_blank) {
        if !field.is_empty() {
            fields.push(TextRange::new(at, at + field.len()));
        }
        at += field.len() + 1;
    }
    fields
}

/// A raw word without its quotes and escapes. Variables stay as they are written.
pub(super) fn unquote(raw: &str, escape: char) -> String {
    unquote_as(raw, escape, Quotes::Shell)
}

/// The same for a word with such quotes.
pub(super) fn unquote_as(raw: &str, escape: char, quotes: Quotes) -> String {
    if !raw.contains(['"', '\'', escape]) {
        return raw.to_owned();
    }
    let mut out = String::with_capacity(raw.len());
    let mut quote = None;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        if c == escape && quotes == Quotes::Flag {
            out.extend(chars.next());
        } else if c == escape && quote != Some('\'') {
            match chars.peek() {
                Some(&next) if quote.is_none() || next == '"' || next == '$' || next == escape => {
                    out.push(next);
                    chars.next();
                }
                _ => out.push(c),
            }
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') {
            quote = Some(c);
        } else {
            out.push(c);
        }
    }
    out
}
