//! Whether a command in shell form means the same without a shell, and the edits that write it as a JSON list.

use super::wrappers::is_in;
use super::{Model, Step};
use crate::syntax::shell::Script;
use crate::syntax::{Word, json_string};
use crate::text::{EditSet, TextEdit, TextRange};

/// What only a shell knows; none of these is a program.
const BUILTINS: &str = ". : alias break cd command continue eval exit export read readonly return set shift source \
    times trap type ulimit umask unset";

/// Why a text cannot do without a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellNeed {
    /// It is more than one command.
    Several,
    /// This part of it means something to a shell only.
    Part(String),
    /// It cannot be read well enough.
    Unclear,
}

/// Whether only a shell knows the word.
pub fn is_builtin(word: &str) -> bool {
    is_in(BUILTINS, word)
}

impl Model<'_> {
    /// The words of a text that CMD or ENTRYPOINT runs, where they mean the same without a shell.
    pub fn words_without_shell<'s>(
        &self,
        step: &Step<'_>,
        script: &'s Script,
    ) -> Result<&'s [Word], ShellNeed> {
        let [command] = script.commands.as_slice() else { return Err(ShellNeed::Several) };
        let text = step.instruction.arguments;
        let words = command.words.as_slice();
        let outside = || {
            let redirect = command.redirects.first().map(|redirect| redirect.operator.clone());
            let assignment = command.assignments.first().map(|word| word.text.clone());
            let tail = TextRange::new(command.range.end, text.end).of(self.text());
            let head = TextRange::new(text.start, command.range.start).of(self.text());
            let rest = [head, tail].map(str::trim).into_iter().find(|rest| !rest.is_empty());
            redirect.or(assignment).or_else(|| rest.map(str::to_owned))
        };
        let special = |word: &&Word| !is_plain(word.range.of(self.text()));
        let builtin = words.first().filter(|word| is_builtin(&word.text));
        let needy = outside().or_else(|| {
            let word = builtin.or_else(|| words.iter().find(special))?;
            Some(word.range.of(self.text()).to_owned())
        });
        match needy {
            Some(part) => Err(ShellNeed::Part(part)),
            None if script.opaque.is_some() || command.depth > 0 || words.is_empty() => {
                Err(ShellNeed::Unclear)
            }
            None => Ok(words),
        }
    }

    /// The edits that write `words` of the step, its last ones, as a JSON list where each stands.
    pub fn as_exec_form(&self, step: &Step<'_>, words: &[Word]) -> Option<EditSet> {
        let (first, last) = (words.first()?, words.last()?);
        let before = TextRange::new(step.instruction.arguments.start, first.range.start);
        let mut edits = vec![TextEdit::delete(before)];
        for word in words {
            let open = if word.range == first.range { "[" } else { "" };
            let close = if word.range == last.range { "]" } else { "," };
            let text = format!("{open}{}{close}", json_string(&word.text));
            edits.push(TextEdit::replace(word.range, text));
        }
        edits.retain(|edit| !edit.range.is_empty());
        EditSet::new(edits).ok()
    }
}

/// Whether a word means the same to a shell and without one.
fn is_plain(raw: &str) -> bool {
    let quoted = |quote: char| raw.strip_prefix(quote)?.strip_suffix(quote);
    let (inner, special) = match (quoted('\''), quoted('"')) {
        (Some(inner), _) => (inner, "'"),
        (_, Some(inner)) => (inner, "\"$`\\"),
        _ => (raw, "$*?[]~;&|<>(){}\\`'\"#"),
    };
    !inner.contains(|c: char| c.is_control() || special.contains(c))
}

#[cfg(test)]
mod tests {
    use crate::input::Input;
    use crate::model::Model;
    use crate::syntax::parse;

    /// The exec form of the last CMD, or why there is none.
    fn exec_form(cmd: &str) -> String {
        let text = format!("FROM a\n{cmd}");
        let (file, input) = (parse(&text), Input::new(text.as_str()));
        let model = Model::build(&file, &input);
        let (_, step) = model.steps().last().unwrap();
        match model.words_without_shell(step, step.script().unwrap()) {
            Ok(words) => {
                let edited = model.as_exec_form(step, words).unwrap().apply(&text);
                edited.trim_start_matches("FROM a\n").to_owned()
            }
            Err(need) => format!("{need:?}"),
        }
    }

    #[test]
    fn with_and_without_a_shell() {
        for (cmd, expected) in [
            ("CMD a 'b c' \"d\"", "CMD [\"a\", \"b c\", \"d\"]"),
            ("CMD a \\\n  b", "CMD [\"a\", \\\n  \"b\"]"),
            ("CMD a && b", "Several"),
            ("CMD a $X", "Part(\"$X\")"),
            ("CMD A=1 a", "Part(\"A=1\")"),
            ("CMD a > b", "Part(\">\")"),
            ("CMD cd x", "Part(\"cd\")"),
            ("CMD a b* c", "Part(\"b*\")"),
        ] {
            assert_eq!(exec_form(cmd), expected, "{cmd}");
        }
    }
}
