//! `npm install -g pm2` takes whatever version is newest on the day of the build.

use super::unpinned_python_package::{each, first_open};
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::Model;

pub(super) const RULE: Rule = Rule {
    id: "unpinned-node-package",
    title: "Each build may get another tool",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["DL3016", "DF052"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    each(model, |install, command| {
        if !install.manager.is_of_node() {
            return;
        }
        let Some(package) = first_open(install, command, "npm yarn pnpm corepack") else { return };
        let name = package.name;
        let message = format!(
            "No lock file covers this install: it takes the newest `{name}` of the day. Write the version that you tested: `{name}@…`."
        );
        report.at(&RULE, package.word.range, message).advice(format!(
            "Add `@` and a version behind `{name}`, or make it a dependency in `package.json`, where the lock file holds it."
        ));
    });
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn points_at_the_package() {
        check(
            &RULE,
            "\
FROM node:22
RUN npm install -g @nestjs/cli pm2@5
#                  ^^^^^^^^^^^ No lock file covers this install
RUN yarn global add serve@latest
#                   ^^^^^^^^^^^^ No lock file
",
        );
    }

    #[test]
    fn silent_with_a_version_or_a_list() {
        silent(
            &RULE,
            "FROM node:22\nRUN npm ci && npm install && npm i -g npm pnpm@9 @a/b@1 ./c $D\n",
        );
    }
}
