//! A server without HEALTHCHECK: running is not the same as answering.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Family, Launch, Model};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "healthcheck-missing",
    title: "Docker cannot tell whether your app works",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["DL3057", "CIS-DI-0006", "DF012"],
    taught: &[Section::docker("Health Checks"), Section::docker("Common Mistakes")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let has_one = model.final_steps().any(|(_, step)| step.keyword() == Keyword::Healthcheck);
    let Some(launch) = model.launch().filter(|_| !has_one) else { return };
    let Some(port) = port(model, &launch) else { return };
    let language = launch.server().map_or("", |server| server.language);
    let message = format!(
        "Docker sees that the process runs, not that it answers; add a HEALTHCHECK that connects to port {port}."
    );
    let probe = probe(model, &launch, language, port);
    // Of a program that is not known, EXPOSE alone says that it answers.
    if launch.server().is_none() && probe.is_none() {
        return;
    }
    let lines = [
        format!(
            "HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 {}",
            model.escape()
        ),
        format!("    CMD {}", probe.as_deref().unwrap_or_default()),
    ];
    let Some((place, edit)) = model.line_above_last(&[Keyword::Cmd, Keyword::Entrypoint], &lines)
    else {
        return;
    };
    let finding = report.missing(&RULE, place, message);
    if probe.is_some() {
        let fix = Fix::new("Add a HEALTHCHECK", edit.into()).in_phase(Phase::Runtime);
        finding.fix(fix.assuming(format!("The server answers on port {port}.")));
    } else {
        finding.advice("Probe with a program that is in the image: the language itself can open a connection, while slim images have no curl.");
    }
}

/// Where the server listens; for a program that may be one, the one port that EXPOSE names, where nothing else says it.
fn port(model: &Model, launch: &Launch<'_>) -> Option<u16> {
    let is_open = launch.server().is_none_or(|server| server.language == "node");
    let exposed = || match model.exposed().as_slice() {
        [(port, Some(_))] => Some(*port),
        _ => None,
    };
    model.port().or_else(|| if is_open { exposed() } else { None })
}

