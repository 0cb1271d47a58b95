//! The final stage stands on an image with compilers and development packages.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::input::PACKAGE_JSON;
use crate::model::{Family, Image, Install, Manager, Model, Stage, Step, is_in};
use crate::syntax::{Keyword, Word};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "full-base-image",
    title: "The base image carries tools nobody runs",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size, Buys::Security],
    aliases: &["tally/gpu/prefer-runtime-final-stage"],
    taught: &[
        Section::docker("Base Image Comparison"),
        Section::docker("Development vs Production Dockerfile"),
    ],
    check,
};

/// Programs that the full images have and the slim ones have not.
const FULL_ONLY: &str =
    "autoconf automake bzip2 convert curl file git gpg hg make patch pkg-config svn unzip wget";

fn check(model: &Model, report: &mut Report) {
    let Some((stage, image)) = model.final_image() else { return };
    let is_workshop = image.is_for_building() && model.launch().is_some();
    // A digest alone does not tell which variant it is.
    let is_closed = image.tag.is_none() && image.digest.is_some();
    let is_windows = image.family() == Some(Family::Windows);
    if !(image.is_full() || is_workshop) || is_closed || is_windows {
        return;
    }
    let brings = format!(
        "`{}` brings compilers and development packages that your app never runs;",
        image.text
    );
    let Some(slim) = slim(image) else {
        let message = format!("{brings} run the app on a smaller image.");
        let finding = report.at(&RULE, image.range, message).advice(advice(image));
        // Some programs compile for the graphics card once they run.
        if image.repository == "nvidia/cuda" {
            finding.severity(Severity::Info);
        }
        return;
    };
    let message = format!("{brings} `{slim}` is the same version without them.");
    let finding = report.at(&RULE, image.range, message);
    match (obstacle(model, stage, image, &slim), slim_edit(model, stage, image)) {
        (None, Some(edit)) => {
            let fix = Fix::new(format!("Use `{slim}`"), edit.into()).in_phase(Phase::Base);
            finding.fix(fix.assuming(
                "No package needs a compiler or a shared library that only the full image has.",
            ));
        }
        (Some(reason), _) => {
            finding.advice(reason);
        }
        (None, None) => {
            finding.advice(by_hand(&slim));
        }
    }
}

/// Why the slim image is not taken, where that is known.
fn obstacle(model: &Model, stage: &Stage, image: &Image, slim: &str) -> Option<String> {
    let arg = model.base_arg(stage);
    if let Some(arg) = arg.filter(|arg| model.stages_from_arg(arg) > 1) {
        return Some(format!(
            "`{}` is the image of several stages, and a builder may need the full one. Give the final stage an ARG of its own above the first FROM: `ARG RUNTIME={slim}`, then `FROM ${{RUNTIME}}`.",
            arg.pair.key.text
        ));
    }
    if image.digest.is_some() || model.is_shared(stage) {
        return Some(by_hand(slim));
    }
    let is_closed = |step: &Step| step.keyword() == Keyword::Run && step.is_opaque();
    if model.final_steps().any(|(_, step)| is_closed(step)) {
        return Some(format!(
            "A part of the shell text cannot be read, so it is not known what it needs of the full image. Mend it, or write `{slim}` and see whether it builds."
        ));
    }
    needed(model).map(|program| {
        format!("The final stage uses `{program}`, which `{slim}` does not have. Do that work in a builder, or install `{program}` first.")
    })
}

fn by_hand(slim: &str) -> String {
    format!(
        "Let the final stage start from `{slim}`. A builder stage may keep the full image; a digest has to change with the tag."
    )
}

/// Whether the program talks to its database through Prisma, whose engine wants OpenSSL.
fn uses_prisma(model: &Model) -> bool {
    let is_it = |word: &Word| word.text == "prisma";
    let mut commands = model.run_steps().flat_map(|(_, step)| step.commands());
    commands.any(|command| command.words.iter().any(is_it))
        || model.input().text(PACKAGE_JSON).is_some_and(|text| text.contains("\"@prisma/client\""))
}

