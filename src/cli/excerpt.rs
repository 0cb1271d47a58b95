//! A source line as a terminal can show it, and how far along it a token stands.

/// Longest piece of a line that is shown, in terminal columns.
const WIDEST: usize = 100;

/// A shown line and the terminal columns of the token in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line, or the piece of it around the token: tabs as spaces, nothing that a terminal would obey.
    pub(super) line: String,
    /// Columns before the token.
    pub(super) indent: usize,
    /// Columns of the token, at least one.
    pub(super) length: usize,
}

impl Excerpt {
    /// Shows `line` with the characters from `start` up to, not including, `end` (both counted from 0) in view.
    pub(super) fn new(line: &str, start: usize, end: usize) -> Self {
        let line = line.trim_end_matches(['\n', '\r']);
        let columns = |from: usize, count: usize| {
            line.chars().skip(from).take(count).map(width).sum::<usize>()
        };
        let (before, token) = (columns(0, start), columns(start, end.saturating_sub(start)));
        let all = columns(0, usize::MAX);
        // Of a long line a piece is cut out. What leads up to the token takes a third of it at most.
        let from = if all > WIDEST { before.saturating_sub(WIDEST / 3) } else { 0 };
        let mut out = String::from(if from > 0 { "…" } else { "" });
        let mut column = 0;
        for c in line.chars() {
            if (from..from + WIDEST).contains(&column) {
                show(c, &mut out);
            }
            column += width(c);
        }
        if all > from + WIDEST {
            out.push('…');
        }
        Self {
            line: out,
            indent: before - from + usize::from(from > 0),
            length: token.min((from + WIDEST).saturating_sub(before)).max(1),
        }
    }
}

/// `text` on one line without anything that a terminal would obey.
pub(super) fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        show(if c == '\n' { ' ' } else { c }, &mut out);
    }
    out
}

/// Adds `c` to `out`, as a terminal may have it.
fn show(c: char, out: &mut String) {
    match c {
        '\t' => out.push_str("    "),
        // Each control character has a picture of itself.
        '\0'..='\x1f' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or('\u{fffd}')),
        // More controls, and marks that turn the direction of what follows.
        '\x7f'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            out.push('\u{fffd}');
        }
        '\u{feff}' => {}
        _ => out.push(c),
    }
}

/// Terminal columns of `c`: near enough to put a caret under it.
const fn width(c: char) -> usize {
    match c {
        '\t' => 4,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' => 0,
        '\u{1100}'..='\u{115f}'
        | '\u{231a}'..='\u{231b}'
        | '\u{23e9}'..='\u{23ec}'
        | '\u{2705}'
        | '\u{2728}'
        | '\u{274c}'
        | '\u{274e}'
        | '\u{2753}'..='\u{2757}'
        | '\u{2e80}'..='\u{a4cf}'
        | '\u{ac00}'..='\u{d7a3}'
        | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe6f}'
        | '\u{ff00}'..='\u{ff60}'
        | '\u{ffe0}'..='\u{ffe6}'
        | '\u{1f300}'..='\u{1faff}'
        | '\u{20000}'..='\u{3fffd}' => 2,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt with its carets below, as it is printed.
    fn drawn(line: &str, start: usize, end: usize) -> String {
        let excerpt = Excerpt::new(line, start, end);
        format!("{}\n{}{}", excerpt.line, " ".repeat(excerpt.indent), "^".repeat(excerpt.length))
    }

    #[test]
    fn carets_stand_under_the_token() {
        assert_eq!(drawn("FROM python:3.11\r\n", 5, 16), "FROM python:3.11\n     ^^^^^^^^^^^");
        assert_eq!(drawn("", 0, 0), "\n^");
    }

    #[test]
    fn tabs_and_wide_characters_take_their_columns() {
        assert_eq!(drawn("\tCMD x", 1, 4), "    CMD x\n    ^^^");
        assert_eq!(drawn("# ❌ x", 4, 5), "# ❌ x\n     ^");
        assert_eq!(drawn("\u{feff}FROM a", 1, 5), "FROM a\n^^^^");
    }

    #[test]
    fn a_terminal_is_given_no_orders() {
        assert_eq!(drawn("RUN \u{1b}[31m", 4, 5), "RUN ␛[31m\n    ^");
        assert_eq!(printable("a\u{202e}b\nc"), "a\u{fffd}b c");
    }

    #[test]
    fn a_long_line_is_cut_around_the_token() {
        let line = format!("{}token{}", "a".repeat(500), "b".repeat(500));
        let excerpt = Excerpt::new(&line, 500, 505);
        let token: String =
            excerpt.line.chars().skip(excerpt.indent).take(excerpt.length).collect();
        assert_eq!(token, "token");
        assert!(excerpt.line.starts_with('…') && excerpt.line.ends_with('…'));
        assert!(excerpt.line.chars().count() <= WIDEST + 2);
        let excerpt = Excerpt::new(&line, 0, 1005);
        assert_eq!(excerpt.length, WIDEST, "carets end where the line is cut");
    }
}
