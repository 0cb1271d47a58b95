//! One word of a shell text: quotes, escapes, variables, substitutions. Its text is made on the way.

use super::compound::Part;
use super::reader::{DEEPEST, Reader};
use crate::text::TextRange;

impl Reader<'_> {
    /// Takes the next word. Its range is empty where none starts here; its text is left in `plain`.
    pub fn raw_word(&mut self) -> Option<TextRange> {
        let start = self.at;
        let mut is_first = true;
        self.plain.clear();
        while let Some(byte) = self.byte() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' => break,
                b'<' | b'>' if self.byte_after(1) == Some(b'(') => self.substitution(2)?,
                b'(' if std::mem::take(&mut is_first)
                    && is_array(TextRange::new(start, self.at).of(self.text)) =>
                {
                    self.array()?;
                }
                b'&' | b'|' | b'(' | b')' | b'<' | b'>' if !self.in_test => break,
                b'\\' => self.escape(""),
                b'\'' => self.single_quoted()?,
                b'"' => self.double_quoted()?,
                b'$' => self.dollar(false)?,
                b'`' => self.backticks()?,
                _ => self.plain_run(),
            }
        }
        Some(TextRange::new(start, self.at))
    }

    /// Adds the next `length` bytes to the word as they are.
    fn keep(&mut self, length: usize) {
        let end = (self.at + length).min(self.text.len());
        let range = TextRange::new(self.at, end);
        self.plain.push(range.of(self.text), range);
        self.at = end;
    }

    /// Takes the next `length` bytes for a word.
    pub fn as_it_is(&mut self, length: usize) -> TextRange {
        let start = self.at;
        self.plain.clear();
        self.keep(length);
        TextRange::new(start, self.at)
    }

    /// Adds everything from byte `start` on as it is written.
    fn keep_from(&mut self, start: usize) {
        let length = self.at - start;
        self.at = start;
        self.keep(length);
    }

    /// Letters up to whatever might be special.
    fn plain_run(&mut self) {
        let length = self.until(" \t\r\n;&|()<>\\'\"$`").unwrap_or(self.text.len() - self.at);
        // In a test, brackets are letters.
        self.keep(length.max(1));
    }

    /// A backslash with what it escapes. It stays itself before anything that is not in `only`, if that says something.
    fn escape(&mut self, only: &str) {
        let mut rest = self.rest().chars();
        match rest.nth(1) {
            Some('\n' | '\r') if self.continuation() > 0 => self.at += self.continuation(),
            Some(c) if only.is_empty() || only.contains(c) => {
                let end = self.text.len() - rest.as_str().len();
                let escaped = TextRange::new(self.at + 1, end);
                self.plain.push(escaped.of(self.text), TextRange::new(self.at, end));
                self.at = end;
            }
            _ => self.keep(1),
        }
    }

    fn single_quoted(&mut self) -> Option<()> {
        self.at += 1;
        let length = self.until("'")?;
        self.keep(length);
        self.at += 1;
        Some(())
    }

    fn double_quoted(&mut self) -> Option<()> {
        self.at += 1;
        self.deeper()?;
        loop {
            match self.byte()? {
                b'"' => break,
                b'\\' => self.escape("$`\"\\"),
                b'$' => self.dollar(true)?,
                b'`' => self.backticks()?,
                _ => {
                    let length = self.until("\"\\$`")?;
                    self.keep(length);
                }
            }
        }
        self.at += 1;
        self.nesting -= 1;
        Some(())
    }

    fn dollar(&mut self, quoted: bool) -> Option<()> {
        let start = self.at;
        match self.byte_after(1) {
            Some(b'(') => {
                if let Some(end) = self.arithmetic_end(start + 1) {
                    self.at = end;
                    self.keep_from(start);
                } else {
                    self.substitution(2)?;
                }
            }
            Some(b'{') => self.braces(quoted)?,
            Some(b'\'') if !quoted => self.ansi_quoted()?,
            Some(b'"') if !quoted => self.at += 1,
            // The second one opens nothing.
            Some(b'$') => self.keep(2),
            // Arithmetic to some shells.
            Some(b'[') if !quoted => return None,
            _ => self.keep(1),
        }
        Some(())
    }

    /// `${X:-default}`, as it is written.
    fn braces(&mut self, quoted: bool) -> Option<()> {
        let start = self.at;
        let plain = std::mem::take(&mut self.plain);
        self.deeper()?;
        self.at += 2;
        loop {
            match self.byte()? {
                b'}' => break,
                b'\\' => self.escape(""),
                b'\'' if !quoted => self.single_quoted()?,
                b'"' => self.double_quoted()?,
                b'$' => self.dollar(quoted)?,
                b'`' => self.backticks()?,
                _ => {
                    let length = self.until("}\\'\"$`")?;
                    self.at += length.max(1);
                }
            }
        }
        self.at += 1;
        self.nesting -= 1;
        self.plain = plain;
        self.keep_from(start);
        Some(())
    }

    /// Everything up to the next backtick that is not escaped, as it is written.
    fn backticks(&mut self) -> Option<()> {
        let start = self.at;
        self.at += 1;
        loop {
            self.at += self.until("`\\")?;
            if self.byte() == Some(b'`') {
                break;
            }
            self.at += 1;
            self.at += usize::from(matches!(self.byte()?, b'`' | b'\\'));
        }
        self.at += 1;
        self.keep_from(start);
        Some(())
    }

    /// `$(…)` or `<(…)`: read like any list of commands, then kept as it is written.
    fn substitution(&mut self, opener: usize) -> Option<()> {
        let start = self.at;
        let plain = std::mem::take(&mut self.plain);
        let state = std::mem::take(&mut self.state);
        let in_test = std::mem::take(&mut self.in_test);
        let count = self.commands.len();
        self.deeper()?;
        self.push(Part::Substitution)?;
        let depth = self.open.len();
        self.at += opener;
        while self.open.len() >= depth {
            self.token()?;
        }
        self.nesting -= 1;
        self.commands.truncate(count);
        (self.plain, self.state, self.in_test) = (plain, state, in_test);
        self.keep_from(start);
        Some(())
    }

    /// `NAME=(a b c)`, as it is written.
    fn array(&mut self) -> Option<()> {
        let start = self.at;
        let plain = std::mem::take(&mut self.plain);
        self.deeper()?;
        self.at += 1;
        loop {
            self.skip_lines()?;
            if self.byte()? == b')' {
                break;
            }
            if self.raw_word()?.is_empty() {
                return None;
            }
        }
        self.at += 1;
        self.nesting -= 1;
        self.plain = plain;
        self.keep_from(start);
        Some(())
    }

    /// `$'a\tb'`
    fn ansi_quoted(&mut self) -> Option<()> {
        self.at += 2;
        loop {
            match self.byte()? {
                b'\'' => break,
                b'\\' => self.ansi_escape()?,
                _ => {
                    let length = self.until("'\\")?;
                    self.keep(length);
                }
            }
        }
        self.at += 1;
        Some(())
    }

    fn ansi_escape(&mut self) -> Option<()> {
        let rest = self.rest().get(1..)?;
        let letter = rest.chars().next()?;
        let (skip, digits, base) = match letter {
            'x' => (1, 2, 16),
            'u' => (1, 4, 16),
            'U' => (1, 8, 16),
            _ => (0, 3, 8),
        };
        let mut length = skip;
        let mut code = 0;
        for digit in rest.chars().skip(skip).take(digits) {
            let Some(digit) = digit.to_digit(base) else { break };
            code = code * base + digit;
            length += 1;
        }
        let meant = if length > skip {
            // A byte above ASCII is a piece of a letter, and zero ends the word.
            if code == 0 || code > 127 && !matches!(letter, 'u' | 'U') {
                return None;
            }
            char::from_u32(code)?
        } else {
            length = 1;
            match letter {
                'a' => '\u{7}',
                'b' => '\u{8}',
                'e' | 'E' => '\u{1b}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\u{b}',
                '\\' | '\'' | '"' | '?' => letter,
                'c' => return None,
                // Any other backslash stays.
                _ => {
                    self.keep(1);
                    return Some(());
                }
            }
        };
        let end = self.at + 1 + length;
        self.plain.push(meant.encode_utf8(&mut [0; 4]), TextRange::new(self.at, end));
        self.at = end;
        Some(())
    }

    /// The end of `((…))` that starts at byte `start`, where its brackets close together.
    pub fn arithmetic_end(&self, start: usize) -> Option<usize> {
        let bytes = self.text.as_bytes().get(start..)?;
        if !bytes.starts_with(b"((") {
            return None;
        }
        let mut open = 0;
        for (at, byte) in bytes.iter().enumerate().skip(2) {
            match byte {
                b'(' if open < DEEPEST => open += 1,
                b'(' => return None,
                b')' if open == 0 => {
                    return (bytes.get(at + 1) == Some(&b')')).then_some(start + at + 2);
                }
                b')' => open -= 1,
                _ => {}
            }
        }
        None
    }

    /// One quote or bracket deeper. `None` beyond the cap.
    fn deeper(&mut self) -> Option<()> {
        self.nesting += 1;
        (self.nesting + self.open.len() <= DEEPEST).then_some(())
    }
}

