//! The reader of shell text: lists, compound commands, redirections, heredocs. One pass, brackets on a stack of its own.

use super::words::{Plain, assignment};
use super::{Command, Joined, Redirect, Script};
use crate::syntax::ast::Word;
use crate::text::TextRange;

/// How deep brackets and quotes may nest before the rest is opaque.
pub(super) const DEEPEST: usize = 64;

/// The list that is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// Between `(` and `)`.
    Subshell,
    /// Between `$(` and `)`.
    Substitution,
    /// Between `{` and `}`.
    Group,
    /// Between `if` or `elif` and `then`.
    If,
    /// Behind `then`.
    Then,
    /// Behind `else`.
    Else,
    /// Between `while` or `until` and `do`.
    While,
    /// Between the words of a `for` and its `do`: nothing.
    For,
    /// Between `do` and `done`.
    Do,
    /// One arm of a `case`.
    Arm,
}

/// An open bracket.
pub(super) struct Frame {
    part: Part,
    /// Whether what is inside may be skipped.
    branch: bool,
    /// [`State::or`] outside.
    or: bool,
}

/// What the next word follows.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Before {
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
    command: Option<Command>,
    /// Where it starts.
    start: usize,
    joined: Joined,
    before: Before,
    /// Whether the command is behind `||`.
    or: bool,
    /// Whether the body of a function comes.
    function: bool,
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
    /// How many of them are `$(`.
    pub substitutions: usize,
    /// Inside `[[ … ]]`.
    pub in_test: bool,
    pub commands: Vec<Command>,
    /// Heredocs whose bodies begin at the next line: name, and whether leading tabs are dropped.
    heredocs: Vec<(String, bool)>,
    /// The end of the last command.
    end: usize,
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
        substitutions: 0,
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

    fn skip_comment(&mut self) {
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

    /// `;;`, and the pattern behind it.
    fn end_arm(&mut self) -> Option<()> {
        let in_arm = self.open.last().is_some_and(|frame| frame.part == Part::Arm);
        if !in_arm || self.state.before == Before::Operator {
            return None;
        }
        self.end_command();
        self.pattern()
    }

    /// Takes `a|b)`, or closes the `case` at `esac`.
    fn pattern(&mut self) -> Option<()> {
        self.skip_lines()?;
        if self.byte() == Some(b'(') {
            self.at += 1;
            self.skip_blanks();
        } else if self.rest().strip_prefix("esac").is_some_and(|rest| !rest.starts_with(is_of_word))
        {
            self.at += "esac".len();
            return self.pop();
        }
        loop {
            if self.raw_word()?.is_empty() {
                return None;
            }
            self.skip_blanks();
            let end = self.byte()?;
            self.at += 1;
            match end {
                b'|' => self.skip_blanks(),
                b')' => break,
                _ => return None,
            }
        }
        self.start_list();
        Some(())
    }

    fn start_list(&mut self) {
        self.state = State::default();
    }

    /// Opens a list inside a compound command.
    pub fn push(&mut self, part: Part) -> Option<()> {
        self.may_start()?;
        let state = &self.state;
        let branch = state.or || state.function || part == Part::Arm;
        let branch = branch || self.open.last().is_some_and(|frame| frame.branch);
        self.open.push(Frame { part, branch, or: self.state.or });
        self.start_list();
        (self.open.len() + self.nesting <= DEEPEST).then_some(())
    }

    /// Ends a compound command; operators behind it hang on all of it.
    fn pop(&mut self) -> Option<()> {
        self.state.or = self.open.pop()?.or;
        self.state.before = Before::Command;
        Some(())
    }

    /// Goes on from one list of a compound command to its next.
    fn turn(&mut self, part: Part) {
        if let Some(frame) = self.open.last_mut() {
            frame.part = part;
            frame.branch = true;
        }
        self.start_list();
    }

    /// Whether a command may start here.
    fn may_start(&self) -> Option<()> {
        let in_for = self.open.last().is_some_and(|frame| frame.part == Part::For);
        (self.state.before != Before::Command && !in_for).then_some(())
    }

    fn parenthesis(&mut self) -> Option<()> {
        if let Some(command) = self.state.command.take() {
            let [name] = command.words.as_slice() else { return None };
            let is_name = name.text.chars().all(|c| c.is_alphanumeric() || "_-.:".contains(c));
            let is_alone = command.assignments.is_empty() && command.redirects.is_empty();
            return (is_name && is_alone).then(|| self.function())?;
        }
        self.may_start()?;
        let start = self.at;
        if let Some(end) = self.arithmetic_end(start) {
            self.at = end;
            let range = TextRange::new(start, end);
            let text = range.of(self.text).to_owned();
            let word = Word { text, range: (self.source)(range) };
            self.command(start)?.words.push(word);
            self.end = end;
            self.end_command();
            return Some(());
        }
        self.at += 1;
        self.push(Part::Subshell)
    }

    /// `()` behind the name of a function.
    fn function(&mut self) -> Option<()> {
        self.at += 1;
        self.skip_blanks();
        if self.byte() != Some(b')') {
            return None;
        }
        self.at += 1;
        self.state.function = true;
        self.state.before = Before::Operator;
        Some(())
    }

    /// `)`
    fn close(&mut self) -> Option<()> {
        let part = self.open.last()?.part;
        let is_whole = match self.state.before {
            Before::Command | Before::Separator => true,
            Before::Opener => part == Part::Substitution,
            Before::Operator => false,
        };
        if !is_whole || !matches!(part, Part::Subshell | Part::Substitution) {
            return None;
        }
        self.end_command();
        self.at += 1;
        self.pop()
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
        let is_text = self.state.command.as_ref().is_some_and(Command::takes_text);
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

    /// Takes a reserved word at the start of a command. Whether it was one.
    fn keyword(&mut self, range: TextRange) -> Option<bool> {
        let part = self.open.last().map(|frame| frame.part);
        let before = self.state.before;
        let is_whole = matches!(before, Before::Command | Before::Separator);
        // A continued line may stand right behind it.
        let raw = range.of(self.text);
        match raw.strip_suffix("\\\n").unwrap_or(raw) {
            "if" => self.push(Part::If)?,
            "while" | "until" => self.push(Part::While)?,
            "{" => self.push(Part::Group)?,
            "for" | "select" => self.for_words()?,
            "case" => {
                self.skip_blanks();
                let subject = self.raw_word()?;
                self.skip_lines()?;
                let keyword = self.raw_word()?;
                if subject.is_empty() || keyword.of(self.text) != "in" {
                    return None;
                }
                self.push(Part::Arm)?;
                self.pattern()?;
            }
            "function" => {
                self.may_start()?;
                self.skip_blanks();
                self.raw_word().filter(|name| !name.is_empty())?;
                self.skip_blanks();
                if self.byte() == Some(b'(') {
                    self.function()?;
                } else {
                    self.state.function = true;
                    self.state.before = Before::Operator;
                }
            }
            "[[" => self.test(range)?,
            "!" if self.state.joined != Joined::Pipe => {
                self.may_start()?;
                self.state.before = Before::Operator;
            }
            "then" if is_whole && part == Some(Part::If) => self.turn(Part::Then),
            "elif" if is_whole && part == Some(Part::Then) => self.turn(Part::If),
            "else" if is_whole && part == Some(Part::Then) => self.turn(Part::Else),
            "do" if is_whole && part == Some(Part::While) => self.turn(Part::Do),
            "do" if before == Before::Opener && part == Some(Part::For) => self.turn(Part::Do),
            "fi" if is_whole && matches!(part, Some(Part::Then | Part::Else)) => self.pop()?,
            "done" if is_whole && part == Some(Part::Do) => self.pop()?,
            "}" if is_whole && part == Some(Part::Group) => self.pop()?,
            "esac" if before != Before::Operator && part == Some(Part::Arm) => self.pop()?,
            "then" | "elif" | "else" | "do" | "fi" | "done" | "}" | "esac" | "in" | "!" => {
                return None;
            }
            _ => return Some(false),
        }
        Some(true)
    }

    /// The name and the words behind `for`.
    fn for_words(&mut self) -> Option<()> {
        self.skip_blanks();
        if let Some(end) = self.arithmetic_end(self.at) {
            self.at = end;
        } else {
            self.raw_word().filter(|name| !name.is_empty())?;
            self.skip_lines()?;
            if self.rest().strip_prefix("in").is_some_and(|rest| !rest.starts_with(is_of_word)) {
                self.at += "in".len();
                self.skip_blanks();
                while self.byte() != Some(b'#') && !self.raw_word()?.is_empty() {
                    self.skip_blanks();
                }
                if !matches!(self.byte()?, b';' | b'\n' | b'#') {
                    return None;
                }
            }
        }
        self.skip_blanks();
        if self.byte() == Some(b';') {
            self.at += 1;
        }
        self.push(Part::For)
    }

    /// `[[ … ]]`, whose operators are words.
    fn test(&mut self, opener: TextRange) -> Option<()> {
        let mut range = opener;
        self.command(opener.start)?;
        self.in_test = true;
        loop {
            let word = self.make_word(range);
            self.command(opener.start)?.words.push(word);
            self.end = range.end;
            if range.of(self.text) == "]]" {
                break;
            }
            self.skip_lines()?;
            let is_end = |rest: &str| !rest.starts_with(is_of_word);
            if self.rest().strip_prefix("]]").is_some_and(is_end) {
                range = TextRange::new(self.at, self.at + 2);
                self.at += 2;
                self.plain = Plain::default();
                self.plain.push("]]", range);
            } else {
                range = self.raw_word()?;
                if range.is_empty() {
                    return None;
                }
            }
        }
        self.in_test = false;
        self.end_command();
        Some(())
    }

    /// The word that was just read.
    fn make_word(&self, range: TextRange) -> Word {
        Word { text: self.plain.text.clone(), range: (self.source)(range) }
    }

    /// The command that is being read, or the one that starts at byte `start`.
    fn command(&mut self, start: usize) -> Option<&mut Command> {
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

    fn end_command(&mut self) {
        if let Some(mut command) = self.state.command.take() {
            command.range = (self.source)(TextRange::new(self.state.start, self.end));
            self.commands.push(command);
        }
    }
}

/// Whether a word goes on with `c`.
fn is_of_word(c: char) -> bool {
    !" \t\r\n;&|()<>".contains(c)
}
