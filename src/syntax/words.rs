//! Words of an instruction's joined text: quotes, escapes, blanks. Ranges are bytes of the joined text.

use crate::text::TextRange;

/// Splits at blanks that are neither quoted nor escaped; the words keep their quotes.
pub(super) fn split(text: &str, from: usize, escape: char) -> Vec<TextRange> {
    let mut words = Vec::new();
    let mut start = None;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in text[from..].char_indices().map(|(at, c)| (at + from, c)) {
        let inside = quote.is_some() || escaped;
        if !inside && c.is_whitespace() {
            words.extend(start.take().map(|start| TextRange::new(start, at)));
            continue;
        }
        start.get_or_insert(at);
        if escaped {
            escaped = false;
        } else if c == escape && quote != Some('\'') {
            escaped = true;
        } else if quote == Some(c) {
            quote = None;
        } else if quote.is_none() && matches!(c, '"' | '\'') {
            quote = Some(c);
        }
    }
    words.extend(start.map(|start| TextRange::new(start, text.len())));
    words
}

/// The word at byte `from`, where one starts.
pub(super) fn split_first(text: &str, from: usize, escape: char) -> Option<TextRange> {
    let line = text.get(from..)?;
    let blank = line.find(char::is_whitespace).map_or(text.len(), |length| from + length);
    // Most words hold neither quote nor escape, and then the first blank ends them.
    if !text[from..blank].contains(['"', '\'', escape]) {
        return Some(TextRange::new(from, blank)).filter(|range| !range.is_empty());
    }
    split(text, from, escape).into_iter().next()
}

/// A raw word without its quotes and escapes. Variables stay as they are written.
pub(super) fn unquote(raw: &str, escape: char) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut quote = None;
    let mut chars = raw.chars().peekable();
    while let Some(c) = chars.next() {
        if c == escape && quote != Some('\'') {
            match chars.peek() {
                // Inside double quotes the escape counts only before these.
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

/// What a `<<` word opens.
pub(super) struct Opener {
    pub name: String,
    pub strips_tabs: bool,
    pub expands: bool,
}

/// The heredocs that a line opens, with the words that open them.
pub(super) fn heredoc_openers(text: &str, escape: char) -> Vec<(TextRange, Opener)> {
    let words = split(text, 0, escape);
    words.into_iter().filter_map(|range| Some((range, opener(range.of(text), escape)?))).collect()
}

/// Reads `3<<-"EOF"`: an optional number, `<<`, an optional `-`, and one name.
fn opener(word: &str, escape: char) -> Option<Opener> {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let (strips_tabs, raw) = rest.strip_prefix('-').map_or((false, rest), |raw| (true, raw));
    let name = unquote(raw, escape);
    if raw.is_empty() || raw.contains('<') || name.is_empty() || name.contains(char::is_whitespace)
    {
        return None;
    }
    Some(Opener { name, strips_tabs, expands: !raw.contains(['"', '\'', escape]) })
}
