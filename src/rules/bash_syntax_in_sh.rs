//! Words that bash knows and the `sh` of the image does not.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Family, Model, is_in};
use crate::syntax::Keyword;
use crate::syntax::shell::Command;
use crate::text::{TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "bash-syntax-in-sh",
    title: "The image's sh does not know this",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &["DF066"],
    taught: &[],
    check,
};

/// Words of bash that stand where a program does, and other signs of it.
const WORDS: &str = "source [[ pushd popd shopt declare";
const SIGNS: [&str; 2] = ["<<<", "pipefail"];

fn check(model: &Model, report: &mut Report) {
    let ran = model.commands_of(WORDS).map(|ran| (ran.stage, ran.step));
    let signs = SIGNS.iter().flat_map(|sign| model.steps_with(sign));
    let mut steps: Vec<_> = ran.chain(signs).collect();
    steps.sort_unstable_by_key(|(_, step)| step.instruction.range.start);
    steps.dedup_by_key(|(_, step)| step.instruction.range.start);
    for (stage, step) in steps {
        if step.keyword() != Keyword::Run {
            continue;
        }
        let family = model.family(stage);
        let Some(script) = step.script() else {
            continue;
        };
        // In a heredoc with `#!`, another program reads it.
        let is_script =
            step.instruction.heredocs.iter().any(|doc| doc.body.of(model.text()).starts_with("#!"));
        if step.shell.is_some() || is_script {
            continue;
        }
        let unknown = script.commands.iter().find_map(|command| {
            let (range, what) = unknown(command, family)?;
            Some((command, range, what))
        });
        let Some((command, range, what)) = unknown else { continue };
        let system = if family == Some(Family::Alpine) { "Alpine" } else { "Debian" };
        let message = format!(
            "`RUN` is read by `/bin/sh`, and the one of {system} does not know `{what}`; that is a word of bash."
        );
        let finding = report.at(&RULE, range, message);
        if command.depth > 0 {
            finding.severity(Severity::Warning);
        }
        let has_slash = command.arguments().first().is_some_and(|word| word.text.contains('/'));
        if what == "source" && has_slash {
            finding.fix(Fix::new("Write `.`", TextEdit::replace(range, ".").into()));
        } else {
            finding.advice("Put `SHELL [\"/bin/bash\", \"-c\"]` above the step if the image has bash, or write it in the words of `sh`.");
        }
    }
}

/// What the system's own shell does not know.
fn unknown(command: &Command, family: Option<Family>) -> Option<(TextRange, &'static str)> {
    let first = command.words.first()?;
    let here = || Some(command.redirects.iter().find(|one| one.operator == "<<<")?.target.range);
    let words = match family? {
        Family::Debian => ["source", "[[", "pushd", "popd", "shopt", "declare"].as_slice(),
        Family::Alpine => ["pushd", "popd", "shopt", "declare"].as_slice(),
        _ => return None,
    };
    let word = words.iter().find(|word| is_in(word, &first.text));
    let in_first = word.map(|word| (first.range, *word));
    let by_option = || {
        let arguments = command.arguments();
        let option = arguments.iter().find(|word| word.text == "pipefail")?;
        (first.text == "set" && family == Some(Family::Debian))
            .then_some((option.range, "pipefail"))
    };
    in_first.or_else(|| here().map(|range| (range, "<<<"))).or_else(by_option)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_word() {
        check(
            &RULE,
            "\
FROM python:3.11
RUN source /venv/bin/activate && pip install x
#   ^^^^^^ `RUN` is read by `/bin/sh`, and the one of Debian does not know `source`
RUN set -eo pipefail && a | b
#           ^^^^^^^^ `RUN` is read
RUN if [[ $A == b ]]; then c; fi
#      ^^ `RUN` is read
RUN cat <<< x
#           ^ `RUN` is read
",
        );
    }

    #[test]
    fn writes_the_word_of_sh() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN source /a/b && c\n",
            "FROM debian:12\nRUN . /a/b && c\n",
        );
        no_fix(&RULE, "FROM debian:12\nRUN source b\n");
        no_fix(&RULE, "FROM alpine:3.20\nRUN pushd /a && b\n");
    }

    #[test]
    fn silent_where_it_is_known() {
        for text in [
            "FROM debian:12\nSHELL [\"/bin/bash\", \"-c\"]\nRUN source /a/b",
            "FROM debian:12\nRUN bash -c 'source /a/b && [[ a ]]'",
            "FROM debian:12\nRUN <<EOF\n#!/bin/bash\nset -o pipefail\nEOF",
            "FROM debian:12\nRUN bash <<EOF\nsource /a/b\nEOF",
            "FROM alpine:3.20\nRUN source /a/b && set -o pipefail && [[ a ]]",
            "FROM fedora:41\nRUN source /a/b",
            "FROM acme/base:1\nRUN source /a/b",
            "FROM debian:12\nCMD source /a/b",
        ] {
            silent(&RULE, &format!("{text}\n"));
        }
    }
}
