//! Bytes to lines and columns and back: the one place where bytes and UTF-16 meet.

use super::TextRange;

/// A line and a column, both counted from 1; the column counts characters (Unicode scalar values).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    /// 1-based line.
    pub line: usize,
    /// 1-based column in characters.
    pub column: usize,
}

/// Where the lines of one text start. Lines end at `\n`; a `\r` before it belongs to the line's end.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct LineIndex {
    starts: Vec<usize>,
    len: usize,
    /// Offsets just behind each character that is not one byte long, with the UTF-16 units saved so far.
    wide: Vec<(usize, usize)>,
}

impl LineIndex {
    /// Reads `text` once.
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        let ends = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n');
        starts.extend(ends.map(|(at, _)| at + 1));
        let mut wide = Vec::new();
        let (mut at, mut saved) = (0, 0);
        // From one wide character to the next: most bytes are passed over without being read as characters.
        while let Some(next) = text.as_bytes()[at..].iter().position(|byte| !byte.is_ascii()) {
            let Some(c) = text[at + next..].chars().next() else { break };
            at += next + c.len_utf8();
            saved += c.len_utf8() - c.len_utf16();
            wide.push((at, saved));
        }
        Self { starts, len: text.len(), wide }
    }

    /// How many lines there are; an empty text has one.
    pub fn lines(&self) -> usize {
        self.starts.len()
    }

    /// The 1-based line that holds byte `offset`.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|&start| start <= offset).max(1)
    }

    /// The bytes of 1-based `line` with its line end; empty at the end of the text past the last line.
    pub fn range(&self, line: usize) -> TextRange {
        let start =
            line.checked_sub(1).and_then(|i| self.starts.get(i)).copied().unwrap_or(self.len);
        TextRange::new(start, self.starts.get(line).copied().unwrap_or(self.len))
    }

    /// Where byte `offset` of `text` (the text this index was made of) stands, for people.
    pub fn line_column(&self, text: &str, offset: usize) -> LineColumn {
        let line = self.line(offset);
        let before = TextRange::new(self.range(line).start, offset).of(text);
        LineColumn { line, column: before.chars().count() + 1 }
    }

    /// Byte offset to UTF-16 offset, as editors in the browser count.
    pub fn utf16(&self, offset: usize) -> usize {
        let seen = self.wide.partition_point(|&(end, _)| end <= offset);
        offset - seen.checked_sub(1).map_or(0, |i| self.wide[i].1)
    }

    /// UTF-16 offset to byte offset. An offset inside a character is taken as its start or its end.
    pub fn from_utf16(&self, utf16: usize) -> usize {
        let seen = self.wide.partition_point(|&(end, saved)| end - saved <= utf16);
        (utf16 + seen.checked_sub(1).map_or(0, |i| self.wide[i].1)).min(self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let text = "FROM a\r\n# ❌ b\nCMD c";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 3);
        assert_eq!(index.range(2).of(text), "# ❌ b\n");
        let b = text.find("b\n").unwrap_or_default();
        assert_eq!(index.line_column(text, b), LineColumn { line: 2, column: 5 });
        assert_eq!(index.range(9).of(text), "");
    }

    #[test]
    fn utf16_and_back() {
        let text = "a❌b🎯c\nd";
        let index = LineIndex::new(text);
        for (offset, _) in text.char_indices() {
            let utf16 = text[..offset].encode_utf16().count();
            assert_eq!(index.utf16(offset), utf16, "byte {offset}");
            assert_eq!(index.from_utf16(utf16), offset, "unit {utf16}");
        }
        assert_eq!(index.utf16(text.len()), text.encode_utf16().count());
    }
}
