//! apt also installs what its packages only recommend.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Install, Manager, Model, Stage, is_in};
use crate::syntax::shell::Command;
use crate::text::EditSet;

const OPTION: &str = "--no-install-recommends";

/// Packages, what they hardly work without and only recommend, and the packages that bring it anyhow.
const COMPANIONS: [(&str, &str, &str); 2] = [
    ("gcc", "libc6-dev", "g++ build-essential libc6-dev"),
    ("curl git wget", "ca-certificates", "ca-certificates"),
];

pub(super) const RULE: Rule = Rule {
    id: "apt-recommends",
    title: "You get packages you did not ask for",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Size, Buys::Security],
    aliases: &["DL3015", "DF016"],
    taught: &[Section::docker("Complete Production Dockerfile")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.final_steps() {
        // One line of apt's configuration switches recommendations off for all that follows.
        if model.source(step.instruction).contains("Install-Recommends") {
            return;
        }
        let installs: Vec<_> = step
            .installs()
            .filter(|(install, command)| brings_recommended(install, command))
            .collect();
        let Some((first, command)) = installs.first() else { continue };
        let (name, range) = first.name(command);
        let message = format!(
            "`{name}` also brings packages that are only recommended; add `{OPTION}` and name all that you need."
        );
        let is_exec = step.script().is_none();
        let (mut edits, mut added) = (Some(EditSet::default()), Vec::new());
        for (install, command) in &installs {
            let packages = install.packages(command);
            let mut option = Vec::new();
            if let Some(verb) = command.words.get(install.verb) {
                option.push(model.insert_after_word(verb, OPTION, is_exec));
            }
            let names = |list: &str| packages.iter().any(|package| is_in(list, package.name));
            for (needs, companion, instead) in COMPANIONS {
                let is_there = (companion == "ca-certificates" && has_certificates(model, stage))
                    || added.contains(&companion);
                let last = packages.last().filter(|_| names(needs) && !names(instead) && !is_there);
                if let Some(last) = last {
                    added.push(companion);
                    option.push(model.insert_after_word(last.word, companion, is_exec));
                }
            }
            let one = EditSet::new(option.iter().flat_map(|set| set.iter().cloned())).ok();
            edits =
                edits.zip(one).and_then(|(mut all, one)| all.merge(&one).is_ok().then_some(all));
        }
        let fix = edits.map(|edits| {
            Fix::new(format!("Add `{OPTION}`"), edits)
                .assuming("Nothing that your app needs came along only as a recommendation.")
        });
        report.at(&RULE, range, message).fix(fix);
    }
}

/// Whether the base brings the list of authorities that programs trust.
fn has_certificates(model: &Model, stage: &Stage) -> bool {
    model.root_image(stage).is_some_and(|(_, image)| {
        image.is_full() || matches!(image.official(), Some("python" | "ruby"))
    })
}

fn brings_recommended(install: &Install, command: &Command) -> bool {
    install.manager == Manager::Apt
        && command.words.get(install.program).is_some_and(|word| word.text != "aptitude")
        && !install.packages.is_empty()
        && !install.has_option(command, &[OPTION])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn names_what_came_as_a_recommendation_and_is_needed() {
        for (image, before, after) in [
            ("python:3.11-slim", "gcc libpq-dev", "gcc libpq-dev libc6-dev"),
            ("python:3.11-slim", "g++ gcc curl", "g++ gcc curl"),
            ("debian:12", "gcc \\\n    curl", "gcc \\\n    curl libc6-dev ca-certificates"),
            ("node:22-slim", "ca-certificates git", "ca-certificates git"),
        ] {
            check_fix(
                &RULE,
                &format!("FROM {image}\nRUN apt-get install -y {before}\n"),
                &format!("FROM {image}\nRUN apt-get install --no-install-recommends -y {after}\n"),
            );
        }
    }

    #[test]
    fn points_at_the_words_that_install() {
        check(
            &RULE,
            "\
FROM debian:12
RUN apt-get update && apt-get -y install curl
#                     ^^^^^^^^^^^^^^^^^^ `apt-get install` also brings
",
        );
    }

    #[test]
    fn adds_the_option_to_every_install_of_the_run() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN apt-get update && apt-get install -y \\\n    # for https\n    curl && apt install git\n",
            "FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends -y \\\n    # for https\n    curl ca-certificates && apt install --no-install-recommends git\n",
        );
    }

    #[test]
    fn silent_where_recommendations_are_off() {
        for (why, lines) in [
            ("the option", "RUN apt-get install -y --no-install-recommends curl"),
            ("the option in front", "RUN apt-get --no-install-recommends install curl"),
            ("by -o", "RUN apt-get -o APT::Install-Recommends=false install curl"),
            (
                "configured",
                "RUN echo 'APT::Install-Recommends \"0\";' > /etc/apt/apt.conf.d/99\nRUN apt-get install curl",
            ),
            ("nothing named", "RUN apt-get install -f"),
            ("another manager", "RUN apk add curl"),
        ] {
            silent(&RULE, &format!("FROM debian:12\n# {why}\n{lines}\n"));
        }
    }

    #[test]
    fn silent_in_a_builder() {
        silent(
            &RULE,
            "FROM debian:12 AS b\nRUN apt-get install gcc\nFROM debian:12\nCOPY --from=b /a /a\n",
        );
    }
}
