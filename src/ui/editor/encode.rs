//! What the editor is told, in the browser's units: UTF-16 offsets, plain numbers, plain strings.

use std::cmp::Reverse;

use similar::DiffOp;
use similar::algorithms::{Capture, Replace, myers};

use crate::analysis::{Analysis, TokenKind};
use crate::finding::{DOCKERFILE, Severity};
use crate::text::{LineIndex, TextEdit, TextRange};

/// Longer texts are compared as a whole: a comparison line by line would be felt.
const COMPARED_BY_LINE: usize = 200_000;

/// All that an editor shows. The same drawing looks the same.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Drawing {
    /// Another number is another document, which shares no undo steps with the one before.
    pub document: usize,
    /// The text.
    pub text: String,
    /// What stands in and beside the text. `None` while the analysis is about an older text.
    pub notes: Option<Notes>,
    /// Index of the finding whose message is shown.
    pub selected: Option<usize>,
}

/// Colours and findings as flat lists.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Notes {
    /// From, to, colour: three numbers a token.
    pub colours: Vec<u32>,
    /// Index, from, to, severity, missing (1 or 0): five numbers a finding.
    pub marks: Vec<u32>,
    /// The message of each mark.
    pub messages: Vec<String>,
    /// The title of each mark's fix; empty where there is none.
    pub fixes: Vec<String>,
}

impl Notes {
    /// Colours and findings of the Dockerfile; without the titles of fixes where `fixes` is false.
    pub fn of(analysis: &Analysis, fixes: bool) -> Self {
        let units = |range: TextRange| [range.start, range.end].map(|at| unit(&analysis.lines, at));
        let mut notes = Self::default();
        for token in &analysis.tokens {
            notes.colours.extend(units(token.range));
            notes.colours.push(colour(token.kind));
        }
        for (index, finding) in analysis.findings.iter().enumerate() {
            if finding.file != DOCKERFILE {
                continue;
            }
            notes.marks.push(number(index));
            notes.marks.extend(units(finding.range));
            notes.marks.extend([weight(finding.severity), u32::from(finding.missing)]);
            notes.messages.push(finding.message.clone());
            let fix = finding.fix.as_ref().filter(|_| fixes);
            notes.fixes.push(fix.map_or_else(String::new, |fix| fix.title.clone()));
        }
        notes
    }

    /// From and to of the finding `index`.
    pub fn place(&self, index: usize) -> Option<(u32, u32)> {
        let mark = self.marks.chunks_exact(5).find(|mark| mark.first() == Some(&number(index)))?;
        Some((*mark.get(1)?, *mark.get(2)?))
    }

    /// Index of the finding that the offset `at` lies in or beside: the shortest, and of those the weightiest.
    pub fn at(&self, at: u32) -> Option<usize> {
        let hits = self.marks.chunks_exact(5).filter_map(|mark| match *mark {
            [index, from, to, weight, 0] if from <= at && at <= to => {
                Some((to - from, Reverse(weight), index))
            }
            _ => None,
        });
        hits.min().map(|(_, _, index)| index as usize)
    }
}

/// Changes that turn one text into another.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Changes {
    /// From and to, two numbers a change, sorted, in the text before.
    pub ranges: Vec<u32>,
    /// What comes in each place.
    pub inserts: Vec<String>,
}

impl Changes {
    /// The changes from `old` to `new`, each as small as it can be, so that a caret elsewhere stays where it is.
    pub fn between(old: &str, new: &str) -> Self {
        if old.len().max(new.len()) > COMPARED_BY_LINE {
            return Self::all_at_once(old, new);
        }
        let (before, after): (Vec<&str>, Vec<&str>) =
            (old.split_inclusive('\n').collect(), new.split_inclusive('\n').collect());
        let (starts, new_starts) = (offsets(&before), offsets(&after));
        // Named, so that the page need not carry the library's other ways to compare.
        let mut found = Replace::new(Capture::new());
        let Ok(()) = myers::diff(&mut found, &before, 0..before.len(), &after, 0..after.len());
        let edits = found
            .into_inner()
            .into_ops()
            .into_iter()
            .filter(|op| !matches!(op, DiffOp::Equal { .. }))
            .filter_map(|op| {
                let (_, from, to) = op.as_tag_tuple();
                let range = TextRange::new(*starts.get(from.start)?, *starts.get(from.end)?);
                let new_range =
                    TextRange::new(*new_starts.get(to.start)?, *new_starts.get(to.end)?);
                Some(narrowed(range, range.of(old), new_range.of(new)))
            });
        Self::new(old, edits)
    }

    /// The same as one change.
    pub fn all_at_once(old: &str, new: &str) -> Self {
        Self::new(old, [narrowed(TextRange::new(0, old.len()), old, new)])
    }

    fn new(old: &str, edits: impl IntoIterator<Item = TextEdit>) -> Self {
        let lines = LineIndex::new(old);
        let mut changes = Self::default();
        for edit in edits {
            changes.ranges.extend([edit.range.start, edit.range.end].map(|at| unit(&lines, at)));
            changes.inserts.push(edit.text);
        }
        changes
    }
}

