//! The splitter: BuildKit's line rules. Physical lines in, one chunk for each instruction out.
//!
//! Cannot fail. Everything that is not blank is inside exactly one item, so the text can be put together again.

use super::ast::Word;
use super::errors::SyntaxError;
use super::heredocs;
use crate::text::TextRange;

/// The longest line that Docker reads, in bytes.
const LONGEST_LINE: usize = 65_535;

/// A parser directive at the very top: `# syntax=docker/dockerfile:1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The whole comment line.
    pub range: TextRange,
    /// `syntax`, `escape` or `check`, in lower case.
    pub name: Word,
    /// What stands behind the `=`, without the blanks around it.
    pub value: Word,
}

/// A here-document: `<<EOF`, its lines, and the line that ends it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// The word that opens it, `<<-"EOF"`.
    pub opener: TextRange,
    /// The bare name, `EOF`.
    pub name: String,
    /// Its lines, with their line ends.
    pub body: TextRange,
    /// The line that ends it; `None` where the file ends first.
    pub terminator: Option<TextRange>,
    /// `<<-`: leading tabs are dropped.
    pub strips_tabs: bool,
    /// Whether variables are filled in (the name is not quoted).
    pub expands: bool,
}

/// The text of one instruction as Docker reads it: continuations, inner comments and heredoc bodies taken out,
/// with the way back to the file.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Logical {
    /// The joined text.
    pub text: String,
    /// Where it starts in the file.
    start: usize,
    /// Where its further pieces start, in itself and in the file.
    pieces: Vec<(usize, usize)>,
}

impl Logical {
    fn push(&mut self, text: &str, source: usize) {
        if self.text.is_empty() {
            self.start = source;
        } else if !text.is_empty() {
            self.pieces.push((self.text.len(), source));
        }
        self.text.push_str(text);
    }

    /// The bytes of the file behind a range of the joined text.
    pub fn source(&self, range: TextRange) -> TextRange {
        let start = self.source_of(range.start);
        if range.is_empty() {
            TextRange::at(start)
        } else {
            TextRange::new(start, self.source_of(range.end - 1) + 1)
        }
    }

    fn source_of(&self, offset: usize) -> usize {
        let further = self.pieces.partition_point(|&(start, _)| start <= offset);
        let (joined, source) = match further.checked_sub(1) {
            Some(piece) => self.pieces[piece],
            None => (0, self.start),
        };
        source + (offset - joined)
    }

    /// Whether the text at `range` stands in one piece in the file.
    pub fn is_contiguous(&self, range: TextRange) -> bool {
        self.source(range).len() == range.len()
    }
}

/// One instruction's lines.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Chunk {
    /// First to last byte, heredocs with it, the last line end not.
    pub range: TextRange,
    /// The joined text of the lines before any heredoc.
    pub logical: Logical,
    /// Comments between continued lines, `#` to line end.
    pub comments: Vec<TextRange>,
    /// Blank lines between continued lines.
    pub empty_lines: Vec<TextRange>,
    /// The escape characters that continue a line.
    pub continuations: Vec<TextRange>,
    pub heredocs: Vec<Heredoc>,
    /// The file ends before it does.
    pub is_open: bool,
}

/// One piece of a file, top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Directive(Directive),
    /// `#` to line end.
    Comment(TextRange),
    Instruction(Chunk),
}

