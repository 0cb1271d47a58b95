//! Where a line would go, and the edit that puts it there or takes it away.

use super::{Model, Step};
use crate::syntax::shell::Command;
use crate::syntax::{Instruction, Item, Word};
use crate::text::{EditSet, TextEdit, TextRange};

impl Model<'_> {
    /// The line end of the file.
    pub fn newline(&self) -> &'static str {
        if self.text().contains("\r\n") { "\r\n" } else { "\n" }
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
        let at = items.partition_point(|item| start(item) < instruction.range.start);
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

    /// Takes the instruction's lines away, its line end with them.
    pub fn remove(&self, instruction: &Instruction) -> TextEdit {
        TextEdit::delete(TextRange::new(self.line_start(instruction), self.line_end(instruction)))
    }

    /// The instruction as it is written.
    pub fn source(&self, instruction: &Instruction) -> &str {
        instruction.range.of(self.text())
    }

    fn joined(&self, lines: &[String]) -> String {
        lines.iter().flat_map(|line| [line.as_str(), self.newline()]).collect()
    }

    /// Hangs ` && text` on the end of a step that is a chain of commands. `None` where that would mean something else.
    pub fn append(&self, step: &Step<'_>, text: &str) -> Option<EditSet> {
        let script = step.script()?;
        let is_line = step.instruction.heredocs.is_empty();
        let end = step.instruction.arguments.end;
        (script.is_chain() && is_line).then(|| TextEdit::insert(end, format!(" && {text}")).into())
    }

    /// Puts `text` and a blank right before the word.
    pub fn insert_before_word(&self, word: &Word, text: &str) -> EditSet {
        TextEdit::insert(word.range.start, format!("{text} ")).into()
    }

    /// Puts a blank and `text` right behind the word, as a JSON element where the command is in exec form.
    pub fn insert_after_word(&self, word: &Word, text: &str, is_exec: bool) -> EditSet {
        let text = if is_exec { format!(", \"{text}\"") } else { format!(" {text}") };
        TextEdit::insert(word.range.end, text).into()
    }

    /// Takes `words` away from a command, with the blank or the comma that set them off.
    pub fn delete_words(&self, all: &[Word], words: &[usize]) -> Option<EditSet> {
        let edits = words.iter().map(|&at| {
            let word = all.get(at)?;
            // From the end of the word before, so that no comma or blank is left over; the first word cannot go.
            let before = all.get(at.checked_sub(1)?)?;
            let between = TextRange::new(before.range.end, word.range.start).of(self.text());
            let start = if between.contains('\n') {
                word.range.start - trailing_comma(between)
            } else {
                before.range.end
            };
            Some(TextEdit::delete(TextRange::new(start, word.range.end)))
        });
        EditSet::new(edits.collect::<Option<Vec<_>>>()?).ok()
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

/// Bytes back from the end of `between` to just behind its last line break; the comma above stays where it is.
fn trailing_comma(between: &str) -> usize {
    between.len() - between.rfind('\n').map_or(0, |at| at + 1)
}

fn start(item: &Item) -> usize {
    match item {
        Item::Directive(directive) => directive.range.start,
        Item::Comment(range) => range.start,
        Item::Instruction(instruction) => instruction.range.start,
    }
}