/// The place of byte `offset` of `text` in the browser's units.
pub fn unit_in(text: &str, offset: usize) -> u32 {
    unit(&LineIndex::new(text), offset)
}

/// How long `text` is in the browser's units.
pub fn units(text: &str) -> u32 {
    unit_in(text, text.len())
}

/// The 1-based line of `text` that holds the offset `unit`.
pub fn line_of(text: &str, unit: u32) -> usize {
    let lines = LineIndex::new(text);
    lines.line(lines.from_utf16(unit as usize))
}

fn unit(lines: &LineIndex, offset: usize) -> u32 {
    number(lines.utf16(offset))
}

/// Offsets beyond 4 GB do not occur in a page.
fn number(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// As the editor's style counts them.
const fn colour(kind: TokenKind) -> u32 {
    match kind {
        TokenKind::Keyword => 0,
        TokenKind::Comment => 1,
        TokenKind::String => 2,
        TokenKind::Flag => 3,
        TokenKind::Variable => 4,
        TokenKind::Operator => 5,
        TokenKind::Heredoc => 6,
    }
}

const fn weight(severity: Severity) -> u32 {
    match severity {
        Severity::Info => 0,
        Severity::Warning => 1,
        Severity::Error => 2,
    }
}

/// Where each piece starts, and where the last one ends.
fn offsets(pieces: &[&str]) -> Vec<usize> {
    let mut offsets = vec![0];
    let mut at = 0;
    for piece in pieces {
        at += piece.len();
        offsets.push(at);
    }
    offsets
}

/// `old`, which stands at `range`, becomes `new`: what both begin and end with stays out of it.
fn narrowed(range: TextRange, old: &str, new: &str) -> TextEdit {
    let same = |pair: &(char, char)| pair.0 == pair.1;
    let width = |(c, _): (char, char)| c.len_utf8();
    let head: usize = old.chars().zip(new.chars()).take_while(same).map(width).sum();
    let (rest, new_rest) =
        (old.get(head..).unwrap_or_default(), new.get(head..).unwrap_or_default());
    let tail: usize =
        rest.chars().rev().zip(new_rest.chars().rev()).take_while(same).map(width).sum();
    let text = new_rest.get(..new_rest.len() - tail).unwrap_or_default();
    TextEdit::replace(TextRange::new(range.start + head, range.end - tail), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;

    fn done(old: &str, changes: &Changes) -> String {
        let mut units: Vec<u16> = old.encode_utf16().collect();
        for (range, insert) in changes.ranges.chunks_exact(2).zip(&changes.inserts).rev() {
            units.splice(range[0] as usize..range[1] as usize, insert.encode_utf16());
        }
        String::from_utf16(&units).unwrap_or_default()
    }

    #[test]
    fn changes_are_small_and_lead_to_the_new_text() {
        let old = "# 🐳 a\nFROM python:3.11\n\nCOPY . .\nRUN pip install -r r.txt\nCMD x";
        let new = "# 🐳 a\nFROM python:3.11-slim\n\nCOPY r.txt .\nRUN pip install -r r.txt\nCOPY . .\nCMD x";
        let changes = Changes::between(old, new);
        assert_eq!(done(old, &changes), new);
        assert_eq!(changes.inserts, ["-slim", "r.txt", "COPY . .\n"]);
        assert_eq!(changes.ranges.get(..2), Some(&[23, 23][..]));
    }

    #[test]
    fn one_change_is_enough_for_a_plain_text_field() {
        let (old, new) = ("a\nb🎯\nc", "a\nb❌\nc\nd");
        let changes = Changes::all_at_once(old, new);
        assert_eq!((changes.inserts.len(), done(old, &changes)), (1, new.to_owned()));
    }

    #[test]
    fn equal_texts_need_no_change() {
        assert_eq!(Changes::between("a\n", "a\n"), Changes::default());
    }

    #[test]
    fn any_text_becomes_any_other() {
        for (old, new) in
            [("", "a"), ("a\n", ""), ("a", "a\n"), ("x\ny\n", "y\nx\n"), ("🎯", "🎯🎯"), ("é", "è")]
        {
            assert_eq!(done(old, &Changes::between(old, new)), new, "{old:?} to {new:?}");
            assert_eq!(
                done(old, &Changes::all_at_once(old, new)),
                new,
                "{old:?} to {new:?} at once"
            );
        }
    }

    #[test]
    fn notes_count_as_the_browser_does() {
        let analysis = Analysis::of(&Input::new("# 🐳\nFROM python:3.11\n"));
        let notes = Notes::of(&analysis, false);
        let from = notes.colours.chunks_exact(3).find(|token| token.get(2) == Some(&0));
        assert_eq!(from, Some(&[5, 9, 0][..]));
        assert_eq!(notes.messages.len(), notes.marks.len() / 5);
        assert!(notes.fixes.iter().all(String::is_empty));
        let index = notes.at(11);
        let place = index.and_then(|index| notes.place(index));
        assert!(place.is_some_and(|(from, to)| from <= 11 && 11 <= to), "{place:?}");
    }
}
