//! Some keywords in capitals, others not.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::Word;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "mixed-keyword-case",
    title: "Keywords are written in two ways",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["ConsistentInstructionCasing", "uppercase_commands", "DF078"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let is_upper = !model.is_small();
    for word in keywords(model).filter(|word| !is_in_case(word, !is_upper)) {
        let (name, text) = if is_upper {
            ("capitals", word.text.to_ascii_uppercase())
        } else {
            ("small letters", word.text.to_ascii_lowercase())
        };
        let message = format!(
            "Most keywords of this file are in {name}, `{}` is not; one way makes them easy to find.",
            word.text
        );
        let fix = Fix::new(format!("Write `{text}`"), TextEdit::replace(word.range, text).into());
        report.at(&RULE, word.range, message).fix(fix);
    }
}

/// The keywords of all stages; ARG above the first FROM belongs to none.
fn keywords<'m>(model: &'m Model) -> impl Iterator<Item = &'m Word> {
    model.stages().iter().flat_map(|stage| {
        let steps = stage.steps.iter().map(|step| &step.instruction.keyword_word);
        [&stage.from.keyword_word].into_iter().chain(steps)
    })
}

/// Whether the word has no capitals, or nothing but capitals.
fn is_in_case(word: &Word, is_lower: bool) -> bool {
    !word
        .text
        .bytes()
        .any(|byte| if is_lower { byte.is_ascii_uppercase() } else { byte.is_ascii_lowercase() })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn the_few_are_told() {
        check(
            &RULE,
            "\
arg X=1
FROM debian:12
  run true
# ^^^ Most keywords of this file are in capitals, `run` is not
  Env A=1
# ^^^ Most keywords of this file are in capitals, `Env` is not
CMD true
",
        );
        check(
            &RULE,
            "\
from debian:12
run true
  CMD true
# ^^^ Most keywords of this file are in small letters, `CMD` is not
",
        );
    }

    #[test]
    fn writes_it_like_the_others() {
        check_fix(&RULE, "FROM a\nrun x\n", "FROM a\nRUN x\n");
        check_fix(&RULE, "from a\nrun x\nCmd y\n", "from a\nrun x\ncmd y\n");
    }

    #[test]
    fn silent_where_all_are_alike() {
        silent(&RULE, "from a\nrun x\ncmd y\n");
        silent(&RULE, "FROM a as b\nONBUILD run x\nHEALTHCHECK cmd y\n");
    }
}
