//! `--name=value` between an instruction and its arguments: what is written, and what Docker refuses of it.

use super::ast::{Flag, Keyword, Pair, Word};
use super::errors::{SyntaxError, nearest, shown};
use super::parser::Reader;
use super::words::{self, Quotes};
use crate::text::TextRange;

/// What Docker wants behind the `=`.
#[derive(Clone, Copy)]
enum Value {
    Text,
    /// Text, and the flag may stand several times.
    Texts,
    /// `true`, `false`, or no `=` at all.
    Bool,
    /// `1m30s`
    Time,
    /// A whole number, not below zero.
    Count,
    /// One of these words.
    OneOf(&'static [&'static str]),
}

/// The flags that an instruction knows.
const fn known(keyword: Keyword) -> &'static [(&'static str, Value)] {
    match keyword {
        Keyword::From => &[("platform", Value::Text)],
        Keyword::Run => &[
            ("mount", Value::Texts),
            ("network", Value::OneOf(&["default", "none", "host"])),
            ("security", Value::OneOf(&["sandbox", "insecure"])),
            ("device", Value::Texts),
        ],
        Keyword::Copy => &[
            ("from", Value::Text),
            ("chown", Value::Text),
            ("chmod", Value::Text),
            ("link", Value::Bool),
            ("parents", Value::Bool),
            ("exclude", Value::Texts),
        ],
        Keyword::Add => &[
            ("chown", Value::Text),
            ("chmod", Value::Text),
            ("checksum", Value::Text),
            ("link", Value::Bool),
            ("keep-git-dir", Value::Bool),
            ("unpack", Value::Bool),
            ("exclude", Value::Texts),
        ],
        Keyword::Healthcheck => &[
            ("interval", Value::Time),
            ("timeout", Value::Time),
            ("start-period", Value::Time),
            ("start-interval", Value::Time),
            ("retries", Value::Count),
        ],
        _ => &[],
    }
}

impl Reader<'_> {
    /// The flags from byte `from` on, and where the arguments start.
    pub(super) fn flags(&mut self, from: usize, keyword: Option<Keyword>) -> (Vec<Flag>, usize) {
        let mut flags = Vec::new();
        // One bit for each known flag that was there.
        let mut seen = 0_u16;
        let mut at = self.skip_blanks(from);
        let end = self.text().trim_end().len();
        while self.text()[at..].starts_with("--") {
            let text = &self.text()[..end];
            let Some(range) = words::next(text, at, self.escape, Quotes::Flag) else { break };
            at = self.skip_blanks(range.end);
            let raw = range.of(self.text());
            if raw == "--" {
                break;
            }
            let equals = raw.find('=').map(|equals| range.start + equals);
            let name = TextRange::new(range.start + 2, equals.unwrap_or(range.end));
            let value = equals.map(|equals| TextRange::new(equals + 1, range.end));
            let word = words::unquote_as(raw, self.escape, Quotes::Flag);
            let (called, given) = word[2..].split_once('=').unwrap_or((&word[2..], ""));
            let flag = Flag {
                range: self.logical.source(range),
                name: called.to_owned(),
                value: value.map(|value| Word {
                    text: given.to_owned(),
                    range: self.logical.source(value),
                }),
                options: Vec::new(),
            };
            // ARG and STOPSIGNAL take any and heed none.
            if let Some(keyword) = keyword
                && !matches!(keyword, Keyword::Arg | Keyword::Stopsignal)
                && let Some(error) = self.check(keyword, &flag, name, &mut seen)
            {
                self.error(error);
            }
            let options = match value {
                Some(value) if flag.name == "mount" => self.options(value),
                _ => Vec::new(),
            };
            flags.push(Flag { options, ..flag });
        }
        (flags, at)
    }

    /// What Docker refuses of a flag whose name stands at `name`.
    fn check(
        &self,
        keyword: Keyword,
        flag: &Flag,
        name: TextRange,
        seen: &mut u16,
    ) -> Option<SyntaxError> {
        let known = known(keyword);
        let token = self.logical.source(TextRange::new(name.start - 2, name.end));
        let refuse = |range, message: String| Some(SyntaxError::new(range, message));
        let called = flag.name.as_str();
        let Some(index) = known.iter().position(|&(name, _)| name == called) else {
            let meant = nearest(called, known.iter().map(|&(name, _)| name));
            let names: Vec<_> = known.iter().map(|&(name, _)| name).collect();
            let hint = match meant {
                Some(meant) => format!("Did you mean `--{meant}`?"),
                None if known.is_empty() => "It takes none.".to_owned(),
                None => format!("It knows `--{}`.", names.join("`, `--")),
            };
            let (keyword, called) = (keyword.as_str(), shown(called));
            let message = format!("`{keyword}` knows no option `--{called}`. {hint}");
            let mut error = SyntaxError::new(token, message);
            error.suggestion = meant.map(|meant| format!("--{meant}"));
            return Some(error);
        };
        let kind = known[index].1;
        let again = *seen & (1 << index) != 0;
        *seen |= 1 << index;
        if again && !matches!(kind, Value::Texts) {
            return refuse(
                flag.range,
                format!("`--{called}` is given twice; once is all that Docker takes."),
            );
        }
        let Some(value) = &flag.value else {
            if matches!(kind, Value::Bool) {
                return None;
            }
            return refuse(flag.range, format!("`--{called}` needs a value: `--{called}=…`."));
        };
        let wants = match kind {
            Value::Bool => is_one_of(&["true", "false"], &value.text.to_ascii_lowercase()),
            Value::OneOf(words) => is_one_of(words, &value.text),
            Value::Time if !is_time(&value.text) => {
                Some("a time with its unit, of at least `1ms`: `30s`, `1m30s`".to_owned())
            }
            Value::Count if !is_count(&value.text) => Some("a whole number: `3`".to_owned()),
            _ => None,
        }?;
        let range = if value.range.is_empty() { flag.range } else { value.range };
        let mut error = SyntaxError::new(range, format!("`--{called}` wants {wants}."));
        if let Value::OneOf(words) = kind {
            error.suggestion = nearest(&value.text, words.iter().copied()).map(str::to_owned);
        }
        Some(error)
    }

    /// The options of a mount, between commas.
    fn options(&mut self, value: TextRange) -> Vec<Pair> {
        let mut options = Vec::new();
        let mut start = value.start;
        // A quote may be around all of them.
        for field in value.of(&self.logical.text).split(',') {
            let inner = field.trim_start_matches(['"', '\'']);
            let from = start + (field.len() - inner.len());
            let range = TextRange::new(from, from + inner.trim_end_matches(['"', '\'']).len());
            start += field.len() + 1;
            if range.is_empty() {
                continue;
            }
            let option = self.pair(range);
            if let Some(value) = option.value.as_ref().filter(|value| value.text.contains('$'))
                && option.key.text.eq_ignore_ascii_case("from")
            {
                let message = "`from` of a mount takes no variable. Give the image a stage of its own, and name that.";
                self.error(SyntaxError::new(value.range, message));
            }
            options.push(option);
        }
        options
    }
}

