//! Variables in words: `$X`, `${X}`, `${X:-y}`, `${X:+y}`, `${X-y}`, `${X+y}`, with quotes and escapes as Docker reads them.

/// How deep `${A:-${B}}` may nest before it counts as unknown.
const DEEPEST: usize = 16;
/// How many bytes a value may grow to before it counts as unknown: each line can double the one above.
const LONGEST: usize = 1024;

/// What a name is worth: not set, set to something unknown, or a value.
pub(super) type Lookup<'e> = &'e dyn Fn(&str) -> Option<Option<&'e str>>;

/// Fills variables in. `raw` is the word as it is written, with its quotes. `unset` is what a name is worth that is
/// not set: empty, or unknown. `None` where anything needed is unknown.
pub(super) fn expand(
    raw: &str,
    escape: char,
    unset: Option<&'static str>,
    lookup: Lookup<'_>,
) -> Option<String> {
    let mut reader = Reader { rest: raw, escape, unset, lookup, depth: 0 };
    reader.until(None).filter(|text| text.len() <= LONGEST)
}

struct Reader<'r, 'e> {
    rest: &'r str,
    escape: char,
    unset: Option<&'static str>,
    lookup: Lookup<'e>,
    depth: usize,
}

impl<'r> Reader<'r, '_> {
    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let c = chars.next();
        self.rest = chars.as_str();
        c
    }

    /// Reads to `stop`, which is taken with it, or to the end.
    fn until(&mut self, stop: Option<char>) -> Option<String> {
        let mut out = String::new();
        let mut is_quoted = false;
        while let Some(c) = self.next() {
            if c == self.escape {
                self.escaped(is_quoted, &mut out);
            } else if c == '"' {
                is_quoted = !is_quoted;
            } else if c == '$' {
                out.push_str(&self.variable()?);
            } else if !is_quoted && Some(c) == stop {
                return Some(out);
            } else if !is_quoted && c == '\'' {
                let end = self.rest.find('\'')?;
                out.push_str(&self.rest[..end]);
                self.rest = &self.rest[end + 1..];
            } else {
                out.push(c);
            }
            if out.len() > LONGEST {
                return None;
            }
        }
        (stop.is_none() && !is_quoted).then_some(out)
    }

    /// What follows the escape: a line end goes, any other character loses its meaning.
    fn escaped(&mut self, is_quoted: bool, out: &mut String) {
        let line = self.rest.trim_start_matches([' ', '\t', '\r']);
        if let Some(rest) = line.strip_prefix('\n') {
            self.rest = rest;
            return;
        }
        let Some(c) = self.next() else { return };
        if is_quoted && !matches!(c, '"' | '$') && c != self.escape {
            out.push(self.escape);
        }
        out.push(c);
    }

    /// Behind a `$`.
    fn variable(&mut self) -> Option<String> {
        if !self.rest.starts_with('{') {
            let Some(name) = self.name() else { return Some("$".to_owned()) };
            return self.bare(name);
        }
        self.next();
        let name = self.name()?;
        let has_colon = self.rest.starts_with(':');
        if has_colon {
            self.next();
        }
        let operator = self.next()?;
        if operator == '}' && !has_colon {
            return self.bare(name);
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return None;
        }
        let other = self.until(Some('}'));
        self.depth -= 1;
        let value = (self.lookup)(name);
        let is_set = match value {
            None => false,
            Some(None) => return None,
            Some(Some(value)) => !has_colon || !value.is_empty(),
        };
        match (operator, is_set) {
            ('-' | '?', true) => value.flatten().map(str::to_owned),
            ('-', false) | ('+', true) => other,
            ('+', false) => Some(String::new()),
            _ => None,
        }
    }

    fn name(&mut self) -> Option<&'r str> {
        let is_part = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
        let length = self.rest.bytes().take_while(is_part).count();
        let (name, rest) = self.rest.split_at(length);
        self.rest = rest;
        (length > 0).then_some(name)
    }

    fn bare(&self, name: &str) -> Option<String> {
        (self.lookup)(name).unwrap_or(self.unset).map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(raw: &str) -> Option<String> {
        expand(raw, '\\', Some(""), &|name| match name {
            "V" => Some(Some("3.11")),
            "EMPTY" => Some(Some("")),
            "TARGETARCH" => Some(None),
            _ => None,
        })
    }

    #[test]
    fn docker_forms() {
        for (raw, value) in [
            ("python:$V-slim", Some("python:3.11-slim")),
            ("python:${V}", Some("python:3.11")),
            ("${X:-debian:${V}}", Some("debian:3.11")),
            ("a${V:+b}${X:+c}", Some("ab")),
            ("${EMPTY-x}|${EMPTY:-x}|${X-y}", Some("|x|y")),
            ("${EMPTY+x}|${EMPTY:+x}|${X+y}", Some("x||")),
            ("${V:?needed}", Some("3.11")),
            ("${X:?needed}", None),
            ("cost $ 5", Some("cost $ 5")),
            ("$X", Some("")),
            ("base-$TARGETARCH", None),
            ("${TARGETARCH:-amd64}", None),
            ("${V", None),
            ("${V%.*}", None),
        ] {
            assert_eq!(expanded(raw).as_deref(), value, "{raw}");
        }
    }

    #[test]
    fn quotes_and_escapes() {
        for (raw, value) in [
            ("'$V'", "$V"),
            ("\"$V\"", "3.11"),
            ("\\$V", "$V"),
            ("\"\\$V \\n\"", "$V \\n"),
            ("a\\ b", "a b"),
            ("\"a\\\n b\"", "a b"),
            ("${X:-'a}b'}", "a}b"),
        ] {
            assert_eq!(expanded(raw).as_deref(), Some(value), "{raw}");
        }
    }

    #[test]
    fn nothing_grows_without_end() {
        assert_eq!(expanded(&"$V".repeat(LONGEST)), None);
        assert_eq!(expanded(&"${X:-".repeat(100_000)), None);
    }
}
