//! `go install example.com/tool` without a version stops outside of a module, and with `@latest` changes by itself.

use super::unpinned_python_package::{each, first_open};
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Manager, Model};

pub(super) const RULE: Rule = Rule {
    id: "unpinned-go-tool",
    title: "The Go tool has no fixed version",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["DL3062", "DF054"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    each(model, |install, command| {
        if install.manager != Manager::Go || install.order != "install" {
            return;
        }
        let Some(package) = first_open(install, command, "") else { return };
        // A path without a domain is the project's own.
        let host = package.name.split('/').next().unwrap_or_default();
        if !host.contains('.') || !package.name.contains('/') {
            return;
        }
        let message = if package.version.is_some() {
            "`@latest` is another version on another day; write the one that you tested, such as `@v1.2.3`."
        } else {
            "Outside of a module, Go asks for a version here and stops; inside of one, `go.mod` has to list it. Write it: `@v1.2.3`."
        };
        report.at(&RULE, package.word.range, message).advice(
            "Write `@` and a version behind the path; `go version -m` tells which one you have.",
        );
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn points_at_the_path() {
        check(
            &RULE,
            "\
FROM golang:1.24
RUN go install github.com/air-verse/air@latest
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `@latest` is another version
RUN go install -v golang.org/x/tools/cmd/stringer
#                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Outside of a module
",
        );
    }

    #[test]
    fn silent_with_a_version_and_for_the_project() {
        silent(
            &RULE,
            "FROM golang:1.24\nRUN go install a.b/c@v1.2 && go install ./... && go install cmd/x\n",
        );
    }
}
