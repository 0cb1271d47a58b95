//! The server listens inside the container only.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Launch, Model, Purpose, Server};
use crate::text::TextEdit;

const ALL: &str = "0.0.0.0";
const HOSTS: [&str; 2] = ["127.0.0.1", "localhost"];

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

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch().filter(|_| !model.is_for_development()) else { return };
    let server = launch.server().filter(|server| server.purpose != Purpose::Frontend);
    let Some(server) = server.filter(|_| model.listens_locally(&launch) == Some(true)) else {
        return;
    };
    if !written(model, &launch, report) {
        by_default(model, &launch, server, report);
    }
}

/// Whether the command names an address that is the container itself; then it is told there.
fn written(model: &Model, launch: &Launch<'_>, report: &mut Report) -> bool {
    for (word, host) in launch.arguments().iter().flat_map(|word| HOSTS.map(|host| (word, host))) {
        let Some(range) = model.part_of(word, host) else { continue };
        let message = format!(
            "`{host}` is the container itself, so requests from outside never reach {}; listen on `{ALL}`.",
            launch.program()
        );
        let fix = Fix::new(format!("Listen on `{ALL}`"), TextEdit::replace(range, ALL).into());
        report.at(&RULE, range, message).fix(outside(fix));
        return true;
    }
    false
}

fn by_default(model: &Model, launch: &Launch<'_>, server: &Server, report: &mut Report) {
    let Some(word) = launch.words.get(launch.program) else { return };
    let option = match server.name {
        "manage.py runserver" => "",
        "gunicorn" | "hypercorn" => "--bind",
        "daphne" | "rails server" => "-b",
        "rackup" => "-o",
        _ => "--host",
    };
    let port = model.port().unwrap_or(server.port);
    let address =
        if matches!(option, "" | "--bind") { format!("{ALL}:{port}") } else { ALL.to_owned() };
    let own_port = launch.arguments().iter().find(|word| word.text.parse::<u16>().is_ok());
    let mut words = vec![option, &address];
    words.retain(|word| !word.is_empty());
    let shown = words.join(" ");
    let message = format!(
        "`{}` listens on 127.0.0.1 unless it is told otherwise, and nobody outside the container reaches that; add `{shown}`.",
        server.name
    );
    let edits = match own_port.filter(|_| option.is_empty()) {
        Some(word) => {
            let range = model.part_of(word, &word.text).filter(|_| launch.is_in_place());
            range.map(|range| TextEdit::insert(range.start, format!("{ALL}:")).into())
        }
        None => model.append_to_launch(launch, &words),
    };
    let finding = report.at(&RULE, word.range, message);
    // Its own settings file may say where to listen.
    if server.name == "gunicorn" {
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
