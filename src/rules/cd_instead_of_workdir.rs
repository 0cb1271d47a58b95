//! RUN that begins with `cd` into the app's folder again and again.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, Stage, Step, is_within};
use crate::syntax::{Keyword, Word};

pub(super) const RULE: Rule = Rule {
    id: "cd-instead-of-workdir",
    title: "Steps go to the folder themselves",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["DL3003", "DF008"],
    taught: &[],
    check,
};

/// Folders in which something is only built on the way.
const PASSING: [&str; 5] = ["/tmp", "/usr", "/var", "/opt", "/root"];

fn check(model: &Model, report: &mut Report) {
    for stage in model.final_chain() {
        // Once may be an exception.
        let mut entered = entered(stage);
        let (Some((step, word, folder)), Some(_)) = (entered.next(), entered.next()) else {
            continue;
        };
        let is_there = step.workdir.as_deref() == Some(folder.as_str());
        let message = if is_there {
            format!("`WORKDIR` is `{folder}` already, so the steps stand there without `cd`.")
        } else {
            format!(
                "Several steps go to a folder with `cd`, beginning with `{folder}`; one `WORKDIR` does it for all that follow."
            )
        };
        report.at(&RULE, word.range, message).advice(
            "Put `WORKDIR` and the folder above these steps, take the `cd` out of them, and look through the relative paths below.",
        );
    }
}

/// The steps that begin with `cd` into a folder that stays, each with the word and the folder.
fn entered<'s, 'a>(stage: &'s Stage<'a>) -> impl Iterator<Item = (&'s Step<'a>, &'s Word, String)> {
    stage.steps_of(&[Keyword::Run]).filter_map(|step| {
        let [first, _, ..] = step.commands() else { return None };
        let [word] = first.arguments() else { return None };
        let is_cd = first.program() == "cd" && first.depth == 0 && word.is_literal();
        let folder = step.absolute(&word.text).filter(|_| is_cd)?;
        let passes = PASSING.iter().any(|passing| is_within(&folder, passing));
        (!passes).then_some((step, word, folder))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn points_at_the_first_of_several() {
        check(
            &RULE,
            "\
FROM debian:12
RUN cd /app && make
#      ^^^^ Several steps go to a folder
RUN cd /app && make install
",
        );
        check(
            &RULE,
            "FROM a\nWORKDIR /app\nRUN cd /app && b\n#      ^^^^ `WORKDIR` is `/app` already\nRUN cd sub && c\n",
        );
    }

    #[test]
    fn silent_once_in_passing_and_in_a_builder() {
        for lines in [
            "RUN cd /app && make",
            "RUN cd /tmp/x && make\nRUN cd /usr/src && make",
            "RUN (cd /app && a)\nRUN (cd /app && b)",
            "RUN cd $A && b\nRUN cd $A && c",
        ] {
            silent(&RULE, &format!("FROM a\n{lines}\n"));
        }
        silent(&RULE, "FROM a AS b\nRUN cd /a && b\nRUN cd /a && c\nFROM a\nCOPY --from=b /c /c\n");
    }
}
