//! The reader of shell text, in one pass: simple commands, what joins them, redirections, heredocs.

use super::compound::Frame;
use super::plain::Plain;
use super::words::assignment;
use super::{Command, Joined, Redirect, Script};
use crate::syntax::ast::Word;
use crate::text::TextRange;

/// How deep brackets and quotes may nest before the rest is opaque.
pub(super) const DEEPEST: usize = 64;

/// What the next word follows.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Before {
    /// The start of a list.
    #[default]
    Opener,
    /// `&&`, `||`, `|`, `!`: a command must come.
    Operator,
    /// `;`, `&` or a line end.
    Separator,
    /// A command: nothing but an operator may come, or more of the command.
    Command,
}

/// Where in a list the reader is.
#[derive(Default)]
pub(super) struct State {
    /// The simple command that is being read.
    pub command: Option<Command>,
    /// Where it starts.
    pub start: usize,
    pub joined: Joined,
    pub before: Before,
    /// Whether the command is behind `||`.
    pub or: bool,
    /// Whether the body of a function comes.
    pub function: bool,
}

pub(super) struct Reader<'a> {
    pub text: &'a str,
    source: &'a dyn Fn(TextRange) -> TextRange,
    pub at: usize,
    /// The text of the last word.
    pub plain: Plain,
    pub state: State,
    pub open: Vec<Frame>,
    /// Quotes and substitutions that are open, and those around the text.
    pub nesting: usize,
    /// Inside `[[ … ]]`.
    pub in_test: bool,
    pub commands: Vec<Command>,
    /// Heredocs whose bodies begin at the next line: name, and whether leading tabs are dropped.
    heredocs: Vec<(String, bool)>,
    /// The end of the last command.
    pub end: usize,
}

/// Reads `text`, which is itself `nesting` quotes deep.
pub(super) fn read(text: &str, source: &dyn Fn(TextRange) -> TextRange, nesting: usize) -> Script {
    let mut reader = Reader {
        text,
        source,
        at: 0,
        plain: Plain::default(),
        state: State::default(),
        open: Vec::new(),
        nesting,
        in_test: false,
        commands: Vec::new(),
        heredocs: Vec::new(),
        end: 0,
    };
    // What is sure: where the last whole command ended, and how many there were.
    let mut sure = (0, 0);
    let failed = loop {
        reader.skip_blanks();
        if reader.state.command.is_none() {
            sure = (reader.at, reader.commands.len());
        }
        if reader.at >= text.len() {
            break !reader.is_complete();
        }
        if reader.token().is_none() {
            break true;
        }
    };
    let mut script = Script { range: source(TextRange::new(0, text.len())), ..Script::default() };
    if failed {
        reader.commands.truncate(sure.1);
        script.opaque = Some(source(TextRange::new(sure.0, text.len())));
    } else {
        let is_blank = |line: &str| matches!(line.trim_start().chars().next(), None | Some('#'));
        script.ends_in_command = text.get(reader.end..).unwrap_or_default().lines().all(is_blank);
        reader.end_command();
    }
    script.commands = reader.commands;
    script
}