/// `None` where `value` is one of the words, else what is wanted.
fn is_one_of(words: &[&str], value: &str) -> Option<String> {
    (!words.contains(&value)).then(|| format!("one of `{}`", words.join("`, `")))
}

/// A time as Docker wants it: none, zero, or a millisecond and more.
fn is_time(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, "" | "0") {
        return text == unsigned || unsigned == "0";
    }
    nanoseconds(unsigned)
        .is_some_and(|time| time == 0 || (time >= 1_000_000 && !text.starts_with('-')))
}

/// Reads `1h30m`, `1.5s`.
fn nanoseconds(mut text: &str) -> Option<u64> {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let mut total = 0_u64;
    while !text.is_empty() {
        let (number, rest) = text.split_at(text.find(|c| !is_digit(c))?);
        let (unit, rest) = rest.split_at(rest.find(is_digit).unwrap_or(rest.len()));
        let mut scale = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "m" => 60_000_000_000,
            "h" => 3_600_000_000_000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        if whole.len() + fraction.len() == 0 || fraction.contains('.') {
            return None;
        }
        let whole = if whole.is_empty() { 0 } else { whole.parse::<u64>().ok()? };
        total = total.checked_add(whole.checked_mul(scale)?)?;
        for digit in fraction.bytes() {
            scale /= 10;
            total = total.checked_add(u64::from(digit - b'0') * scale)?;
        }
        text = rest;
    }
    i64::try_from(total).ok()?;
    Some(total)
}

fn is_count(text: &str) -> bool {
    text.is_empty() || text.parse::<i32>().is_ok_and(|count| count >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_docker_takes() {
        for text in [
            "", "0", "+0", "-0", "0s", "-0s", "30s", "1m30s", "1.5s", ".5s", "1ms", "1000µs", "+2h",
        ] {
            assert!(is_time(text), "{text}");
        }
        for text in [
            "30", "s", "-", "+", "-30s", "999us", "0.5ms", "1.5.5s", ".s", "1d", "5 s", "$X",
            "9999999h",
        ] {
            assert!(!is_time(text), "{text}");
        }
    }
}
