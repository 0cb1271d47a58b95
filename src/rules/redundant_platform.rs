//! FROM --platform=$TARGETPLATFORM, which is what FROM does anyway.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::text::{TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "redundant-platform",
    title: "The option says what Docker does anyway",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["RedundantTargetPlatform", "DL3065", "DF083"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let Some(flag) = stage.from.flag("platform") else { continue };
        let value = flag.value.as_ref().map_or("", |value| value.text.as_str());
        if !matches!(value, "$TARGETPLATFORM" | "${TARGETPLATFORM}") {
            continue;
        }
        let finding = report.at(&RULE, flag.range, MESSAGE);
        let behind = TextRange::new(flag.range.end, stage.image.range.start);
        if behind.of(model.text()).trim().is_empty() {
            let option = TextEdit::delete(flag.range.cover(behind));
            finding.fix(Fix::new("Delete the option", option.into()));
        } else {
            finding.advice("Take the option out.");
        }
    }
}

const MESSAGE: &str =
    "`FROM` takes the platform that the image is built for by itself; the option changes nothing.";

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_option() {
        check(
            &RULE,
            "\
FROM --platform=${TARGETPLATFORM} debian:12
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `FROM` takes the platform
",
        );
    }

    #[test]
    fn takes_it_out() {
        check_fix(
            &RULE,
            "FROM --platform=$TARGETPLATFORM  debian:12 AS b\n",
            "FROM debian:12 AS b\n",
        );
        no_fix(&RULE, "FROM --platform=$TARGETPLATFORM \\\n debian:12\n");
    }

    #[test]
    fn silent_for_another_platform() {
        silent(&RULE, "FROM --platform=$BUILDPLATFORM debian:12\nFROM debian:12\n");
        silent(&RULE, "FROM --platform=linux/$TARGETARCH debian:12\n");
    }
}
