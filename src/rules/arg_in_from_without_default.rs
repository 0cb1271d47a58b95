//! FROM with an ARG that gives no image unless the build names one.

use super::invalid_image_name::fault;
use super::undefined_variable::variables;
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Model, Stage, is_platform_arg};

pub(super) const RULE: Rule = Rule {
    id: "arg-in-from-without-default",
    title: "The build works only with an extra argument",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["InvalidDefaultArgInFrom"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let Some(name) = with_defaults(model, stage) else { continue };
        if name != "scratch" && fault(&name).is_some() {
            let shown = if name.is_empty() { "empty".to_owned() } else { format!("`{name}`") };
            let message = format!(
                "Without `--build-arg` the base image is {shown}, which is no image's name; give the `ARG` a default."
            );
            report.at(&RULE, stage.image.range, message).advice(
                "Write the version that you use into the `ARG` above `FROM`. A build can still ask for another one.",
            );
        }
    }
}

/// The image's name where each variable has its default; `None` where one is not declared or has a shape of its own.
fn with_defaults(model: &Model, stage: &Stage) -> Option<String> {
    if matches!(stage.base, Base::Stage(_)) || stage.image.is_literal() {
        return None;
    }
    let mut name = String::new();
    let mut at = stage.image.range.start;
    for (variable, range) in variables(model, stage.image) {
        name += model.text().get(at..range.start)?;
        at = range.end;
        if is_platform_arg(variable) {
            name.push('x');
        } else {
            let setting = model.setting(stage, 0, variable)?;
            // A default that needs something unknown is not told about.
            let default = setting.pair.value.as_ref().map_or(Some(""), |_| setting.value())?;
            name += default;
        }
    }
    name += model.text().get(at..stage.image.range.end)?;
    (!name.contains(['$', '"', '\''])).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn nothing_without_an_argument() {
        check(
            &RULE,
            "\
ARG VERSION
ARG BASE
FROM python:${VERSION}
#    ^^^^^^^^^^^^^^^^^ Without `--build-arg` the base image is `python:`, which
FROM $BASE
#    ^^^^^ Without `--build-arg` the base image is empty
",
        );
        check(
            &RULE,
            "\
ARG NAME=Python
FROM $NAME:3.12
#    ^^^^^^^^^^ Without `--build-arg` the base image is `Python:3.12`
",
        );
        no_fix(&RULE, "ARG V\nFROM debian:$V\n");
    }

    #[test]
    fn silent_where_an_image_comes_out() {
        silent(&RULE, "ARG V=12\nFROM debian:$V\n");
        silent(&RULE, "ARG SUFFIX\nFROM debian:12$SUFFIX\n");
        silent(&RULE, "ARG BASE\nFROM ${BASE:-debian:12}\n");
        silent(&RULE, "ARG BASE=scratch\nFROM $BASE\n");
        silent(&RULE, "ARG A=acme/app:1\nARG B=$A\nFROM $B\n");
    }

    #[test]
    fn silent_where_it_is_not_declared() {
        silent(&RULE, "FROM debian:$V\n");
        silent(&RULE, "FROM base-$TARGETARCH\n");
    }
}
