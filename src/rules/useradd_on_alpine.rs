//! Debian's command for a new user on Alpine, or Alpine's on Debian.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Family, Model, Ran, Stage, is_in};
use crate::syntax::Word;
use crate::syntax::shell::Command;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "useradd-on-alpine",
    title: "This system has another command for users",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[Section::docker("Non-Root User"), Section::docker("Base Image Comparison")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut shadow: Option<(usize, bool)> = None;
    for Ran { stage, command, .. } in model.commands_of("useradd groupadd adduser addgroup") {
        let Some((_, image)) = model.root_image(stage) else { continue };
        let (name, Some(word)) = (command.program(), command.words.first()) else { continue };
        let (message, instead) = match image.family() {
            Some(Family::Alpine) if is_in("useradd groupadd", name) => {
                // Once a stage.
                let known = shadow.filter(|(index, _)| *index == stage.index);
                let (_, is_installed) = *shadow
                    .insert(known.unwrap_or_else(|| (stage.index, installs_shadow(model, stage))));
                if is_installed {
                    continue;
                }
                let other = if name == "useradd" { "adduser" } else { "addgroup" };
                let message = format!(
                    "Alpine has no `{name}`, so the build stops here; its own command is `{other}`, with other options."
                );
                (message, on_alpine(model, command))
            }
            Some(Family::Debian) if is_in("adduser addgroup", name) && is_of_busybox(command) => {
                let other = if name == "adduser" { "useradd" } else { "groupadd" };
                let message = format!(
                    "These options of `{name}` are Alpine's, and Debian's does not know them, so the build stops here; write `{other}`."
                );
                (message, on_debian(model, command))
            }
            _ => continue,
        };
        let finding = report.at(&RULE, word.range, message);
        match instead {
            Some(text) => {
                let edit = TextEdit::replace(command.range, &text);
                finding.fix(Fix::new(format!("Write `{text}`"), edit.into()))
            }
            None => finding.advice("Alpine: `addgroup -S app && adduser -S -G app app`. Debian: `useradd --create-home app`."),
        };
    }
}

fn installs_shadow(model: &Model, stage: &Stage) -> bool {
    model.chain(stage).iter().flat_map(|stage| &stage.steps).any(|step| {
        step.installs().any(|(install, command)| {
            install.packages(command).iter().any(|package| package.name == "shadow")
        })
    })
}

/// Whether a short option is one that only Alpine's command has.
fn is_of_busybox(command: &Command) -> bool {
    command.arguments().iter().any(|word| {
        let letters = word.text.strip_prefix('-').filter(|letters| !letters.starts_with('-'));
        letters.is_some_and(|letters| letters.contains(['D', 'S', 'H']))
    })
}

/// Options of one command in the order they are given: the letter or name, and the value.
type Options<'c> = Vec<(&'c str, Option<&'c Word>)>;

/// Splits a command up into options and names; letters of `valued` take a value. `None` where that is not sure.
fn options<'c>(command: &'c Command, valued: &str) -> Option<(Options<'c>, Vec<&'c Word>)> {
    let (mut options, mut names) = (Vec::new(), Vec::new());
    let mut words = command.arguments().iter();
    while let Some(word) = words.next() {
        let text = word.text.as_str();
        if !word.is_literal() || text.contains('=') {
            return None;
        }
        if text.starts_with("--") {
            let value = if is_in(valued, text) { Some(words.next()?) } else { None };
            options.push((text, value));
        } else if let Some(letters) = text.strip_prefix('-') {
            for (at, _) in letters.char_indices() {
                let letter = letters.get(at..=at)?;
                let is_valued = is_in(valued, letter);
                if is_valued && at + 1 < letters.len() {
                    return None;
                }
                options.push((letter, if is_valued { Some(words.next()?) } else { None }));
            }
        } else {
            names.push(word);
        }
    }
    Some((options, names))
}

