//! Python collects its output before it hands it on.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::Model;
use crate::syntax::Keyword;
use crate::text::TextEdit;

const NAME: &str = "PYTHONUNBUFFERED";

pub(super) const RULE: Rule = Rule {
    id: "python-output-buffered",
    title: "Log lines arrive late or get lost",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["DF032"],
    taught: &[Section::flask("Why set `PYTHONUNBUFFERED=1`?")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch() else { return };
    if !launch.is_python() || launch.is_unbuffered() {
        return;
    }
    let Some(variable) = model.final_env(NAME) else { return missing(model, report) };
    let (Some("" | "0"), Some(word)) = (variable.value.as_deref(), &variable.pair.value) else {
        return;
    };
    let message = format!(
        "With this value `{NAME}` is off, and Python holds back what your app prints; set it to `1`."
    );
    let finding = report.at(&RULE, variable.pair.range, message);
    if word.is_literal() {
        let edit = TextEdit::replace(word.range, "1");
        finding.fix(Fix::new(format!("Set `{NAME}` to `1`"), edit.into()));
    } else {
        finding.advice(format!("Write `{NAME}=1` here."));
    }
}

fn missing(model: &Model, report: &mut Report) {
    let Some(stage) = model.final_stage() else { return };
    let mut steps = stage.steps.iter().map(|step| step.instruction);
    let workdir = steps.find(|instruction| instruction.keyword == Some(Keyword::Workdir));
    let above = workdir.unwrap_or(stage.from);
    let line = format!("ENV {NAME}=1");
    let message = format!(
        "Python holds back what your app prints until a buffer is full; add `{line}` and lines appear at once."
    );
    let edit = model.insert_below(above, std::slice::from_ref(&line));
    let fix = Fix::new(format!("Add `{line}`"), edit.into()).in_phase(Phase::Runtime);
    report.missing(&RULE, model.line_end(above), message).fix(fix);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn python_without_the_variable() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
WORKDIR /app
# < Python holds back what your app prints
COPY . .
CMD [\"uvicorn\", \"main:app\"]
",
        );
        check(
            &RULE,
            "\
FROM debian:12
# < Python holds back
COPY app.py .
CMD python3 app.py
",
        );
    }

    #[test]
    fn a_value_that_switches_it_off() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
ENV PYTHONUNBUFFERED=0 A=b
#   ^^^^^^^^^^^^^^^^^^ With this value
CMD [\"gunicorn\", \"app:app\"]
",
        );
        let cmd = "CMD [\"gunicorn\", \"app:app\"]\n";
        check_fix(
            &RULE,
            &format!("FROM python:3.11\nENV PYTHONUNBUFFERED=\n{cmd}"),
            &format!("FROM python:3.11\nENV PYTHONUNBUFFERED=1\n{cmd}"),
        );
        no_fix(&RULE, &format!("FROM python:3.11\nENV E=0\nENV PYTHONUNBUFFERED=$E\n{cmd}"));
    }

    #[test]
    fn adds_the_line_in_the_final_stage() {
        let before = "FROM python:3.11 AS b\nWORKDIR /app\nFROM python:3.11-slim\r\nCOPY . .\r\nWORKDIR /app\r\nWORKDIR /x\r\nCMD flask run";
        let after = "FROM python:3.11 AS b\nWORKDIR /app\nFROM python:3.11-slim\r\nCOPY . .\r\nWORKDIR /app\r\nENV PYTHONUNBUFFERED=1\r\nWORKDIR /x\r\nCMD flask run";
        check_fix(&RULE, before, after);
        silent(&RULE, after);
    }

    #[test]
    fn silent_when_set_in_a_stage_below_or_with_others() {
        silent(
            &RULE,
            "FROM python:3.11 AS base\nENV A=b PYTHONUNBUFFERED=no\nFROM base\nCMD python a.py\n",
        );
        silent(&RULE, "FROM python:3.11\nARG U\nENV PYTHONUNBUFFERED=$U\nCMD python a.py\n");
    }

    #[test]
    fn silent_with_python_u() {
        silent(&RULE, "FROM python:3.11\nCMD [\"python\", \"-u\", \"app.py\"]\n");
        silent(&RULE, "FROM python:3.11\nCMD [\"python3\", \"-Bu\", \"-m\", \"app\"]\n");
    }

    #[test]
    fn silent_where_python_does_not_run() {
        silent(&RULE, "FROM node:20\nCMD [\"node\", \"app.js\"]\n");
        silent(&RULE, "FROM python:3.11\n");
    }
}
