//! The exec form: a JSON array of strings, as strict as Docker's, with the place of each element.

use crate::text::TextRange;

/// One string of the array: its place with the quotes, and its value.
pub(super) type Element = (TextRange, String);

/// Reads `["a", "b"]`, which must be all of `text` from byte `from` on but for blanks. `None` where it is anything else.
pub(super) fn string_array(text: &str, from: usize) -> Option<Vec<Element>> {
    let mut reader = Reader { text, at: from };
    let mut elements = Vec::new();
    reader.expect('[')?;
    if reader.expect(']').is_none() {
        loop {
            elements.push(reader.string()?);
            if reader.expect(',').is_none() {
                reader.expect(']')?;
                break;
            }
        }
    }
    reader.blanks();
    (reader.at == text.len()).then_some(elements)
}

/// A JSON string for `value`.
pub fn quote(value: &str) -> String {
    let mut out = String::from('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|c| matches!(c, ' ' | '\t' | '\r' | '\n')) {
            self.at += 1;
        }
    }

    fn expect(&mut self, wanted: char) -> Option<()> {
        self.blanks();
        (self.peek()? == wanted).then(|| self.at += wanted.len_utf8())
    }

    fn string(&mut self) -> Option<Element> {
        self.blanks();
        let start = self.at;
        self.expect('"')?;
        let mut value = String::new();
        loop {
            match self.next()? {
                '"' => return Some((TextRange::new(start, self.at), value)),
                '\\' => value.push(self.escape()?),
                c if u32::from(c) < 0x20 => return None,
                c => value.push(c),
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            c @ ('"' | '\\' | '/') => c,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.unicode()?,
            _ => return None,
        })
    }

    fn unicode(&mut self) -> Option<char> {
        let high = self.hex()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Some(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let before = self.at;
        if self.next() == Some('\\') && self.next() == Some('u') {
            let low = self.hex()?;
            if (0xdc00..0xe000).contains(&low) {
                return char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
            }
        }
        self.at = before;
        Some(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&mut self) -> Option<u32> {
        let digits = self.text.get(self.at..self.at + 4)?;
        let value = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))?;
        self.at += 4;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Option<Vec<String>> {
        Some(string_array(text, 0)?.into_iter().map(|(_, value)| value).collect())
    }

    #[test]
    fn reads_what_docker_reads() {
        assert_eq!(
            values(r#" [ "a" , "b\n\u00e9\ud83d\ude00" ] "#),
            Some(vec!["a".into(), "b\né😀".into()])
        );
        assert_eq!(values("[]"), Some(vec![]));
    }

    #[test]
    fn everything_else_is_shell_form() {
        for text in [
            r#"["a",]"#,
            "['a']",
            r#"["a"] # x"#,
            r#"["a" "b"]"#,
            r#"["\x41"]"#,
            r#"["a"#,
            "[ -f x ]",
            "",
            "[1]",
        ] {
            assert_eq!(values(text), None, "{text}");
        }
    }
}
