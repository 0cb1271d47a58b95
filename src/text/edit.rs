//! Changes as data: sorted, disjoint, applied at once or not at all.

use std::collections::BTreeMap;

use super::TextRange;

/// Replace the bytes at `range` by `text`. An empty range inserts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced, in bytes of the text before any edit.
    pub range: TextRange,
    /// What stands there afterwards.
    pub text: String,
}

impl TextEdit {
    /// Puts `text` at byte `offset`.
    pub fn insert(offset: usize, text: impl Into<String>) -> Self {
        Self { range: TextRange::at(offset), text: text.into() }
    }

    /// Takes away the bytes at `range`.
    pub fn delete(range: TextRange) -> Self {
        Self { range, text: String::new() }
    }

    /// Puts `text` in place of the bytes at `range`.
    pub fn replace(range: TextRange, text: impl Into<String>) -> Self {
        Self { range, text: text.into() }
    }
}

/// Two edits want the same place; nothing was merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict;

/// Edits of one text, sorted by place. No two overlap, and no two of different origin touch the same offset.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct EditSet {
    /// By start, end, and the order they were given in, which insertions at one offset keep. Disjoint by construction.
    edits: BTreeMap<(usize, usize, usize), TextEdit>,
}

impl EditSet {
    /// Sorts `edits`. `Err` where two of them overlap.
    pub fn new(edits: impl IntoIterator<Item = TextEdit>) -> Result<Self, Conflict> {
        let key = |(at, edit): (usize, TextEdit)| ((edit.range.start, edit.range.end, at), edit);
        let mut set = Self::default();
        // Not collected: that would sort once more for each kind of iterator, 5 KB of program each time.
        set.edits.extend(edits.into_iter().enumerate().map(key));
        let overlap = set.iter().zip(set.iter().skip(1)).any(|(a, b)| b.range.start < a.range.end);
        if overlap { Err(Conflict) } else { Ok(set) }
    }

    /// Whether an edit of `other` overlaps one of these, or changes the same place.
    pub fn meets(&self, other: &Self) -> bool {
        other.iter().any(|edit| {
            // These are disjoint, so of those that start in time the last one reaches furthest.
            let before = self.edits.range(..=(edit.range.end, usize::MAX, usize::MAX)).next_back();
            before.is_some_and(|(&(_, end, _), _)| end >= edit.range.start)
        })
    }

    /// Takes the edits of `other` in. `Err`, and nothing changes, where they meet.
    pub fn merge(&mut self, other: &Self) -> Result<(), Conflict> {
        if self.meets(other) {
            return Err(Conflict);
        }
        self.edits.extend(other.edits.iter().map(|(&key, edit)| (key, edit.clone())));
        Ok(())
    }

    /// `text` with every edit done. Edits that `text` has no place for are left out.
    pub fn apply(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for edit in self.iter() {
            let (Some(kept), Some(_)) =
                (text.get(at..edit.range.start), text.get(edit.range.start..edit.range.end))
            else {
                continue;
            };
            out.push_str(kept);
            out.push_str(&edit.text);
            at = edit.range.end;
        }
        out.push_str(&text[at..]);
        out
    }

    /// The edits in order of place.
    pub fn iter(&self) -> impl Iterator<Item = &TextEdit> {
        self.edits.values()
    }

    /// Whether nothing would change.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }
}

impl From<TextEdit> for EditSet {
    fn from(edit: TextEdit) -> Self {
        let mut set = Self::default();
        set.edits.insert((edit.range.start, edit.range.end, 0), edit);
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(edits: &[(usize, usize, &str)]) -> EditSet {
        EditSet::new(edits.iter().map(|&(a, b, t)| TextEdit::replace(TextRange::new(a, b), t)))
            .unwrap_or_default()
    }

    #[test]
    fn applies_all_at_once() {
        assert_eq!(set(&[(4, 5, "E"), (0, 1, "A"), (2, 2, "+")]).apply("abcde"), "Ab+cdE");
    }

    #[test]
    fn insertions_at_one_place_keep_their_order() {
        assert_eq!(set(&[(1, 1, "x"), (1, 1, "y"), (1, 2, "B")]).apply("abc"), "axyBc");
    }

    #[test]
    fn overlap_is_refused() {
        let edits =
            [TextEdit::delete(TextRange::new(0, 3)), TextEdit::delete(TextRange::new(2, 4))];
        assert_eq!(EditSet::new(edits), Err(Conflict));
    }

    #[test]
    fn sets_that_meet_do_not_merge() {
        assert_eq!(set(&[(0, 2, "")]).merge(&set(&[(1, 3, "")])), Err(Conflict));
        assert_eq!(set(&[(2, 2, "x")]).merge(&set(&[(2, 2, "y")])), Err(Conflict));
        assert!(set(&[(0, 1, ""), (4, 9, "")]).meets(&set(&[(5, 5, "x")])));
        let mut both = set(&[(0, 1, "A")]);
        assert_eq!(both.merge(&set(&[(2, 3, "C")])), Ok(()));
        assert_eq!(both.apply("abc"), "AbC");
    }
}
