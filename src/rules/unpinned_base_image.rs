//! A base image without a version: the next build may get another one.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::{Base, Model};

pub(super) const RULE: Rule = Rule {
    id: "unpinned-base-image",
    title: "The next build may get another version",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["DL3006", "DL3007", "DF001"],
    taught: &[Section::docker("Common Mistakes")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let Base::Image(image) = &stage.base else { continue };
        let is_pinned = image.tag.as_deref().is_some_and(|tag| tag != "latest");
        if is_pinned || image.digest.is_some() {
            continue;
        }
        let name = &image.text;
        let message = format!(
            "`{name}` names no version, so the same file can build something else tomorrow; write the version that you tested."
        );
        report.at(&RULE, image.range, message).advice(if image.is_distroless() {
            "Its makers give it no versions as tags; write the digest of the image that works (`@sha256:…`), which never changes."
        } else {
            "Ask the image that works which version it holds, and write that as the tag. A digest (`@sha256:…`) never changes at all."
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn no_tag_or_latest_in_any_stage() {
        check(
            &RULE,
            "\
FROM node AS build
#    ^^^^ `node` names no version
FROM docker.io/library/python:latest
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `docker.io/library/python:latest` names
",
        );
    }

    #[test]
    fn latest_from_an_arg() {
        check(
            &RULE,
            "\
ARG TAG=latest
FROM python:${TAG}
#    ^^^^^^^^^^^^^ `python:latest` names no version
",
        );
        no_fix(&RULE, "FROM python\n");
    }

    #[test]
    fn silent_with_a_version_or_a_digest() {
        silent(&RULE, "FROM python:3.11\n");
        silent(&RULE, "FROM python@sha256:abc\n");
        silent(&RULE, "FROM python:latest@sha256:abc\n");
        silent(&RULE, "FROM localhost:5000/app:7\n");
    }

    #[test]
    fn silent_where_there_is_no_version_to_write() {
        silent(&RULE, "FROM scratch\nCOPY a /a\n");
        silent(&RULE, "FROM debian:12 AS base\nFROM base\n");
        silent(&RULE, "FROM debian:12 AS base-amd64\nARG TARGETARCH\nFROM base-${TARGETARCH}\n");
    }

    #[test]
    fn silent_where_an_arg_holds_the_version() {
        silent(&RULE, "ARG BASE\nFROM ${BASE:-debian:12}\n");
        silent(&RULE, "ARG BASE=python:3.11@sha256:abc\nFROM $BASE\n");
        silent(&RULE, "ARG BASE\nFROM $BASE\n");
    }
}
