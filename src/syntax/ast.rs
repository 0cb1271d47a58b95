//! One shape for each instruction. Every range is in bytes of the file.

use super::lines::{Directive, Heredoc, Logical};
use super::shell::Script;
use crate::text::TextRange;

/// A piece of text with its place.
///
/// ```text
/// WORKDIR "/my app"
///         ^^^^^^^^^ range        text: /my app
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Word {
    /// Without quotes and escapes; variables as they are written.
    pub text: String,
    /// With its quotes.
    pub range: TextRange,
}

impl Word {
    /// Whether the text is all there is: no variable, no command substitution.
    pub fn is_literal(&self) -> bool {
        !self.text.contains(['$', '`'])
    }
}

/// `--name` or `--name=value` between keyword and arguments.
///
/// ```text
/// COPY --from=builder /a /b
///      ^^^^^^^^^^^^^^ range
///             ^^^^^^^ value
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    /// All of it.
    pub range: TextRange,
    /// Without the dashes.
    pub name: String,
    /// Behind the `=`.
    pub value: Option<Word>,
    /// What stands between the commas of `--mount=type=cache,target=/x`; empty for every other flag.
    pub options: Vec<Pair>,
}

/// `key=value` of ENV, LABEL, ARG and of the options of a mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Key to value.
    pub range: TextRange,
    /// The name.
    pub key: Word,
    /// `None` for `ARG name` and for a mount's `readonly`.
    pub value: Option<Word>,
}

/// What RUN, CMD, ENTRYPOINT and HEALTHCHECK run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Shell form.
    Shell(Script),
    /// Exec form: a JSON array.
    Exec(Vec<Word>),
}

/// What COPY and ADD move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// What is taken.
    pub sources: Vec<Word>,
    /// Where it goes.
    pub destination: Word,
}

/// An instruction by its keyword, with what only that keyword has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `FROM image [AS alias]`
    From {
        /// The image as it is written.
        image: Word,
        /// The word AS.
        as_word: Option<TextRange>,
        /// The stage's name.
        alias: Option<Word>,
    },
    /// `ARG name[=default] ...`
    Arg(Vec<Pair>),
    /// `ENV key=value ...` or the old `ENV key value`.
    Env(Vec<Pair>),
    /// `LABEL key=value ...`
    Label(Vec<Pair>),
    /// `RUN ...`
    Run(Body),
    /// `CMD ...`
    Cmd(Body),
    /// `ENTRYPOINT ...`
    Entrypoint(Body),
    /// `HEALTHCHECK [options] CMD ...`; `None` for `HEALTHCHECK NONE`.
    Healthcheck(Option<Body>),
    /// `COPY ...`
    Copy(Transfer),
    /// `ADD ...`
    Add(Transfer),
    /// `WORKDIR path`
    Workdir(Word),
    /// `USER user[:group]`
    User(Word),
    /// `EXPOSE port[/protocol] ...`
    Expose(Vec<Word>),
    /// `VOLUME path ...`
    Volume(Vec<Word>),
    /// `SHELL ["program", ...]`
    Shell(Vec<Word>),
    /// `STOPSIGNAL signal`
    Stopsignal(Word),
    /// `MAINTAINER name`
    Maintainer(Word),
    /// `ONBUILD instruction`
    Onbuild(Box<Instruction>),
    /// Docker refuses the line; the errors say why.
    Broken,
}

/// The 18 keywords.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the keyword it is named for")]
pub enum Keyword {
    Add,
    Arg,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
}

impl Keyword {
    /// All of them, in the order of the alphabet.
    pub const ALL: [(&'static str, Self); 18] = [
        ("ADD", Self::Add),
        ("ARG", Self::Arg),
        ("CMD", Self::Cmd),
        ("COPY", Self::Copy),
        ("ENTRYPOINT", Self::Entrypoint),
        ("ENV", Self::Env),
        ("EXPOSE", Self::Expose),
        ("FROM", Self::From),
        ("HEALTHCHECK", Self::Healthcheck),
        ("LABEL", Self::Label),
        ("MAINTAINER", Self::Maintainer),
        ("ONBUILD", Self::Onbuild),
        ("RUN", Self::Run),
        ("SHELL", Self::Shell),
        ("STOPSIGNAL", Self::Stopsignal),
        ("USER", Self::User),
        ("VOLUME", Self::Volume),
        ("WORKDIR", Self::Workdir),
    ];

    /// Reads a keyword in any case.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(word))
            .map(|&(_, keyword)| keyword)
    }

    /// Upper case.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|&&(_, keyword)| keyword == self).map_or("", |&(name, _)| name)
    }
}

/// One instruction with everything that belongs to it.
///
/// ```text
/// RUN --network=none make \
/// ^^^ keyword
///     ^^^^^^^^^^^^^^ flags
///     # why              comments
///     && true
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instruction {
    /// Keyword to last byte, heredocs with it, the line end not.
    pub range: TextRange,
    /// The first word, as it is written.
    pub keyword_word: Word,
    /// Which of the 18; `None` for any other word.
    pub keyword: Option<Keyword>,
    /// Options before the arguments.
    pub flags: Vec<Flag>,
    /// What the keyword says.
    pub kind: Kind,
    /// Everything behind keyword and flags, before heredoc bodies.
    pub arguments: TextRange,
    /// The text as Docker reads it.
    pub logical: Logical,
    /// Comments between its lines.
    pub comments: Vec<TextRange>,
    /// Blank lines between its lines.
    pub empty_lines: Vec<TextRange>,
    /// The characters that continue its lines.
    pub continuations: Vec<TextRange>,
    /// Its heredocs.
    pub heredocs: Vec<Heredoc>,
    /// Whether a line put right behind it would become a part of it: the file ends in a continued line or in a
    /// heredoc without an end.
    pub is_open: bool,
}

impl Instruction {
    /// The flag `--name`, the last one if there are several.
    pub fn flag(&self, name: &str) -> Option<&Flag> {
        self.flags.iter().rev().find(|flag| flag.name == name)
    }

    /// The value of `--name=value`.
    pub fn flag_value(&self, name: &str) -> Option<&str> {
        self.flag(name)?.value.as_ref().map(|value| value.text.as_str())
    }

    /// What it runs, for RUN, CMD, ENTRYPOINT, HEALTHCHECK.
    pub fn body(&self) -> Option<&Body> {
        match &self.kind {
            Kind::Run(body)
            | Kind::Cmd(body)
            | Kind::Entrypoint(body)
            | Kind::Healthcheck(Some(body)) => Some(body),
            _ => None,
        }
    }
}

/// One piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// `# syntax=`, `# escape=`, `# check=` at the very top.
    Directive(Directive),
    /// `#` to line end.
    Comment(TextRange),
    /// An instruction, broken or not.
    Instruction(Box<Instruction>),
}

/// A whole Dockerfile. Blank lines are what lies between the items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Top to bottom.
    pub items: Vec<Item>,
    /// The character that continues lines.
    pub escape: char,
    /// What Docker refuses while reading.
    pub errors: Vec<super::SyntaxError>,
}

impl File {
    /// The instructions, top to bottom.
    pub fn instructions(&self) -> impl Iterator<Item = &Instruction> {
        self.items.iter().filter_map(|item| match item {
            Item::Instruction(instruction) => Some(instruction.as_ref()),
            _ => None,
        })
    }
}
