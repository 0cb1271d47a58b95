//! Python on Alpine: small, but many packages have to be compiled for it.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::{Family, Model};

pub(super) const RULE: Rule = Rule {
    id: "alpine-base-advanced",
    title: "Alpine can cost more than it saves",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::RebuildTime, Buys::Stability],
    aliases: &[],
    taught: &[Section::docker("Base Image Comparison")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some((_, image)) = model.final_image() else { return };
    if image.official() != Some("python") || image.family() != Some(Family::Alpine) {
        return;
    }
    let version = image.version().unwrap_or("3");
    let message = format!(
        "`{}` has another C library than most packages are built for; those without a file for Alpine are compiled at each build. `python:{version}-slim` avoids that.",
        image.text
    );
    report.at(&RULE, image.range, message).advice(format!(
        "If a package gives trouble, use `python:{version}-slim`; `apk add` and `adduser -D` become `apt-get install` and `useradd` with it."
    ));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn python_on_alpine() {
        check(
            &RULE,
            "\
FROM python:3.11-alpine3.20
#    ^^^^^^^^^^^^^^^^^^^^^^ `python:3.11-alpine3.20` has another C library
",
        );
    }

    #[test]
    fn silent_on_others_and_in_builders() {
        silent(&RULE, "FROM node:22-alpine\n");
        silent(&RULE, "FROM alpine:3.20\n");
        silent(&RULE, "FROM nginx:1.27-alpine\n");
        silent(&RULE, "FROM python:3.11-slim\n");
        silent(&RULE, "FROM python:3.11-alpine AS b\nFROM python:3.11-slim\n");
    }
}
