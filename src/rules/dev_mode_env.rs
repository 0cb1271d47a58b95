//! Variables of the final image that ask for development behaviour.

use std::collections::BTreeMap;

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Model, Variable};
use crate::syntax::Keyword;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "dev-mode-env",
    title: "The app runs with development settings",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security, Buys::Stability],
    aliases: &[],
    taught: &[
        Section::flask("Why set `FLASK_ENV=production`?"),
        Section::flask("Key Differences: Development vs Production"),
    ],
    check,
};

/// Names, values that ask for development, and the value for production.
const MODES: [(&[&str], &[&str], &str); 3] = [
    (&["FLASK_ENV", "NODE_ENV", "RAILS_ENV", "RACK_ENV"], &["development", "dev"], "production"),
    (&["APP_ENV"], &["development", "dev", "local"], "production"),
    (&["ASPNETCORE_ENVIRONMENT", "DOTNET_ENVIRONMENT"], &["development"], "Production"),
];

/// Switches that are off unless they are set to one of [`ON`].
const SWITCHES: [&str; 5] = ["FLASK_DEBUG", "DEBUG", "DJANGO_DEBUG", "APP_DEBUG", "PYTHONDEVMODE"];
const ON: [&str; 5] = ["1", "true", "yes", "on", "t"];

/// Flask reads these two and nothing else of the app depends on them.
const SAFE: [&str; 2] = ["FLASK_ENV", "FLASK_DEBUG"];

fn check(model: &Model, report: &mut Report) {
    if model.is_for_development() {
        return;
    }
    // By name, so that only the last value counts: it is the one that reaches the app.
    let mut last = BTreeMap::new();
    for variable in model.final_variables() {
        last.insert(variable.pair.key.text.as_str(), variable);
    }
    for (name, variable) in last {
        let Some(value) = variable.value.as_deref() else { continue };
        let value = value.to_ascii_lowercase();
        let mode = MODES
            .iter()
            .find(|(names, values, _)| names.contains(&name) && values.contains(&value.as_str()));
        if let Some(&(_, _, production)) = mode {
            replace(model, &variable, production, report);
        } else if SWITCHES.contains(&name) && ON.contains(&value.as_str()) {
            remove(model, &variable, report);
        }
    }
}

fn replace(model: &Model, variable: &Variable<'_>, production: &str, report: &mut Report) {
    let (pair, name) = (variable.pair, &variable.pair.key.text);
    let message = format!(
        "`{}` asks for development behaviour, such as detailed error pages; set it to `{production}`.",
        shown(variable)
    );
    let finding = report.at(&RULE, pair.range, message);
    let value = pair.value.as_ref().filter(|value| value.is_literal());
    if name == "NODE_ENV" && runs_after(model, variable) {
        finding.advice("With `NODE_ENV=production` npm leaves out what only a build needs. Set it below the last RUN that installs or builds.");
        return;
    }
    match value
        .and_then(|value| model.part_of(value, &value.text))
        .filter(|_| is_own(model, variable))
    {
        Some(range) => {
            let edit = TextEdit::replace(range, production);
            let fix = Fix::new(format!("Set `{name}` to `{production}`"), edit.into());
            finding.fix(safe_or_ask(name, fix));
            if name == "FLASK_ENV" {
                finding.advice("Flask 2.3 and later ignores `FLASK_ENV`. What turns debug mode on today is `FLASK_DEBUG` or `--debug`.");
            }
        }
        None => {
            finding.advice(format!("Write `ENV {name}={production}` in the final stage."));
        }
    }
}

fn remove(model: &Model, variable: &Variable<'_>, report: &mut Report) {
    let (pair, name) = (variable.pair, &variable.pair.key.text);
    let message = format!(
        "`{}` turns debug mode on, which shows visitors your code; remove it.",
        shown(variable)
    );
    let message = if name == "PYTHONDEVMODE" {
        format!(
            "`{}` makes Python check and warn far more, which slows the app down; remove it.",
            shown(variable)
        )
    } else {
        message
    };
    let finding = report.at(&RULE, pair.range, message);
    let edits = model
        .holder(pair.range)
        .filter(|_| is_own(model, variable))
        .and_then(|(_, step)| model.delete_pair(step.instruction, pair));
    match edits {
        Some(edits) => {
            finding.fix(safe_or_ask(name, Fix::new(format!("Remove `{name}`"), edits)));
        }
        None => {
            finding.advice(format!("Keep `{name}` in the stage that you develop with only."));
        }
    }
}

fn safe_or_ask(name: &str, fix: Fix) -> Fix {
    if SAFE.contains(&name) {
        fix
    } else {
        fix.assuming(
            "The app finds what it needs for production, such as keys, host names and a database.",
        )
    }
}