/// The command that probes, in the language that is in the final image for sure. It asks a page that is known to
/// answer, else it opens a connection.
fn probe(model: &Model, launch: &Launch, language: &str, port: u16) -> Option<String> {
    let (_, image) = model.final_image()?;
    if matches!(image.family(), Some(Family::Distroless | Family::Windows)) {
        return None;
    }
    let official = image.official().unwrap_or_default();
    let is_plain = |path: &&str| {
        path.starts_with('/')
            && path.chars().all(|c| c.is_ascii_alphanumeric() || "/-_.~?=&%".contains(c))
    };
    let path = model.choices().health_path.as_deref().filter(is_plain);
    if official == "node" && matches!(language, "node" | "") {
        let code = match path {
            Some(path) => format!(
                "require('http').get('http://127.0.0.1:{port}{path}', r => process.exit(r.statusCode < 400 ? 0 : 1))"
            ),
            None => format!(
                "require('net').connect({port}, '127.0.0.1').on('connect', () => process.exit())"
            ),
        };
        return Some(format!("node -e \"{code}.on('error', () => process.exit(1))\""));
    }
    if language.is_empty() && official == "debian" {
        return Some(format!("bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'"));
    }
    if language.is_empty() && official == "alpine" {
        return Some(format!("nc -z 127.0.0.1 {port}"));
    }
    let python = if official == "python" { "python" } else { launch.interpreter()? };
    let code = match path {
        Some(path) => format!(
            "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}{path}', timeout=2)"
        ),
        None => {
            format!("import socket; socket.create_connection(('127.0.0.1', {port}), 2).close()")
        }
    };
    Some(format!("{python} -c \"{code}\""))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::input::Input;

    #[test]
    fn the_place_is_above_the_command() {
        check(
            &RULE,
            "\
FROM python:3.11
EXPOSE 8000
# < Docker sees that the process runs, not that it answers; add a HEALTHCHECK that connects to port 8000.
CMD [\"uvicorn\", \"main:app\"]
",
        );
    }

    #[test]
    fn opens_a_connection() {
        check_fix(
            &RULE,
            "FROM python:3.11\nEXPOSE 5000\n\n# Start\nCMD [\"flask\", \"run\"]\n",
            "FROM python:3.11\nEXPOSE 5000\n\nHEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\\n    CMD python -c \"import socket; socket.create_connection(('127.0.0.1', 5000), 2).close()\"\n# Start\nCMD [\"flask\", \"run\"]\n",
        );
    }

    #[test]
    fn asks_the_page_that_was_named() {
        let mut input =
            Input::new("FROM acme/py\nCMD [\"python3\", \"-m\", \"uvicorn\", \"main:app\"]\n");
        for (path, call) in [
            (
                "/health",
                "    CMD python3 -c \"import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)\"\n",
            ),
            ("/$(reboot)", "create_connection"),
            ("no slash", "create_connection"),
        ] {
            input.choices.health_path = Some(path.to_owned());
            let fix = findings(&RULE, &input)[0].fix.clone().unwrap();
            let text = fix.edits().unwrap().apply(&input.dockerfile);
            assert!(text.contains(call), "{text}");
        }
    }

    #[test]
    fn probes_with_node() {
        check_fix(
            &RULE,
            "FROM node:22-slim\nEXPOSE 3000\nCMD [\"node\", \"app.js\"]\n",
            "FROM node:22-slim\nEXPOSE 3000\nHEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\\n    CMD node -e \"require('net').connect(3000, '127.0.0.1').on('connect', () => process.exit()).on('error', () => process.exit(1))\"\nCMD [\"node\", \"app.js\"]\n",
        );
    }

    #[test]
    fn probes_a_program_with_what_is_there() {
        for (image, program, probe) in [
            ("debian:trixie-slim", "./server", "bash -c 'exec 3<>/dev/tcp/127.0.0.1/8080'"),
            ("alpine:3.22", "./server", "nc -z 127.0.0.1 8080"),
            (
                "python:3.12-slim",
                "app.py",
                "python -c \"import socket; socket.create_connection(('127.0.0.1', 8080), 2).close()\"",
            ),
        ] {
            check_fix(
                &RULE,
                &format!("FROM {image}\nEXPOSE 8080\nCMD [\"{program}\"]\n"),
                &format!(
                    "FROM {image}\nEXPOSE 8080\nHEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\\n    CMD {probe}\nCMD [\"{program}\"]\n"
                ),
            );
        }
    }

    #[test]
    fn no_python_no_fix() {
        no_fix(&RULE, "FROM acme/py\nCMD [\"uvicorn\", \"main:app\"]\n");
        no_fix(
            &RULE,
            "FROM gcr.io/distroless/python3\nCMD [\"python3\", \"-m\", \"uvicorn\", \"main:app\"]\n",
        );
    }

    #[test]
    fn silent_where_nobody_would_ask() {
        for (why, text) in [
            ("there is one", "FROM a\nHEALTHCHECK CMD true\nCMD uvicorn main:app\n"),
            ("switched off", "FROM a\nHEALTHCHECK NONE\nCMD uvicorn main:app\n"),
            ("inherited", "FROM a AS b\nHEALTHCHECK CMD true\nFROM b\nCMD uvicorn main:app\n"),
            ("a worker", "FROM a\nCMD celery -A app worker\n"),
            ("a job", "FROM python:3.11\nCMD [\"python\", \"job.py\"]\n"),
            ("nothing started", "FROM python:3.11\n"),
            ("an unknown tool", "FROM acme\nEXPOSE 80\nCMD [\"./server\"]\n"),
            ("two ports", "FROM debian\nEXPOSE 80 81\nCMD [\"./server\"]\n"),
            ("no port", "FROM node:22\nCMD [\"node\", \"job.js\"]\n"),
            ("a socket", "FROM a\nCMD gunicorn --bind unix:/run/a.sock app:app\n"),
            ("a socket", "FROM a\nCMD uvicorn --uds /run/a.sock main:app\n"),
            ("a port from outside", "FROM a\nCMD uvicorn main:app --port $PORT\n"),
        ] {
            silent(&RULE, &format!("{text}# {why}\n"));
        }
    }
}
