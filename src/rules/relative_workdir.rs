//! WORKDIR without a slash in front, where nothing above says where it starts.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Base, Model, Step};
use crate::syntax::{Keyword, Kind, Word};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "relative-workdir",
    title: "The base image decides where this folder is",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["WorkdirRelativePath", "DL3000", "DF009"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    // By stage: whether a WORKDIR has been set in it or below it.
    let mut is_set: Vec<bool> = Vec::with_capacity(model.stages().len());
    for stage in model.stages() {
        let mut has_one = match stage.base {
            Base::Stage(parent) => is_set.get(parent) == Some(&true),
            _ => false,
        };
        for step in stage.steps_of(&[Keyword::Workdir]) {
            let Kind::Workdir(word) = &step.instruction.kind else { continue };
            let is_first = !std::mem::replace(&mut has_one, true);
            let starts = word.text.starts_with(['/', '\\', '$', '%']) || word.text.contains(':');
            if is_first && !starts {
                one(model, step, word, report);
            }
        }
        is_set.push(has_one);
    }
}

fn one(model: &Model, step: &Step, word: &Word, report: &mut Report) {
    let message = format!(
        "`{}` starts from the folder that the base image ends in; write the whole path, from `/` on.",
        word.text
    );
    let finding = report.at(&RULE, word.range, message);
    let path = step.absolute(&word.text);
    match path.filter(|_| word.range.of(model.text()) == word.text) {
        Some(path) => {
            let fix =
                Fix::new(format!("Write `{path}`"), TextEdit::replace(word.range, path).into());
            finding.severity(Severity::Info).fix(fix)
        }
        None => finding.advice(
            "Look with `docker run` and `pwd` where the base image starts, and put that in front.",
        ),
    };
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn the_first_one_only() {
        check(
            &RULE,
            "\
FROM acme/base:1 AS build
WORKDIR src
#       ^^^ `src` starts from the folder
WORKDIR app
FROM build
WORKDIR more
FROM acme/base:1
WORKDIR ./x
#       ^^^ `./x` starts
",
        );
    }

    #[test]
    fn writes_the_path_where_it_is_known() {
        check_fix(
            &RULE,
            "FROM golang:1.25\nWORKDIR src/app\n",
            "FROM golang:1.25\nWORKDIR /go/src/app\n",
        );
        let found = findings(&RULE, &Input::new("FROM debian:12\nWORKDIR app\n"));
        assert_eq!(found[0].severity, Severity::Info);
        no_fix(&RULE, "FROM acme/base:1\nWORKDIR app\n");
    }

    #[test]
    fn silent_where_it_is_clear_or_unknown() {
        silent(&RULE, "FROM a\nWORKDIR /srv\nWORKDIR app\n");
        silent(&RULE, "FROM a\nWORKDIR $HOME/app\nWORKDIR app\n");
        silent(&RULE, "# escape=`\nFROM a\nWORKDIR C:\\app\n");
    }
}
