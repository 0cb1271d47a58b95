//! `curl … | sh`: whatever the server sends is run.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, is_in, own_program};
use crate::syntax::shell::{Command, Joined};
use crate::text::TextRange;

pub(super) const RULE: Rule = Rule {
    id: "script-piped-to-shell",
    title: "The build runs whatever the server sends",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Security, Buys::Stability],
    aliases: &["DF021"],
    taught: &[],
    check,
};

/// Programs that run the text which they are given.
const READERS: &str = "sh bash ash dash ksh zsh python python3 node perl ruby php";

fn check(model: &Model, report: &mut Report) {
    for ran in model.commands_of("curl wget") {
        let piped = ran.next().filter(|next| next.joined == Joined::Pipe && runs_text(next));
        if let Some(next) = piped {
            one(ran.command.range.cover(next.range), report);
        }
    }
    for ran in model.commands_of(READERS).filter(|ran| fetches_inside(ran.command)) {
        one(ran.command.range, report);
    }
}

fn one(range: TextRange, report: &mut Report) {
    let message = "The build runs what this address holds today, unseen: another day it may hold another version, half a script, or something else.";
    report.at(&RULE, range, message).advice("Take the tool from its official image with `COPY --from=…`, or download a named version to a file, check it with `sha256sum -c`, and run it then.");
}

/// Whether the command runs what it reads.
fn runs_text(command: &Command) -> bool {
    is_in(READERS, own_program(command))
}

/// `bash -c "$(curl …)"`, `sh <(curl …)`.
fn fetches_inside(command: &Command) -> bool {
    let is_it = |text: &str| {
        ["(curl ", "(wget ", "`curl ", "`wget "].iter().any(|start| text.contains(start))
    };
    command.arguments().iter().any(|word| is_it(&word.text))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn points_at_download_and_shell() {
        check(
            &RULE,
            "\
FROM debian:12
RUN curl -fsSL https://a.b/i.sh | sh -s -- -y
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The build runs what this address holds today
RUN wget -qO- https://a.b/i.sh | sudo -E bash -
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The build
RUN bash -c \"$(curl -fsSL https://a.b/i.sh)\"
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The build
",
        );
    }

    #[test]
    fn silent_where_a_file_lies_between() {
        for run in [
            "RUN curl -fsSLo i.sh https://a.b/i.sh && sha256sum -c s && sh i.sh",
            "RUN curl -fsSL https://a.b/c.tgz | tar xz",
            "RUN echo a | sh",
        ] {
            silent(&RULE, &format!("FROM debian:12\n{run}\n"));
        }
    }
}
