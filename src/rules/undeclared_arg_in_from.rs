//! FROM with a variable that no ARG above the first FROM declares.

use super::invalid_image_name::fault;
use super::undefined_variable::variables;
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Model, is_platform_arg};

pub(super) const RULE: Rule = Rule {
    id: "undeclared-arg-in-from",
    title: "FROM cannot see this variable",
    severity: Severity::Error,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["UndefinedArgInFrom", "DF086"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages().iter().filter(|stage| !matches!(stage.base, Base::Stage(_))) {
        let platform = stage.from.flag("platform").and_then(|flag| flag.value.as_ref());
        for word in [Some(stage.image), platform].into_iter().flatten() {
            for (name, range) in variables(model, word) {
                // Before its first step a stage sees what FROM sees.
                if is_platform_arg(name) || model.setting(stage, 0, name).is_some() {
                    continue;
                }
                let message = format!(
                    "`FROM` sees only an `ARG` above the first `FROM`, and none there is called `{name}`, so this is empty."
                );
                let finding = report.at(&RULE, range, message);
                // What is left may still be a name.
                if matches!(&stage.base, Base::Image(image) if fault(&image.text).is_none()) {
                    finding.severity(Severity::Warning);
                }
                finding.advice(format!("Begin the file with `ARG {name}=` and a default."));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn no_arg_above_from() {
        check(
            &RULE,
            "\
FROM --platform=$BUILDPLATFORM python:${VERSION}-slim
#                                     ^^^^^^^^^^ `FROM` sees only an `ARG` above the first `FROM`
ARG VERSION=3.12
",
        );
        no_fix(&RULE, "FROM $X\nARG X=debian:12\n");
    }

    #[test]
    fn less_where_a_name_is_left() {
        let severity = |text: &str| findings(&RULE, &Input::new(text))[0].severity;
        assert_eq!(severity("FROM debian:12$SUFFIX\n"), Severity::Warning);
        assert_eq!(severity("FROM --platform=$P debian:12\n"), Severity::Warning);
        assert_eq!(severity("FROM debian:$V\n"), Severity::Error);
    }

    #[test]
    fn silent_where_it_is_declared_or_has_a_default() {
        silent(&RULE, "ARG V\nFROM debian:$V\n");
        silent(&RULE, "FROM ${BASE:-debian:12}\n");
        silent(&RULE, "FROM a AS base-amd64\nFROM base-$TARGETARCH\n");
        silent(&RULE, "FROM a AS b\nENV X=1\nFROM b\nCOPY $X /\n");
    }
}