fn is_array(before: &str) -> bool {
    assignment(before) && before.find('=') == Some(before.len() - 1)
}

/// Whether a word as it is written is `NAME=value`, `NAME+=value` or `NAME[key]=value`.
pub(super) fn assignment(raw: &str) -> bool {
    let name = raw.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let rest = &raw[name..];
    let key = if rest.starts_with('[') { rest.find(']') } else { None };
    let rest = key.map_or(rest, |end| &rest[end + 1..]);
    name > 0
        && !raw.starts_with(|c: char| c.is_ascii_digit())
        && rest.strip_prefix('+').unwrap_or(rest).starts_with('=')
}

/// Whether a word as it is written holds neither variable nor substitution, so that its text is all there is.
pub fn is_literal(raw: &str) -> bool {
    let mut bytes = raw.bytes().peekable();
    let mut doubled = false;
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => drop(bytes.next()),
            b'\'' if !doubled => while bytes.next().is_some_and(|b| b != b'\'') {},
            b'"' => doubled = !doubled,
            b'`' => return false,
            b'$' if bytes
                .peek()
                .is_some_and(|b| b.is_ascii_alphanumeric() || b"_{(@*#?$!-".contains(b)) =>
            {
                return false;
            }
            _ => {}
        }
    }
    !raw.starts_with("<(") && !raw.starts_with(">(")
}

/// Whether a word goes on with `c`.
pub(super) fn is_of_word(c: char) -> bool {
    !" \t\r\n;&|()<>".contains(c)
}
