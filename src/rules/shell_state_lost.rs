//! `RUN cd …`, `RUN export …`, `RUN source …`: what they change ends with the step.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, Ran, is_in, own_words};
use crate::syntax::shell::Command;
use crate::text::{TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "shell-state-lost",
    title: "The next step knows nothing of this",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for Ran { step, command: last, .. } in model.commands_of("cd export alias . source umask") {
        let Some(script) = step.script().filter(|_| last.depth == 0 && !step.is_opaque()) else {
            continue;
        };
        if script.commands.last().is_none_or(|one| one.range != last.range) {
            continue;
        }
        let Some((line, instead)) = lost(last, model) else { continue };
        let what = own_words(last).first().map_or("", |word| word.text.as_str());
        let message = format!(
            "Each `RUN` starts a new shell, so what `{what}` changes here ends with this step; {instead} lasts."
        );
        let finding = report.at(&RULE, last.range, message);
        let is_alone = script.commands.len() == 1 && step.instruction.flags.is_empty();
        match line.filter(|_| is_alone && step.instruction.heredocs.is_empty()) {
            Some(line) => {
                let whole = TextRange::new(step.instruction.range.start, last.range.end);
                let edit = TextEdit::replace(whole, &line);
                let fix = Fix::new(format!("Write `{line}`"), edit.into());
                finding.fix(fix.assuming("The steps below are meant to see it."));
            }
            None => {
                finding.advice(format!(
                    "Write {instead} for what all steps below need; what only one step needs goes into that `RUN`, with `&&` between the commands."
                ));
            }
        }
    }
}

/// The line that lasts, where it can be told, and what kind of line that is. `None` where the command does more.
fn lost(command: &Command, model: &Model) -> Option<(Option<String>, &'static str)> {
    let (program, words) = own_words(command).split_first()?;
    let [word] = words else { return None };
    let raw = word.range.of(model.text());
    match program.text.as_str() {
        "cd" => Some(((raw != "-").then(|| format!("WORKDIR {raw}")), "`WORKDIR`")),
        "export" => {
            let is_simple = word.text.contains('=') && !word.text.contains(['`', '(']);
            Some((is_simple.then(|| format!("ENV {raw}")), "`ENV`"))
        }
        "alias" => Some((None, "a small script in `/usr/local/bin`")),
        "." | "source" => {
            let folder = word.text.strip_suffix("/bin/activate")?;
            let line = folder.starts_with('/').then(|| format!("ENV PATH=\"{folder}/bin:$PATH\""));
            Some((line, "`ENV PATH`"))
        }
        name => is_in("umask", name).then_some((None, "each `RUN` for itself")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_what_is_lost() {
        check(
            &RULE,
            "\
FROM python:3.11
RUN mkdir /app && cd /app
#                 ^^^^^^^ Each `RUN` starts a new shell, so what `cd` changes here ends with this step; `WORKDIR` lasts.
RUN export A=1
#   ^^^^^^^^^^ Each `RUN` starts a new shell, so what `export` changes
",
        );
    }

    #[test]
    fn writes_the_line_that_lasts() {
        for (before, after) in [
            ("RUN cd /app", "WORKDIR /app"),
            ("RUN export A=\"b c\"", "ENV A=\"b c\""),
            ("RUN . /venv/bin/activate", "ENV PATH=\"/venv/bin:$PATH\""),
        ] {
            check_fix(&RULE, &format!("FROM a\n{before}\n"), &format!("FROM a\n{after}\n"));
        }
        no_fix(&RULE, "FROM a\nRUN a && cd /app\n");
        no_fix(&RULE, "FROM a\nRUN export A=$(b)\n");
        no_fix(&RULE, "FROM a\nRUN source venv/bin/activate\n");
    }

    #[test]
    fn silent_where_it_is_used_or_does_more() {
        for run in [
            "RUN cd /a && make",
            "RUN (cd /a)",
            "RUN . ./setup.sh",
            "CMD cd /a",
            "RUN export A=1; b",
        ] {
            silent(&RULE, &format!("FROM a\n{run}\n"));
        }
    }
}
