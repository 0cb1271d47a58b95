//! Words into instructions. A line that Docker refuses becomes an error and costs that line only.

use super::ast::{Body, File, Flag, Instruction, Item, Keyword, Kind, Pair, Transfer, Word};
use super::errors::{SyntaxError, nearest, nearest_keyword};
use super::lines::{Chunk, Line, Logical, split};
use super::{crate_reader, json, shell, words};
use crate::text::TextRange;

/// Reads a Dockerfile. Never fails; what Docker refuses is in [`File::errors`].
pub fn parse(source: &str) -> File {
    let split = split(source);
    let mut errors = Vec::new();
    let mut items = Vec::with_capacity(split.lines.len());
    for line in split.lines {
        items.push(match line {
            Line::Directive(directive) => Item::Directive(directive),
            Line::Comment(range) => Item::Comment(range),
            Line::Instruction(chunk) => {
                Item::Instruction(Box::new(instruction(chunk, source, split.escape, &mut errors)))
            }
        });
    }
    let mut file = File { items, escape: split.escape, errors };
    check_order(source, &mut file);
    file
}

/// A Dockerfile needs a FROM, and only ARG may come before the first.
fn check_order(source: &str, file: &mut File) {
    let Some(first) = file.instructions().next() else {
        let message =
            "There is no instruction yet. A Dockerfile starts with `FROM` and a base image.";
        file.errors.push(SyntaxError::new(TextRange::at(source.len()), message));
        return;
    };
    let early = file
        .instructions()
        .take_while(|i| i.keyword != Some(Keyword::From))
        .find(|i| i.keyword.is_some_and(|keyword| keyword != Keyword::Arg));
    let error = match early {
        Some(early) => Some(SyntaxError::new(
            early.keyword_word.range,
            format!(
                "`{}` stands before the first `FROM`; only `ARG` may.",
                early.keyword_word.text
            ),
        )),
        None if file.instructions().all(|i| i.keyword == Some(Keyword::Arg)) => {
            Some(SyntaxError::new(
                first.keyword_word.range,
                "There is no `FROM`, so there is nothing to build on. Name a base image.",
            ))
        }
        None => None,
    };
    file.errors.extend(error);
    file.errors.sort_unstable_by(|a, b| (a.range, &a.message).cmp(&(b.range, &b.message)));
}

fn instruction(
    chunk: Chunk,
    source: &str,
    escape: char,
    errors: &mut Vec<SyntaxError>,
) -> Instruction {
    let range = chunk.range;
    let mut reader = Reader { logical: &chunk.logical, chunk: &chunk, source, escape, errors };
    let mut instruction = reader.instruction(0, true);
    instruction.range = range;
    for heredoc in chunk.heredocs.iter().filter(|heredoc| heredoc.terminator.is_none()) {
        let message = format!(
            "The heredoc has no end: a line that holds only `{}` is missing.",
            heredoc.name
        );
        errors.push(SyntaxError::new(heredoc.opener, message));
    }
    let Chunk { logical, comments, empty_lines, continuations, heredocs, .. } = chunk;
    Instruction { logical, comments, empty_lines, continuations, heredocs, ..instruction }
}

/// The flags an instruction knows.
const fn known_flags(keyword: Keyword) -> &'static [&'static str] {
    match keyword {
        Keyword::From => &["platform"],
        Keyword::Run => &["mount", "network", "security", "device"],
        Keyword::Copy => &["from", "chown", "chmod", "link", "parents", "exclude"],
        Keyword::Add => {
            &["keep-git-dir", "checksum", "chown", "chmod", "link", "exclude", "unpack"]
        }
        Keyword::Healthcheck => {
            &["interval", "timeout", "start-period", "start-interval", "retries"]
        }
        _ => &[],
    }
}

/// Flags that may stand without a value.
const BOOLEAN_FLAGS: [&str; 4] = ["link", "parents", "keep-git-dir", "unpack"];

struct Reader<'a> {
    logical: &'a Logical,
    chunk: &'a Chunk,
    source: &'a str,
    escape: char,
    errors: &'a mut Vec<SyntaxError>,
}

