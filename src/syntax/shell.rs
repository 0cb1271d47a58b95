//! Inside RUN: the simple commands of a shell text, with how they hang together. What cannot be read is opaque.

use super::ast::Word;
use super::words;
use crate::text::TextRange;

/// How deep brackets and quotes may nest before the rest is opaque.
const DEEPEST: usize = 64;

/// What stands between a command and the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Joined {
    /// It is the first of its list.
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
    /// What it goes to or comes from.
    pub target: Word,
}

/// One simple command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// First to last word, in bytes of the file.
    pub range: TextRange,
    /// `NAME=value` before the program.
    pub assignments: Vec<Word>,
    /// The program and its arguments, unquoted.
    pub words: Vec<Word>,
    /// Where input comes from and output goes.
    pub redirects: Vec<Redirect>,
    /// What stands between it and the command before.
    pub joined: Joined,
    /// How many brackets, `if`, loops it is inside.
    pub depth: usize,
}

impl Command {
    /// The program's name without its folder; empty for a bare assignment.
    pub fn program(&self) -> &str {
        self.words.first().map_or("", |word| word.text.rsplit('/').next().unwrap_or_default())
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
}

impl Script {
    /// Whether it is `a && b && c` at one level, so that one more command can be hung on at the end.
    pub fn is_chain(&self) -> bool {
        self.opaque.is_none()
            && !self.commands.is_empty()
            && self
                .commands
                .iter()
                .all(|c| c.depth == 0 && matches!(c.joined, Joined::First | Joined::And))
    }
}

/// Reads `text`; `source` says where a range of it stands in the file.
pub fn read(text: &str, escape: char, source: &dyn Fn(TextRange) -> TextRange) -> Script {
    let mut reader = Reader {
        text,
        escape,
        source,
        at: 0,
        script: Script { range: source(TextRange::new(0, text.len())), ..Script::default() },
        command: None,
        joined: Joined::First,
        open: Vec::new(),
        heredocs: Vec::new(),
    };
    if reader.run().is_none() {
        let opaque = (reader.source)(TextRange::new(reader.at.min(text.len()), text.len()));
        reader.script.opaque = Some(opaque);
    }
    reader.end_command(Joined::Then);
    reader.script
}

struct Reader<'a> {
    text: &'a str,
    /// Behind a backslash in the joined text the shell sees `\` whatever Docker's own escape is.
    escape: char,
    source: &'a dyn Fn(TextRange) -> TextRange,
    at: usize,
    script: Script,
    command: Option<Command>,
    joined: Joined,
    /// What closes the brackets and compound commands that are open.
    open: Vec<&'static str>,
    /// Heredocs whose bodies begin at the next line.
    heredocs: Vec<(String, bool)>,
}

