//! A text without its quotes or escapes, with the way back to where each piece of it stands.

use crate::text::TextRange;

/// A text made from another one, with the way back: a word without its quotes, a JSON string without its escapes.
#[derive(Default)]
pub(super) struct Plain {
    pub text: String,
    /// Where each piece starts in the text, and where it stands in what the text was made from.
    pieces: Vec<(usize, TextRange)>,
}

impl Plain {
    pub fn clear(&mut self) {
        self.text.clear();
        self.pieces.clear();
    }

    /// Adds what stands at `from`. Equal lengths are taken to be byte for byte the same.
    pub fn push(&mut self, text: &str, from: TextRange) {
        let whole = text.len() == from.len();
        match self.pieces.last_mut() {
            Some((start, last))
                if whole && last.end == from.start && self.text.len() - *start == last.len() =>
            {
                last.end = from.end;
            }
            _ => self.pieces.push((self.text.len(), from)),
        }
        self.text.push_str(text);
    }

    /// Where a range of the text comes from.
    pub fn source(&self, range: TextRange) -> TextRange {
        let first = self.pieces.partition_point(|&(at, _)| at <= range.start).saturating_sub(1);
        let last = self.pieces.partition_point(|&(at, _)| at < range.end).saturating_sub(1);
        let (Some(&(start, first)), Some(&(end, end_piece))) =
            (self.pieces.get(first), self.pieces.get(last))
        else {
            return TextRange::default();
        };
        // An escape counts as a whole: both its ends are those of the backslash and what it escapes.
        let start = (first.start + (range.start - start)).min(first.end);
        let next = self.pieces.get(last + 1).map_or(self.text.len(), |&(at, _)| at);
        let end = if range.end == next {
            end_piece.end
        } else {
            end_piece.start + (range.end.saturating_sub(end))
        };
        TextRange::new(start, end)
    }
}