impl Reader<'_> {
    fn text(&self) -> &str {
        &self.logical.text
    }

    fn error(&mut self, range: TextRange, message: impl Into<String>) {
        self.errors.push(SyntaxError::new(self.logical.source(range), message));
    }

    /// Reads the instruction that starts at byte `from` of the joined text.
    fn instruction(&mut self, from: usize, outermost: bool) -> Instruction {
        let from = self.skip_blanks(from);
        let end = self.text()[from..]
            .find(char::is_whitespace)
            .map_or(self.text().len(), |length| from + length);
        let keyword_range = TextRange::new(from, end);
        let word = keyword_range.of(self.text()).to_owned();
        let keyword = Keyword::parse(&word);
        let (flags, at) = self.flags(end, keyword);
        let arguments = TextRange::new(at, self.text().trim_end().len());
        let kind = match keyword {
            Some(keyword) => self.kind(keyword, keyword_range, &flags, arguments, outermost),
            None => self.unknown(keyword_range, &word),
        };
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
        }
    }

    fn unknown(&mut self, range: TextRange, word: &str) -> Kind {
        let meant = nearest_keyword(word);
        let shown: String = word.chars().take(24).collect();
        let hint = meant.map_or_else(
            || "A line starts with an instruction such as `FROM`, `COPY` or `RUN`.".to_owned(),
            |meant| format!("Did you mean `{meant}`?"),
        );
        self.error(range, format!("Docker knows no instruction `{shown}`. {hint}"));
        if let Some(error) = self.errors.last_mut() {
            error.suggestion = meant.map(str::to_owned);
        }
        Kind::Broken
    }

    fn skip_blanks(&self, from: usize) -> usize {
        let rest = self.text().get(from..).unwrap_or_default();
        from + (rest.len() - rest.trim_start().len())
    }

    /// `--name[=value]` words from byte `from` on, and where the arguments start.
    fn flags(&mut self, from: usize, keyword: Option<Keyword>) -> (Vec<Flag>, usize) {
        let mut flags = Vec::new();
        let mut at = self.skip_blanks(from);
        while self.text()[at..].starts_with("--") {
            let Some(range) = words::split_first(self.text(), at, self.escape) else { break };
            let raw = range.of(self.text()).to_owned();
            at = self.skip_blanks(range.end);
            if raw == "--" {
                break;
            }
            let name = raw[2..].split('=').next().unwrap_or_default();
            let value = raw.find('=').map(|equals| {
                let range = TextRange::new(range.start + equals + 1, range.end);
                self.word(range)
            });
            self.check_flag(keyword, name, value.is_some(), range);
            flags.push(Flag { range: self.logical.source(range), name: name.to_owned(), value });
        }
        (flags, at)
    }

    fn check_flag(
        &mut self,
        keyword: Option<Keyword>,
        name: &str,
        has_value: bool,
        range: TextRange,
    ) {
        let Some(keyword) = keyword else { return };
        let known = known_flags(keyword);
        if !known.contains(&name) {
            let meant = nearest(name, known.iter().copied());
            let hint = match meant {
                Some(meant) => format!(" Did you mean `--{meant}`?"),
                None if known.is_empty() => " It takes none.".to_owned(),
                None => format!(" It knows `--{}`.", known.join("`, `--")),
            };
            self.error(range, format!("`{}` knows no option `--{name}`.{hint}", keyword.as_str()));
        } else if !has_value && !BOOLEAN_FLAGS.contains(&name) {
            self.error(range, format!("`--{name}` needs a value: `--{name}=…`."));
        }
    }

    /// A raw word's value and place.
    fn word(&self, range: TextRange) -> Word {
        Word {
            text: words::unquote(range.of(self.text()), self.escape),
            range: self.logical.source(range),
        }
    }

    /// Words between blanks; a quote keeps no blank inside.
    fn fields(&self, arguments: TextRange) -> Vec<Word> {
        let text = arguments.of(self.text());
        let base = text.as_ptr() as usize;
        text.split_whitespace()
            .map(|field| {
                let start = arguments.start + (field.as_ptr() as usize - base);
                let range = TextRange::new(start, start + field.len());
                self.word(range)
            })
            .collect()
    }

    /// The JSON array that the arguments are, if they are one.
    fn json(&self, arguments: TextRange) -> Option<Vec<Word>> {
        let elements = json::string_array(&self.text()[..arguments.end], arguments.start)?;
        let words = elements
            .into_iter()
            .map(|(range, text)| Word { text, range: self.logical.source(range) });
        Some(words.collect())
    }

    fn kind(
        &mut self,
        keyword: Keyword,
        word: TextRange,
        flags: &[Flag],
        arguments: TextRange,
        outermost: bool,
    ) -> Kind {
        if arguments.is_empty() && !matches!(keyword, Keyword::Cmd | Keyword::Entrypoint) {
            self.error(
                word,
                format!("`{}` has nothing behind it. {}", keyword.as_str(), usage(keyword)),
            );
            return Kind::Broken;
        }
        if outermost && let Some(kind) = crate_reader::read(keyword, flags, self.logical, arguments)
        {
            return kind;
        }
        match keyword {
            Keyword::From => self.from(arguments),
            Keyword::Arg => self.arg(arguments),
            Keyword::Env => self.pairs(keyword, arguments).map_or(Kind::Broken, Kind::Env),
            Keyword::Label => self.pairs(keyword, arguments).map_or(Kind::Broken, Kind::Label),
            Keyword::Run => Kind::Run(self.body(arguments)),
            Keyword::Cmd => Kind::Cmd(self.body(arguments)),
            Keyword::Entrypoint => Kind::Entrypoint(self.body(arguments)),
            Keyword::Healthcheck => self.healthcheck(arguments),
            Keyword::Copy => {
                self.transfer(keyword, word, arguments).map_or(Kind::Broken, Kind::Copy)
            }
            Keyword::Add => self.transfer(keyword, word, arguments).map_or(Kind::Broken, Kind::Add),
            Keyword::Workdir => Kind::Workdir(self.word(arguments)),
            Keyword::User => Kind::User(self.word(arguments)),
            Keyword::Stopsignal => Kind::Stopsignal(self.word(arguments)),
            Keyword::Maintainer => Kind::Maintainer(self.word(arguments)),
            Keyword::Expose => Kind::Expose(self.fields(arguments)),
            Keyword::Volume => {
                Kind::Volume(self.json(arguments).unwrap_or_else(|| self.fields(arguments)))
            }
            Keyword::Shell => self.shell(arguments),
            Keyword::Onbuild => self.onbuild(arguments),
        }
    }

    fn from(&mut self, arguments: TextRange) -> Kind {
        let mut fields = self.fields(arguments).into_iter();
        let image = fields.next().unwrap_or_default();
        match (fields.next(), fields.next(), fields.next()) {
            (None, ..) => Kind::From { image, as_word: None, alias: None },
            (Some(as_word), Some(alias), None) if as_word.text.eq_ignore_ascii_case("as") => {
                Kind::From { image, as_word: Some(as_word.range), alias: Some(alias) }
            }
            (Some(second), third, fourth) => {
                // A name where it belongs is not what is wrong.
                let wrong = fourth
                    .filter(|_| second.text.eq_ignore_ascii_case("as") && third.is_some())
                    .unwrap_or(second);
                let message = if wrong.text.starts_with('#') {
                    "A comment cannot stand behind `FROM`; give it a line of its own."
                } else {
                    "Behind the image `FROM` takes `AS` and one name, and nothing else."
                };
                self.errors.push(SyntaxError::new(wrong.range, message));
                Kind::Broken
            }
        }
    }

    fn arg(&mut self, arguments: TextRange) -> Kind {
        let ranges = words::split(&self.text()[..arguments.end], arguments.start, self.escape);
        Kind::Arg(ranges.into_iter().map(|range| self.pair(range)).collect())
    }

    /// Reads `key=value`, or `key` alone.
    fn pair(&self, range: TextRange) -> Pair {
        let equals = range.of(self.text()).find('=').map(|equals| range.start + equals);
        let key = self.word(TextRange::new(range.start, equals.unwrap_or(range.end)));
        let value = equals.map(|equals| self.word(TextRange::new(equals + 1, range.end)));
        Pair { range: self.logical.source(range), key, value }
    }

    /// Reads `key=value ...` or the old `key value`. `None` after an error.
    fn pairs(&mut self, keyword: Keyword, arguments: TextRange) -> Option<Vec<Pair>> {
        let ranges = words::split(&self.text()[..arguments.end], arguments.start, self.escape);
        let first = *ranges.first()?;
        if !first.of(self.text()).contains('=') {
            let rest = self.skip_blanks(first.end);
            if rest >= arguments.end {
                let name = keyword.as_str();
                self.error(first, format!("`{name}` needs a value: `{name} NAME=value`."));
                return None;
            }
            let value = TextRange::new(rest, arguments.end);
            let range = self.logical.source(TextRange::new(first.start, value.end));
            return Some(vec![Pair {
                range,
                key: self.word(first),
                value: Some(self.word(value)),
            }]);
        }
        let mut pairs = Vec::with_capacity(ranges.len());
        for range in ranges {
            match range.of(self.text()).find('=') {
                Some(1..) => pairs.push(self.pair(range)),
                Some(0) => self.error(range, "There is no name before the `=`."),
                None => {
                    let message = format!(
                        "`{}` wants `NAME=value`. A value with a blank needs quotes.",
                        keyword.as_str()
                    );
                    self.error(range, message);
                }
            }
        }
        Some(pairs)
    }

    fn body(&self, arguments: TextRange) -> Body {
        if let Some(words) = self.json(arguments) {
            return Body::Exec(words);
        }
        // A heredoc that is the whole command is the script itself; any other is its input.
        if let [heredoc] = self.chunk.heredocs.as_slice()
            && self.logical.source(arguments) == heredoc.opener
        {
            let start = heredoc.body.start;
            let shift = |range: TextRange| TextRange::new(range.start + start, range.end + start);
            let mut script = shell::read(heredoc.body.of(self.source), '\\', &shift);
            let body = heredoc.body.of(self.source);
            if body.starts_with("#!") {
                script.opaque = Some(heredoc.body);
                script.commands.clear();
            }
            return Body::Shell(script);
        }
        let map = |range: TextRange| {
            self.logical
                .source(TextRange::new(range.start + arguments.start, range.end + arguments.start))
        };
        Body::Shell(shell::read(arguments.of(self.text()), self.escape, &map))
    }

    fn healthcheck(&mut self, arguments: TextRange) -> Kind {
        let text = arguments.of(self.text());
        let word = TextRange::new(
            arguments.start,
            arguments.start + text.find(char::is_whitespace).unwrap_or(text.len()),
        );
        let name = word.of(self.text()).to_ascii_uppercase();
        let rest = TextRange::new(self.skip_blanks(word.end), arguments.end);
        match name.as_str() {
            "NONE" if rest.is_empty() => Kind::Healthcheck(None),
            "NONE" => {
                self.error(rest, "`HEALTHCHECK NONE` takes nothing more.");
                Kind::Broken
            }
            "CMD" if rest.is_empty() => {
                self.error(word, "`HEALTHCHECK CMD` needs the command that checks.");
                Kind::Broken
            }
            "CMD" => Kind::Healthcheck(Some(self.body(rest))),
            _ => {
                self.error(word, "`HEALTHCHECK` wants `CMD` and a command, or `NONE`.");
                Kind::Broken
            }
        }
    }

    fn transfer(
        &mut self,
        keyword: Keyword,
        word: TextRange,
        arguments: TextRange,
    ) -> Option<Transfer> {
        let mut paths = self.json(arguments).unwrap_or_else(|| self.fields(arguments));
        if paths.len() < 2 {
            let message = format!("`{}` needs a source and a destination.", keyword.as_str());
            self.error(paths.first().map_or(word, |_| arguments), message);
            return None;
        }
        let destination = paths.pop()?;
        Some(Transfer { sources: paths, destination })
    }

    fn shell(&mut self, arguments: TextRange) -> Kind {
        match self.json(arguments) {
            Some(words) if !words.is_empty() => Kind::Shell(words),
            _ => {
                self.error(
                    arguments,
                    "`SHELL` wants a JSON array with double quotes: `[\"/bin/bash\", \"-c\"]`.",
                );
                Kind::Broken
            }
        }
    }

    fn onbuild(&mut self, arguments: TextRange) -> Kind {
        let nested = self.instruction(arguments.start, false);
        if matches!(nested.keyword, Some(Keyword::Onbuild | Keyword::From | Keyword::Maintainer)) {
            let message = format!("`{}` cannot stand behind `ONBUILD`.", nested.keyword_word.text);
            self.errors.push(SyntaxError::new(nested.keyword_word.range, message));
            return Kind::Broken;
        }
        Kind::Onbuild(Box::new(nested))
    }
}

/// How the instruction is used, in one example.
const fn usage(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::From => "Name a base image: `FROM python:3.11-slim`.",
        Keyword::Run => "Write the command: `RUN pip install flask`.",
        Keyword::Copy | Keyword::Add => "Name a source and a destination: `COPY . .`.",
        Keyword::Env | Keyword::Label => "Write `NAME=value`.",
        Keyword::Arg => "Write a name, and a default if you like: `ARG VERSION=1`.",
        Keyword::Workdir => "Name a folder: `WORKDIR /app`.",
        Keyword::User => "Name a user: `USER appuser`.",
        Keyword::Expose => "Name a port: `EXPOSE 8000`.",
        Keyword::Healthcheck => "Write `CMD` and the command that checks.",
        _ => "It needs an argument.",
    }
}
