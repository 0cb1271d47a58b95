//! What Docker refuses while reading, in words for people.

use super::ast::Keyword;
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

/// The candidate that `word` was probably meant to be: at most two slips away, and less than half of the word.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word = word.to_ascii_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_ascii_lowercase()), candidate))
        .filter(|&(distance, candidate)| {
            distance <= 2 && distance * 2 < candidate.len().max(word.len())
        })
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// "Did you mean" among the keywords.
pub(super) fn nearest_keyword(word: &str) -> Option<&'static str> {
    nearest(word, Keyword::ALL.iter().map(|&(name, _)| name))
}

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
fn distance(a: &str, b: &str) -> usize {
    // A keyword is short; a long word is no slip of one.
    if a.len() > 24 || b.len() > 24 {
        return usize::MAX;
    }
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let above = &rows[i - 1];
            let cost = usize::from(a[i - 1] != b[j - 1]);
            let mut best = (above[j] + 1).min(row[j - 1] + 1).min(above[j - 1] + cost);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised() {
        for (word, meant) in [
            ("FORM", Some("FROM")),
            ("WORKDIRR", Some("WORKDIR")),
            ("RUNN", Some("RUN")),
            ("pip", None),
        ] {
            assert_eq!(nearest_keyword(word), meant, "{word}");
        }
    }
}