impl Reader<'_> {
    /// Whether the text may end here. A heredoc that the last line opens has its body outside of it.
    fn is_complete(&self) -> bool {
        self.open.is_empty() && self.state.before != Before::Operator && !self.state.function
    }

    pub fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub fn byte(&self) -> Option<u8> {
        self.byte_after(0)
    }

    /// The byte that many bytes further on.
    pub fn byte_after(&self, length: usize) -> Option<u8> {
        self.text.as_bytes().get(self.at + length).copied()
    }

    /// How far it is to the next of these ASCII characters.
    pub fn until(&self, stops: &str) -> Option<usize> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        rest.iter().position(|byte| stops.as_bytes().contains(byte))
    }

    /// Skips blanks and continued line ends.
    pub fn skip_blanks(&mut self) {
        loop {
            self.at += match self.byte() {
                Some(b' ' | b'\t' | b'\r') => 1,
                Some(b'\\') if self.continuation() > 0 => self.continuation(),
                _ => break,
            };
        }
    }

    /// How long the backslash and the line end behind it are, where a line is continued here.
    pub fn continuation(&self) -> usize {
        match (self.byte_after(1), self.byte_after(2)) {
            (Some(b'\n'), _) => 2,
            (Some(b'\r'), Some(b'\n')) => 3,
            _ => 0,
        }
    }

    pub fn skip_comment(&mut self) {
        self.at += self.until("\n").unwrap_or(self.text.len() - self.at);
    }

    /// Skips blanks, comments and line ends.
    pub fn skip_lines(&mut self) -> Option<()> {
        loop {
            self.skip_blanks();
            match self.byte() {
                Some(b'\n') => self.newline()?,
                Some(b'#') => self.skip_comment(),
                _ => return Some(()),
            }
        }
    }

    /// Takes the next token. `None` where the text ends or stops making sense.
    pub fn token(&mut self) -> Option<()> {
        self.skip_blanks();
        match self.byte()? {
            b'\n' => {
                if self.state.before == Before::Command {
                    self.end_command();
                    (self.state.joined, self.state.or) = (Joined::Then, false);
                    self.state.before = Before::Separator;
                }
                self.newline()
            }
            b'#' => {
                self.skip_comment();
                Some(())
            }
            b';' | b'|' => self.operator(),
            b'&' if self.byte_after(1) != Some(b'>') => self.operator(),
            b'(' => self.parenthesis(),
            b')' => self.close(),
            b'<' | b'>' if self.byte_after(1) == Some(b'(') => self.word(),
            b'<' | b'>' | b'&' => self.redirect(self.at),
            _ => self.word(),
        }
    }

    /// Takes a line end, and the bodies of the heredocs that were opened before it.
    fn newline(&mut self) -> Option<()> {
        self.at += 1;
        for (name, strips_tabs) in std::mem::take(&mut self.heredocs) {
            loop {
                self.byte()?;
                if strips_tabs {
                    while self.byte() == Some(b'\t') {
                        self.at += 1;
                    }
                }
                let length = self.until("\n").unwrap_or(self.text.len() - self.at);
                let line = TextRange::new(self.at, self.at + length).of(self.text);
                let found = line.strip_suffix('\r').unwrap_or(line) == name;
                self.at = (self.at + length + 1).min(self.text.len());
                if found {
                    break;
                }
            }
        }
        Some(())
    }

    fn operator(&mut self) -> Option<()> {
        const OPERATORS: [(&str, Joined, Before); 9] = [
            (";;&", Joined::First, Before::Opener),
            (";;", Joined::First, Before::Opener),
            (";&", Joined::First, Before::Opener),
            ("&&", Joined::And, Before::Operator),
            ("||", Joined::Or, Before::Operator),
            ("|&", Joined::Pipe, Before::Operator),
            ("|", Joined::Pipe, Before::Operator),
            (";", Joined::Then, Before::Separator),
            ("&", Joined::Background, Before::Separator),
        ];
        let rest = self.rest();
        let &(text, joined, before) = OPERATORS.iter().find(|(text, ..)| rest.starts_with(text))?;
        self.at += text.len();
        if before == Before::Opener {
            return self.end_arm();
        }
        if self.state.before != Before::Command {
            return None;
        }
        self.end_command();
        let state = &mut self.state;
        state.or = joined == Joined::Or || joined == Joined::Pipe && state.or;
        (state.joined, state.before) = (joined, before);
        Some(())
    }

    /// Takes a redirection; its number starts at byte `start`.
    fn redirect(&mut self, start: usize) -> Option<()> {
        const OPERATORS: [&str; 12] =
            ["<<<", "<<-", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">", "&>>", "&>"];
        let rest = self.rest();
        let name = OPERATORS.into_iter().find(|name| rest.starts_with(name))?;
        self.at += name.len();
        let operator = TextRange::new(start, self.at).of(self.text).to_owned();
        self.skip_blanks();
        let range = self.raw_word()?;
        if range.is_empty() || range.of(self.text).starts_with('#') {
            return None;
        }
        let target = self.make_word(range);
        if matches!(name, "<<" | "<<-") {
            self.heredocs.push((target.text.clone(), name == "<<-"));
        }
        // Behind a compound command it is no simple command's.
        if self.state.command.is_some() || self.state.before != Before::Command {
            self.command(start)?.redirects.push(Redirect { operator, target });
            self.end = self.at;
        }
        Some(())
    }

    fn word(&mut self) -> Option<()> {
        let range = self.raw_word()?;
        let raw = range.of(self.text);
        if matches!(self.byte(), Some(b'<' | b'>')) {
            if raw.bytes().all(|b| b.is_ascii_digit()) {
                return self.redirect(range.start);
            }
            if raw.starts_with('{') && raw.ends_with('}') {
                return None;
            }
        }
        if self.state.command.is_none() {
            if self.keyword(range)? {
                return Some(());
            }
            if self.state.function {
                return None;
            }
        }
        let word = self.make_word(range);
        let command = self.state.command.as_ref().filter(|_| !word.text.is_empty());
        let is_text = command.is_some_and(Command::takes_text);
        let inner = is_text.then(|| {
            let source = |range| (self.source)(self.plain.source(range));
            Box::new(read(&self.plain.text, &source, self.nesting + self.open.len() + 1))
        });
        let command = self.command(range.start)?;
        if command.words.is_empty() && assignment(raw) {
            command.assignments.push(word);
        } else {
            command.words.push(word);
            command.inner = command.inner.take().or(inner);
        }
        self.end = self.at;
        Some(())
    }

    /// The word that was just read.
    pub fn make_word(&self, range: TextRange) -> Word {
        Word { text: self.plain.text.clone(), range: (self.source)(range) }
    }

    /// The command that is being read, or the one that starts at byte `start`.
    pub fn command(&mut self, start: usize) -> Option<&mut Command> {
        if self.state.command.is_none() {
            self.may_start()?;
            if self.state.function {
                return None;
            }
            self.state.start = start;
            self.state.before = Before::Command;
        }
        let (joined, depth) = (self.state.joined, self.open.len());
        let conditional = self.state.or || self.open.last().is_some_and(|frame| frame.branch);
        let new = || Command { joined, depth, conditional, ..Command::default() };
        Some(self.state.command.get_or_insert_with(new))
    }

    pub fn end_command(&mut self) {
        if let Some(mut command) = self.state.command.take() {
            command.range = (self.source)(TextRange::new(self.state.start, self.end));
            self.commands.push(command);
        }
    }
}
