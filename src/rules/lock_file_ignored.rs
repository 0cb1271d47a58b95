//! An install that may change what the lock file says, although the lock file is there.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Install, Manager, Model, Step, is_in};
use crate::syntax::shell::Command;
use crate::syntax::{Keyword, Transfer};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "lock-file-ignored",
    title: "The install may change locked versions",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[],
    check,
};

/// The manager, its lock file, the options that hold it to that, and the one to add; npm has an order instead.
const LOCKS: [(Manager, &str, &str, &str); 5] = [
    (Manager::Npm, "package-lock.json", "-g --global --package-lock-only", "ci"),
    (
        Manager::Yarn,
        "yarn.lock",
        "--frozen-lockfile --immutable --pure-lockfile",
        "--frozen-lockfile",
    ),
    (Manager::Pnpm, "pnpm-lock.yaml", "--frozen-lockfile --offline -g", "--frozen-lockfile"),
    (Manager::Bun, "bun.lock", "--frozen-lockfile -g", "--frozen-lockfile"),
    (Manager::Uv, "uv.lock", "--frozen --locked", "--locked"),
];

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages().iter().filter(|stage| !stage.is_for_development()) {
        let mut installs = stage.steps_of(&[Keyword::Run]).flat_map(Step::installs);
        if !installs.any(|(install, command)| changes(install, command).is_some()) {
            continue;
        }
        let mut copied = [Copied::No; LOCKS.len()];
        for step in stage.steps_of(&[Keyword::Copy, Keyword::Add, Keyword::Run]) {
            if let Some(transfer) = step.from_context() {
                note(model, transfer, &mut copied);
            }
            for (install, command) in step.installs() {
                let Some((lock, word)) = changes(install, command) else { continue };
                let place = LOCKS.iter().position(|(_, one, ..)| *one == lock);
                let copied = place.and_then(|at| copied.get(at)).copied().unwrap_or(Copied::No);
                if copied == Copied::No {
                    continue;
                }
                let (name, range) = install.name(command);
                let message = format!(
                    "`{name}` may install other versions than `{lock}` says; {} installs exactly those.",
                    if word == "ci" { "`npm ci`".to_owned() } else { format!("with `{word}` it") }
                );
                let Some(verb) = command.words.get(install.verb) else { continue };
                if copied == Copied::Maybe {
                    report.at(&RULE, range, message).advice(format!(
                        "Put `{lock}` beside the Dockerfile and name it in COPY; without that file this install would stop."
                    ));
                    continue;
                }
                let fix = if word == "ci" {
                    let is_element = verb.range.of(model.text()).starts_with('"');
                    let text = if is_element { "\"ci\"" } else { "ci" };
                    Fix::new("Write `npm ci`", TextEdit::replace(verb.range, text).into())
                } else {
                    Fix::new(format!("Add `{word}`"), model.add_option(step, verb, word))
                };
                report.at(&RULE, range, message).fix(fix.assuming(format!(
                    "`{lock}` is in the project and fits its list of packages."
                )));
            }
        }
    }
}

/// The lock file that the install reads and may change, and the word that makes it keep to that.
fn changes(install: &Install, command: &Command) -> Option<(&'static str, &'static str)> {
    let (_, lock, holds, word) = LOCKS.iter().find(|(one, ..)| *one == install.manager)?;
    let is_whole = install.packages.is_empty() && is_in("install i sync", install.order)
        || (install.order.is_empty() && install.manager == Manager::Yarn);
    (is_whole && !install.has_any(command, holds)).then_some((*lock, *word))
}

/// Whether a step copies the lock file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Copied {
    /// Not by name; `package-lock.json*` says that there may be none.
    No,
    /// By a pattern of names, so it is not known whether it is there.
    Maybe,
    /// By its name, or it is among the files of the folder.
    Yes,
}

/// Notes which lock files are copied.
fn note(model: &Model, transfer: &Transfer, copied: &mut [Copied; LOCKS.len()]) {
    for word in &transfer.sources {
        let name = word.text.rsplit('/').next().unwrap_or_default();
        let pattern = name.split_once('*');
        for (copied, (_, lock, ..)) in copied.iter_mut().zip(LOCKS) {
            *copied = (*copied).max(match pattern {
                None if name == lock => Copied::Yes,
                Some((start, end))
                    if start.len() > 1 && lock.starts_with(start) && lock.ends_with(end) =>
                {
                    match (is_given(model, lock), start == lock) {
                        (true, _) => Copied::Yes,
                        (false, true) => Copied::No,
                        (false, false) => Copied::Maybe,
                    }
                }
                _ => Copied::No,
            });
        }
    }
}

/// Whether the context's files are known and the lock file is one of them.
fn is_given(model: &Model, lock: &str) -> bool {
    let mut files = model.input().context.iter().flatten();
    files.any(|file| file.path.rsplit('/').next() == Some(lock))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::input::{ContextFile, Input};

    #[test]
    fn points_at_the_install() {
        check(
            &RULE,
            "\
FROM node:22
COPY package*.json ./
RUN npm install --omit=dev
#   ^^^^^^^^^^^ `npm install` may install other versions than `package-lock.json` says; `npm ci` installs exactly those.
",
        );
    }

    #[test]
    fn holds_it_to_the_lock_file() {
        for (lock, before, after) in [
            ("package-lock.json", "npm i", "npm ci"),
            ("package-lock.json", "npm --quiet install", "npm --quiet ci"),
            ("yarn.lock", "yarn", "yarn --frozen-lockfile"),
            (
                "yarn.lock",
                "yarn install --production",
                "yarn install --frozen-lockfile --production",
            ),
            ("pnpm-lock.yaml", "pnpm i --prod", "pnpm i --frozen-lockfile --prod"),
            ("uv.lock", "uv sync --no-dev", "uv sync --locked --no-dev"),
        ] {
            let file = |run: &str| format!("FROM a\nCOPY package.json {lock} ./\nRUN {run}\n");
            check_fix(&RULE, &file(before), &file(after));
            silent(&RULE, &file(after));
        }
    }

    #[test]
    fn a_pattern_is_no_lock_file() {
        let text = "FROM a\nCOPY package*.json ./\nRUN npm install\n";
        no_fix(&RULE, text);
        let mut input = Input::new(text);
        let file = ContextFile { path: "package-lock.json".to_owned(), bytes: 1 };
        input.context = Some(vec![file]);
        assert!(findings(&RULE, &input)[0].fix.is_some());
        silent(&RULE, "FROM a\nCOPY package.json package-lock.json* ./\nRUN npm install\n");
    }

    #[test]
    fn silent_without_a_lock_file_or_a_list() {
        silent(&RULE, "FROM a\nCOPY package.json ./\nRUN npm install\n");
        silent(&RULE, "FROM a\nCOPY . .\nRUN npm install\n");
        silent(&RULE, "FROM a\nCOPY package*.json ./\nRUN npm install -g pm2 && npm ci\n");
    }
}
