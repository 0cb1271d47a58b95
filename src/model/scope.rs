//! Variables: what an ARG or ENV is worth at a given instruction.

use std::collections::BTreeMap;

use crate::syntax::Word;

/// How deep `${A:-${B}}` may nest before it counts as unknown.
const DEEPEST: usize = 16;

/// Values by name, each with the number of the step that sets it, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct History {
    values: BTreeMap<String, Vec<(usize, Option<String>)>>,
}

impl History {
    /// Notes that step `step` gives `name` a value; `None` where the value is not known.
    pub(super) fn set(&mut self, name: &str, step: usize, value: Option<String>) {
        self.values.entry(name.to_owned()).or_default().push((step, value));
    }

    /// What `name` is worth just before step `step`: not set, set to something unknown, or a value.
    pub(super) fn before(&self, name: &str, step: usize) -> Option<Option<&str>> {
        let history = self.values.get(name)?;
        let seen = history.partition_point(|&(at, _)| at < step);
        history.get(seen.checked_sub(1)?).map(|(_, value)| value.as_deref())
    }
}

/// Names that BuildKit fills in by itself; what they are worth is not in the file.
pub fn is_platform_arg(name: &str) -> bool {
    let part = name.strip_prefix("TARGET").or_else(|| name.strip_prefix("BUILD"));
    matches!(part, Some("PLATFORM" | "OS" | "OSVERSION" | "ARCH" | "VARIANT"))
        || name == "TARGETSTAGE"
}

/// Fills in `$X`, `${X}`, `${X:-y}`, `${X:+y}`, `${X-y}`, `${X+y}`.
///
/// `lookup` answers not set, set to something unknown, or a value. `None` where anything needed is unknown.
pub fn expand(word: &Word, lookup: &dyn Fn(&str) -> Option<Option<String>>) -> Option<String> {
    expand_text(&word.text, lookup, DEEPEST)
}

fn expand_text(
    text: &str,
    lookup: &dyn Fn(&str) -> Option<Option<String>>,
    depth: usize,
) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(inner) = rest.strip_prefix('{') {
            let end = closing_brace(inner)?;
            out.push_str(&braced(&inner[..end], lookup, depth)?);
            rest = &inner[end + 1..];
        } else {
            let length =
                rest.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            if length == 0 {
                out.push('$');
            } else {
                out.push_str(&lookup(&rest[..length]).unwrap_or_else(|| Some(String::new()))?);
            }
            rest = &rest[length..];
        }
    }
    out.push_str(rest);
    Some(out)
}

fn braced(
    inner: &str,
    lookup: &dyn Fn(&str) -> Option<Option<String>>,
    depth: usize,
) -> Option<String> {
    let length = inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
    let (name, operator) = inner.split_at(length);
    let value = lookup(name);
    if operator.is_empty() {
        return value.unwrap_or_else(|| Some(String::new()));
    }
    let (colon, operator) =
        operator.strip_prefix(':').map_or((false, operator), |rest| (true, rest));
    let is_set = match &value {
        None => false,
        Some(None) => return None,
        Some(Some(value)) => !colon || !value.is_empty(),
    };
    let (operator, other) = operator.split_at_checked(1)?;
    match (operator, is_set) {
        ("-", true) => value.flatten(),
        ("-", false) | ("+", true) => expand_text(other, lookup, depth),
        ("+", false) => Some(String::new()),
        _ => None,
    }
}

/// Where the brace closes that is open at the start of `text`.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 1;
    for (at, c) in text.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str) -> Option<String> {
        let word = Word { text: text.to_owned(), ..Word::default() };
        expand(&word, &|name| match name {
            "V" => Some(Some("3.11".to_owned())),
            "EMPTY" => Some(Some(String::new())),
            "TARGETARCH" => Some(None),
            _ => None,
        })
    }

    #[test]
    fn docker_forms() {
        for (text, value) in [
            ("python:$V-slim", Some("python:3.11-slim")),
            ("python:${V}", Some("python:3.11")),
            ("${X:-debian:${V}}", Some("debian:3.11")),
            ("a${V:+b}${X:+c}", Some("ab")),
            ("${EMPTY-x}|${EMPTY:-x}|${X-y}", Some("|x|y")),
            ("cost $ 5", Some("cost $ 5")),
            ("base-$TARGETARCH", None),
            ("${V:?no}", None),
            ("${V", None),
        ] {
            assert_eq!(expanded(text).as_deref(), value, "{text}");
        }
    }
}
