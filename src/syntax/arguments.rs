//! What stands behind an instruction and its flags, keyword by keyword, and what Docker refuses of it.

use super::ast::{Body, Keyword, Kind, Pair, Transfer, Word};
use super::errors::SyntaxError;
use super::json::{self, Array};
use super::parser::Reader;
use super::words::Quotes;
use super::{heredocs, shell, words};
use crate::text::TextRange;

impl Reader<'_> {
    /// Reads `arguments` of the instruction whose keyword stands at `word`.
    pub(super) fn kind(&mut self, keyword: Keyword, word: TextRange, arguments: TextRange) -> Kind {
        // Docker runs an empty command.
        let may_be_empty = matches!(keyword, Keyword::Run | Keyword::Cmd | Keyword::Entrypoint);
        if arguments.is_empty() && !may_be_empty {
            let message =
                format!("`{}` has nothing behind it. {}", keyword.as_str(), usage(keyword));
            return self.refuse(word, &message);
        }
        let read = match keyword {
            Keyword::From => return self.from(arguments),
            Keyword::Arg => Some(Kind::Arg(self.arg(arguments))),
            Keyword::Env => self.pairs(keyword, arguments).map(Kind::Env),
            Keyword::Label => self.pairs(keyword, arguments).map(Kind::Label),
            Keyword::Run => self.body(arguments).map(Kind::Run),
            Keyword::Cmd => self.body(arguments).map(Kind::Cmd),
            Keyword::Entrypoint => self.body(arguments).map(Kind::Entrypoint),
            Keyword::Healthcheck => return self.healthcheck(arguments),
            Keyword::Copy => self.transfer(keyword, arguments).map(Kind::Copy),
            Keyword::Add => self.transfer(keyword, arguments).map(Kind::Add),
            Keyword::Workdir => Some(Kind::Workdir(self.word(arguments))),
            Keyword::User => Some(Kind::User(self.word(arguments))),
            Keyword::Stopsignal => Some(Kind::Stopsignal(self.word(arguments))),
            Keyword::Maintainer => Some(Kind::Maintainer(self.word(arguments))),
            Keyword::Expose => Some(Kind::Expose(self.fields(arguments))),
            Keyword::Volume => self.volume(arguments).map(Kind::Volume),
            Keyword::Shell => self.shell(arguments).map(Kind::Shell),
            Keyword::Onbuild => return self.onbuild(arguments),
        };
        read.unwrap_or(Kind::Broken)
    }

    fn from(&mut self, arguments: TextRange) -> Kind {
        let mut fields = self.fields(arguments).into_iter();
        let image = fields.next().unwrap_or_default();
        let Some(second) = fields.next() else {
            return Kind::From { image, as_word: None, alias: None };
        };
        let is_as = second.text.eq_ignore_ascii_case("as");
        let (range, message) = match (fields.next(), fields.next()) {
            (Some(alias), None) if is_as && is_stage_name(&alias.text) => {
                return Kind::From { image, as_word: Some(second.range), alias: Some(alias) };
            }
            (Some(alias), None) if is_as => (
                alias.range,
                "A stage's name begins with a letter; letters, digits, `-`, `_` and `.` may follow.",
            ),
            (None, _) if is_as => (second.range, "`AS` needs a name behind it: `AS builder`."),
            (_, fourth) => {
                // A name where it belongs is not what is wrong.
                let wrong = fourth.filter(|_| is_as).unwrap_or(second);
                let message = if wrong.text.starts_with('#') {
                    "A comment cannot stand behind `FROM`; give it a line of its own."
                } else {
                    "Behind the image `FROM` takes `AS` and one name, and nothing else."
                };
                (wrong.range, message)
            }
        };
        self.error(SyntaxError::new(range, message));
        Kind::Broken
    }

    fn arg(&mut self, arguments: TextRange) -> Vec<Pair> {
        let ranges = words::split(self.text(), arguments, self.escape);
        let mut pairs = Vec::with_capacity(ranges.len());
        for range in ranges {
            let pair = self.pair(range);
            if pair.key.range.is_empty() {
                self.refuse(range, NO_NAME);
            } else {
                pairs.push(pair);
            }
        }
        pairs
    }

    /// Reads `key=value`, or `key` alone.
    pub(super) fn pair(&self, range: TextRange) -> Pair {
        let equals = range.of(self.text()).find('=').map(|equals| range.start + equals);
        let key = self.word(TextRange::new(range.start, equals.unwrap_or(range.end)));
        let value = equals.map(|equals| self.word(TextRange::new(equals + 1, range.end)));
        Pair { range: self.logical.source(range), key, value }
    }

    /// Reads `key=value ...` or the old `key value`. `None` after an error that costs the whole line.
    fn pairs(&mut self, keyword: Keyword, arguments: TextRange) -> Option<Vec<Pair>> {
        let name = keyword.as_str();
        let first = words::next(self.text(), arguments.start, self.escape, Quotes::Shell)?;
        if !first.of(self.text()).contains('=') {
            let given = arguments.of(self.text());
            let Some(length) = given.find(words::is_blank) else {
                self.refuse_line(first, &format!("`{name}` needs a value: `{name} NAME=value`."));
                return None;
            };
            let key = TextRange::new(arguments.start, arguments.start + length);
            let rest = given[length..].trim_start_matches(words::is_blank);
            let value = TextRange::new(arguments.end - rest.len(), arguments.end);
            let range = self.logical.source(arguments);
            return Some(vec![Pair { range, key: self.word(key), value: Some(self.word(value)) }]);
        }
        let mut pairs = Vec::new();
        for range in words::split(self.text(), arguments, self.escape) {
            match range.of(self.text()).find('=') {
                Some(0) => drop(self.refuse(range, NO_NAME)),
                Some(_) => pairs.push(self.pair(range)),
                None => {
                    let message =
                        format!("`{name}` wants `NAME=value`. A value with a blank needs quotes.");
                    self.refuse_line(range, &message);
                }
            }
        }
        Some(pairs)
    }

    /// The JSON array that the arguments are, if they are one. An error where it holds something else than strings.
    fn array(&mut self, arguments: TextRange) -> Result<Option<Vec<Word>>, ()> {
        if !arguments.of(self.text()).starts_with('[') {
            return Ok(None);
        }
        match json::array(self.text(), arguments) {
            None => Ok(None),
            Some(Array::Other(range)) => {
                self.refuse_line(
                    range,
                    "Docker takes only strings in an array. Put this into double quotes.",
                );
                Err(())
            }
            Some(Array::Strings(elements)) => {
                let mut words = Vec::with_capacity(elements.len());
                for (range, text) in elements {
                    words.push(Word { text, range: self.logical.source(range) });
                }
                Ok(Some(words))
            }
        }
    }

    /// Exec form or shell form.
    fn body(&mut self, arguments: TextRange) -> Option<Body> {
        if let Some(words) = self.array(arguments).ok()? {
            return Some(Body::Exec(words));
        }
        // A heredoc that is the whole command is the script itself; any other is its input.
        if let [heredoc] = self.chunk.heredocs.as_slice()
            && self.logical.source(arguments) == heredoc.opener
        {
            return Some(Body::Shell(shell::read_script(self.source, heredoc.body)));
        }
        let map = |range: TextRange| {
            self.logical
                .source(TextRange::new(range.start + arguments.start, range.end + arguments.start))
        };
        let mut script = shell::read(arguments.of(self.text()), &map);
        for heredoc in &self.chunk.heredocs {
            script.feed(heredoc.opener, self.source, heredoc.body);
        }
        Some(Body::Shell(script))
    }

    fn healthcheck(&mut self, arguments: TextRange) -> Kind {
        let text = arguments.of(self.text());
        let length = text.find(char::is_whitespace).unwrap_or(text.len());
        let word = TextRange::new(arguments.start, arguments.start + length);
        let rest = TextRange::new(self.skip_blanks(word.end), arguments.end);
        match text[..length].to_ascii_uppercase().as_str() {
            "NONE" if rest.is_empty() => Kind::Healthcheck(None),
            "NONE" => self.refuse(rest, "`HEALTHCHECK NONE` takes nothing more."),
            "CMD" => match self.body(rest) {
                Some(Body::Exec(words)) if words.is_empty() => self.refuse(rest, NO_CHECK),
                Some(_) if rest.is_empty() => self.refuse(word, NO_CHECK),
                Some(body) => Kind::Healthcheck(Some(body)),
                None => Kind::Broken,
            },
            _ => self.refuse(word, "`HEALTHCHECK` wants `CMD` and a command, or `NONE`."),
        }
    }

    /// Paths in an array or between blanks.
    fn paths(&mut self, arguments: TextRange) -> Option<Vec<Word>> {
        let array = self.array(arguments).ok()?;
        Some(array.unwrap_or_else(|| self.fields(arguments)))
    }

    fn transfer(&mut self, keyword: Keyword, arguments: TextRange) -> Option<Transfer> {
        let mut paths = self.paths(arguments)?;
        if paths.len() < 2 {
            let message = format!("`{}` needs a source and a destination.", keyword.as_str());
            self.refuse(arguments, &message);
            return None;
        }
        let destination = paths.pop()?;
        let last = arguments.of(self.text()).rsplit(words::is_blank).next();
        if last.is_some_and(heredocs::is_opener) {
            let message = "A heredoc is what to copy. Say behind it where it goes.";
            self.error(SyntaxError::new(destination.range, message));
            return None;
        }
        Some(Transfer { sources: paths, destination })
    }

    fn volume(&mut self, arguments: TextRange) -> Option<Vec<Word>> {
        let paths = self.paths(arguments)?;
        if paths.is_empty() {
            self.refuse(arguments, "`VOLUME` needs a path: `VOLUME /data`.");
            return None;
        }
        let empty = paths.iter().find(|path| path.text.trim().is_empty()).map(|path| path.range);
        let error =
            empty.map(|range| SyntaxError::new(range, "A volume needs a path; this is empty."));
        error.map_or(Some(paths), |error| {
            self.error(error);
            None
        })
    }

    fn shell(&mut self, arguments: TextRange) -> Option<Vec<Word>> {
        let words = self.array(arguments).ok()?.filter(|words| !words.is_empty());
        if words.is_none() {
            let message =
                "`SHELL` wants a JSON array with double quotes: `[\"/bin/bash\", \"-c\"]`.";
            self.refuse(arguments, message);
        }
        words
    }

    fn onbuild(&mut self, arguments: TextRange) -> Kind {
        if self.nested {
            return Kind::Broken;
        }
        self.nested = true;
        let nested = self.instruction(arguments.start);
        self.nested = false;
        if matches!(nested.keyword, Some(Keyword::Onbuild | Keyword::From | Keyword::Maintainer)) {
            let message = format!("`{}` cannot stand behind `ONBUILD`.", nested.keyword_word.text);
            self.error(SyntaxError::new(nested.keyword_word.range, message));
            return Kind::Broken;
        }
        Kind::Onbuild(Box::new(nested))
    }
}

