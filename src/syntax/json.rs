//! The exec form: a JSON array of strings, as strict as Docker's, with the place of each element.

use crate::text::TextRange;

/// One string of the array: its place with the quotes, and its value.
pub(super) type Element = (TextRange, String);

/// What arguments that begin with `[` turn out to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Array {
    /// The exec form.
    Strings(Vec<Element>),
    /// JSON, but this element is no string.
    Other(TextRange),
}

/// Reads `["a", "b"]`, which must be all of `range` but for blanks. `None` where it is no JSON array.
pub(super) fn array(text: &str, range: TextRange) -> Option<Array> {
    let mut reader = Reader { text: &text[..range.end], at: range.start };
    let mut elements = Vec::new();
    let mut other = None;
    reader.expect('[')?;
    if reader.expect(']').is_none() {
        loop {
            reader.blanks();
            let start = reader.at;
            if reader.peek() == Some('"') {
                let value = reader.string()?;
                elements.push((TextRange::new(start, reader.at), value));
            } else {
                reader.skip_value()?;
                other.get_or_insert(TextRange::new(start, reader.at));
            }
            if reader.expect(',').is_none() {
                reader.expect(']')?;
                break;
            }
        }
    }
    reader.blanks();
    let whole = reader.at == range.end;
    whole.then(|| other.map_or(Array::Strings(elements), Array::Other))
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

    /// Steps over a value of any kind. Without recursion, for deep ones.
    fn skip_value(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            // A value begins here.
            self.blanks();
            match self.peek()? {
                '"' => drop(self.string()?),
                '[' | '{' => {
                    let closer = if self.next()? == '[' { ']' } else { '}' };
                    if self.expect(closer).is_none() {
                        open.push(closer);
                        self.key(closer)?;
                        continue;
                    }
                }
                _ => self.scalar()?,
            }
            // A value ended here.
            loop {
                let Some(&closer) = open.last() else { return Some(()) };
                if self.expect(',').is_some() {
                    self.key(closer)?;
                    break;
                }
                self.expect(closer)?;
                open.pop();
            }
        }
    }

    /// Steps over `"key":` inside `{}`.
    fn key(&mut self, closer: char) -> Option<()> {
        if closer == '}' {
            self.expect('"')?;
            self.at -= 1;
            self.string()?;
            self.expect(':')?;
        }
        Some(())
    }

    /// Steps over `true`, `false`, `null` or a number.
    fn scalar(&mut self) -> Option<()> {
        let rest = &self.text[self.at..];
        let length =
            rest.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '+' | '-' | '.'));
        let word = &rest[..length.unwrap_or(rest.len())];
        self.at += word.len();
        (matches!(word, "true" | "false" | "null") || is_number(word)).then_some(())
    }

    fn string(&mut self) -> Option<String> {
        self.next()?;
        let mut value = String::new();
        loop {
            match self.next()? {
                '"' => return Some(value),
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

/// Reads `-1.5e+3`.
fn is_number(word: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = word.strip_prefix('-').unwrap_or(word);
    let (number, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && digits(fraction)
        && digits(exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<Array> {
        array(text, TextRange::new(0, text.len()))
    }

    fn values(text: &str) -> Option<Vec<String>> {
        match read(text)? {
            Array::Strings(elements) => {
                Some(elements.into_iter().map(|(_, value)| value).collect())
            }
            Array::Other(range) => panic!("{} is no string", range.of(text)),
        }
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
            "[01]",
            "[1.]",
            "[nul]",
            "[{\"a\"}]",
            "[[\"a\"]",
            r#"["\ud83d\u12"]"#,
        ] {
            assert_eq!(values(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_no_string_is_pointed_at() {
        for (text, element) in [
            ("[1]", "1"),
            (r#"["a", -1.5e+3, null]"#, "-1.5e+3"),
            (r#"["a", true ]"#, "true"),
            (r#"[["a", ["b"], []], "c"]"#, r#"["a", ["b"], []]"#),
            (r#"[{"a": {"b": []}, "c": 0}]"#, r#"{"a": {"b": []}, "c": 0}"#),
        ] {
            let Some(Array::Other(range)) = read(text) else { panic!("{text}") };
            assert_eq!(range.of(text), element, "{text}");
        }
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(matches!(read(&deep), Some(Array::Other(_))));
    }
}
