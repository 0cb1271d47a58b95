//! A server without HEALTHCHECK: running is not the same as answering.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Family, Launch, Manager, Model, Tool, is_in};
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
    } else if model.final_image().is_some_and(|(_, image)| image.family() == Some(Family::Windows))
    {
        finding.advice("Windows images are not rewritten here. Probe with PowerShell where the image has it, else with a mode of your program that asks itself.");
    } else {
        finding.advice("Probe with a program that is in the image: the language itself can open a connection, while slim images have no curl.");
    }
}

/// Servers of pages whose ports stand in a file of settings.
const WEB: &str = "nginx apache";

/// Where the server listens; for a program that may be one, or whose settings lie in a file, the one port that EXPOSE
/// names.
fn port(model: &Model, launch: &Launch<'_>) -> Option<u16> {
    match launch.server() {
        Some(server) if is_in(WEB, server.name) => exposed(model).or_else(|| model.port()),
        Some(server) if server.language != "node" => model.port(),
        _ => model.port().or_else(|| exposed(model)),
    }
}

/// The one port that EXPOSE names.
fn exposed(model: &Model) -> Option<u16> {
    let mut ports = model.exposed();
    ports.retain(|(_, word)| word.is_some());
    match ports.as_slice() {
        [(port, _)] => Some(*port),
        _ => None,
    }
}

/// The command that probes, in the language or with the program that is in the final image for sure. It asks a page
/// that is known to answer, else it opens a connection.
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
    let is_web = launch.server().is_some_and(|server| is_in(WEB, server.name))
        && exposed(model) == Some(port);
    if language.is_empty()
        && (official == "alpine" || (is_web && image.has(Tool::Apk) == Some(true)))
    {
        return Some(format!("nc -z 127.0.0.1 {port}"));
    }
    if is_web && image.has(Tool::Curl) == Some(true) {
        // Any answer will do, unless the page is known.
        let (option, path) = path.map_or(("-sS", "/"), |path| ("-fsS", path));
        return Some(format!(
            "curl {option} -o /dev/null 'http://127.0.0.1:{port}{path}' || exit 1"
        ));
    }
    if language.is_empty() && official == "debian" {
        return Some(format!("bash -c 'exec 3<>/dev/tcp/127.0.0.1/{port}'"));
    }
    // Where pip ran, there is a Python to run it.
    let has_pip = || {
        model
            .final_steps()
            .any(|(_, step)| step.installs.iter().any(|one| one.manager == Manager::Pip))
    };
    let python = match launch.interpreter() {
        _ if official == "python" => "python",
        Some(python) => python,
        None if language == "python" && has_pip() => "python3",
        None => return None,
    };
    let code = match path {
        Some(path) => format!(
            "import urllib.request; urllib.request.urlopen('http://127.0.0.1:{port}{path}', timeout=2)"
        ),
        None => {
            format!("import socket; socket.create_connection(('127.0.0.1', {port}), 2).close()")
        }
    };
    Some(if image.has(Tool::Shell) == Some(true) {
        format!("{python} -c \"{code}\"")
    } else {
        // Without a shell only a list of words is started.
        format!("[\"{python}\", \"-c\", \"{code}\"]")
    })
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
    fn in_the_letters_of_the_file() {
        check_fix(
            &RULE,
            "from debian:12\nexpose 80\ncmd [\"./a\"]\n",
            "from debian:12\nexpose 80\nhealthcheck --interval=30s --timeout=3s --start-period=5s --retries=3 \\\n    cmd bash -c 'exec 3<>/dev/tcp/127.0.0.1/80'\ncmd [\"./a\"]\n",
        );
    }

    #[test]
    fn asks_the_page_that_was_named() {
        let mut input =
            Input::new("FROM acme/py\nCMD [\"python3\", \"-m\", \"uvicorn\", \"main:app\"]\n");
        for (path, call) in [
            (
                "/health",
                "    CMD [\"python3\", \"-c\", \"import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/health', timeout=2)\"]\n",
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
    fn asks_a_web_server_with_what_its_image_has() {
        let start = "EXPOSE 80\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n";
        for (image, probe) in [
            ("nginx:1.27", "curl -sS -o /dev/null 'http://127.0.0.1:80/' || exit 1"),
            ("nginx:1.27-alpine", "nc -z 127.0.0.1 80"),
        ] {
            check_fix(
                &RULE,
                &format!("FROM {image}\n{start}"),
                &format!(
                    "FROM {image}\nEXPOSE 80\nHEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\\n    CMD {probe}\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n"
                ),
            );
        }
        // A file of settings may say another port than its own.
        no_fix(&RULE, "FROM nginx:1.27\nCOPY nginx.conf /etc/nginx/\nCMD [\"nginx\"]\n");
    }

    #[test]
    fn a_list_of_words_where_there_may_be_no_shell() {
        for (image, run, python) in [
            ("cgr.dev/chainguard/python:latest", "", "python -m "),
            ("acme/base", "RUN pip install uvicorn\n", ""),
        ] {
            let words: Vec<_> = format!("{python}uvicorn main:app")
                .split(' ')
                .map(|word| format!("\"{word}\""))
                .collect();
            let (start, program) =
                (words.join(", "), if run.is_empty() { "python" } else { "python3" });
            check_fix(
                &RULE,
                &format!("FROM {image}\n{run}CMD [{start}]\n"),
                &format!(
                    "FROM {image}\n{run}HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\\n    CMD [\"{program}\", \"-c\", \"import socket; socket.create_connection(('127.0.0.1', 8000), 2).close()\"]\nCMD [{start}]\n"
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
