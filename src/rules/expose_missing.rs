//! The server's port is not written down with EXPOSE.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::Model;
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "expose-missing",
    title: "Nothing says which port the app uses",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["DF022"],
    taught: &[
        Section::docker("Production Dockerfile"),
        Section::flask("Creating the Production Dockerfile"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(port) = model.port() else { return };
    if model.final_steps().any(|(_, step)| step.keyword() == Keyword::Expose)
        || !model.exposed().is_empty()
    {
        return;
    }
    let line = format!("EXPOSE {port}");
    let Some((offset, edit)) = model.runtime_line(&line) else { return };
    let message =
        format!("Your app listens on port {port} but the image does not say so; add `{line}`.");
    let fix = Fix::new(format!("Add `{line}`"), edit.into()).in_phase(Phase::Runtime);
    report.missing(&RULE, offset, message).fix(fix);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn a_server_with_a_known_port() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
COPY . .
# < Your app listens on port 8000 but the image does not say so
CMD [\"uvicorn\", \"main:app\"]
",
        );
        check(
            &RULE,
            "\
FROM python:3.11-slim
ENV FLASK_RUN_PORT=5001
COPY . .
# < Your app listens on port 5001
ENTRYPOINT [\"flask\"]
CMD [\"run\", \"--host=0.0.0.0\"]
",
        );
    }

    #[test]
    fn goes_above_what_ends_the_stage() {
        let before = "FROM python:3.11-slim\nCOPY . .\n\n# how it runs\nHEALTHCHECK CMD curl localhost\nCMD gunicorn -b :5000 app:app";
        let after = "FROM python:3.11-slim\nCOPY . .\n\nEXPOSE 5000\n# how it runs\nHEALTHCHECK CMD curl localhost\nCMD gunicorn -b :5000 app:app";
        check_fix(&RULE, before, after);
        silent(&RULE, after);
    }

    #[test]
    fn goes_to_the_end_where_the_command_stands_higher() {
        check_fix(
            &RULE,
            "FROM python:3.11-slim AS base\nCMD [\"uvicorn\", \"a:b\"]\nFROM base\nRUN true",
            "FROM python:3.11-slim AS base\nCMD [\"uvicorn\", \"a:b\"]\nFROM base\nRUN true\nEXPOSE 8000\n",
        );
    }

    #[test]
    fn silent_with_any_expose_in_the_chain() {
        silent(
            &RULE,
            "FROM python:3.11 AS base\nEXPOSE $PORT\nFROM base\nCMD [\"uvicorn\", \"a:b\"]\n",
        );
    }

    #[test]
    fn silent_where_the_port_is_not_known() {
        silent(&RULE, "FROM python:3.11\nCMD [\"sh\", \"-c\", \"uvicorn a:b --port $PORT\"]\n");
        silent(&RULE, "FROM python:3.11\nCMD [\"gunicorn\", \"-c\", \"conf.py\", \"app:app\"]\n");
        silent(&RULE, "FROM python:3.11\nCMD [\"uvicorn\", \"a:b\", \"--uds\", \"/run/s\"]\n");
    }

    #[test]
    fn silent_on_what_is_no_server() {
        silent(&RULE, "FROM python:3.11\nCMD [\"python\", \"worker.py\"]\n");
        silent(&RULE, "FROM python:3.11\nCMD [\"celery\", \"-A\", \"app\", \"worker\"]\n");
        silent(&RULE, "FROM nginx:1.27\n");
    }
}
