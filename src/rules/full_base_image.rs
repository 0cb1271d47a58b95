//! The final stage stands on an image with compilers and development packages.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Image, Model};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "full-base-image",
    title: "The base image carries tools nobody runs",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size, Buys::Security],
    aliases: &[],
    taught: &[
        Section::docker("Base Image Comparison"),
        Section::docker("Development vs Production Dockerfile"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some((stage, image)) = model.final_image() else { return };
    // A digest alone does not tell which variant it is.
    if !image.is_full() || (image.tag.is_none() && image.digest.is_some()) {
        return;
    }
    let brings = format!(
        "`{}` brings compilers and development packages that your app never runs;",
        image.text
    );
    let Some(slim) = slim(image) else {
        let message = format!("{brings} run the app on a smaller image.");
        report.at(&RULE, image.range, message).advice(advice(image));
        return;
    };
    let message = format!("{brings} `{slim}` is the same version without them.");
    let finding = report.at(&RULE, image.range, message);
    match slim_edit(model, image).filter(|_| image.digest.is_none() && !model.is_shared(stage)) {
        Some(edit) => {
            let fix = Fix::new(format!("Use `{slim}`"), edit.into()).in_phase(Phase::Base);
            finding.fix(fix.assuming(
                "No package needs a compiler or a shared library that only the full image has.",
            ));
        }
        None => {
            finding.advice(format!("Let the final stage start from `{slim}`. A builder stage may keep the full image; a digest has to change with the tag."));
        }
    }
}

/// The same image with the slim variant in its tag. `None` where the tag is not a version, with or without a suite,
/// or where a slim tag is not what helps.
fn slim(image: &Image) -> Option<String> {
    let name = image.official().filter(|name| matches!(*name, "python" | "node" | "ruby"))?;
    let tag = image.tag.as_deref()?;
    let slim = match (image.version()?, image.suite()) {
        (version, None) if tag == version => format!("{version}-slim"),
        (version, Some(suite)) if tag == format!("{version}-{suite}") => {
            if is_slim_last(name) {
                format!("{version}-{suite}-slim")
            } else {
                format!("{version}-slim-{suite}")
            }
        }
        _ => return None,
    };
    // The digest belongs to the other variant.
    let text = image.text.split('@').next().unwrap_or_default();
    Some(format!("{}{slim}", text.strip_suffix(tag)?))
}

/// `-slim` at its place in the tag as it is written.
fn slim_edit(model: &Model, image: &Image) -> Option<TextEdit> {
    let tag = image.tag_range?;
    let at = match image.suite() {
        Some(suite) if !image.official().is_some_and(is_slim_last) => {
            image.part_range(model.text(), suite)?.start.checked_sub(1)?
        }
        _ => tag.end,
    };
    Some(TextEdit::insert(at, "-slim"))
}

/// Node.js writes `20-bookworm-slim`, Python and Ruby `3.11-slim-bookworm`.
fn is_slim_last(name: &str) -> bool {
    name == "node"
}

fn advice(image: &Image) -> &'static str {
    match image.official() {
        Some("python" | "node" | "ruby") => {
            "Write the version that you use, with `-slim` behind it: `3.11-slim`."
        }
        Some("openjdk" | "eclipse-temurin") => {
            "Build in a stage on this image, and run the app on an image with a Java runtime only (a `jre` tag)."
        }
        _ => {
            "Build in a stage on this image, and copy the finished program into a small one such as `debian:bookworm-slim`."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn the_root_of_the_final_image() {
        check(
            &RULE,
            "\
FROM python:3.11
#    ^^^^^^^^^^^ `python:3.11` brings compilers
",
        );
        check(
            &RULE,
            "\
FROM public.ecr.aws/docker/library/node:20 AS base
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `public.ecr.aws/docker/library/node:20` brings
FROM base
",
        );
    }

    #[test]
    fn slim_goes_where_the_image_has_it() {
        for (before, after) in [
            ("python:3.11", "python:3.11-slim"),
            ("python:3.11-bookworm", "python:3.11-slim-bookworm"),
            ("python:3.11.4", "python:3.11.4-slim"),
            ("node:20-bookworm AS app", "node:20-bookworm-slim AS app"),
            ("docker.io/library/ruby:3.3-trixie", "docker.io/library/ruby:3.3-slim-trixie"),
        ] {
            check_fix(&RULE, &format!("FROM {before}\n"), &format!("FROM {after}\n"));
            silent(&RULE, &format!("FROM {after}\n"));
        }
    }

    #[test]
    fn keeps_the_variable_in_the_tag() {
        check_fix(
            &RULE,
            "ARG PY=3.11\nFROM python:${PY}\n",
            "ARG PY=3.11\nFROM python:${PY}-slim\n",
        );
        check_fix(
            &RULE,
            "ARG PY=3.11\nFROM python:$PY-bookworm\n",
            "ARG PY=3.11\nFROM python:$PY-slim-bookworm\n",
        );
        no_fix(&RULE, "ARG TAG=3.11-bookworm\nFROM python:${TAG}\n");
        no_fix(&RULE, "ARG BASE=python:3.11\nFROM ${BASE}\n");
    }

    #[test]
    fn no_edit_without_a_version_or_with_a_digest() {
        no_fix(&RULE, "FROM python:latest\n");
        no_fix(&RULE, "FROM python\n");
        no_fix(&RULE, "FROM python:3.14-rc\n");
        no_fix(&RULE, "FROM python:3.11@sha256:abc\n");
        no_fix(&RULE, "FROM golang:1.25\nRUN go build -o /a .\nCMD [\"/a\"]\n");
    }

    #[test]
    fn no_edit_where_a_builder_stands_on_the_same_stage() {
        no_fix(&RULE, "FROM python:3.11 AS base\nFROM base AS builder\nFROM base\n");
    }

    #[test]
    fn silent_in_a_builder() {
        silent(&RULE, "FROM python:3.11 AS builder\nFROM python:3.11-slim\n");
    }

    #[test]
    fn silent_on_reduced_and_unknown_images() {
        silent(&RULE, "FROM python:3.11-slim-bookworm\n");
        silent(&RULE, "FROM node:20-alpine\n");
        silent(&RULE, "FROM python:3.11-windowsservercore-ltsc2022\n");
        silent(&RULE, "FROM python@sha256:abc\n");
        silent(&RULE, "FROM org/cruddur-python:3.10-slim-buster\n");
        silent(&RULE, "FROM php:8.3-apache\n");
        silent(&RULE, "FROM scratch\nCOPY a /a\n");
    }
}
