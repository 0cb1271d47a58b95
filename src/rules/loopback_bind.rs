//! The server listens inside the container only.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Launch, Model, Server};
use crate::syntax::Word;
use crate::text::TextEdit;

const ALL: &str = "0.0.0.0";

pub(super) const RULE: Rule = Rule {
    id: "loopback-bind",
    title: "Nobody outside the container reaches the app",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[
        Section::docker("Production Uvicorn Settings"),
        Section::flask("Creating the Production Dockerfile"),
    ],
    check,
};

/// How a server is told where to listen.
struct Ways {
    options: &'static [&'static str],
    variable: &'static str,
    /// Whether it listens on 127.0.0.1 when nothing is said.
    is_local: bool,
    /// Whether the option takes a port as well.
    with_port: bool,
}

fn ways(server: Server) -> Ways {
    let (options, variable, is_local): (&[&str], _, _) = match server {
        Server::Uvicorn => (&["--host"], "UVICORN_HOST", true),
        Server::Granian => (&["--host"], "GRANIAN_HOST", true),
        Server::FlaskRun => (&["--host", "-h"], "FLASK_RUN_HOST", true),
        Server::Gunicorn => (&["--bind", "-b"], "GUNICORN_CMD_ARGS", true),
        Server::Hypercorn => (&["--bind", "-b"], "", true),
        Server::DjangoRunserver => (&[], "", true),
        Server::PythonHttp => (&["--bind", "-b"], "", false),
        Server::FastapiRun => (&["--host"], "FASTAPI_HOST", false),
        Server::Streamlit => (&["--server.address"], "STREAMLIT_SERVER_ADDRESS", false),
    };
    let with_port = matches!(server, Server::Gunicorn | Server::Hypercorn);
    Ways { options, variable, is_local, with_port }
}

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch().filter(|_| !model.is_for_development()) else { return };
    let Some(server) = launch.server() else { return };
    let ways = ways(server);
    let elsewhere = ["--uds", "--fd", "-c", "--config"];
    if launch.has_option(&elsewhere) || model.final_env(ways.variable).is_some() {
        return;
    }
    let given = match server {
        Server::DjangoRunserver => django_address(&launch),
        _ => launch.option_value(ways.options),
    };
    match given {
        Some(value) if !value.is_empty() => local(model, &launch, value, report),
        // It takes the port from `PORT` and then listens everywhere.
        None if server == Server::Gunicorn && model.final_env("PORT").is_some() => {}
        None if ways.is_local => by_default(model, &launch, server, &ways, report),
        _ => {}
    }
}

/// `manage.py runserver 127.0.0.1:8000`: what stands behind the order.
fn django_address<'l>(launch: &'l Launch<'_>) -> Option<&'l str> {
    let mut words = launch.arguments().iter().map(|word| word.text.as_str());
    words.find(|word| *word == "runserver");
    words.find(|word| word.contains(':') || word.contains('$'))
}

/// An address that is written out.
fn local(model: &Model, launch: &Launch<'_>, value: &str, report: &mut Report) {
    let hosts = ["127.0.0.1", "localhost"];
    let Some(host) = hosts.iter().find(|host| value.starts_with(**host)) else { return };
    let holds = |word: &&Word| word.text.ends_with(value);
    let Some(word) = launch.arguments().iter().find(holds) else { return };
    let Some(range) = model.part_of(word, host) else { return };
    let message = format!(
        "`{host}` is the container itself, so requests from outside never reach {}; listen on `{ALL}`.",
        launch.program()
    );
    let fix = Fix::new(format!("Listen on `{ALL}`"), TextEdit::replace(range, ALL).into());
    report.at(&RULE, range, message).fix(outside(fix));
}

