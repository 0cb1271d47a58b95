//! The base image comes from Docker Hub.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Base, Model};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "docker-hub-base-image",
    title: "Your builds depend on Docker Hub",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["DL3026", "DF065", "DF073"],
    taught: &[Section::flask("Why use an ECR base image instead of Docker Hub?")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some((_, image)) = model.final_image() else { return };
    if !image.is_on_docker_hub() {
        return;
    }
    let message = format!(
        "`{}` comes from Docker Hub; when the Hub is down or limits your pulls, your build stops. A copy in your own registry avoids that.",
        image.text
    );
    if let Some(fix) = from_registry(model) {
        report.at(&RULE, image.range, message).fix(fix);
        return;
    }
    let advice = match image.official() {
        Some(name) => {
            let tag = image.tag.as_deref().map(|tag| format!(":{tag}")).unwrap_or_default();
            format!(
                "While you learn, Docker Hub is fine. Later write a registry in front: a mirror such as `public.ecr.aws/docker/library/{name}{tag}`, or your own copy."
            )
        }
        None => "While you learn, Docker Hub is fine. Later copy the image to a registry of your own and write its name in front.".to_owned(),
    };
    report.at(&RULE, image.range, message).advice(advice);
}

/// Writes the registry that the learner named in front of every official image.
fn from_registry(model: &Model) -> Option<Fix> {
    let registry = model.choices().registry.as_deref().filter(|name| !name.is_empty())?;
    let mut edits = Vec::new();
    for stage in model.stages() {
        let Base::Image(image) = &stage.base else { continue };
        if image.is_on_docker_hub() && image.official().is_some() {
            let name = image.repository_range?;
            let start = image.registry_range.map_or(name.start, |host| host.start);
            let front = TextRange::new(start, name.start);
            let own =
                name.of(model.text()).strip_prefix("library/").map_or(0, |_| "library/".len());
            edits.push(TextEdit::replace(TextRange::new(front.start, name.start + own), registry));
        }
    }
    let edits = EditSet::new(edits).ok().filter(|edits| !edits.is_empty())?;
    let fix =
        Fix::new(format!("Take base images from `{}`", registry.trim_end_matches('/')), edits);
    Some(fix.in_phase(Phase::Runtime).assuming(format!(
        "`{registry}` has these images, and whoever builds may pull from there."
    )))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

    /// The Dockerfile with the registry in front.
    fn fixed_text(input: &Input) -> String {
        let found = findings(&RULE, input);
        let edits = found.first().and_then(|finding| finding.fix.as_ref()?.edits());
        edits.map(|edits| edits.apply(&input.dockerfile)).unwrap_or_default()
    }

    fn with_registry(text: &str) -> Input {
        let mut input = Input::new(text);
        input.choices.registry = Some("public.ecr.aws/docker/library/".to_owned());
        input
    }

    #[test]
    fn takes_images_from_the_registry_that_was_named() {
        let text = "FROM --platform=$BUILDPLATFORM golang:1.25 AS build\nFROM docker.io/library/debian:12\nCOPY --from=build /a /a\n";
        assert_eq!(
            fixed_text(&with_registry(text)),
            "FROM --platform=$BUILDPLATFORM public.ecr.aws/docker/library/golang:1.25 AS build\nFROM public.ecr.aws/docker/library/debian:12\nCOPY --from=build /a /a\n"
        );
        // Somebody else's image is not in a copy of the official ones.
        let other = findings(&RULE, &with_registry("FROM grafana/grafana:12.0.0\n"));
        assert!(other.iter().all(|finding| finding.fix.is_none()));
    }

    #[test]
    fn a_name_without_a_registry() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
#    ^^^^^^^^^^^^^^^^ `python:3.11-slim` comes from Docker Hub;
",
        );
        check(
            &RULE,
            "\
FROM golang:1.25 AS build
FROM docker.io/grafana/grafana:12.0.0 AS base
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `docker.io/grafana/grafana:12.0.0` comes
FROM base
",
        );
        no_fix(&RULE, "FROM grafana/grafana:12.0.0\n");
    }

    #[test]
    fn silent_with_a_registry() {
        silent(&RULE, "FROM public.ecr.aws/docker/library/python:3.11-slim\n");
        silent(&RULE, "FROM localhost/app:1\n");
        silent(&RULE, "FROM registry:5000/app:1\n");
    }

    #[test]
    fn silent_without_an_image() {
        silent(&RULE, "FROM scratch\nCOPY a /a\n");
        silent(&RULE, "ARG BASE\nFROM $BASE\n");
    }
}
