//! apt also installs what its packages only recommend.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Install, Manager, Model};
use crate::syntax::shell::Command;

const OPTION: &str = "--no-install-recommends";

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
    for (_, step) in model.final_steps() {
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
        let verbs: Vec<_> = installs
            .iter()
            .filter_map(|(install, command)| command.words.get(install.verb))
            .collect();
        let edits = model.insert_after_words(&verbs, OPTION, step.script().is_none());
        let fix = edits.map(|edits| {
            Fix::new(format!("Add `{OPTION}`"), edits)
                .assuming("Nothing that your app needs came along only as a recommendation.")
        });
        report.at(&RULE, range, message).fix(fix);
    }
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
            "FROM debian:12\nRUN apt-get update && apt-get install --no-install-recommends -y \\\n    # for https\n    curl && apt install --no-install-recommends git\n",
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
