//! Lines into instructions. A line that Docker refuses becomes an error and costs that line only.

use super::ast::{File, Instruction, Item, Keyword, Kind, Word};
use super::errors::{SyntaxError, nearest, shown};
use super::lines::{Chunk, Line, Logical, Splitter};
use super::words;
use crate::text::TextRange;

/// Reads a Dockerfile. Never fails; what Docker refuses is in [`File::errors`].
pub fn parse(source: &str) -> File {
    let mut splitter = Splitter::new(source);
    let mut items = Vec::new();
    while let Some(line) = splitter.next() {
        items.push(match line {
            Line::Directive(directive) => Item::Directive(directive),
            Line::Comment(range) => Item::Comment(range),
            Line::Instruction(chunk) => {
                let (escape, errors) = (splitter.escape, &mut splitter.errors);
                Item::Instruction(Box::new(instruction(chunk, source, escape, errors)))
            }
        });
    }
    let mut file = File { items, escape: splitter.escape, errors: splitter.errors };
    check_order(source, &mut file);
    file
}

/// A Dockerfile needs a FROM, and only ARG may come before the first.
fn check_order(source: &str, file: &mut File) {
    let mut first = None;
    let mut early = None;
    let mut has_from = false;
    for instruction in file.instructions() {
        first = first.or(Some(instruction));
        match instruction.keyword {
            Some(Keyword::Arg) => continue,
            Some(Keyword::From) => has_from = true,
            Some(_) => early = Some(instruction),
            // A slip of the keys is told once.
            None => has_from = nearest_keyword(&instruction.keyword_word.text) == Some("FROM"),
        }
        if has_from || early.is_some() {
            break;
        }
    }
    let others = file.errors.len();
    let (range, message) = match (first, early) {
        (None, _) => (
            TextRange::at(source.len()),
            "There is no instruction yet. A Dockerfile starts with `FROM` and a base image.".into(),
        ),
        (_, Some(early)) => {
            let name = &early.keyword_word.text;
            let message = format!("`{name}` stands before the first `FROM`; only `ARG` may.");
            (early.keyword_word.range, message)
        }
        (Some(first), None) if !has_from && others == 0 => (
            first.keyword_word.range,
            "There is no `FROM`, so there is nothing to build on. Name a base image.".into(),
        ),
        _ => return file.errors.sort_unstable_by_key(|error| error.range),
    };
    file.errors.push(SyntaxError::new(range, message));
    file.errors.sort_unstable_by_key(|error| error.range);
}

fn nearest_keyword(word: &str) -> Option<&'static str> {
    nearest(word, Keyword::ALL.iter().map(|&(name, _)| name))
}

fn instruction(
    chunk: Chunk,
    source: &str,
    escape: char,
    errors: &mut Vec<SyntaxError>,
) -> Instruction {
    let range = chunk.range;
    let logical = &chunk.logical;
    let mut reader = Reader { logical, chunk: &chunk, source, escape, nested: false, errors };
    let instruction = reader.instruction(0);
    for heredoc in chunk.heredocs.iter().filter(|heredoc| heredoc.terminator.is_none()) {
        let message = format!(
            "The heredoc has no end: a line that holds only `{}` is missing.",
            shown(&heredoc.name)
        );
        errors.push(SyntaxError::new(heredoc.opener, message));
    }
    let Chunk { logical, comments, empty_lines, continuations, heredocs, is_open, .. } = chunk;
    Instruction {
        range,
        logical,
        comments,
        empty_lines,
        continuations,
        heredocs,
        is_open,
        ..instruction
    }
}

/// Reads one instruction.
pub(super) struct Reader<'a> {
    pub(super) logical: &'a Logical,
    pub(super) chunk: &'a Chunk,
    pub(super) source: &'a str,
    pub(super) escape: char,
    /// Behind ONBUILD. There Docker looks at the form of the line; at the rest, when a later build runs it.
    pub(super) nested: bool,
    errors: &'a mut Vec<SyntaxError>,
}