fn by_default(
    model: &Model,
    launch: &Launch<'_>,
    server: Server,
    ways: &Ways,
    report: &mut Report,
) {
    let Some(word) = launch.words.get(launch.program) else { return };
    let port = model.port().unwrap_or(server.default_port());
    let address = if ways.with_port { format!("{ALL}:{port}") } else { ALL.to_owned() };
    let own_port = launch.arguments().iter().find(|word| word.text.parse::<u16>().is_ok());
    let words = match ways.options.first() {
        Some(option) => vec![*option, &address],
        None => vec![],
    };
    let shown = if words.is_empty() { format!("{ALL}:{port}") } else { words.join(" ") };
    let message = format!(
        "`{}` listens on 127.0.0.1 unless it is told otherwise, and nobody outside the container reaches that; add `{shown}`.",
        server.as_str()
    );
    let edits = match (server, own_port) {
        (Server::DjangoRunserver, Some(word)) => {
            let range = model.part_of(word, &word.text).filter(|_| launch.is_in_place());
            range.map(|range| TextEdit::insert(range.start, format!("{ALL}:")).into())
        }
        (Server::DjangoRunserver, None) => model.append_to_launch(launch, &[&shown]),
        _ => model.append_to_launch(launch, &words),
    };
    let finding = report.at(&RULE, word.range, message);
    // Its own settings file may say where to listen.
    if server == Server::Gunicorn {
        finding.severity(Severity::Info);
    }
    match edits {
        Some(edits) => finding.fix(outside(Fix::new(format!("Add `{shown}`"), edits))),
        None => finding.advice(format!("Add `{shown}` to the command.")),
    };
}

fn outside(fix: Fix) -> Fix {
    fix.in_phase(Phase::Runtime).assuming(
        "The app is to be reached from outside its container, and not by a proxy inside it.",
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    fn becomes(before: &str, after: &str) {
        let after = format!("FROM a\nCMD {after}\n");
        check_fix(&RULE, &format!("FROM a\nCMD {before}\n"), &after);
        silent(&RULE, &after);
    }

    #[test]
    fn by_default_or_written_out() {
        check(
            &RULE,
            "\
FROM python:3.11
CMD [\"uvicorn\", \"main:app\"]
#    ^^^^^^^^^ `uvicorn` listens on 127.0.0.1 unless it is told otherwise, and nobody outside the container reaches that; add `--host 0.0.0.0`.
",
        );
        check(
            &RULE,
            "\
FROM python:3.11
CMD gunicorn -b 127.0.0.1:8000 app:app
#               ^^^^^^^^^ `127.0.0.1` is the container itself, so requests from outside never reach gunicorn
",
        );
    }

    #[test]
    fn listens_on_all_addresses() {
        becomes("uvicorn a:b --port 80", "uvicorn a:b --port 80 --host 0.0.0.0");
        becomes("[\"uvicorn\", \"a:b\"]", "[\"uvicorn\", \"a:b\", \"--host\", \"0.0.0.0\"]");
        becomes("uvicorn --host=localhost a:b", "uvicorn --host=0.0.0.0 a:b");
        becomes("python -m flask run -p 80", "python -m flask run -p 80 --host 0.0.0.0");
        becomes("hypercorn a:b", "hypercorn a:b --bind 0.0.0.0:8000");
        becomes("python manage.py runserver", "python manage.py runserver 0.0.0.0:8000");
        becomes("python manage.py runserver 80", "python manage.py runserver 0.0.0.0:80");
        becomes("python manage.py runserver 127.0.0.1:80", "python manage.py runserver 0.0.0.0:80");
    }

    #[test]
    fn softer_where_a_settings_file_may_say_it() {
        let found = findings(&RULE, &Input::new("FROM a\nCMD gunicorn a:b\n"));
        assert_eq!(found[0].severity, Severity::Info);
    }

    #[test]
    fn silent_where_it_is_reached_or_not_meant_to_be() {
        for cmd in [
            "uvicorn a:b --host 0.0.0.0",
            "uvicorn a:b --host ::",
            "uvicorn a:b --host $HOST",
            "uvicorn a:b --uds /run/a.sock",
            "gunicorn -b :8000 a:b",
            "gunicorn --bind unix:/run/a.sock a:b",
            "gunicorn -c conf.py a:b",
            "flask run -h 0.0.0.0",
            "flask db upgrade",
            "fastapi run",
            "streamlit run a.py",
            "python -m http.server",
            "python manage.py runserver 0:8000",
            "python worker.py",
        ] {
            silent(&RULE, &format!("FROM a\nCMD {cmd}\n"));
        }
        silent(&RULE, "FROM a\nENV UVICORN_HOST=0.0.0.0\nCMD uvicorn a:b\n");
        silent(&RULE, "FROM a\nENV FLASK_RUN_HOST=0.0.0.0\nCMD flask run\n");
        silent(&RULE, "FROM a\nENV PORT=80\nCMD gunicorn a:b\n");
        silent(&RULE, "FROM a AS dev\nCMD uvicorn a:b\n");
    }
}
