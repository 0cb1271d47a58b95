//! A stage that nothing takes from.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Base, Model, Stage};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "unused-stage",
    title: "Docker leaves this stage out",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["tally/no-unreachable-stages"],
    taught: &[],
    check,
};

/// How many kinds of names with a variable are looked at.
const MOST: usize = 20;

fn check(model: &Model, report: &mut Report) {
    let begins = starts_of_names(model);
    for (stage, _) in model.stages().iter().zip(used(model)).filter(|(_, is_used)| !is_used) {
        let starts = stage.last_of(Keyword::Cmd).or(stage.last_of(Keyword::Entrypoint));
        // A stage that starts something, or is for developers, is there to be chosen.
        if model.is_in_final(stage)
            || starts.is_some()
            || stage.is_for_development()
            || may_be_meant(stage, &begins)
        {
            continue;
        }
        let name = stage.name.unwrap_or(stage.image);
        let message = format!(
            "Nothing is copied from `{}` and nothing builds on it, so Docker skips the stage unless a build asks for it with `--target`.",
            name.text
        );
        report.at(&RULE, name.range, message).advice(
            "Copy from it with `COPY --from`, or delete the stage. A stage that only runs checks is built with `docker build --target`.",
        );
    }
}

/// How each name begins that a FROM puts together from a variable: `base-` of `base-${TARGETARCH}`.
fn starts_of_names<'m>(model: &'m Model) -> Vec<&'m str> {
    let unknown = model.stages().iter().filter(|stage| stage.base == Base::Unknown);
    let mut starts: Vec<&str> =
        unknown.filter_map(|stage| stage.image.text.split('$').next()).collect();
    starts.sort_unstable();
    starts.dedup();
    starts.truncate(MOST);
    starts
}

/// Whether a FROM may name it by a variable.
fn may_be_meant(stage: &Stage, starts: &[&str]) -> bool {
    let fits = |name: &str, start: &str| {
        name.get(..start.len()).is_some_and(|front| front.eq_ignore_ascii_case(start))
    };
    stage.name.is_some_and(|name| starts.iter().any(|start| fits(&name.text, start)))
}

/// By stage: whether another one builds on it, copies from it or mounts it.
fn used(model: &Model) -> Vec<bool> {
    let mut is_used = vec![false; model.stages().len()];
    let mut note = |index: usize| is_used.get_mut(index).map_or((), |used| *used = true);
    for stage in model.stages() {
        if let Base::Stage(parent) = stage.base {
            note(parent);
        }
        for step in &stage.steps {
            let mounted = step.mounts.iter().filter_map(|mount| model.stage_of_mount(mount));
            mounted.chain(model.stage_copied(step)).for_each(|stage| note(stage.index));
        }
    }
    is_used
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_input, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

    #[test]
    fn nothing_takes_from_it() {
        check(
            &RULE,
            "\
FROM node:22 AS assets
#               ^^^^^^ Nothing is copied from `assets`
RUN npm run build
FROM golang:1.25
#    ^^^^^^^^^^^ Nothing is copied from `golang:1.25`
FROM nginx:1.29
",
        );
        no_fix(&RULE, "FROM a\nFROM b\n");
    }

    #[test]
    fn another_target_leaves_others_out() {
        let text = "\
FROM a AS one
FROM a AS two
#         ^^^ Nothing is copied from `two`
";
        check_input(&RULE, &Input { target: Some("one".to_owned()), ..Input::new(text) });
    }

    #[test]
    fn silent_where_somebody_takes_from_it() {
        silent(&RULE, "FROM a AS one\nFROM one AS two\nFROM b\nCOPY --from=two /a /a\n");
        silent(&RULE, "FROM a AS one\nFROM b\nRUN --mount=from=one,target=/x make\n");
    }

    #[test]
    fn silent_where_a_variable_may_name_it() {
        silent(&RULE, "FROM a AS base-amd64\nFROM b AS base-arm64\nFROM base-${TARGETARCH}\n");
    }

    #[test]
    fn silent_where_it_is_there_to_be_chosen() {
        silent(&RULE, "FROM a AS base\nFROM base AS test\nRUN make\nFROM base\n");
        silent(&RULE, "FROM a AS worker\nCMD [\"work\"]\nFROM a AS web\nCMD [\"serve\"]\n");
    }
}
