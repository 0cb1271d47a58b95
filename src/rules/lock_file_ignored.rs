//! An install that may change what the lock file says, although the lock file is there.

use super::sudo_in_run::add_option;
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Install, Manager, Model, is_in};
use crate::syntax::Transfer;
use crate::syntax::shell::Command;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "lock-file-ignored",
    title: "The install may change locked versions",
    severity: Severity::Info,
    fixes: Fixes::Always,
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
        let mut copied = [false; LOCKS.len()];
        for step in &stage.steps {
            if let Some(transfer) = step.from_context() {
                for (copied, (_, lock, ..)) in copied.iter_mut().zip(LOCKS) {
                    *copied |= copies(transfer, lock);
                }
            }
            for (install, command) in step.installs() {
                let Some((lock, word)) = changes(install, command) else { continue };
                if !copied.iter().zip(LOCKS).any(|(copied, (_, one, ..))| *copied && one == lock) {
                    continue;
                }
                let (name, range) = install.name(command);
                let message = format!(
                    "`{name}` may install other versions than `{lock}` says; {} installs exactly those.",
                    if word == "ci" { "`npm ci`".to_owned() } else { format!("with `{word}` it") }
                );
                let Some(verb) = command.words.get(install.verb) else { continue };
                let fix = if word == "ci" {
                    let is_element = verb.range.of(model.text()).starts_with('"');
                    let text = if is_element { "\"ci\"" } else { "ci" };
                    Fix::new("Write `npm ci`", TextEdit::replace(verb.range, text).into())
                } else {
                    Fix::new(format!("Add `{word}`"), add_option(model, step, verb, word))
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

/// Whether the step copies the lock file by name, or by a pattern of names.
fn copies(transfer: &Transfer, lock: &str) -> bool {
    transfer.sources.iter().any(|word| {
        let name = word.text.rsplit('/').next().unwrap_or_default();
        match name.split_once('*') {
            Some((start, end)) => start.len() > 1 && lock.starts_with(start) && lock.ends_with(end),
            None => name == lock,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

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
            ("package-lock.json*", "npm --quiet install", "npm --quiet ci"),
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
    fn silent_without_a_lock_file_or_a_list() {
        silent(&RULE, "FROM a\nCOPY package.json ./\nRUN npm install\n");
        silent(&RULE, "FROM a\nCOPY . .\nRUN npm install\n");
        silent(&RULE, "FROM a\nCOPY package*.json ./\nRUN npm install -g pm2 && npm ci\n");
    }
}