impl Reader<'_> {
    /// Reads to the end. `None` where the text stops making sense.
    fn run(&mut self) -> Option<()> {
        while let Some(c) = self.peek() {
            match c {
                '\n' => self.line_end()?,
                c if c.is_whitespace() => self.at += c.len_utf8(),
                '#' => self.at += self.rest().find('\n').unwrap_or(self.rest().len()),
                ';' | '&' | '|' => self.operator()?,
                '(' => self.open_subshell()?,
                ')' => self.close(")")?,
                '<' | '>' => self.redirect("")?,
                _ => self.word()?,
            }
        }
        // A heredoc that the last line opens has its body outside of this text.
        self.open.is_empty().then_some(())
    }

    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn line_end(&mut self) -> Option<()> {
        self.end_command(Joined::Then);
        self.at += 1;
        for (name, strips_tabs) in std::mem::take(&mut self.heredocs) {
            loop {
                let rest = self.rest();
                if rest.is_empty() {
                    return None;
                }
                let length = rest.find('\n').map_or(rest.len(), |end| end + 1);
                let line = rest[..length].trim_end_matches(['\r', '\n']);
                let found =
                    (if strips_tabs { line.trim_start_matches('\t') } else { line }) == name;
                self.at += length;
                if found {
                    break;
                }
            }
        }
        Some(())
    }

    fn operator(&mut self) -> Option<()> {
        let rest = self.rest();
        if rest.starts_with("&>") {
            return self.redirect("&");
        }
        let (length, joined) = match rest.get(..2) {
            Some("&&") => (2, Joined::And),
            Some("||") => (2, Joined::Or),
            Some("|&") => (2, Joined::Pipe),
            Some(";;") => (2, Joined::Then),
            _ if rest.starts_with('|') => (1, Joined::Pipe),
            _ if rest.starts_with('&') => (1, Joined::Background),
            _ => (1, Joined::Then),
        };
        let in_case = self.open.last() == Some(&"esac");
        if rest.starts_with(";;") && !in_case {
            return None;
        }
        self.end_command(joined);
        self.at += length;
        if rest_is_case_arm(joined, length, in_case) { self.case_pattern() } else { Some(()) }
    }

    fn open_subshell(&mut self) -> Option<()> {
        if self.command.is_some() {
            return None;
        }
        self.at += 1;
        self.push(")")
    }

    fn push(&mut self, closer: &'static str) -> Option<()> {
        self.open.push(closer);
        self.joined = Joined::First;
        (self.open.len() <= DEEPEST).then_some(())
    }

    fn close(&mut self, closer: &'static str) -> Option<()> {
        self.end_command(Joined::Then);
        (self.open.pop()? == closer).then_some(())?;
        self.at += closer.len();
        // What follows hangs on the compound as a whole.
        self.joined = Joined::Then;
        Some(())
    }

    fn redirect(&mut self, number: &str) -> Option<()> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(|b| matches!(b, b'<' | b'>' | b'&' | b'|')).count();
        let mut operator = rest[..length].to_owned();
        if number != "&" {
            operator.insert_str(0, number);
        }
        self.at += length;
        let strips_tabs = operator.ends_with("<<") && self.rest().starts_with('-');
        self.at += usize::from(strips_tabs);
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let target = self.raw_word()?;
        if target.is_empty() {
            return None;
        }
        let target = self.make_word(target);
        if operator.ends_with("<<") && !operator.ends_with("<<<") {
            self.heredocs.push((target.text.clone(), strips_tabs));
        }
        self.command_mut().redirects.push(Redirect { operator, target });
        Some(())
    }

    fn word(&mut self) -> Option<()> {
        let range = self.raw_word()?;
        let raw = range.of(self.text);
        if raw.bytes().all(|b| b.is_ascii_digit()) && self.rest().starts_with(['<', '>']) {
            let number = raw.to_owned();
            return self.redirect(&number);
        }
        let starts = self.command.as_ref().is_none_or(|c| c.words.is_empty());
        if starts && self.command.is_none() && self.keyword(range)? {
            return Some(());
        }
        if starts && self.rest().starts_with('(') {
            return None;
        }
        let word = self.make_word(range);
        let command = self.command_mut();
        if starts && is_assignment(&word.text) {
            command.assignments.push(word);
        } else {
            command.words.push(word);
        }
        Some(())
    }

    /// Takes a reserved word at the start of a command. Whether it was one.
    fn keyword(&mut self, range: TextRange) -> Option<bool> {
        let raw = range.of(self.text);
        match raw {
            "if" => self.push("fi")?,
            "while" | "until" => self.push("done")?,
            "{" => self.push("}")?,
            "then" | "else" | "elif" | "do" | "!" => self.joined = Joined::First,
            "for" | "select" => {
                self.push("done")?;
                let end = self.rest().find([';', '\n'])?;
                self.at += end;
                self.operator_or_line()?;
            }
            "case" => {
                self.raw_after_blank()?;
                self.raw_after_blank().filter(|word| word.of(self.text) == "in")?;
                self.push("esac")?;
                self.case_pattern()?;
            }
            "fi" | "done" | "esac" | "}" => {
                (self.open.pop()? == raw).then_some(())?;
                self.joined = Joined::Then;
            }
            "function" | "[[" => return None,
            _ => return Some(false),
        }
        Some(true)
    }

    fn operator_or_line(&mut self) -> Option<()> {
        if self.rest().starts_with('\n') { self.line_end() } else { self.operator() }
    }

    fn raw_after_blank(&mut self) -> Option<TextRange> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        self.raw_word()
    }

    /// Skips `a|b)`, or closes the `case` at `esac`.
    fn case_pattern(&mut self) -> Option<()> {
        self.at += self.rest().len() - self.rest().trim_start().len();
        if self.rest().starts_with("esac") {
            self.at += "esac".len();
            self.open.pop();
            self.joined = Joined::Then;
            return Some(());
        }
        self.at += self.rest().find(')')? + 1;
        self.joined = Joined::First;
        Some(())
    }

    /// The next word as it is written: quotes, `$(...)`, `${...}` and backticks stay together.
    fn raw_word(&mut self) -> Option<TextRange> {
        let start = self.at;
        let mut closers: Vec<char> = Vec::new();
        let bytes = self.text;
        let mut chars = bytes[start..].char_indices().peekable();
        let mut end = bytes.len();
        while let Some((offset, c)) = chars.next() {
            let inside = closers.last().copied();
            match (inside, c) {
                (Some('\''), '\'') => drop(closers.pop()),
                (Some('\''), _) => {}
                (_, '\\') => drop(chars.next()),
                (Some(closer), c) if c == closer => drop(closers.pop()),
                (Some('"' | '`'), '\'') => {}
                (_, '\'' | '"' | '`') => closers.push(c),
                (_, '$') => match chars.peek() {
                    Some((_, '(')) => {
                        chars.next();
                        closers.push(')');
                    }
                    Some((_, '{')) => {
                        chars.next();
                        closers.push('}');
                    }
                    _ => {}
                },
                (Some(')'), '(') => closers.push(')'),
                (None, c)
                    if c.is_whitespace()
                        || matches!(c, ';' | '&' | '|' | '(' | ')' | '<' | '>') =>
                {
                    end = start + offset;
                    break;
                }
                _ => {}
            }
            if closers.len() > DEEPEST {
                return None;
            }
        }
        if !closers.is_empty() {
            return None;
        }
        self.at = end;
        Some(TextRange::new(start, end))
    }

    fn make_word(&self, range: TextRange) -> Word {
        let escape = if self.escape == '`' { '`' } else { '\\' };
        Word { text: words::unquote(range.of(self.text), escape), range: (self.source)(range) }
    }

    fn command_mut(&mut self) -> &mut Command {
        let (joined, depth) = (self.joined, self.open.len());
        self.command.get_or_insert_with(|| Command {
            range: TextRange::default(),
            assignments: Vec::new(),
            words: Vec::new(),
            redirects: Vec::new(),
            joined,
            depth,
        })
    }

    fn end_command(&mut self, next: Joined) {
        if let Some(mut command) = self.command.take() {
            let targets = command.redirects.iter().map(|redirect| &redirect.target);
            let words = command.assignments.iter().chain(&command.words).chain(targets);
            command.range =
                words.map(|word| word.range).reduce(TextRange::cover).unwrap_or_default();
            self.script.commands.push(command);
            self.joined = next;
        } else if !matches!(next, Joined::Then) {
            self.joined = next;
        }
    }
}

