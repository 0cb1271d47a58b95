//! The base image's Debian, Ubuntu or language release has ended.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{AS_OF, Base, Image, Model, Stage};
use crate::text::{EditSet, TextEdit};

pub(super) const RULE: Rule = Rule {
    id: "eol-base-image",
    title: "The base image gets no more security fixes",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security],
    aliases: &[],
    taught: &[
        Section::docker("Base Image Comparison"),
        Section::flask("Creating the Production Dockerfile"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let runs_apt = stages_with_apt(model);
    for stage in model.stages() {
        let Base::Image(image) = &stage.base else { continue };
        suite(model, stage, image, runs_apt.get(stage.index) == Some(&Some(true)), report);
        if model.is_in_final(stage) {
            language(model, image, report);
        }
    }
}

fn suite(model: &Model, stage: &Stage, image: &Image, runs_apt: bool, report: &mut Report) {
    // A builder's holes do not reach the image; that it cannot be built matters all the same.
    let is_final = model.is_in_final(stage);
    if !runs_apt && !is_final {
        return;
    }
    let Some(ended) = image.ended_suite() else { return };
    let is_broken = ended.is_gone() && runs_apt;
    if !is_broken && !is_final {
        return;
    }
    let newer = image.newer_suite().filter(|_| image.digest.is_none());
    let newer = newer.and_then(|suite| Some((renamed(image, &ended.release, suite)?, suite)));
    let target = newer
        .as_ref()
        .map_or_else(|| "a maintained release".to_owned(), |(name, _)| format!("`{name}`"));
    let (product, release, since) = (ended.product, &ended.release, ended.since());
    let message = if is_broken {
        format!(
            "Debian {release} ended in {since} and Debian's servers have dropped it, so `apt-get` fails here; move to {target}."
        )
    } else {
        format!("{product} {release} has had no security updates since {since}; move to {target}.")
    };
    let range = image.part_range(model.text(), release).unwrap_or(image.range);
    let finding = report.at(&RULE, range, message);
    // Somebody may mend what lies behind a name of their own, or keep a copy of Debian's archive.
    finding.severity(match (is_broken, image.official()) {
        (true, Some(_)) => Severity::Error,
        (false, None) => Severity::Info,
        _ => Severity::Warning,
    });
    match newer.and_then(|(name, suite)| Some((name, edits(model, image, release, suite)?))) {
        Some((name, edits)) => {
            let fix = Fix::new(format!("Use `{name}`"), edits).in_phase(Phase::Base);
            finding.fix(fix.assuming("The Debian packages that you install have the same names there; some names hold a version, such as `libffi7`."));
        }
        None => {
            finding.advice(format!("Choose a tag with a release that is still maintained (our list is of {AS_OF}), rebuild, and test your app on it."));
        }
    }
}

fn language(model: &Model, image: &Image, report: &mut Report) {
    let Some(ended) = image.ended_language() else { return };
    let (product, release, since) = (ended.product, &ended.release, ended.since());
    let message = format!(
        "{product} {release} has had no security fixes since {since}; test your app with a newer version, then change the tag."
    );
    let version = image.version().unwrap_or_default();
    let range = image.part_range(model.text(), version).unwrap_or(image.range);
    report.at(&RULE, range, message).severity(Severity::Info).advice(format!(
        "A newer {product} can break packages, so nobody can change it for you: run your tests on it first (our list is of {AS_OF})."
    ));
}

/// The image's name with another suite in its tag.
fn renamed(image: &Image, old: &str, new: &str) -> Option<String> {
    let (name, tag) = image.text.rsplit_once(':')?;
    let tag: Vec<_> = tag.split('-').map(|part| if part == old { new } else { part }).collect();
    Some(format!("{name}:{}", tag.join("-")))
}

/// From so many FROM lines on, they are changed by hand: each of them would change all the others.
const MOST: usize = 64;

/// The suite in every FROM that names the same image, so that builder and final stage stay alike.
fn edits(model: &Model, image: &Image, old: &str, new: &str) -> Option<EditSet> {
    let same = model.stages().iter().filter_map(|stage| match &stage.base {
        Base::Image(one) if one.text == image.text => Some(one),
        _ => None,
    });
    let same: Vec<_> = same.take(MOST + 1).collect();
    if same.len() > MOST {
        return None;
    }
    let edits = same
        .into_iter()
        .map(|one| Some(TextEdit::replace(one.part_range(model.text(), old)?, new)));
    EditSet::new(edits.collect::<Option<Vec<_>>>()?).ok()
}

/// By the place of a root: whether a stage on it asks Debian's own servers for packages, and `None` where one asks
/// the archive of old releases.
fn stages_with_apt(model: &Model) -> Vec<Option<bool>> {
    let mut found = vec![Some(false); model.stages().len()];
    let archive = "archive.debian.org";
    for (stage, _) in model.steps_with(archive) {
        if let Some(root) = model.root(stage) {
            found[root.index] = None;
        }
    }
    for ran in model.commands_of("apt-get apt") {
        let Some(root) = model.root(ran.stage) else { continue };
        if let Some(runs_apt) = &mut found[root.index] {
            *runs_apt = true;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, fixed, no_fix, silent};
    use super::{RULE, Severity};
    use crate::input::Input;

    fn severities(text: &str) -> Vec<Severity> {
        findings(&RULE, &Input::new(text)).iter().map(|finding| finding.severity).collect()
    }

    #[test]
    fn suite_in_the_tag() {
        check(
            &RULE,
            "\
FROM python:3.11-slim-buster
#                     ^^^^^^ Debian buster has had no security updates since June 2024; move to `python:3.11-slim-bookworm`.
",
        );
        check(
            &RULE,
            "\
FROM debian:bullseye-slim AS base
#           ^^^^^^^^ Debian bullseye has had no security updates since August 2026;
FROM base
",
        );
        check(
            &RULE,
            "\
FROM ubuntu:20.04
#           ^^^^^ Ubuntu 20.04 has had no security updates since May 2025; move to a maintained release.
",
        );
    }

    #[test]
    fn language_branch() {
        check(
            &RULE,
            "\
FROM python:3.10.4-slim
#           ^^^^^^ Python 3.10 has had no security fixes since October 2026;
",
        );
        check(
            &RULE,
            "\
ARG NODE=18
FROM node:$NODE-alpine
#    ^^^^^^^^^^^^^^^^^ Node.js 18 has had no security fixes since April 2025;
",
        );
        assert_eq!(severities("FROM python:3.10-slim\n"), [Severity::Info]);
        no_fix(&RULE, "FROM python:3.10-slim\n");
    }

    #[test]
    fn both_have_run_out() {
        let text = "FROM python:3.10-slim-buster\n";
        assert_eq!(severities(text), [Severity::Warning, Severity::Info]);
        assert_eq!(fixed(&RULE, text).as_deref(), Some("FROM python:3.10-slim-bookworm\n"));
    }

    #[test]
    fn apt_on_a_dropped_suite_is_an_error() {
        check(
            &RULE,
            "\
FROM debian:buster
#           ^^^^^^ Debian buster ended in June 2024 and Debian's servers have dropped it
RUN apt-get update && apt-get install -y curl
",
        );
        let run = "RUN apt-get update && apt-get install -y curl\n";
        assert_eq!(severities(&format!("FROM debian:buster\n{run}")), [Severity::Error]);
        assert_eq!(severities(&format!("FROM org/app:1-buster\n{run}")), [Severity::Warning]);
        assert_eq!(severities("FROM org/app:1-buster\n"), [Severity::Info]);
        assert_eq!(severities(&format!("FROM debian:bullseye\n{run}")), [Severity::Warning]);
        let archive = "RUN sed -i s/deb.debian/archive.debian.org/ /etc/apt/sources.list\n";
        assert_eq!(severities(&format!("FROM debian:buster\n{archive}{run}")), [Severity::Warning]);
    }

    #[test]
    fn moves_every_stage_on_the_image() {
        check_fix(
            &RULE,
            "FROM python:3.11-slim-buster AS builder\nFROM python:3.11-slim-buster\n",
            "FROM python:3.11-slim-bookworm AS builder\nFROM python:3.11-slim-bookworm\n",
        );
        check_fix(
            &RULE,
            "ARG PY=3.11\nFROM python:${PY}-bullseye\n",
            "ARG PY=3.11\nFROM python:${PY}-bookworm\n",
        );
        check_fix(&RULE, "FROM debian:10-slim\n", "FROM debian:12-slim\n");
        silent(&RULE, "FROM debian:12-slim\n");
    }

    #[test]
    fn no_edit_where_the_new_tag_is_not_sure() {
        no_fix(&RULE, "FROM 123456789012.dkr.ecr.us-east-1.amazonaws.com/app:3.11-slim-buster\n");
        no_fix(&RULE, "FROM python:3.11.2-slim-bullseye\n");
        no_fix(&RULE, "FROM golang:1.16-buster\n");
        no_fix(&RULE, "FROM python:3.11-buster@sha256:abc\n");
        no_fix(&RULE, "ARG SUITE=buster\nFROM python:3.11-$SUITE\n");
    }

    #[test]
    fn silent_in_a_builder_that_still_builds() {
        silent(&RULE, "FROM python:3.8-buster AS b\nRUN make\nFROM python:3.11-slim\n");
    }

    #[test]
    fn silent_without_a_suite_or_branch() {
        silent(&RULE, "FROM python:3-slim\n");
        silent(&RULE, "FROM debian:stable\n");
        silent(&RULE, "FROM python:3.11-slim-bookworm\n");
        silent(&RULE, "FROM org/app:3.8\n");
    }
}
