//! A compiler that starts from nothing at each build, because nothing keeps its cache.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Act, DefaultUser, Manager, Model};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "build-cache-lost",
    title: "Each build compiles everything again",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::RebuildTime],
    aliases: &["tally/prefer-package-cache-mounts"],
    taught: &[],
    check,
};

/// Who compiles, the folder where it keeps what is done, and whether that can be mounted without a second look.
const CACHES: [(Manager, &str, bool); 4] = [
    (Manager::Go, "/root/.cache/go-build", true),
    (Manager::Cargo, "/usr/local/cargo/registry", false),
    (Manager::Maven, "/root/.m2", false),
    (Manager::Gradle, "/root/.gradle", false),
];

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.run_steps() {
        let keeps = step.mounts.iter().any(|mount| mount.kind == "cache");
        for &(manager, folder, is_sure) in CACHES.iter().filter(|_| !keeps) {
            let Some(command) = step.does(manager, Act::Build) else { continue };
            let mount = format!("--mount=type=cache,target={folder}");
            let message = format!(
                "After any change of your code, `{}` begins from nothing; a cache mount keeps what it has done.",
                command.program()
            );
            let finding = report.at(&RULE, command.range, message);
            if is_sure && model.user_at(stage, step) == DefaultUser::Root {
                let place = step.instruction.keyword_word.range.end;
                let edit = TextEdit::insert(place, format!(" {mount}"));
                let fix = Fix::new("Mount the cache", edit.into());
                finding.fix(fix.assuming("BuildKit builds the image, as it does since Docker 23."));
            } else {
                finding.advice(format!(
                "Put `{mount}` behind `RUN`, with the folder that your builder uses. What an earlier step has put there is hidden by it."
            ));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_compiler() {
        check(
            &RULE,
            "\
FROM golang:1.25 AS build
RUN cd /src && CGO_ENABLED=0 go build -o /app .
#              ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ After any change of your code, `go` begins from nothing
FROM debian:12
COPY --from=build /app /app
",
        );
    }

    #[test]
    fn mounts_the_cache() {
        check_fix(
            &RULE,
            "FROM golang:1.25\nRUN go build -o /app .\n",
            "FROM golang:1.25\nRUN --mount=type=cache,target=/root/.cache/go-build go build -o /app .\n",
        );
        no_fix(&RULE, "FROM rust:1\nRUN cargo build --release\n");
        no_fix(&RULE, "FROM golang:1.25\nUSER app\nRUN go build .\n");
    }

    #[test]
    fn silent_with_a_cache_or_another_builder() {
        for text in [
            "FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod go build .\n",
            "FROM node:22\nRUN npm run build\n",
            "FROM golang:1.25\nRUN go mod download\nCMD go build\n",
        ] {
            silent(&RULE, text);
        }
    }
}