const NO_NAME: &str = "There is no name before the `=`.";
const NO_CHECK: &str = "`HEALTHCHECK CMD` needs the command that checks.";

fn is_stage_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// How the instruction is used, in one example.
const fn usage(keyword: Keyword) -> &'static str {
    match keyword {
        Keyword::From => "Name a base image: `FROM python:3.11-slim`.",
        Keyword::Copy | Keyword::Add => "Name a source and a destination: `COPY . .`.",
        Keyword::Env | Keyword::Label => "Write `NAME=value`.",
        Keyword::Arg => "Write a name, and a default if you like: `ARG VERSION=1`.",
        Keyword::Workdir => "Name a folder: `WORKDIR /app`.",
        Keyword::User => "Name a user: `USER appuser`.",
        Keyword::Expose => "Name a port: `EXPOSE 8000`.",
        Keyword::Volume => "Name a path: `VOLUME /data`.",
        Keyword::Healthcheck => "Write `CMD` and the command that checks, or `NONE`.",
        Keyword::Shell => "Write an array: `[\"/bin/bash\", \"-c\"]`.",
        Keyword::Stopsignal => "Name a signal: `STOPSIGNAL SIGINT`.",
        Keyword::Onbuild => "Write the instruction that a later build runs.",
        _ => "It needs an argument.",
    }
}
