//! The splitter: BuildKit's line rules. Physical lines in, one chunk for each instruction out.
//!
//! Cannot fail. Everything that is not blank is inside exactly one item, so the text can be put together again.

use super::words;
use crate::text::TextRange;

/// A parser directive at the very top: `# syntax=docker/dockerfile:1`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The whole comment line.
    pub range: TextRange,
    /// `syntax`, `escape` or `check`, lower case.
    pub name: String,
    /// What stands behind the `=`, trimmed.
    pub value: String,
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
    /// Where pieces of the joined text start, and where each of them starts in the file.
    pieces: Vec<(usize, usize)>,
}

impl Logical {
    fn push(&mut self, text: &str, source: usize) {
        if !text.is_empty() || self.pieces.is_empty() {
            self.pieces.push((self.text.len(), source));
            self.text.push_str(text);
        }
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
        let piece = self.pieces.partition_point(|&(start, _)| start <= offset).saturating_sub(1);
        self.pieces.get(piece).map_or(offset, |&(logical, source)| source + (offset - logical))
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
}

/// One piece of a file, top to bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Directive(Directive),
    /// `#` to line end.
    Comment(TextRange),
    Instruction(Chunk),
}

pub(super) struct Split {
    /// The character that continues a line: `\` unless a directive says otherwise.
    pub escape: char,
    pub lines: Vec<Line>,
}

/// Splits `source` as BuildKit's line parser does.
pub(super) fn split(source: &str) -> Split {
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut splitter = Splitter { source, at: start, escape: '\\', directives: true };
    let mut lines = Vec::new();
    while let Some(line) = splitter.physical() {
        lines.extend(splitter.line(line));
    }
    Split { escape: splitter.escape, lines }
}

struct Splitter<'a> {
    source: &'a str,
    at: usize,
    escape: char,
    /// Directives may still come.
    directives: bool,
}

impl Splitter<'_> {
    /// The next physical line without its end, or `None` at the end of the text.
    fn physical(&mut self) -> Option<TextRange> {
        let rest = self.source.get(self.at..).filter(|rest| !rest.is_empty())?;
        let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let text = rest[..length].trim_end_matches(['\r', '\n']);
        let line = TextRange::new(self.at, self.at + text.len());
        self.at += length;
        Some(line)
    }

    fn line(&mut self, line: TextRange) -> Option<Line> {
        let line = self.trim_start(line);
        let text = line.of(self.source);
        if let Some(comment) = text.strip_prefix('#') {
            if self.directives
                && let Some(directive) = self.directive(line, comment)
            {
                return Some(Line::Directive(directive));
            }
            return Some(Line::Comment(line));
        }
        self.directives = false;
        (!text.is_empty()).then(|| Line::Instruction(self.chunk(line)))
    }

    fn directive(&mut self, range: TextRange, comment: &str) -> Option<Directive> {
        let known = comment
            .split_once('=')
            .map(|(name, value)| (name.trim().to_ascii_lowercase(), value.trim()));
        let Some((name, value)) =
            known.filter(|(name, value)| is_directive_name(name) && !value.is_empty())
        else {
            self.directives = false;
            return None;
        };
        if !matches!(name.as_str(), "syntax" | "escape" | "check") {
            return None;
        }
        if name == "escape" && value == "`" {
            self.escape = '`';
        }
        Some(Directive { range, name, value: value.to_owned() })
    }

    fn chunk(&mut self, first: TextRange) -> Chunk {
        let mut chunk = Chunk { range: first, ..Chunk::default() };
        let mut more = self.take(&mut chunk, first);
        while more {
            let Some(line) = self.physical() else { break };
            let text = line.of(self.source);
            if text.trim_start().starts_with('#') {
                chunk.comments.push(self.trim_start(line));
            } else if text.trim().is_empty() {
                chunk.empty_lines.push(line);
            } else {
                more = self.take(&mut chunk, line);
            }
            chunk.range.end = line.end;
        }
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
        if !chunk.logical.text.contains("<<") || !may_hold_heredocs(&chunk.logical.text) {
            return;
        }
        for (range, opener) in words::heredoc_openers(&chunk.logical.text, self.escape) {
            let start = self.at;
            let mut body = TextRange::at(start);
            let mut terminator = None;
            while let Some(line) = self.physical() {
                let text = line.of(self.source);
                chunk.range.end = line.end;
                if (if opener.strips_tabs { text.trim_start_matches('\t') } else { text })
                    == opener.name
                {
                    terminator = Some(line);
                    break;
                }
                body = TextRange::new(start, self.at);
            }
            chunk.heredocs.push(Heredoc {
                opener: chunk.logical.source(range),
                name: opener.name,
                body,
                terminator,
                strips_tabs: opener.strips_tabs,
                expands: opener.expands,
            });
        }
    }

    fn trim_start(&self, line: TextRange) -> TextRange {
        let text = line.of(self.source);
        TextRange::new(line.start + (text.len() - text.trim_start().len()), line.end)
    }
}

fn is_directive_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// RUN, COPY and ADD, also behind ONBUILD.
fn may_hold_heredocs(logical: &str) -> bool {
    let mut words = logical.split_whitespace().map(str::to_ascii_uppercase);
    let mut first = words.next();
    while first.as_deref() == Some("ONBUILD") {
        first = words.next();
    }
    first.is_some_and(|word| matches!(word.as_str(), "RUN" | "COPY" | "ADD"))
}
