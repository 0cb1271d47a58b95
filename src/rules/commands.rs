//! What several rules ask about the commands of RUN.

use crate::model::{Model, Step};
use crate::syntax::shell::Command;
use crate::syntax::{Keyword, Word};
use crate::text::EditSet;

/// The commands of the step; none where it is no RUN.
pub(super) fn of_run<'s>(step: &'s Step) -> &'s [Command] {
    if step.keyword() == Keyword::Run { step.commands() } else { &[] }
}

/// The words of a command, without `sudo` and its options in front.
pub(super) fn own_words(command: &Command) -> &[Word] {
    let words = command.words.as_slice();
    if command.program() != "sudo" {
        return words;
    }
    let options = words.iter().skip(1).take_while(|word| word.text.starts_with('-')).count();
    words.get(1 + options..).unwrap_or_default()
}

/// The program and the first word behind it that is no option: `apt-get`, `install`.
pub(super) fn program_and_verb(command: &Command) -> Option<(&Word, &Word)> {
    let (program, arguments) = own_words(command).split_first()?;
    Some((program, arguments.iter().find(|word| !word.text.starts_with('-'))?))
}

/// Puts `option` behind a word of the step, in the form that it is written in.
pub(super) fn add_option(model: &Model, step: &Step, word: &Word, option: &str) -> EditSet {
    // A word of `["sh", "-c", "…"]` stands inside of an element.
    let is_element = step.script().is_none() && word.range.of(model.text()).starts_with('"');
    model.insert_after_word(word, option, is_element)
}
