//! `apk add` keeps the package index it has read.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Manager, Model};

pub(super) const RULE: Rule = Rule {
    id: "apk-cache-left",
    title: "The image keeps Alpine's package index",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size],
    aliases: &["DL3019", "DKL-DI-0004", "DF029"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.final_steps() {
        for (install, command) in step.installs() {
            let is_kept = install.manager == Manager::Apk
                && model.cache_kept(stage, step, install).is_some()
                && !step.mounts_over("/etc/apk/cache");
            let Some(verb) = command.words.get(install.verb).filter(|_| is_kept) else { continue };
            let finding = report.at(&RULE, install.name(command).1, MESSAGE);
            // What `apk update` has stored stays whatever comes behind it.
            if model.index_kept(step, Manager::Apk).is_some() {
                finding.advice(
                    "Take `apk update` out and add `--no-cache` here: it reads a fresh index each time.",
                );
            } else {
                let edits = model.add_option(step, verb, "--no-cache");
                finding.fix(Fix::new("Add `--no-cache`", edits));
            }
        }
    }
}

const MESSAGE: &str =
    "`apk add` stores the index it reads in this layer; with `--no-cache` nothing of it stays.";

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn index_stays() {
        check(
            &RULE,
            "\
FROM alpine:3.22
RUN cd / && apk add curl
#           ^^^^^^^ `apk add` stores the index
",
        );
    }

    #[test]
    fn keeps_nothing() {
        check_fix(
            &RULE,
            "FROM alpine:3.22\nRUN apk -q add curl\n",
            "FROM alpine:3.22\nRUN apk -q add --no-cache curl\n",
        );
        no_fix(&RULE, "FROM alpine:3.22\nRUN apk update && apk add curl\n");
    }

    #[test]
    fn silent_where_nothing_stays() {
        for text in [
            "FROM alpine:3.22\nRUN apk add --no-cache curl\n",
            "FROM alpine:3.22\nRUN apk --no-cache add curl\n",
            "FROM alpine:3.22\nRUN apk add curl && rm -rf /var/cache/apk/*\n",
            "FROM alpine:3.22\nRUN --mount=type=cache,target=/var/cache/apk apk add curl\n",
            "FROM alpine:3.22 AS b\nRUN apk add gcc\nFROM alpine:3.22\nCOPY --from=b /a /a\n",
        ] {
            silent(&RULE, text);
        }
    }
}
