//! What changed between two texts, as rows: line by line, and word by word in lines that belong together.

use std::collections::BTreeMap;

use similar::{Algorithm, ChangeTag, DiffOp, TextDiff, capture_diff_slices};

/// A run of characters in a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The characters.
    pub text: String,
    /// Whether the other side's line has something else here.
    pub changed: bool,
}

/// One line on one side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// 1-based.
    pub number: usize,
    /// The line without its line end, in pieces. Only a line with a counterpart has changed pieces.
    pub pieces: Vec<Piece>,
}

/// One row of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    /// The same line on both sides.
    Same {
        /// 1-based, in the text before.
        old: usize,
        /// 1-based, in the text after.
        new: usize,
        /// The line without its line end.
        text: String,
    },
    /// A line that went, one that came, or one that became another. At least one side is there.
    Changed {
        /// In the text before.
        old: Option<Line>,
        /// In the text after.
        new: Option<Line>,
    },
    /// So many lines that are the same and further than the context from any change.
    Hidden(usize),
}

/// Compares two texts. `context` is how many unchanged lines stay on each side of a change.
/// Kinds of line end do not count as a change.
pub fn rows(before: &str, after: &str, context: usize) -> Vec<Row> {
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let mut rows = Vec::new();
    for op in capture_diff_slices(Algorithm::Patience, &old, &new) {
        match op {
            DiffOp::Equal { old_index, new_index, len } => {
                rows.extend((0..len).map(|i| same(&old, old_index + i, new_index + i)));
            }
            DiffOp::Delete { old_index, old_len, .. } => {
                rows.extend((old_index..old_index + old_len).map(|i| removed(&old, i)));
            }
            DiffOp::Insert { new_index, new_len, .. } => {
                rows.extend((new_index..new_index + new_len).map(|i| added(&new, i)));
            }
            DiffOp::Replace { old_index, old_len, new_index, new_len } => {
                replaced(&mut rows, &old, (old_index, old_len), &new, (new_index, new_len));
            }
        }
    }
    hide(rows, context)
}

/// The same comparison as text with `-`, `+` and a blank before the lines, for Markdown.
pub fn unified(before: &str, after: &str, context: usize) -> String {
    let mut out = String::new();
    let mut line = |sign: char, text: &str| {
        out.push(sign);
        out.push_str(text);
        out.push('\n');
    };
    for row in rows(before, after, context) {
        match row {
            Row::Same { text, .. } => line(' ', &text),
            Row::Hidden(_) => line('@', "@ … @@"),
            Row::Changed { old, new } => {
                if let Some(old) = old {
                    line('-', &old.text());
                }
                if let Some(new) = new {
                    line('+', &new.text());
                }
            }
        }
    }
    out
}

impl Line {
    /// All of the line.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|piece| piece.text.as_str()).collect()
    }

    fn whole(lines: &[&str], index: usize) -> Self {
        let text = lines.get(index).copied().unwrap_or_default().to_owned();
        Self { number: index + 1, pieces: vec![Piece { text, changed: false }] }
    }
}

fn same(lines: &[&str], old: usize, new: usize) -> Row {
    Row::Same {
        old: old + 1,
        new: new + 1,
        text: lines.get(old).copied().unwrap_or_default().to_owned(),
    }
}

fn removed(lines: &[&str], index: usize) -> Row {
    Row::Changed { old: Some(Line::whole(lines, index)), new: None }
}

fn added(lines: &[&str], index: usize) -> Row {
    Row::Changed { old: None, new: Some(Line::whole(lines, index)) }
}

/// Both sides of a block that was replaced, each `(first index, length)`.
fn replaced(
    rows: &mut Vec<Row>,
    old: &[&str],
    (o, o_len): (usize, usize),
    new: &[&str],
    (n, n_len): (usize, usize),
) {
    let (mut at_old, mut at_new) = (o, n);
    let block =
        (old.get(o..o + o_len).unwrap_or_default(), new.get(n..n + n_len).unwrap_or_default());
    for (i, j) in alike(block.0, block.1) {
        rows.extend((at_old..o + i).map(|k| removed(old, k)));
        rows.extend((at_new..n + j).map(|k| added(new, k)));
        rows.push(became(old, o + i, new, n + j));
        (at_old, at_new) = (o + i + 1, n + j + 1);
    }
    rows.extend((at_old..o + o_len).map(|k| removed(old, k)));
    rows.extend((at_new..n + n_len).map(|k| added(new, k)));
}

fn became(old: &[&str], i: usize, new: &[&str], j: usize) -> Row {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let (before, after) =
        (old.get(i).copied().unwrap_or_default(), new.get(j).copied().unwrap_or_default());
    for change in TextDiff::from_words(before, after).iter_all_changes() {
        let text = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                extend(&mut left, text, false);
                extend(&mut right, text, false);
            }
            ChangeTag::Delete => extend(&mut left, text, true),
            ChangeTag::Insert => extend(&mut right, text, true),
        }
    }
    Row::Changed {
        old: Some(Line { number: i + 1, pieces: left }),
        new: Some(Line { number: j + 1, pieces: right }),
    }
}

fn extend(pieces: &mut Vec<Piece>, text: &str, changed: bool) {
    match pieces.last_mut() {
        Some(last) if last.changed == changed => last.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), changed }),
    }
}