/// The command in the words of Alpine.
fn on_alpine(model: &Model, command: &Command) -> Option<String> {
    let is_group = command.program() == "groupadd";
    let (options, names) =
        options(command, "s u g d c --shell --uid --gid --home-dir --home --comment")?;
    let [name] = names.as_slice() else { return None };
    let mut text = if is_group { "addgroup".to_owned() } else { "adduser -D".to_owned() };
    for (option, value) in options {
        let value = value.map(|word| word.range.of(model.text()));
        let added = match (option, value, is_group) {
            ("r" | "--system", _, _) => "-S".to_owned(),
            ("g" | "--gid", Some(gid), true) => format!("-g {gid}"),
            ("g" | "--gid", Some(group), false) if group.starts_with(char::is_alphabetic) => {
                format!("-G {group}")
            }
            ("u" | "--uid", Some(uid), false) => format!("-u {uid}"),
            ("d" | "--home-dir" | "--home", Some(home), false) => format!("-h {home}"),
            ("c" | "--comment", Some(comment), false) => format!("-g {comment}"),
            ("s" | "--shell", Some(shell), false) => {
                let shell = shell.replace("/usr/sbin/", "/sbin/");
                // There is no bash unless it is installed.
                if shell.ends_with("bash") {
                    continue;
                }
                format!("-s {shell}")
            }
            ("M" | "--no-create-home", _, false) => "-H".to_owned(),
            ("m" | "--create-home" | "U" | "--user-group" | "l" | "--no-log-init", _, false) => {
                continue;
            }
            _ => return None,
        };
        text = format!("{text} {added}");
    }
    Some(format!("{text} {}", name.text))
}

/// The command in the words of Debian.
fn on_debian(model: &Model, command: &Command) -> Option<String> {
    let is_group = command.program() == "addgroup";
    let (options, names) = options(command, "h g s G u k")?;
    let [name] = names.as_slice() else { return None };
    let mut text = if is_group { "groupadd".to_owned() } else { "useradd".to_owned() };
    let has_home = options.iter().all(|(option, _)| *option != "H");
    if has_home && !is_group {
        text += " --create-home";
    }
    for (option, value) in options {
        let value = value.map(|word| word.range.of(model.text()));
        let added = match (option, value, is_group) {
            ("S", _, _) => "--system".to_owned(),
            ("D", _, false) => continue,
            ("H", _, false) => "--no-create-home".to_owned(),
            ("g", Some(gid), true) => format!("--gid {gid}"),
            ("g", Some(comment), false) => format!("--comment {comment}"),
            ("G", Some(group), false) => format!("--gid {group}"),
            ("u", Some(uid), false) => format!("--uid {uid}"),
            ("h", Some(home), false) => format!("--home-dir {home}"),
            ("s", Some(shell), false) => {
                format!("--shell {}", shell.replace("/sbin/nologin", "/usr/sbin/nologin"))
            }
            _ => return None,
        };
        text = format!("{text} {added}");
    }
    Some(format!("{text} {}", name.text))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    fn becomes(image: &str, before: &str, after: &str) {
        let after = format!("FROM {image}\nRUN {after}\n");
        check_fix(&RULE, &format!("FROM {image}\nRUN {before}\n"), &after);
        silent(&RULE, &after);
    }

    #[test]
    fn points_at_the_program() {
        check(
            &RULE,
            "\
FROM python:3.11-alpine
RUN mkdir /a && useradd -m app
#               ^^^^^^^ Alpine has no `useradd`, so the build stops here
FROM debian:12
RUN adduser -D app
#   ^^^^^^^ These options of `adduser` are Alpine's
",
        );
    }

    #[test]
    fn writes_it_for_the_system() {
        becomes("alpine:3.20", "useradd --create-home --shell /bin/bash app", "adduser -D app");
        becomes(
            "alpine:3.20",
            "useradd -rM -g app -u 1000 -s /usr/sbin/nologin app",
            "adduser -D -S -H -G app -u 1000 -s /sbin/nologin app",
        );
        becomes("alpine:3.20", "groupadd -r -g 1000 app", "addgroup -S -g 1000 app");
        becomes("debian:12", "addgroup -S app", "groupadd --system app");
        becomes(
            "debian:12",
            "adduser -S -D -H -G app app",
            "useradd --system --no-create-home --gid app app",
        );
        becomes(
            "python:3.11-slim",
            "adduser -D -u 1000 app",
            "useradd --create-home --uid 1000 app",
        );
    }

    #[test]
    fn by_hand_where_it_is_not_sure() {
        for run in ["useradd -G wheel app", "useradd -g 1000 app"] {
            no_fix(&RULE, &format!("FROM alpine:3.20\nRUN {run}\n"));
        }
    }

    #[test]
    fn silent_where_the_command_is_there() {
        silent(&RULE, "FROM debian:12\nRUN useradd -m app && adduser --disabled-password b\n");
        silent(&RULE, "FROM alpine:3.20\nRUN adduser -D app\n");
        silent(&RULE, "FROM alpine:3.20\nRUN apk add --no-cache shadow && useradd app\n");
        silent(&RULE, "FROM org/app:1\nRUN useradd app\n");
        silent(&RULE, "FROM fedora:40\nRUN useradd app\n");
    }
}
