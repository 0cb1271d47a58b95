//! The base image comes from Docker Hub.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::Model;

pub(super) const RULE: Rule = Rule {
    id: "docker-hub-base-image",
    title: "Your builds depend on Docker Hub",
    severity: Severity::Info,
    fixes: Fixes::Never,
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

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

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
