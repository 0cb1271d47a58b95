//! COPY --from a name that no stage has.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Image, Model, Stage, Step};
use crate::syntax::{Flag, Keyword, Word};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "unknown-stage",
    title: "No stage has this name",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &["DL3022", "DF049"],
    taught: &[],
    check,
};

/// From so many names on, none is compared.
const MOST: usize = 100;

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.steps_of(&[Keyword::Copy, Keyword::Add, Keyword::Run]) {
        for value in step.instruction.flags.iter().filter_map(|flag| source(step, flag)) {
            if model.stage_called(&value.text).is_some() || is_image(value) {
                continue;
            }
            if value.text.bytes().all(|byte| byte.is_ascii_digit()) {
                let message = format!(
                    "There is no stage {}: stages count from 0, and this file has {}.",
                    value.text,
                    model.stages().len()
                );
                let finding = report.at(&RULE, value.range, message).severity(Severity::Error);
                finding.advice("Give the stage a name with `AS`, and write that behind `--from=`.");
            } else {
                named(model, stage, value, report);
            }
        }
    }
}

/// Where the files come from that COPY takes or RUN mounts, where the flag says so.
fn source<'s>(step: &Step, flag: &'s Flag) -> Option<&'s Word> {
    match flag.name.as_str() {
        "from" if step.transfer().is_some() => flag.value.as_ref(),
        "mount" => flag.options.iter().find(|option| option.key.text == "from")?.value.as_ref(),
        _ => None,
    }
}

/// Whether the word can be meant to be an image.
fn is_image(word: &Word) -> bool {
    let text = word.text.as_str();
    text.contains([':', '/', '.', '@', '$'])
        || text == "busybox"
        || Image::parse(text, text, word.range).family().is_some()
}

fn named(model: &Model, stage: &Stage, word: &Word, report: &mut Report) {
    let message = format!(
        "No stage is called `{0}`, so Docker looks for an image of that name; write the name of a stage, or the image with its version.",
        word.text
    );
    let finding = report.at(&RULE, word.range, message);
    // Nothing can be copied from a stage that comes later.
    let above = model.stages().get(..stage.index.min(MOST)).unwrap_or_default();
    let names = above.iter().filter_map(|stage| stage.name);
    match names.map(|name| &name.text).find(|name| is_slip(&word.text, name)) {
        Some(name) => {
            let edits = TextEdit::replace(word.range, name).into();
            let fix = Fix::new(format!("Write `{name}`"), edits);
            finding.fix(fix.assuming(format!("`{name}` is the stage that you mean.")))
        }
        None => finding.advice(
            "A name that you hand to the build with `--build-context` is fine; say so in a comment.",
        ),
    };
}

/// Whether one word is the other with one or two letters next to each other wrong, missing, too many or swapped.
pub(super) fn is_slip(word: &str, meant: &str) -> bool {
    let same = |(a, b): &(u8, u8)| a.eq_ignore_ascii_case(b);
    let start = word.bytes().zip(meant.bytes()).take_while(same).count();
    let least = word.len().min(meant.len());
    let end =
        word.bytes().rev().zip(meant.bytes().rev()).take_while(same).count().min(least - start);
    let most = word.len().max(meant.len());
    most > 3 && most - start - end <= 2
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::{RULE, is_slip};
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn points_at_the_name() {
        check(
            &RULE,
            "\
FROM golang:1.25 AS builder
FROM debian:12
COPY --from=compile /app /app
#           ^^^^^^^ No stage is called `compile`
RUN --mount=type=bind,from=deps,target=/d ls
#                          ^^^^ No stage is called `deps`
COPY --from=7 /app /app
#           ^ There is no stage 7: stages count from 0, and this file has 2.
",
        );
        let found = findings(&RULE, &Input::new("FROM a\nCOPY --from=1 /a /a\n"));
        assert_eq!(found[0].severity, Severity::Error);
        no_fix(&RULE, "FROM a\nCOPY --from=deps /a /a\n");
    }

    #[test]
    fn mends_a_slip_of_the_keys() {
        check_fix(
            &RULE,
            "FROM a AS builder\nFROM b\nCOPY --from=bulider /a /a\n",
            "FROM a AS builder\nFROM b\nCOPY --from=builder /a /a\n",
        );
        for (word, meant, expected) in [
            ("build", "builder", true),
            ("Biulder", "builder", true),
            ("builde", "builder", true),
            ("bilder", "builder", true),
            ("deps", "base", false),
            ("a", "b", false),
            ("compile", "builder", false),
        ] {
            assert_eq!(is_slip(word, meant), expected, "{word}");
        }
    }

    #[test]
    fn silent_for_images() {
        for name in
            ["nginx", "nginx:1.29", "ghcr.io/org/uv:0.9", "org/tool", "busybox", "a@sha256:b"]
        {
            silent(&RULE, &format!("FROM a\nCOPY --from={name} /a /a\n"));
        }
    }

    #[test]
    fn silent_for_stages() {
        silent(&RULE, "FROM a AS Build\nFROM b\nCOPY --from=build /a /a\nCOPY --from=0 /b /b\n");
    }
}
