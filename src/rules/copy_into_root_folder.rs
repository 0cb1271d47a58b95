//! The app's files land in / among the system's folders.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Model};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "copy-into-root-folder",
    title: "Files land among the system's folders",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["DL3045", "DF026", "DF063"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut has_folder = false;
    for (stage, step) in model.final_steps() {
        has_folder |= step.keyword() == Keyword::Workdir;
        let is_empty = model.root(stage).is_none_or(|root| root.base == Base::Scratch);
        let Some(transfer) = step.from_context().filter(|_| !is_empty) else { continue };
        let word = &transfer.destination;
        let is_relative =
            word.is_literal() && !word.text.starts_with(['/', '\\']) && !word.text.contains(':');
        let message = if is_relative && step.workdir.as_deref() == Some("/") {
            "Without a `WORKDIR`, this lands in `/`, among the folders of the system; write `WORKDIR /app` above it."
        } else if word.text == "/" && step.whole_context().is_some() {
            "Your whole project lands in `/`, where a folder named `bin` or `lib` mixes with the system's; copy it to `/app/`."
        } else if is_relative && step.workdir.is_none() && !has_folder {
            "Without a `WORKDIR`, the base image decides where this lands; write `WORKDIR /app` above it."
        } else {
            continue;
        };
        report.at(&RULE, word.range, message).advice(
            "With a folder of its own, the paths in `CMD` and in your code have to fit; look through them.",
        );
        // One `WORKDIR` mends all that follow.
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn the_first_that_has_no_folder() {
        check(
            &RULE,
            "\
FROM python:3.12
COPY requirements.txt .
#                     ^ Without a `WORKDIR`, this lands in `/`
COPY . .
",
        );
        check(
            &RULE,
            "\
FROM acme/base:1
COPY app lib/
#        ^^^^ Without a `WORKDIR`, the base image decides
",
        );
        check(
            &RULE,
            "\
FROM python:3.12
COPY . /
#      ^ Your whole project lands in `/`
",
        );
        no_fix(&RULE, "FROM debian:12\nCOPY a b\n");
    }

    #[test]
    fn silent_with_a_folder() {
        for text in [
            "FROM python:3.12\nWORKDIR /app\nCOPY . .\n",
            "FROM acme/base:1\nWORKDIR $DIR\nCOPY . .\n",
            "FROM golang:1.25\nCOPY . .\n",
            "FROM python:3.12\nCOPY a.conf /etc/a.conf\nCOPY rootfs/ /\n",
            "FROM a AS b\nFROM python:3.12\nCOPY --from=b /x x\n",
        ] {
            silent(&RULE, text);
        }
    }

    #[test]
    fn silent_where_there_is_no_system() {
        silent(&RULE, "FROM scratch\nCOPY app .\nCOPY . /\n");
    }

    #[test]
    fn silent_in_a_builder() {
        silent(&RULE, "FROM node:22 AS b\nCOPY . .\nFROM nginx:1\nCOPY --from=b /dist /x\n");
    }
}