fn rest_is_case_arm(joined: Joined, length: usize, in_case: bool) -> bool {
    in_case && joined == Joined::Then && length == 2
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commands as `joined depth words`, one a line.
    fn show(text: &str) -> Vec<String> {
        let script = read(text, '\\', &|range| range);
        let mut lines: Vec<_> = script
            .commands
            .iter()
            .map(|c| {
                let words: Vec<_> = c.words.iter().map(|word| word.text.as_str()).collect();
                format!("{:?} {} {}", c.joined, c.depth, words.join("·"))
            })
            .collect();
        lines.extend(script.opaque.map(|_| "opaque".to_owned()));
        lines
    }

    #[test]
    fn chains_and_pipes() {
        assert_eq!(
            show("apt-get update && apt-get install -y 'a b' | tee log; true || false &"),
            [
                "First 0 apt-get·update",
                "And 0 apt-get·install·-y·a b",
                "Pipe 0 tee·log",
                "Then 0 true",
                "Or 0 false"
            ]
        );
    }

    #[test]
    fn compounds_nest() {
        assert_eq!(
            show("if [ -f x ]; then (cd a && make); else { b; }; fi && c"),
            ["First 1 [·-f·x·]", "First 2 cd·a", "And 2 make", "First 2 b", "And 0 c"]
        );
        assert_eq!(show("for f in *.c; do cc $f; done"), ["First 1 cc·$f"]);
        assert_eq!(
            show("case $x in a|b) one ;; *) two ;; esac; three"),
            ["First 1 one", "First 1 two", "Then 0 three"]
        );
    }

    #[test]
    fn redirects_and_heredocs_are_no_words() {
        assert_eq!(show("cat <<EOF > f 2>&1\nRUN x\nEOF\nnext"), ["First 0 cat", "Then 0 next"]);
    }

    #[test]
    fn substitutions_stay_one_word() {
        assert_eq!(
            show(r#"echo $(a "b c" | d) "${X:-y z}" `e f`"#),
            [r"First 0 echo·$(a b c | d)·${X:-y z}·`e f`"]
        );
    }

    #[test]
    fn what_cannot_be_read_is_opaque() {
        for text in ["a 'b", "a && (b", "f() { x; }", "fi", "a ;; b", "echo $(x"] {
            assert_eq!(show(text).last().map(String::as_str), Some("opaque"), "{text}");
        }
        assert_eq!(show(&"(".repeat(100_000)), ["opaque"]);
    }
}
