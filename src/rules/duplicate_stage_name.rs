//! Two stages with one name.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::Model;

pub(super) const RULE: Rule = Rule {
    id: "duplicate-stage-name",
    title: "Two stages have the same name",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["DuplicateStageName", "DL3024", "DF042"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut names = Vec::new();
    for stage in model.stages() {
        names.extend(stage.name.map(|name| (name.text.to_ascii_lowercase(), name.range)));
    }
    names.sort_unstable();
    for pair in names.windows(2) {
        let [(first, above), (name, range)] = pair else { continue };
        if first == name {
            let line = model.lines().line(above.start);
            let message = format!(
                "`{name}` already names the stage in line {line}, so it is not clear which one `COPY --from={name}` means; rename one of them."
            );
            report.at(&RULE, *range, message).advice(
                "Give each stage a name that says what it makes, such as `deps` and `build`.",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_later_name() {
        check(
            &RULE,
            "\
FROM debian:12 AS build
FROM golang:1.25 AS Build
#                   ^^^^^ `build` already names the stage in line 1
",
        );
        no_fix(&RULE, "FROM a AS b\nFROM a AS b\n");
    }

    #[test]
    fn silent_where_names_differ() {
        silent(&RULE, "FROM a AS b\nFROM a AS c\nFROM b\nFROM a\n");
    }
}
