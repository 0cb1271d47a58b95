//! What Docker refuses while reading, in words for people.

use crate::text::TextRange;

/// One refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The token, in bytes.
    pub range: TextRange,
    /// What is wrong and what was expected.
    pub message: String,
    /// A word to put in place of the token, where one is near.
    pub suggestion: Option<String>,
}

impl SyntaxError {
    pub(super) fn new(range: TextRange, message: impl Into<String>) -> Self {
        Self { range, message: message.into(), suggestion: None }
    }
}

/// The beginning of a word, for a message: nobody reads more of it.
pub(super) fn shown(word: &str) -> &str {
    word.char_indices().nth(LONGEST).map_or(word, |(end, _)| &word[..end])
}

/// The candidate that `word` was probably meant to be: at most two slips away, and less than half of the word.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let mut best = None;
    let mut least = 3;
    for candidate in candidates {
        let slips = distance(word.as_bytes(), candidate.as_bytes());
        if slips < least && slips * 2 < candidate.len().max(word.len()) {
            best = Some(candidate);
            least = slips;
        }
    }
    best
}

/// The longest word that is compared; all that Docker knows are shorter.
const LONGEST: usize = 24;

/// How many bytes have to be put in, taken out, replaced or swapped with their neighbour to make `b` of `a`, in any
/// case. Three or more are as good as none in common.
fn distance(a: &[u8], b: &[u8]) -> usize {
    if a.len() > LONGEST || b.len() > LONGEST || a.len().abs_diff(b.len()) > 2 {
        return usize::MAX / 2;
    }
    let mut above = [0; LONGEST + 1];
    let mut row: [usize; LONGEST + 1] = std::array::from_fn(|at| at);
    for (i, x) in a.iter().enumerate() {
        let before = std::mem::replace(&mut above, row);
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let same = x.eq_ignore_ascii_case(y);
            let mut best = (above[j + 1] + 1).min(row[j] + 1).min(above[j] + usize::from(!same));
            let swapped = i > 0
                && j > 0
                && x.eq_ignore_ascii_case(&b[j - 1])
                && a[i - 1].eq_ignore_ascii_case(y);
            if swapped {
                best = best.min(before[j - 1] + 1);
            }
            row[j + 1] = best;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::super::Keyword;
    use super::*;

    #[test]
    fn slips_are_recognised() {
        let keywords = || Keyword::ALL.iter().map(|&(name, _)| name);
        for (word, meant) in [
            ("FORM", Some("FROM")),
            ("WORKDIRR", Some("WORKDIR")),
            ("wrokdir", Some("WORKDIR")),
            ("RUNN", Some("RUN")),
            ("COPPY", Some("COPY")),
            ("ENTRYPONT", Some("ENTRYPOINT")),
            ("HEALTHCEHCK", Some("HEALTHCHECK")),
            ("pip", None),
            ("", None),
            ("uvicorn", None),
            ("apt-get", None),
        ] {
            assert_eq!(nearest(word, keywords()), meant, "{word}");
        }
    }
}
