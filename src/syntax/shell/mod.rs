//! Inside RUN: the simple commands of a shell text, with how they hang together. What cannot be read is opaque.

mod compound;
mod inner;
mod plain;
mod reader;
mod words;

use super::ast::Word;
use crate::text::TextRange;

pub use inner::{is_shell, read_exec, read_script};
pub use words::is_literal;

/// What stands between a command and the one before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Joined {
    /// It is the first of its list.
    #[default]
    First,
    /// `&&`
    And,
    /// `||`
    Or,
    /// `;` or a line end.
    Then,
    /// `|`
    Pipe,
    /// `&`
    Background,
}

/// `> file`, `2>&1`, `< file`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    /// The operator with its number: `2>`.
    pub operator: String,
    /// What it goes to or comes from; the name of a heredoc.
    pub target: Word,
}

/// One simple command. `[[ … ]]` is one, and so is `(( … ))`, as one word.
///
/// ```text
/// PORT=80 uvicorn 'app:app' > log
/// ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ range
/// ^^^^^^^ assignments       ^ redirects
///         ^^^^^^^ ^^^^^^^^^ words
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Command {
    /// First to last word, in bytes of the file.
    pub range: TextRange,
    /// `NAME=value` before the program.
    pub assignments: Vec<Word>,
    /// The program and its arguments, unquoted. Variables and substitutions are as they are written.
    pub words: Vec<Word>,
    /// Where input comes from and output goes.
    pub redirects: Vec<Redirect>,
    /// What stands between it and the command before.
    pub joined: Joined,
    /// How many brackets, `if`, loops it is inside.
    pub depth: usize,
    /// Whether it may be skipped although all before it went well: it is in a branch, a loop or a function, or behind `||`.
    pub conditional: bool,
    /// The text that it gives to a shell: `sh -c "…"`, `bash <<EOF`.
    pub inner: Option<Box<Script>>,
}

impl Command {
    /// The program's name without its folder; empty for a bare assignment.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| base_name(&word.text))
    }

    /// The words behind the program.
    pub fn arguments(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }
}

/// A shell text.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Script {
    /// All of it, in bytes of the file.
    pub range: TextRange,
    /// Its simple commands in order.
    pub commands: Vec<Command>,
    /// From where on it could not be read.
    pub opaque: Option<TextRange>,
    /// Whether nothing but a comment is behind the last command: no bracket, no `&`.
    ends_in_command: bool,
}

impl Script {
    /// A text that nobody can read here.
    pub fn opaque(range: TextRange) -> Self {
        Self { range, opaque: Some(range), ..Self::default() }
    }

    /// Whether it is `a && b && c` at one level, so that one more command can be hung on behind the last.
    pub fn is_chain(&self) -> bool {
        self.opaque.is_none()
            && self.ends_in_command
            && !self.commands.is_empty()
            && self
                .commands
                .iter()
                .all(|c| c.depth == 0 && matches!(c.joined, Joined::First | Joined::And))
    }
}

/// Reads `text`; `source` says where a range of it stands in the file.
pub fn read(text: &str, source: &dyn Fn(TextRange) -> TextRange) -> Script {
    reader::read(text, source, 0)
}

/// The last part of a path.
pub fn base_name(path: &str) -> &str {
    let folder = path.bytes().rposition(|byte| byte == b'/');
    folder.and_then(|at| path.get(at + 1..)).unwrap_or(path)
}

#[cfg(test)]
mod tests;
