//! What brush-parser reads of a shell text, in the shape of our own commands.

use std::fmt::Write as _;

use brush_parser::ast::{
    AndOr, AssignmentValue, Command, CommandPrefixOrSuffixItem as Item, CompoundCommand,
    CompoundList, IoFileRedirectKind, IoFileRedirectTarget, IoRedirect, Pipeline,
    SeparatorOperator, SimpleCommand, SourceLocation, Word,
};
use brush_parser::word::{WordPiece, WordPieceWithSource};
use brush_parser::{Parser, ParserOptions, SourceSpan};
use drydock::syntax::shell::Joined;
use drydock::text::TextRange;

/// A word: where it stands, and its text if the shell puts nothing in.
#[derive(Clone, Debug)]
pub struct SeenWord {
    pub range: Option<TextRange>,
    pub text: Option<String>,
}

/// A simple command, `[[ … ]]` or `(( … ))`.
#[derive(Debug)]
pub struct Seen {
    pub joined: Joined,
    pub depth: usize,
    pub conditional: bool,
    pub assignments: Vec<SeenWord>,
    /// `None` for `[[ … ]]` and `(( … ))`, whose words brush does not keep.
    pub words: Option<Vec<SeenWord>>,
    pub redirects: Vec<(String, SeenWord)>,
    /// Whether `time` stands before it, which is no word to brush.
    pub timed: bool,
}

/// The commands of `text`; the reason where brush refuses it.
pub fn read(text: &str) -> Result<Vec<Seen>, String> {
    let options = ParserOptions { enable_extended_globbing: false, ..ParserOptions::default() };
    let program = Parser::new(text.as_bytes(), &options)
        .parse_program()
        .map_err(|error| error.to_string())?;
    let mut starts: Vec<_> = text.char_indices().map(|(at, _)| at).collect();
    starts.push(text.len());
    let mut walk = Walk { text, options, starts, seen: Vec::new() };
    let mut joined = Joined::First;
    for list in &program.complete_commands {
        joined = walk.list(list, 0, false, joined);
    }
    Ok(walk.seen)
}

struct Walk<'a> {
    text: &'a str,
    options: ParserOptions,
    /// The byte at which each character starts.
    starts: Vec<usize>,
    seen: Vec<Seen>,
}

