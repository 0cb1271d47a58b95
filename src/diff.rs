//! What changed between two texts, as rows: line by line, and word by word in lines that belong together.

use std::collections::BTreeMap;

use similar::{Algorithm, DiffTag, capture_diff_slices};

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
    let (mut i, mut j) = (0, 0);
    for (at_old, at_new) in counterparts(&old, &new) {
        rows.extend((i..at_old).map(|at| removed(&old, at)));
        rows.extend((j..at_new).map(|at| added(&new, at)));
        rows.push(together(&old, at_old, &new, at_new));
        (i, j) = (at_old + 1, at_new + 1);
    }
    rows.extend((i..old.len()).map(|at| removed(&old, at)));
    rows.extend((j..new.len()).map(|at| added(&new, at)));
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

fn removed(lines: &[&str], index: usize) -> Row {
    Row::Changed { old: Some(Line::whole(lines, index)), new: None }
}

fn added(lines: &[&str], index: usize) -> Row {
    Row::Changed { old: None, new: Some(Line::whole(lines, index)) }
}

/// The row of a line and its counterpart.
fn together(old: &[&str], i: usize, new: &[&str], j: usize) -> Row {
    let before = old.get(i).copied().unwrap_or_default();
    let after = new.get(j).copied().unwrap_or_default();
    if before == after {
        return Row::Same { old: i + 1, new: j + 1, text: before.to_owned() };
    }
    let (left, right) = pieces(before, after);
    Row::Changed {
        old: Some(Line { number: i + 1, pieces: left }),
        new: Some(Line { number: j + 1, pieces: right }),
    }
}

/// Which line became which: pairs of indices, in order on both sides, as alike as can be in all.
fn counterparts(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    // Beyond this (some 450 lines a side) the table grows large; equal lines alone have to do.
    const CELLS: usize = 200_000;
    if old.len().saturating_mul(new.len()) > CELLS {
        return equal_lines(old, new);
    }
    let new_words: Vec<_> = new.iter().map(|line| counted(line)).collect();
    let likeness_of = |line: &str| {
        let words = counted(line);
        let all = new.iter().zip(&new_words);
        all.map(|(other, theirs)| alike((line, &words), (other, theirs))).collect()
    };
    let likeness: Vec<Vec<usize>> = old.iter().map(|line| likeness_of(line)).collect();
    // best[i][j]: the most likeness that lines i.. and j.. can have together.
    let mut best = vec![vec![0; new.len() + 1]; old.len() + 1];
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

fn equal_lines(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let ops = capture_diff_slices(Algorithm::Patience, old, new);
    let equal = ops.into_iter().filter(|op| op.tag() == DiffTag::Equal);
    equal.flat_map(|op| op.old_range().zip(op.new_range())).collect()
}

fn counted(line: &str) -> BTreeMap<&str, usize> {
    let mut words = BTreeMap::new();
    for word in line.split_whitespace() {
        *words.entry(word).or_insert(0) += 1;
    }
    words
}

/// How much speaks for a line and its words becoming the other line; 0 below half of the words.
fn alike((a, x): (&str, &BTreeMap<&str, usize>), (b, y): (&str, &BTreeMap<&str, usize>)) -> usize {
    if a == b {
        // Empty lines are everywhere: they must not pull apart lines that belong together.
        return if x.is_empty() { 10 } else { 200 };
    }
    let common: usize = x.iter().map(|(word, n)| n.min(y.get(word).unwrap_or(&0))).sum();
    let all: usize = x.values().chain(y.values()).sum();
    let percent = (200 * common).checked_div(all).unwrap_or(0);
    if percent < 50 { 0 } else { percent }
}

/// Both lines in pieces. Words are compared, and between equal words what separates them.
fn pieces(before: &str, after: &str) -> (Vec<Piece>, Vec<Piece>) {
    let (old, new) = (tokens(before), tokens(after));
    let words = |tokens: &[(String, String)]| {
        tokens.iter().map(|token| token.0.clone()).collect::<Vec<_>>()
    };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for op in capture_diff_slices(Algorithm::Myers, &words(&old), &words(&new)) {
        let (gone, come) = (&old[op.old_range()], &new[op.new_range()]);
        if op.tag() == DiffTag::Equal {
            for ((word, a), (_, b)) in gone.iter().zip(come) {
                let differs = a.trim() != b.trim();
                for (side, gap) in [(&mut left, a), (&mut right, b)] {
                    extend(side, word, false);
                    extend(side, gap, differs);
                }
            }
        } else {
            for (side, tokens) in [(&mut left, gone), (&mut right, come)] {
                for (word, gap) in tokens {
                    extend(side, word, true);
                    extend(side, gap, true);
                }
            }
        }
    }
    (unmarked_ends(left), unmarked_ends(right))
}

/// The same pieces with the white space behind a changed one as a piece of its own, which has not changed.
fn unmarked_ends(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out = Vec::new();
    for Piece { text, changed } in pieces {
        let (words, gap) = text.split_at(if changed { text.trim_end().len() } else { text.len() });
        extend(&mut out, words, changed);
        extend(&mut out, gap, false);
    }
    out
}

/// Each word with what stands between it and the next; the first word may be empty.
fn tokens(line: &str) -> Vec<(String, String)> {
    let separates = |c: char| c.is_whitespace() || ",;=()[]{}".contains(c);
    let mut out = Vec::new();
    let mut rest = line;
    while !rest.is_empty() {
        let (word, after) = rest.split_at(rest.find(separates).unwrap_or(rest.len()));
        let (gap, next) = after.split_at(after.find(|c| !separates(c)).unwrap_or(after.len()));
        out.push((word.to_owned(), gap.to_owned()));
        rest = next;
    }
    out
}

fn extend(pieces: &mut Vec<Piece>, text: &str, changed: bool) {
    match pieces.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.changed == changed => last.text.push_str(text),
        _ => pieces.push(Piece { text: text.to_owned(), changed }),
    }
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
    fn empty_lines_do_not_pull_lines_apart() {
        let before = "COPY . .\n\nRUN pip install -r r.txt\n";
        let after = "COPY r.txt .\nRUN pip install --no-cache-dir -r r.txt\n\nFROM a\n\nUSER u\n";
        let text = unified(before, after, 9);
        assert!(
            text.contains("-RUN pip install -r r.txt\n+RUN pip install --no-cache-dir"),
            "{text}"
        );
    }

    #[test]
    fn a_word_in_an_exec_form_goes_alone() {
        let (old, new) = pieces(
            r#"CMD ["uvicorn", "--reload", "--host", "::"]"#,
            r#"CMD ["uvicorn", "--host", "::"]"#,
        );
        let marked: Vec<_> = old.iter().filter(|p| p.changed).map(|p| p.text.as_str()).collect();
        assert_eq!(marked, [r#""--reload","#]);
        assert!(new.iter().all(|piece| !piece.changed));
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