/// Splits a text as BuildKit's line parser does.
pub(super) struct Splitter<'a> {
    source: &'a str,
    at: usize,
    /// The character that continues a line: `\` unless a directive says otherwise.
    pub escape: char,
    /// The directives so far; `None` as soon as no more may come.
    seen: Option<Vec<String>>,
    /// What Docker refuses of directives, and lines that are too long for it.
    pub errors: Vec<SyntaxError>,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        let at = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { source, at, escape: '\\', seen: Some(Vec::new()), errors: Vec::new() }
    }

    /// The next piece of the file.
    pub(super) fn next(&mut self) -> Option<Line> {
        loop {
            let line = self.physical()?;
            if let Some(line) = self.line(line) {
                return Some(line);
            }
        }
    }

    /// The next physical line without its end, or `None` at the end of the text.
    fn physical(&mut self) -> Option<TextRange> {
        let rest = self.source.get(self.at..).filter(|rest| !rest.is_empty())?;
        // Lines are short, and going through their bytes is quicker than setting a search up.
        let length = rest.bytes().position(|byte| byte == b'\n').unwrap_or(rest.len());
        let line = TextRange::new(self.at, self.at + rest[..length].trim_end_matches('\r').len());
        if length > LONGEST_LINE {
            let message = "This line is longer than the 65,535 bytes that Docker reads. Continue it on a new line.";
            self.errors.push(SyntaxError::new(line, message));
        }
        self.at = (self.at + length + 1).min(self.source.len());
        Some(line)
    }

    fn line(&mut self, line: TextRange) -> Option<Line> {
        let line = self.trim_start(line);
        let text = line.of(self.source);
        if text.starts_with('#') {
            return Some(self.directive(line).map_or(Line::Comment(line), Line::Directive));
        }
        self.seen = None;
        (!text.is_empty()).then(|| Line::Instruction(self.chunk(line)))
    }

    /// Reads `# name=value`. The first line that is no known directive ends them.
    fn directive(&mut self, range: TextRange) -> Option<Directive> {
        let mut seen = self.seen.take()?;
        let text = range.of(self.source);
        let equals = text.find('=')?;
        let name = self.trim(TextRange::new(range.start + 1, range.start + equals));
        let behind = TextRange::new(range.start + equals + 1, range.end);
        let mut value = self.trim(behind);
        // Blanks alone are a value to Docker.
        if value.is_empty() && !behind.is_empty() {
            value = TextRange::new(range.end - 1, range.end);
        }
        let name = Word { text: name.of(self.source).to_ascii_lowercase(), range: name };
        let value = Word { text: value.of(self.source).to_owned(), range: value };
        if value.range.is_empty() {
            return None;
        }
        if !matches!(name.text.as_str(), "syntax" | "escape" | "check") {
            return None;
        }
        if seen.contains(&name.text) {
            let message = "This directive is given twice; Docker takes each one once.";
            self.errors.push(SyntaxError::new(name.range, message));
        } else if name.text == "escape" {
            match value.text.as_str() {
                "\\" => {}
                "`" => self.escape = '`',
                _ => {
                    let message = "The escape character has to be a backslash or a backtick.";
                    self.errors.push(SyntaxError::new(value.range, message));
                }
            }
        }
        seen.push(name.text.clone());
        self.seen = Some(seen);
        Some(Directive { range, name, value })
    }

    fn chunk(&mut self, first: TextRange) -> Chunk {
        let mut chunk = Chunk { range: first, ..Chunk::default() };
        let mut more = self.take(&mut chunk, first);
        while more {
            let Some(line) = self.physical() else { break };
            let rest = self.trim_start(line);
            if rest.is_empty() {
                chunk.empty_lines.push(line);
            } else if rest.of(self.source).starts_with('#') {
                chunk.comments.push(rest);
            } else {
                more = self.take(&mut chunk, line);
            }
            chunk.range.end = line.end;
        }
        chunk.is_open = more;
        self.heredocs(&mut chunk);
        chunk
    }

    /// Adds a physical line without its continuation character. Whether the next line belongs to it.
    fn take(&self, chunk: &mut Chunk, line: TextRange) -> bool {
        let text = line.of(self.source);
        let body = text.trim_end_matches([' ', '\t']);
        let kept = body.strip_suffix(self.escape).filter(|kept| !kept.ends_with(self.escape));
        chunk.logical.push(kept.unwrap_or(text), line.start);
        if let Some(kept) = kept {
            chunk
                .continuations
                .push(TextRange::new(line.start + kept.len(), line.start + body.len()));
        }
        kept.is_some()
    }

    fn heredocs(&mut self, chunk: &mut Chunk) {
        for opener in heredocs::openers(&chunk.logical.text) {
            let start = self.at;
            let mut body = TextRange::at(start);
            let mut terminator = None;
            while let Some(line) = self.physical() {
                let text = line.of(self.source);
                let text = if opener.strips_tabs { text.trim_start_matches('\t') } else { text };
                chunk.range.end = line.end;
                if text == opener.name {
                    terminator = Some(line);
                    break;
                }
                body = TextRange::new(start, self.at);
            }
            if terminator.is_none() {
                chunk.is_open = true;
                body = TextRange::new(start.min(chunk.range.end), chunk.range.end);
            }
            chunk.heredocs.push(Heredoc {
                opener: chunk.logical.source(opener.range),
                name: opener.name,
                body,
                terminator,
                strips_tabs: opener.strips_tabs,
                expands: opener.expands,
            });
        }
    }

    /// Without ASCII blanks around it.
    fn trim(&self, range: TextRange) -> TextRange {
        let text = range.of(self.source);
        let start = range.end - text.trim_ascii_start().len();
        TextRange::new(start, range.start + text.trim_ascii_end().len())
    }

    fn trim_start(&self, line: TextRange) -> TextRange {
        TextRange::new(line.end - line.of(self.source).trim_start().len(), line.end)
    }
}