/// `NAME=value` as the app sees it.
fn shown(variable: &Variable<'_>) -> String {
    format!("{}={}", variable.pair.key.text, variable.value.as_deref().unwrap_or_default())
}

/// Whether no stage outside the final image would lose the variable.
fn is_own(model: &Model, variable: &Variable<'_>) -> bool {
    model.holder(variable.pair.range).is_some_and(|(stage, _)| !model.is_shared(stage))
}

fn runs_after(model: &Model, variable: &Variable<'_>) -> bool {
    model.final_steps().any(|(_, step)| {
        step.keyword() == Keyword::Run && step.instruction.range.start > variable.pair.range.start
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Applicability;
    use crate::input::Input;

    fn applicability(env: &str) -> Option<Applicability> {
        let found = findings(&RULE, &Input::new(format!("FROM python:3.11\nENV {env}\n")));
        Some(found.first()?.fix.as_ref()?.applicability)
    }

    #[test]
    fn development_values_in_the_final_image() {
        check(
            &RULE,
            "\
FROM python:3.11 AS base
ENV LANG=C FLASK_ENV=development
#          ^^^^^^^^^^^^^^^^^^^^^ `FLASK_ENV=development` asks for development behaviour
FROM base
ENV DEBUG True
#   ^^^^^^^^^^ `DEBUG=True` turns debug mode on, which shows visitors your code
",
        );
        check(
            &RULE,
            "\
ARG MODE
FROM node:20
ARG MODE=development
ENV NODE_ENV=$MODE
#   ^^^^^^^^^^^^^^ `NODE_ENV=development` asks for
",
        );
    }

    #[test]
    fn sets_the_value_for_production() {
        for (before, after) in [
            ("FLASK_ENV=development", "FLASK_ENV=production"),
            ("FLASK_ENV development", "FLASK_ENV production"),
            ("A=b APP_ENV=\"local\" C=d", "A=b APP_ENV=\"production\" C=d"),
            ("ASPNETCORE_ENVIRONMENT=Development", "ASPNETCORE_ENVIRONMENT=Production"),
        ] {
            let after = format!("FROM python:3.11\nENV {after}\n");
            check_fix(&RULE, &format!("FROM python:3.11\nENV {before}\n"), &after);
            silent(&RULE, &after);
        }
    }

    #[test]
    fn removes_the_switch() {
        check_fix(
            &RULE,
            "FROM python:3.11\nENV FLASK_DEBUG=1\nCMD flask run\n",
            "FROM python:3.11\nCMD flask run\n",
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nENV FLASK_DEBUG=1 \\\n    A=b\n",
            "FROM python:3.11\nENV A=b\n",
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nENV A=b \\\n    PYTHONDEVMODE=1\n",
            "FROM python:3.11\nENV A=b\n",
        );
    }

    #[test]
    fn only_flask_s_own_variables_are_safe() {
        assert_eq!(applicability("FLASK_ENV=development"), Some(Applicability::Safe));
        assert_eq!(applicability("FLASK_DEBUG=true"), Some(Applicability::Safe));
        assert_eq!(applicability("DEBUG=1"), Some(Applicability::Ask));
        assert_eq!(applicability("RAILS_ENV=development"), Some(Applicability::Ask));
    }

    #[test]
    fn no_edit_where_npm_still_installs() {
        no_fix(&RULE, "FROM node:20\nENV NODE_ENV=development\nRUN npm ci\nCMD node a.js\n");
        check_fix(
            &RULE,
            "FROM node:20\nRUN npm ci\nENV NODE_ENV=development\n",
            "FROM node:20\nRUN npm ci\nENV NODE_ENV=production\n",
        );
    }

    #[test]
    fn no_edit_where_another_stage_has_it_too() {
        let base = "FROM python:3.11 AS base\nENV FLASK_ENV=development FLASK_DEBUG=1\n";
        no_fix(&RULE, &format!("{base}FROM base AS dev\nFROM base AS prod\n"));
    }

    #[test]
    fn silent_where_a_later_value_counts() {
        silent(
            &RULE,
            "FROM python:3.11 AS dev\nENV FLASK_ENV=development\nFROM dev\nENV FLASK_ENV=production\n",
        );
    }

    #[test]
    fn silent_in_a_builder_or_a_dev_stage() {
        silent(&RULE, "FROM node:20 AS build\nENV NODE_ENV=development\nFROM nginx:1.27\n");
        silent(&RULE, "FROM python:3.11 AS dev\nENV FLASK_ENV=development\n");
    }

    #[test]
    fn silent_on_other_values() {
        silent(&RULE, "FROM node:20\nENV DEBUG=app:*\n");
        silent(&RULE, "FROM python:3.11\nENV FLASK_DEBUG=0 DEBUG=\"\"\n");
        silent(&RULE, "FROM node:20\nARG MODE\nENV NODE_ENV=$MODE\n");
    }
}