impl Reader<'_> {
    pub(super) fn text(&self) -> &str {
        &self.logical.text
    }

    /// Notes what Docker's instruction parser refuses.
    pub(super) fn error(&mut self, error: SyntaxError) {
        if !self.nested {
            self.errors.push(error);
        }
    }

    /// The same for a range of the joined text, which makes the instruction a broken one.
    pub(super) fn refuse(&mut self, range: TextRange, message: &str) -> Kind {
        self.error(SyntaxError::new(self.logical.source(range), message));
        Kind::Broken
    }

    /// Notes what Docker's line parser refuses, at a range of the joined text.
    pub(super) fn refuse_line(&mut self, range: TextRange, message: &str) {
        self.errors.push(SyntaxError::new(self.logical.source(range), message));
    }

    /// Reads the instruction that starts at byte `from` of the joined text.
    pub(super) fn instruction(&mut self, from: usize) -> Instruction {
        let from = self.skip_blanks(from);
        let rest = &self.text()[from..];
        let end = from + rest.find(words::is_blank).unwrap_or(rest.len());
        let keyword_range = TextRange::new(from, end);
        let word = keyword_range.of(self.text()).to_owned();
        let keyword = Keyword::parse(&word);
        let errors = self.errors.len();
        let (flags, at) = self.flags(end, keyword);
        let arguments = TextRange::new(at, self.text().trim_end().len());
        let kind = match keyword {
            Some(keyword) => self.kind(keyword, keyword_range, arguments),
            None => self.unknown(keyword_range, &word),
        };
        // Docker does not look at what stands before the NONE.
        if kind == Kind::Healthcheck(None) {
            self.errors.truncate(errors);
        }
        Instruction {
            range: self.logical.source(TextRange::new(from, self.text().len())),
            keyword_word: Word { text: word, range: self.logical.source(keyword_range) },
            keyword,
            flags,
            kind,
            arguments: self.logical.source(arguments),
            logical: Logical::default(),
            comments: Vec::new(),
            empty_lines: Vec::new(),
            continuations: Vec::new(),
            heredocs: Vec::new(),
            is_open: false,
        }
    }

    fn unknown(&mut self, range: TextRange, word: &str) -> Kind {
        let escape = self.escape;
        if word.is_empty() {
            let place = self.chunk.continuations.first().copied().unwrap_or_default();
            let message = format!("Nothing follows this `{escape}`. Take it away.");
            self.error(SyntaxError::new(place, message));
            return Kind::Broken;
        }
        // A blank or a mark that came along from a web page.
        let ascii = word.split(|c: char| !c.is_ascii()).find(|part| !part.is_empty());
        if ascii.is_some_and(|part| part.len() < word.len() && Keyword::parse(part).is_some())
            && let Some((at, odd)) = word.char_indices().find(|(_, c)| !c.is_ascii())
        {
            let range = TextRange::new(range.start + at, range.start + at + odd.len_utf8());
            let message = "Docker takes this character for a part of the instruction's name. Type an ordinary blank instead, or nothing.";
            return self.refuse(range, message);
        }
        let meant = nearest_keyword(word);
        let hint = meant.map_or_else(
            || format!("A line starts with one such as `FROM` or `RUN`, or goes on from a line that ends in `{escape}`."),
            |meant| format!("Did you mean `{meant}`?"),
        );
        let message = format!("Docker knows no instruction `{}`. {hint}", shown(word));
        let mut error = SyntaxError::new(self.logical.source(range), message);
        error.suggestion = meant.map(str::to_owned);
        self.error(error);
        Kind::Broken
    }

    pub(super) fn skip_blanks(&self, from: usize) -> usize {
        let rest = self.text().get(from..).unwrap_or_default();
        from + (rest.len() - rest.trim_start().len())
    }

    /// A raw word's value and place.
    pub(super) fn word(&self, range: TextRange) -> Word {
        Word {
            text: words::unquote(range.of(self.text()), self.escape),
            range: self.logical.source(range),
        }
    }

    /// Words between blanks; a quote keeps no blank inside.
    pub(super) fn fields(&self, range: TextRange) -> Vec<Word> {
        let mut words = Vec::new();
        for field in words::fields(self.text(), range) {
            words.push(self.word(field));
        }
        words
    }
}