impl Walk<'_> {
    fn range(&self, span: &SourceSpan) -> TextRange {
        let byte = |index: usize| self.starts[index.min(self.starts.len() - 1)];
        let range = TextRange::new(byte(span.start.index), byte(span.end.index));
        // What brush takes for a part of a word: continued lines before it, and behind a heredoc the blank.
        let mut text = range.of(self.text);
        while let Some(rest) =
            text.strip_prefix("\\\n").or_else(|| text.strip_prefix([' ', '\t', '\n']))
        {
            text = rest;
        }
        TextRange::new(range.end - text.len(), range.end)
    }

    fn word(&self, word: &Word) -> SeenWord {
        let pieces = brush_parser::word::parse(&word.value, &self.options).ok();
        SeenWord {
            range: word.loc.as_ref().map(|span| self.range(span)),
            text: pieces.and_then(|pieces| literal(&pieces)),
        }
    }

    /// Returns how the next list is joined.
    fn list(&mut self, list: &CompoundList, depth: usize, branch: bool, first: Joined) -> Joined {
        let mut joined = first;
        for item in &list.0 {
            self.pipeline(&item.0.first, depth, branch, joined);
            for more in &item.0.additional {
                let (how, pipeline) = match more {
                    AndOr::And(pipeline) => (Joined::And, pipeline),
                    AndOr::Or(pipeline) => (Joined::Or, pipeline),
                };
                self.pipeline(pipeline, depth, branch || how == Joined::Or, how);
            }
            joined = match item.1 {
                SeparatorOperator::Async => Joined::Background,
                SeparatorOperator::Sequence => Joined::Then,
            };
        }
        joined
    }

    fn pipeline(&mut self, pipeline: &Pipeline, depth: usize, branch: bool, first: Joined) {
        for (at, command) in pipeline.seq.iter().enumerate() {
            let joined = if at == 0 { first } else { Joined::Pipe };
            let before = self.seen.len();
            self.command(command, depth, branch, joined);
            if at == 0
                && pipeline.timed.is_some()
                && let Some(seen) = self.seen.get_mut(before)
            {
                seen.timed = true;
            }
        }
    }

    fn push(&mut self, joined: Joined, depth: usize, conditional: bool) -> &mut Seen {
        self.seen.push(Seen {
            joined,
            depth,
            conditional,
            assignments: Vec::new(),
            words: None,
            redirects: Vec::new(),
            timed: false,
        });
        self.seen.last_mut().expect("just pushed")
    }

    fn command(&mut self, command: &Command, depth: usize, branch: bool, joined: Joined) {
        match command {
            Command::Simple(simple) => self.simple(simple, depth, branch, joined),
            Command::Compound(compound, _) => self.compound(compound, depth, branch, joined),
            Command::Function(function) => {
                self.compound(&function.body.0, depth, true, Joined::First);
            }
            Command::ExtendedTest(..) => drop(self.push(joined, depth, branch)),
        }
    }

    fn compound(&mut self, command: &CompoundCommand, depth: usize, branch: bool, joined: Joined) {
        let inner = depth + 1;
        let mut list = |list: &CompoundList, branch| {
            self.list(list, inner, branch, Joined::First);
        };
        match command {
            CompoundCommand::Arithmetic(_) => drop(self.push(joined, depth, branch)),
            CompoundCommand::BraceGroup(group) => list(&group.list, branch),
            CompoundCommand::Subshell(subshell) => list(&subshell.list, branch),
            CompoundCommand::ArithmeticForClause(clause) => list(&clause.body.list, true),
            CompoundCommand::ForClause(clause) => list(&clause.body.list, true),
            CompoundCommand::CaseClause(clause) => {
                for body in clause.cases.iter().filter_map(|case| case.cmd.as_ref()) {
                    list(body, true);
                }
            }
            CompoundCommand::IfClause(clause) => {
                list(&clause.condition, branch);
                list(&clause.then, true);
                for other in clause.elses.iter().flatten() {
                    if let Some(condition) = &other.condition {
                        list(condition, true);
                    }
                    list(&other.body, true);
                }
            }
            CompoundCommand::WhileClause(clause) | CompoundCommand::UntilClause(clause) => {
                list(&clause.0, branch);
                list(&clause.1.list, true);
            }
            CompoundCommand::Coprocess(_) => {}
        }
    }

    fn simple(&mut self, command: &SimpleCommand, depth: usize, branch: bool, joined: Joined) {
        let mut assignments = Vec::new();
        let mut words = Vec::new();
        let mut redirects = Vec::new();
        let items = command.prefix.iter().flat_map(|prefix| &prefix.0);
        let suffix = command.suffix.iter().flat_map(|suffix| &suffix.0);
        for (is_prefix, item) in
            items.map(|item| (true, item)).chain(suffix.map(|item| (false, item)))
        {
            if !is_prefix && words.is_empty() {
                words.extend(command.word_or_name.iter().map(|word| self.word(word)));
            }
            match item {
                Item::IoRedirect(redirect) => redirects.push(self.redirect(redirect)),
                Item::Word(word) => words.push(self.word(word)),
                Item::AssignmentWord(assignment, word) => {
                    let mut seen = self.word(word);
                    if matches!(assignment.value, AssignmentValue::Array(_)) {
                        seen.text = None;
                    }
                    (if is_prefix { &mut assignments } else { &mut words }).push(seen);
                }
                Item::ProcessSubstitution(_, subshell) => {
                    // From the bracket on, to brush.
                    let range = subshell.location().map(|span| self.range(&span));
                    let range = range.map(|range| TextRange::new(range.start - 1, range.end));
                    words.push(SeenWord { range, text: None });
                }
            }
        }
        if words.is_empty() {
            words.extend(command.word_or_name.iter().map(|word| self.word(word)));
        }
        let seen = self.push(joined, depth, branch);
        (seen.assignments, seen.words, seen.redirects) = (assignments, Some(words), redirects);
    }

    fn redirect(&self, redirect: &IoRedirect) -> (String, SeenWord) {
        let mut operator = String::new();
        let number = match redirect {
            IoRedirect::File(number, ..)
            | IoRedirect::HereDocument(number, _)
            | IoRedirect::HereString(number, _) => *number,
            IoRedirect::OutputAndError(..) => None,
        };
        if let Some(number) = number {
            write!(operator, "{number}").expect("a string takes all");
        }
        let (name, target) = match redirect {
            IoRedirect::File(_, kind, target) => {
                let name = match kind {
                    IoFileRedirectKind::Read => "<",
                    IoFileRedirectKind::Write => ">",
                    IoFileRedirectKind::Append => ">>",
                    IoFileRedirectKind::ReadAndWrite => "<>",
                    IoFileRedirectKind::Clobber => ">|",
                    IoFileRedirectKind::DuplicateInput => "<&",
                    IoFileRedirectKind::DuplicateOutput => ">&",
                };
                let target = match target {
                    IoFileRedirectTarget::Filename(word)
                    | IoFileRedirectTarget::Duplicate(word) => self.word(word),
                    IoFileRedirectTarget::Fd(number) => {
                        SeenWord { range: None, text: Some(number.to_string()) }
                    }
                    IoFileRedirectTarget::ProcessSubstitution(..) => {
                        SeenWord { range: None, text: None }
                    }
                };
                (name, target)
            }
            IoRedirect::HereDocument(_, document) => {
                (if document.remove_tabs { "<<-" } else { "<<" }, self.word(&document.here_end))
            }
            IoRedirect::HereString(_, word) => ("<<<", self.word(word)),
            IoRedirect::OutputAndError(word, appends) => {
                (if *appends { "&>>" } else { "&>" }, self.word(word))
            }
        };
        operator.push_str(name);
        (operator, target)
    }
}

/// The text of a word's pieces; `None` where a variable or a substitution is among them.
fn literal(pieces: &[WordPieceWithSource]) -> Option<String> {
    let mut text = String::new();
    for piece in pieces {
        match &piece.piece {
            WordPiece::Text(plain) | WordPiece::SingleQuotedText(plain) => text.push_str(plain),
            WordPiece::EscapeSequence(escape) => {
                let rest = escape.strip_prefix('\\').unwrap_or(escape);
                if rest != "\n" {
                    text.push_str(rest);
                }
            }
            WordPiece::DoubleQuotedSequence(inner)
            | WordPiece::GettextDoubleQuotedSequence(inner) => text.push_str(&literal(inner)?),
            _ => return None,
        }
    }
    // A `${` that makes no sense is text to brush.
    (!text.contains("${")).then_some(text)
}
