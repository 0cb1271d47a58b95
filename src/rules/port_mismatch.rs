//! EXPOSE, the health check and the server name different ports.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::Model;
use crate::syntax::{Keyword, Kind};
use crate::text::TextRange;

pub(super) const RULE: Rule = Rule {
    id: "port-mismatch",
    title: "The ports do not agree",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[
        Section::docker("Complete Production Dockerfile"),
        Section::flask("Creating the Production Dockerfile"),
    ],
    check,
};

const ADVICE: &str =
    "Decide on one port and write it in the command, in `EXPOSE` and in the health check.";

fn check(model: &Model, report: &mut Report) {
    let Some(_) = model.launch().filter(|launch| !launch.is_compound) else { return };
    let Some(port) = model.port().filter(|_| !hides_a_port(model)) else { return };
    let exposed = model.exposed();
    let is_exposed = |port: u16| exposed.iter().any(|(one, _)| *one == port);
    if let Some(&(other, Some(word))) = exposed.first().filter(|_| !is_exposed(port)) {
        let message = format!(
            "Your app listens on port {port}, but `EXPOSE` names {other}; write the same port in both."
        );
        report.at(&RULE, word.range, message).advice(ADVICE);
    }
    if let Some((asked, range)) = asked(model).filter(|(asked, _)| *asked != port)
        && !is_exposed(asked)
    {
        let message = format!(
            "The health check asks port {asked}, but your app listens on {port}, so the container never becomes healthy."
        );
        report.at(&RULE, range, message).advice(ADVICE);
    }
}

/// Whether a variable stands in for what EXPOSE names.
fn hides_a_port(model: &Model) -> bool {
    model.final_steps().any(|(stage, step)| match &step.instruction.kind {
        Kind::Expose(words) => {
            words.iter().any(|word| model.expand(stage, step.index, word).is_none())
        }
        _ => false,
    })
}

/// The port that the last HEALTHCHECK asks on the container itself, and where it stands.
fn asked(model: &Model) -> Option<(u16, TextRange)> {
    let mut steps = model.final_steps();
    let (_, step) = steps.rfind(|(_, step)| step.keyword() == Keyword::Healthcheck)?;
    let range = step.instruction.arguments;
    let text = range.of(model.text());
    for host in ["localhost:", "127.0.0.1:", "127.0.0.1', ", "localhost', "] {
        let Some(at) = text.find(host) else { continue };
        let rest = text.get(at + host.len()..)?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        let start = range.start + at + host.len();
        if let Ok(port) = digits.parse() {
            return Some((port, TextRange::new(start, start + digits.len())));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn each_place_that_disagrees() {
        check(
            &RULE,
            "\
FROM python:3.11
EXPOSE 80/tcp
#      ^^^^^^ Your app listens on port 8000, but `EXPOSE` names 80
HEALTHCHECK CMD curl -f http://localhost:5000/health
#                                        ^^^^ The health check asks port 5000, but your app listens on 8000
CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\"]
",
        );
        check(
            &RULE,
            "\
FROM node:22
ENV PORT=3000
EXPOSE 8080
#      ^^^^ Your app listens on port 3000
CMD [\"node\", \"app.js\"]
",
        );
        no_fix(&RULE, "FROM a\nEXPOSE 5000\nCMD flask run -p 5001\n");
    }

    #[test]
    fn reads_the_ports_of_a_probe_in_python() {
        check(
            &RULE,
            "\
FROM python:3.11
HEALTHCHECK CMD python -c \"import socket; socket.create_connection(('127.0.0.1', 8001), 2).close()\"
#                                                                                ^^^^ The health check asks port 8001
CMD [\"uvicorn\", \"main:app\"]
",
        );
    }

    #[test]
    fn silent_where_they_agree_or_are_not_known() {
        for (why, lines) in [
            ("agree", "EXPOSE 8000\nHEALTHCHECK CMD curl localhost:8000\nCMD uvicorn a:b"),
            ("one of several", "EXPOSE 9000 8000\nCMD uvicorn a:b"),
            ("a range", "EXPOSE 8000-8010\nCMD uvicorn a:b --port 8004"),
            ("a variable", "EXPOSE $PORT\nCMD uvicorn a:b"),
            ("a variable", "EXPOSE 80\nCMD [\"sh\", \"-c\", \"uvicorn a:b --port $PORT\"]"),
            ("a second server", "EXPOSE 80\nCMD nginx && uvicorn a:b"),
            ("no server", "EXPOSE 80\nCMD node app.js"),
            (
                "a port for probes",
                "EXPOSE 8000 9000\nHEALTHCHECK CMD curl localhost:9000\nCMD uvicorn a:b",
            ),
            ("another host", "HEALTHCHECK CMD curl db:5432\nCMD uvicorn a:b"),
            ("nothing exposed", "CMD uvicorn a:b"),
        ] {
            silent(&RULE, &format!("FROM a\nARG PORT\n{lines}\n# {why}\n"));
        }
    }
}
