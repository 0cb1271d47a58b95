//! A pipe whose result is that of its last command alone, so that a failed download goes unnoticed.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Family, Model, Tool, is_in, own_words};
use crate::syntax::shell::{Joined, is_shell};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "pipe-hides-failure",
    title: "A failed download goes unnoticed",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["DL4006", "DF057"],
    taught: &[],
    check,
};

/// Programs whose failure matters; `echo`, `cat` or `yes` before a pipe do not fail.
const FAILS: &str = "curl wget git tar gzip gunzip unzip xz openssl gpg pg_dump mysqldump npm pip python python3 node";

fn check(model: &Model, report: &mut Report) {
    // The programs of a stage are looked up once.
    let mut known = None;
    for (stage, step) in model.run_steps() {
        let Some(script) = step.script() else {
            continue;
        };
        if step.has_pipefail() {
            continue;
        }
        let pairs = script.commands.windows(2);
        let mut pipes = pairs.filter(|pair| pair[1].joined == Joined::Pipe && !pair[0].conditional);
        let Some(pair) = pipes.find(|pair| {
            let program = own_words(&pair[0]).first().map_or("", |word| word.text.as_str());
            // Another rule tells what is wrong with a shell there.
            is_in(FAILS, program)
                && !own_words(&pair[1]).first().is_some_and(|word| is_shell(&word.text))
        }) else {
            continue;
        };
        let first = &pair[0];
        let message = format!(
            "If `{}` fails here, the build goes on: a pipe only tells how its last command ended. `set -o pipefail` changes that.",
            first.program()
        );
        let lacks_bash = match known {
            Some((at, lacks)) if at == stage.index => lacks,
            _ => model.has(stage, Tool::Bash) == Some(false),
        };
        known = Some((stage.index, lacks_bash));
        let finding = report.at(&RULE, first.range, message);
        let has_option = step.shell_name() == "bash"
            || (step.shell.is_none() && model.family(stage) == Some(Family::Alpine));
        let start = script
            .commands
            .first()
            .filter(|one| one.depth == 0 && step.instruction.heredocs.is_empty());
        if let Some(start) = start.filter(|_| has_option) {
            let at = start.assignments.first().map_or(start.range.start, |word| word.range.start);
            let edit = TextEdit::insert(at.min(start.range.start), "set -o pipefail && ");
            finding.fix(
                Fix::new("Add `set -o pipefail`", edit.into())
                    .assuming("No command before a pipe in this step is meant to fail."),
            );
        } else if lacks_bash {
            finding.advice(
                "Write to a file first and read it in the next command, with `&&` between them.",
            );
        } else {
            finding.advice("`/bin/sh` of Debian and Ubuntu does not know `pipefail`. Put `SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]` above the step, or download to a file first.");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, fixed, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_command_before_the_pipe() {
        check(
            &RULE,
            "\
FROM debian:12
RUN cd /opt && curl -fsSL https://a.b/c.tgz | tar xz
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ If `curl` fails here, the build goes on
",
        );
    }

    #[test]
    fn tells_the_shell_where_it_listens() {
        let after = "FROM alpine:3.20\nRUN set -o pipefail && wget -qO- https://a.b/c | tar xz\n";
        check_fix(&RULE, "FROM alpine:3.20\nRUN wget -qO- https://a.b/c | tar xz\n", after);
        assert_eq!(fixed(&RULE, after), None);
        no_fix(&RULE, "FROM debian:12\nRUN curl -f https://a.b/c | tar xz\n");
        no_fix(&RULE, "FROM alpine:3.20\nRUN (wget -qO- https://a.b/c | tar xz)\n");
    }

    #[test]
    fn silent_where_nothing_is_hidden() {
        for run in [
            "RUN echo a | b && cat c | d && yes | e",
            "RUN set -eo pipefail; curl a | tar xz",
            "SHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl a | tar xz",
            "RUN curl -f https://a.b/i.sh | sh",
            "RUN x || curl a | tar xz",
            "CMD curl a | b",
        ] {
            silent(&RULE, &format!("FROM debian:12\n{run}\n"));
        }
    }
}