/// Pairs of lines that share at least half of their words, in order on both sides, and as alike as can be.
fn alike(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // Beyond this a reader compares blocks, not lines, and the table below would grow large.
    const CELLS: usize = 10_000;
    if old.len().saturating_mul(new.len()) > CELLS {
        return Vec::new();
    }
    let (old, new): (Vec<_>, Vec<_>) =
        (old.iter().map(|l| words(l)).collect(), new.iter().map(|l| words(l)).collect());
    // best[i][j]: the most likeness that lines i.. and j.. can have together.
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
    let likeness: Vec<Vec<usize>> =
        old.iter().map(|a| new.iter().map(|b| shared(a, b)).collect()).collect();
    for (i, row) in likeness.iter().enumerate().rev() {
        for (j, &like) in row.iter().enumerate().rev() {
            let taken = if like == 0 { 0 } else { like + best[i + 1][j + 1] };
            best[i][j] = taken.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let mut pairs = Vec::new();
    let (mut i, mut j) = (0, 0);
    while i < old.len() && j < new.len() {
        let like = likeness[i][j];
        if like > 0 && best[i][j] == like + best[i + 1][j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i][j] == best[i][j + 1] {
            j += 1;
        } else {
            i += 1;
        }
    }
    pairs
}

fn words(line: &str) -> BTreeMap<&str, usize> {
    let mut words = BTreeMap::new();
    for word in line.split_whitespace() {
        *words.entry(word).or_insert(0) += 1;
    }
    words
}

/// Hundredths of all words that both lines have; 0 below one half.
fn shared(a: &BTreeMap<&str, usize>, b: &BTreeMap<&str, usize>) -> usize {
    let common: usize = a.iter().map(|(word, n)| n.min(b.get(word).unwrap_or(&0))).sum();
    let all: usize = a.values().chain(b.values()).sum();
    let percent = (200 * common).checked_div(all).unwrap_or(0);
    if percent < 50 { 0 } else { percent }
}

fn hide(rows: Vec<Row>, context: usize) -> Vec<Row> {
    let is_change = |row: &Row| matches!(row, Row::Changed { .. });
    let mut near = vec![usize::MAX; rows.len()];
    let mut since = usize::MAX;
    for (at, row) in rows.iter().enumerate() {
        since = if is_change(row) { 0 } else { since.saturating_add(1) };
        near[at] = since;
    }
    since = usize::MAX;
    for (at, row) in rows.iter().enumerate().rev() {
        since = if is_change(row) { 0 } else { since.saturating_add(1) };
        near[at] = near[at].min(since);
    }
    let mut out = Vec::new();
    for (row, distance) in rows.into_iter().zip(near) {
        match out.last_mut() {
            _ if distance <= context => out.push(row),
            Some(Row::Hidden(lines)) => *lines += 1,
            _ => out.push(Row::Hidden(1)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_became_another_stands_beside_it() {
        let before = "FROM python:3.11\nWORKDIR /app\nCOPY . .\n";
        let after = "FROM python:3.11 AS builder\nWORKDIR /app\nCOPY requirements.txt .\n\nFROM python:3.11-slim\n";
        assert_eq!(
            unified(before, after, usize::MAX),
            "-FROM python:3.11\n+FROM python:3.11 AS builder\n WORKDIR /app\n\
             -COPY . .\n+COPY requirements.txt .\n+\n+FROM python:3.11-slim\n"
        );
    }

    #[test]
    fn words_that_changed_are_marked() {
        let rows = rows("COPY . .", "COPY requirements.txt .", 0);
        let Some(Row::Changed { old: Some(old), new: Some(new) }) = rows.first() else {
            panic!("{rows:?}")
        };
        let changed = |line: &Line| {
            line.pieces.iter().filter(|p| p.changed).map(|p| p.text.clone()).collect::<Vec<_>>()
        };
        assert_eq!(
            (changed(old), changed(new)),
            (vec![".".to_owned()], vec!["requirements.txt".to_owned()])
        );
        assert_eq!(new.text(), "COPY requirements.txt .");
    }

    #[test]
    fn far_lines_are_hidden() {
        let rows = rows("a\nb\nc\nd\ne\n", "a\nb\nc\nd\nE\n", 1);
        assert_eq!(rows.len(), 4);
        assert_eq!(rows[0], Row::Hidden(3));
        assert_eq!(rows[1], Row::Same { old: 4, new: 4, text: "d".to_owned() });
    }

    #[test]
    fn line_ends_are_no_change() {
        assert_eq!(rows("a\r\nb\r\n", "a\nb\n", 0), [Row::Hidden(2)]);
        assert!(rows("", "", 3).is_empty());
    }

    #[test]
    fn sides_can_be_put_together_again() {
        let before = "FROM a:1\nRUN x y z\n\nRUN q\nCMD c";
        let after = "FROM a:1-slim AS b\n\nRUN x y\nRUN n\nRUN n2\nCMD [\"c\"]\nUSER u";
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for row in rows(before, after, usize::MAX) {
            match row {
                Row::Same { text, .. } => {
                    left.push(text.clone());
                    right.push(text);
                }
                Row::Changed { old, new } => {
                    left.extend(old.map(|line| line.text()));
                    right.extend(new.map(|line| line.text()));
                }
                Row::Hidden(_) => panic!("nothing is hidden"),
            }
        }
        assert_eq!((left.join("\n"), right.join("\n")), (before.to_owned(), after.to_owned()));
    }
}
