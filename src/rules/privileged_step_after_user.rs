//! A step that needs root stands below USER, so the build fails.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{DefaultUser, Model, Stage, Step, User, is_in};
use crate::syntax::shell::{Command, Joined};
use crate::syntax::{Keyword, Kind};
use crate::text::{EditSet, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "privileged-step-after-user",
    title: "This step needs root and fails",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[Section::docker("Complete Production Dockerfile"), Section::docker("Non-Root User")],
    check,
};

/// Programs that only root can use for anything.
const ROOTS: &str = "addgroup adduser apk apt apt-get dnf dpkg groupadd microdnf update-ca-certificates useradd usermod yum";
/// Orders of theirs that only look.
const LOOKS: &str = "--help --version info list policy search show";
/// Programs whose last word is what they write.
const WRITERS: &str = "cp install ln mv tee";

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        // The build stops at the first, so that is the one to tell.
        let Some((step, name, (range, what))) = first(model, stage) else { continue };
        let message = format!(
            "`{what}` needs root, but `USER {name}` stands above, so the build stops here; move USER below the last step that needs root."
        );
        let finding = report.at(&RULE, range, message);
        match user_below(model, stage, step) {
            Some(edits) => finding.fix(
                Fix::new("Move USER below", edits)
                    .assuming("The steps in between may run as root."),
            ),
            None => finding.advice("Run what needs root above USER. Where steps take turns, write `USER root` above this one and the other user again below it."),
        };
    }
}

/// The first step of the stage that fails without root, who it runs as, and its command.
fn first<'m, 'a>(
    model: &Model<'a>,
    stage: &'m Stage<'a>,
) -> Option<(&'m Step<'a>, &'m str, (TextRange, String))> {
    stage.steps.iter().find_map(|step| {
        // Only where the file says who: what a base image starts as may not be who builds on it.
        let User::Named(name) = &step.user else { return None };
        let is_other = model.user_at(stage, step) == DefaultUser::NonRoot;
        let found = needs_root(step).filter(|_| is_other && step.keyword() == Keyword::Run)?;
        Some((step, &**name, found))
    })
}

/// The command that fails without root, and what it is called.
fn needs_root(step: &Step) -> Option<(TextRange, String)> {
    let commands = step.commands();
    for (at, command) in commands.iter().enumerate() {
        // What may fail without harm is left alone.
        let may_fail = commands.get(at + 1).is_some_and(|next| next.joined == Joined::Or);
        if command.conditional || may_fail {
            continue;
        }
        let Some(first) = command.words.first() else { continue };
        if is_in(ROOTS, command.program()) && !looks_only(command) {
            return Some((first.range, command.program().to_owned()));
        }
        if let Some(path) = system_path(command) {
            return Some((first.range, format!("{} … {path}", command.program())));
        }
    }
    None
}

fn looks_only(command: &Command) -> bool {
    command.arguments().iter().any(|word| is_in(LOOKS, &word.text))
}

/// The file of the system that the command writes.
fn system_path(command: &Command) -> Option<&str> {
    let writes = is_in(WRITERS, command.program());
    let last = command.arguments().last().filter(|_| writes);
    let redirects = command.redirects.iter().filter(|one| one.operator.contains('>'));
    let mut paths = last.into_iter().chain(redirects.map(|one| &one.target));
    let is_of_system = |path: &str| path.starts_with("/usr/") || path.starts_with("/etc/");
    paths.find(|word| is_of_system(&word.text)).map(|word| word.text.as_str())
}

/// The edits that move the USER above `step` below the last step that needs root; `None` where that changes more.
fn user_below(model: &Model, stage: &Stage, step: &Step) -> Option<EditSet> {
    let before = stage.steps.get(..step.index)?;
    let user = before.iter().rfind(|one| one.keyword() == Keyword::User)?;
    let after = stage.steps.get(user.index + 1..)?;
    let end = after.iter().position(|one| one.keyword() == Keyword::User).unwrap_or(after.len());
    let after = after.get(..end)?;
    let last = after.iter().rposition(|one| needs_root(one).is_some())?;
    // A folder that WORKDIR makes belongs to the user, and what another RUN makes does too.
    let moves = |one: &Step| match one.instruction.kind {
        Kind::Run(_) => needs_root(one).is_some(),
        Kind::Workdir(_) => false,
        _ => true,
    };
    let between = after.get(..=last)?;
    let edits = [
        model.remove(user.instruction),
        model.insert_below(
            between.last()?.instruction,
            &[model.source(user.instruction).to_owned()],
        ),
    ];
    EditSet::new(edits).ok().filter(|_| between.iter().all(moves))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_what_needs_root() {
        check(
            &RULE,
            "\
FROM python:3.11 AS base
USER app
FROM base
RUN pip install flask && apt-get install -y curl
#                        ^^^^^^^ `apt-get` needs root, but `USER app` stands above
RUN apt-get install -y git
FROM base
RUN echo x > /etc/x.conf
#   ^^^^ `echo … /etc/x.conf` needs root
FROM base
RUN ln -s /opt/a /usr/local/bin/a
#   ^^ `ln … /usr/local/bin/a` needs root
",
        );
    }

    #[test]
    fn moves_user_below() {
        check_fix(
            &RULE,
            "FROM a\n# Not root\nUSER app\nCOPY . .\nRUN apt-get update && apt-get install -y curl\nRUN adduser b\nRUN make\n",
            "FROM a\n# Not root\nCOPY . .\nRUN apt-get update && apt-get install -y curl\nRUN adduser b\nUSER app\nRUN make\n",
        );
        silent(&RULE, "FROM a\nRUN apt-get install -y curl\nUSER app\nRUN make\n");
        no_fix(&RULE, "FROM a\nUSER app\nRUN npm ci\nRUN apt-get install -y curl\n");
        no_fix(&RULE, "FROM a\nUSER app\nWORKDIR /app\nRUN apt-get install -y curl\n");
    }

    #[test]
    fn silent_where_root_or_nobody_needs_it() {
        for (why, lines) in [
            ("root again", "USER app\nUSER root\nRUN apt-get install curl\nUSER app"),
            ("root by number", "USER 0:0\nRUN apt-get install curl"),
            ("sudo", "USER app\nRUN sudo apt-get install curl"),
            ("only looks", "USER app\nRUN apt-get --version && apt list"),
            ("may fail", "USER app\nRUN apk add curl || true"),
            ("unknown", "ARG U\nUSER $U\nRUN apt-get install curl"),
            ("its own folder", "USER app\nRUN pip install flask && cp a /app/a"),
            ("reads", "USER app\nRUN cat /etc/hosts > /tmp/x"),
            ("not in the build", "USER app\nCMD apt-get install curl"),
        ] {
            silent(&RULE, &format!("FROM a\n{lines}\n# {why}\n"));
        }
        silent(&RULE, "FROM cgr.dev/chainguard/python\nRUN apk add curl\n");
    }
}
