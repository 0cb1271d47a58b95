//! Where a line would go, and the edit that puts it there or takes it away.

use super::{Model, Step};
use crate::syntax::shell::{Command, Joined};
use crate::syntax::{Instruction, Item, Keyword, Word};
use crate::text::{EditSet, TextEdit, TextRange};

impl Model<'_> {
    /// The line end of the file.
    pub fn newline(&self) -> &'static str {
        self.newline.get_or_init(|| if self.text().contains("\r\n") { "\r\n" } else { "\n" })
    }

    /// Whether most keywords of the stages are written in small letters.
    pub fn is_small(&self) -> bool {
        *self.is_small.get_or_init(|| {
            let mut balance = 0_i64;
            let mut count = |word: &Word| {
                balance += i64::from(has_no(word, u8::is_ascii_uppercase));
                balance -= i64::from(has_no(word, u8::is_ascii_lowercase));
            };
            for stage in self.stages() {
                count(&stage.from.keyword_word);
                stage.steps.iter().for_each(|step| count(&step.instruction.keyword_word));
            }
            balance > 0
        })
    }

    /// A new line in the letters that the file's keywords are written in.
    pub fn in_case(&self, line: &str) -> String {
        // HEALTHCHECK goes on in a line that is set in.
        let (indent, line) = line.split_at(line.len() - line.trim_start().len());
        let (word, rest) = line.split_at(line.find(' ').unwrap_or(line.len()));
        let is_keyword = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        if !is_keyword || !self.is_small() {
            return format!("{indent}{line}");
        }
        let rest = if word == "FROM" { rest.replace(" AS ", " as ") } else { rest.to_owned() };
        format!("{indent}{}{rest}", word.to_ascii_lowercase())
    }

    /// The start of the instruction's first line, in bytes.
    pub fn line_start(&self, instruction: &Instruction) -> usize {
        let start = self.lines().range(self.lines().line(instruction.range.start)).start;
        // A byte order mark stays in front.
        if start == 0 && self.text().starts_with('\u{feff}') {
            '\u{feff}'.len_utf8()
        } else {
            start
        }
    }

    /// Just behind the instruction's last line with its end, in bytes.
    pub fn line_end(&self, instruction: &Instruction) -> usize {
        self.lines().range(self.lines().line(instruction.range.end)).end
    }

    /// The start of the comments that stand right above the instruction, or of the instruction.
    pub fn head(&self, instruction: &Instruction) -> usize {
        let items = &self.file.items;
        // Looking among places alone is quicker than among the items, which lie apart.
        let starts = self.starts.get_or_init(|| items.iter().map(start).collect());
        let at = starts.partition_point(|&start| start < instruction.range.start);
        let mut line = self.lines().line(instruction.range.start);
        let mut head = self.line_start(instruction);
        for item in items.get(..at).unwrap_or_default().iter().rev() {
            let Item::Comment(range) = item else { break };
            if self.lines().line(range.start) + 1 != line {
                break;
            }
            line -= 1;
            head =
                self.lines().range(line).start.max(range.start.min(self.lines().range(line).start));
        }
        if head == 0 && self.text().starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { head }
    }

    /// The comments that stand right above the instruction; empty where none do.
    pub fn comment_above(&self, instruction: &Instruction) -> &str {
        TextRange::new(self.head(instruction), self.line_start(instruction)).of(self.text())
    }

    /// Puts `lines` above the instruction and the comments that belong to it.
    pub fn insert_above(&self, instruction: &Instruction, lines: &[String]) -> TextEdit {
        TextEdit::insert(self.head(instruction), self.joined(lines))
    }

    /// Puts `lines` below the instruction.
    pub fn insert_below(&self, instruction: &Instruction, lines: &[String]) -> TextEdit {
        let end = self.line_end(instruction);
        let missing = if self.text()[..end].ends_with('\n') { "" } else { self.newline() };
        TextEdit::insert(end, format!("{missing}{}", self.joined(lines)))
    }

    /// Where a line goes that only the running container needs, and the edit that puts it there: above the
    /// EXPOSE, HEALTHCHECK, CMD and ENTRYPOINT that end the final stage, else at its end.
    pub fn runtime_line(&self, line: &str) -> Option<(usize, TextEdit)> {
        let last = [Keyword::Expose, Keyword::Healthcheck, Keyword::Cmd, Keyword::Entrypoint];
        self.line_above_last(&last, &[line.to_owned()])
    }

    /// The same for several lines, above those of the last instructions that have one of `keywords`.
    pub fn line_above_last(
        &self,
        keywords: &[Keyword],
        lines: &[String],
    ) -> Option<(usize, TextEdit)> {
        let stage = self.final_stage()?;
        let is_last = |step: &&Step<'_>| keywords.contains(&step.keyword());
        Some(match stage.steps.iter().rev().take_while(is_last).last() {
            Some(step) => (self.head(step.instruction), self.insert_above(step.instruction, lines)),
            None => (self.line_end(stage.last()), self.insert_below(stage.last(), lines)),
        })
    }

    /// Takes the instruction's lines away, its line end with them.
    pub fn remove(&self, instruction: &Instruction) -> TextEdit {
        TextEdit::delete(TextRange::new(self.line_start(instruction), self.line_end(instruction)))
    }

    /// The instruction as it is written.
    pub fn source(&self, instruction: &Instruction) -> &str {
        instruction.range.of(self.text())
    }

    fn joined(&self, lines: &[String]) -> String {
        lines.iter().map(|line| self.in_case(line) + self.newline()).collect()
    }

    /// Hangs ` && text` on the end of a step that is a chain of commands, or on the last command of a script in a
    /// heredoc, whose result is that of the step. `None` where that would mean something else.
    pub fn append(&self, step: &Step<'_>, text: &str) -> Option<EditSet> {
        let script = step.script()?;
        let last = script.commands.last()?;
        // What a variable or `eval` runs is not known.
        let is_hidden = |one: &Command| one.program() == "eval" || one.program().starts_with('$');
        if script.commands.iter().any(is_hidden) {
            return None;
        }
        let fits = match step.instruction.heredocs.as_slice() {
            [] => script.is_chain(),
            [heredoc] => {
                let rest = TextRange::new(last.range.end, heredoc.body.end.max(last.range.end));
                heredoc.body.contains(last.range)
                    && script.opaque.is_none()
                    && last.depth == 0
                    && !last.conditional
                    && last.joined != Joined::Pipe
                    && rest.of(self.text()).trim().is_empty()
            }
            _ => false,
        };
        fits.then(|| TextEdit::insert(last.range.end, format!(" && {text}")).into())
    }

    /// Puts `text` and a blank right before the word.
    pub fn insert_before_word(&self, word: &Word, text: &str) -> EditSet {
        TextEdit::insert(word.range.start, format!("{text} ")).into()
    }

    /// Puts a blank and `text` right behind the word, as a JSON element where the command is in exec form.
    pub fn insert_after_word(&self, word: &Word, text: &str, is_exec: bool) -> EditSet {
        // A word of `["sh", "-c", "…"]` stands inside of an element.
        let is_element = is_exec && word.range.of(self.text()).starts_with('"');
        let text = if is_element { format!(", \"{text}\"") } else { format!(" {text}") };
        TextEdit::insert(word.range.end, text).into()
    }

    /// Puts `option` behind a word of the step, in the form that it is written in.
    pub fn add_option(&self, step: &Step<'_>, word: &Word, option: &str) -> EditSet {
        self.insert_after_word(word, option, step.script().is_none())
    }

    /// Puts `text` behind each of the words, which are in the same command or at least apart.
    pub fn insert_after_words(
        &self,
        words: &[&Word],
        text: &str,
        is_exec: bool,
    ) -> Option<EditSet> {
        let edits = words.iter().map(|word| self.insert_after_word(word, text, is_exec));
        EditSet::new(edits.flat_map(|set| set.iter().cloned().collect::<Vec<_>>())).ok()
    }

    /// The command of the step that runs this program with `word` as its first word behind any options.
    pub fn runs<'s>(&self, step: &'s Step<'_>, program: &str, word: &str) -> Option<&'s Command> {
        let mut commands = step.commands().iter();
        commands.find(|command| {
            command.program() == program
                && command
                    .arguments()
                    .iter()
                    .find(|w| !w.text.starts_with('-'))
                    .is_some_and(|w| w.text == word)
        })
    }
}

/// Whether no byte of the word is of the kind.
fn has_no(word: &Word, kind: fn(&u8) -> bool) -> bool {
    !word.text.as_bytes().iter().any(kind)
}

fn start(item: &Item) -> usize {
    match item {
        Item::Directive(directive) => directive.range.start,
        Item::Comment(range) => range.start,
        Item::Instruction(instruction) => instruction.range.start,
    }
}
