//! FROM --platform with one platform written out.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, is_in};

/// What Docker takes for a platform when it stands alone: processors and systems.
const ALONE: &str = "386 i386 amd64 x86_64 x86-64 arm armhf armel arm64 aarch64 loong64 mips mipsle mips64 mips64le ppc64 \
    ppc64le riscv64 s390x wasm linux windows darwin freebsd local";

pub(super) const RULE: Rule = Rule {
    id: "fixed-platform",
    title: "The image fits one kind of machine only",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["FromPlatformFlagConstDisallowed", "DL3029", "DF061", "FromInvalidPlatform"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let Some(flag) = stage.from.flag("platform") else { continue };
        let literal = flag.value.as_ref().filter(|value| value.is_literal());
        let Some(value) = literal.filter(|value| !value.text.is_empty()) else { continue };
        // The images that a Windows container is made of are no others' variants.
        if value.text.starts_with("windows/") {
            continue;
        }
        // A stage that is named for its platform is there for that one.
        let name = stage.name.map_or("", |name| name.text.as_str()).to_ascii_lowercase();
        if value.text.split('/').any(|part| !part.is_empty() && name.contains(architecture(part))) {
            continue;
        }
        if !value.text.contains('/') && !is_in(ALONE, &value.text.to_ascii_lowercase()) {
            let message = format!(
                "Docker knows no platform `{}`, so the build stops here; leave the option out.",
                value.text
            );
            report
                .at(&RULE, value.range, message)
                .severity(Severity::Error)
                .advice("A platform reads `linux/amd64` or `linux/arm64`.");
            continue;
        }
        let message = format!(
            "`--platform={}` stays whatever machine the image is built for; leave it out here and choose with `docker build --platform`.",
            value.text
        );
        report.at(&RULE, flag.range, message).advice(
            "Take the option out. The build uses the platform it is asked for, or that of your machine. `$BUILDPLATFORM` is right for a stage that cross-compiles.",
        );
    }
}

/// How Docker calls the part of a platform.
fn architecture(part: &str) -> &str {
    match part {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        part => part,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn points_at_the_option() {
        check(
            &RULE,
            "\
FROM --platform=linux/amd64 debian:12
#    ^^^^^^^^^^^^^^^^^^^^^^ `--platform=linux/amd64` stays
",
        );
        no_fix(&RULE, "FROM --platform=arm64 debian:12 AS build\n");
    }

    #[test]
    fn worse_where_there_is_no_such_platform() {
        let text = "\
FROM --platform=linx debian:12
#               ^^^^ Docker knows no platform `linx`, so the build stops here
";
        check(&RULE, text);
        assert_eq!(findings(&RULE, &Input::new(text))[0].severity, Severity::Error);
    }

    #[test]
    fn silent_where_the_build_chooses() {
        silent(&RULE, "FROM --platform= debian:12\nFROM --platform=$BUILDPLATFORM debian:12\n");
        silent(&RULE, "ARG P=linux/amd64\nFROM --platform=${P} debian:12\n");
    }

    #[test]
    fn silent_where_the_stage_is_named_for_it() {
        silent(&RULE, "FROM --platform=linux/amd64 debian:12 AS build-amd64\n");
        silent(&RULE, "FROM --platform=linux/x86_64 debian:12 AS base_amd64\n");
    }
}
