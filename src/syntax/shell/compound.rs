//! Compound commands: brackets, `if`, loops, `case`, functions, `[[ … ]]`. What is open is on a stack of its own.

use super::Joined;
use super::reader::{Before, DEEPEST, Reader, State};
use super::words::is_of_word;
use crate::text::TextRange;

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
    pub branch: bool,
    /// [`State::or`] outside.
    or: bool,
}

impl Reader<'_> {
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
    pub fn may_start(&self) -> Option<()> {
        let in_for = self.open.last().is_some_and(|frame| frame.part == Part::For);
        (self.state.before != Before::Command && !in_for).then_some(())
    }

    /// `;;`, and the pattern behind it.
    pub fn end_arm(&mut self) -> Option<()> {
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

    pub fn parenthesis(&mut self) -> Option<()> {
        if let Some(command) = self.state.command.take() {
            let [name] = command.words.as_slice() else { return None };
            let is_name = name.text.chars().all(|c| c.is_alphanumeric() || "_-.:".contains(c));
            let is_alone = command.assignments.is_empty() && command.redirects.is_empty();
            return (is_name && is_alone).then(|| self.function())?;
        }
        self.may_start()?;
        let start = self.at;
        if let Some(end) = self.arithmetic_end(start) {
            let range = self.as_it_is(end - start);
            let word = self.make_word(range);
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
    pub fn close(&mut self) -> Option<()> {
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

    /// Takes a reserved word at the start of a command. Whether it was one.
    pub fn keyword(&mut self, range: TextRange) -> Option<bool> {
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
                range = self.as_it_is(2);
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
}
