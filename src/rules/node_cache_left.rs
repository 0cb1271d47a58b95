//! npm, yarn and Bun keep what they have downloaded.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Manager, Model};

pub(super) const RULE: Rule = Rule {
    id: "node-cache-left",
    title: "The image keeps packages a second time",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size],
    aliases: &["DL3060", "DF055", "npmCacheCleanAfterInstall", "yarnCacheCleanAfterInstall"],
    taught: &[],
    check,
};

/// What empties the cache.
const CLEAN: [(Manager, &str); 3] = [
    (Manager::Npm, "npm cache clean --force"),
    (Manager::Yarn, "yarn cache clean"),
    (Manager::Bun, "bun pm cache rm"),
];

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.final_steps() {
        // Of several installs of one step, the first stands for all.
        let kept = step.installs().find_map(|(install, command)| {
            let (_, clean) = CLEAN.iter().find(|(manager, _)| *manager == install.manager)?;
            model.cache_kept(stage, step, install)?;
            let is_app = model.is_new_yarn(install, command);
            Some((install, command, *clean, is_app))
        });
        let Some((install, command, clean, is_app)) = kept else { continue };
        let (name, range) = install.name(command);
        let message = format!(
            "`{name}` keeps its downloads in this layer, beside the installed packages; end the RUN with `{clean}`."
        );
        let finding = report.at(&RULE, range, message);
        if is_app {
            finding.advice("Only with `nodeLinker: node-modules` in `.yarnrc.yml`: end the RUN with `yarn cache clean`. Otherwise the app runs from the cache, so leave it.");
            continue;
        }
        match model.append(step, clean) {
            // An install that moves to a builder leaves its cache there.
            Some(edits) => {
                finding.fix(Fix::new(format!("Add `{clean}`"), edits).in_phase(Phase::Runtime))
            }
            None => finding.advice(format!("Make `{clean}` the last command of this RUN.")),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_install() {
        check(
            &RULE,
            "\
FROM node:22
RUN npm ci --omit=dev && npm run build
#   ^^^^^^ `npm ci` keeps its downloads in this layer
",
        );
    }

    #[test]
    fn empties_it_in_the_same_step() {
        for (install, clean) in [
            ("npm ci", "npm cache clean --force"),
            ("yarn install --frozen-lockfile", "yarn cache clean"),
            ("bun install", "bun pm cache rm"),
        ] {
            check_fix(
                &RULE,
                &format!("FROM node:22\nRUN {install}\n"),
                &format!("FROM node:22\nRUN {install} && {clean}\n"),
            );
            silent(&RULE, &format!("FROM node:22\nRUN {install} && {clean}\n"));
        }
        no_fix(&RULE, "FROM node:22\nRUN npm ci || true\n");
    }

    #[test]
    fn by_hand_where_the_app_may_run_from_the_cache() {
        no_fix(&RULE, "FROM node:22\nRUN yarn install --immutable\n");
    }

    #[test]
    fn silent_with_a_mount_and_in_a_builder() {
        silent(&RULE, "FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n");
        silent(&RULE, "FROM node:22 AS b\nRUN npm ci\nFROM node:22\nCOPY --from=b /a /a\n");
        silent(&RULE, "FROM node:22\nRUN pnpm install\n");
    }
}