/// A program that the final stage uses, and that neither the slim image nor a step of the stage brings.
fn needed(model: &Model) -> Option<String> {
    let mut installed: Vec<&str> = Vec::new();
    for (_, step) in model.final_steps() {
        for (install, command) in step.installs().filter(|(one, _)| one.manager.is_of_system()) {
            let packages = install.packages(command);
            let names = packages.iter().map(|package| package.name);
            // Each of a few names once, however long the file is.
            installed.extend(names.filter(|name| {
                is_in(FULL_ONLY, name) || is_in("gcc build-essential openssl", name)
            }));
            installed.sort_unstable();
            installed.dedup();
        }
        if step.keyword() != Keyword::Run {
            continue;
        }
        // Gems are compiled where they are installed.
        let of_ruby = |one: &Install| matches!(one.manager, Manager::Bundler | Manager::Gem);
        let has_compiler = installed.iter().any(|name| is_in("gcc build-essential", name));
        if step.installs.iter().any(of_ruby) && !has_compiler {
            return Some("gcc".to_owned());
        }
        for command in step.commands() {
            let fetches = |word: &Word| word.text.starts_with("git+");
            let program = match command.program() {
                "gcc" | "g++" | "cc" | "c++" => "gcc",
                program if is_in(FULL_ONLY, program) => program,
                _ if command.words.iter().any(fetches) => "git",
                _ => continue,
            };
            let is_there = installed.iter().any(|name| {
                *name == program || (*name == "build-essential" && is_in("gcc make", program))
            });
            if !is_there {
                return Some(program.to_owned());
            }
        }
    }
    (uses_prisma(model) && !installed.contains(&"openssl")).then(|| "openssl".to_owned())
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

/// `-slim` at its place in the tag as it is written, in FROM or in the default of the ARG that FROM names.
fn slim_edit(model: &Model, stage: &Stage, image: &Image) -> Option<TextEdit> {
    let in_arg = model.base_arg(stage).and_then(|arg| {
        let range = arg.pair.value.as_ref()?.range;
        let written = range.of(model.text());
        (written == image.text).then(|| Image::parse(written, written, range))
    });
    let image = in_arg.as_ref().unwrap_or(image);
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
        Some("openjdk" | "eclipse-temurin" | "maven" | "gradle") => {
            "Build in a stage on this image, and run the app on an image with a Java runtime only (a `jre` tag)."
        }
        _ if image.repository == "dotnet/sdk" => {
            "Build in a stage on this image, and run the app on `mcr.microsoft.com/dotnet/aspnet` or `runtime` of the same version."
        }
        _ if image.repository == "nvidia/cuda" => {
            "Build in a stage on this image, and run the app on the same tag with `runtime` or `base` in place of `devel`."
        }
        _ => {
            "Build in a stage on this image, and copy the finished program into a small one such as `debian:bookworm-slim`."
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

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
    }

    #[test]
    fn the_whole_name_in_an_arg() {
        check_fix(
            &RULE,
            "ARG BASE=python:3.11\nFROM ${BASE}\n",
            "ARG BASE=python:3.11-slim\nFROM ${BASE}\n",
        );
        no_fix(&RULE, "ARG BASE=\"python:3.11\"\nFROM ${BASE}\n");
        check_advice(
            "ARG BASE=node:22\nFROM ${BASE} AS build\nFROM $BASE\n",
            "`BASE` is the image of several stages",
        );
    }

    fn check_advice(text: &str, start: &str) {
        let found = findings(&RULE, &Input::new(text));
        let advice = found[0].advice.as_deref().unwrap_or_default();
        assert!(found[0].fix.is_none() && advice.starts_with(start), "{advice}\n{text}");
    }

    #[test]
    fn no_edit_where_nobody_can_tell_what_a_step_needs() {
        check_advice(
            "FROM python:3.12\nRUN if true; then pip install -r requirements.txt\n",
            "A part of the shell text cannot be read",
        );
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
    fn images_made_to_build_in() {
        for (from, name) in [
            ("mcr.microsoft.com/dotnet/sdk:9.0", "aspnet"),
            ("maven:3.9-eclipse-temurin-21", "jre"),
            ("nvidia/cuda:12.4.0-devel-ubuntu22.04", "runtime"),
        ] {
            let found = findings(&RULE, &Input::new(format!("FROM {from}\nCMD [\"/app\"]\n")));
            assert!(found[0].advice.as_ref().is_some_and(|text| text.contains(name)), "{found:?}");
            silent(&RULE, &format!("FROM {from} AS b\nFROM debian:13\nCMD [\"/app\"]\n"));
            // Nothing is started: an image to work in.
            silent(&RULE, &format!("FROM {from}\n"));
        }
        silent(&RULE, "FROM nvidia/cuda:12.4.0-runtime-ubuntu22.04\nCMD [\"/app\"]\n");
        silent(&RULE, "FROM mcr.microsoft.com/dotnet/aspnet:9.0\nCMD [\"/app\"]\n");
    }

    #[test]
    fn no_edit_where_the_stage_uses_what_slim_lacks() {
        for (line, is_fine) in [
            ("RUN curl -O https://a.io/x", false),
            ("RUN apt-get install -y curl && curl -O https://a.io/x", true),
            ("RUN pip install git+https://a.io/x", false),
            ("RUN apt-get install -y build-essential\nRUN make", true),
            ("HEALTHCHECK CMD curl localhost", true),
            ("RUN bundle install", false),
            ("RUN npx prisma generate", false),
            ("RUN apt-get install -y openssl && npx prisma generate", true),
            ("RUN apt-get install -y gcc make\nRUN gem install puma", true),
        ] {
            let text = format!("FROM python:3.11\n{line}\n");
            if is_fine {
                check_fix(&RULE, &text, &text.replace("3.11", "3.11-slim"));
            } else {
                no_fix(&RULE, &text);
            }
        }
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
        silent(&RULE, "FROM --platform=windows/amd64 golang:1.24\n");
        silent(&RULE, "FROM python@sha256:abc\n");
        silent(&RULE, "FROM org/cruddur-python:3.10-slim-buster\n");
        silent(&RULE, "FROM php:8.3-apache\n");
        silent(&RULE, "FROM scratch\nCOPY a /a\n");
    }
}
