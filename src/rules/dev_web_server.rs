//! A server made for one developer answers the users.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Change, DOCKERFILE, Fix, Phase};
use crate::input::REQUIREMENTS;
use crate::model::{Launch, Manager, Model, Purpose, Server, is_in};
use crate::syntax::Word;
use crate::syntax::shell::Script;
use crate::text::{EditSet, TextEdit, TextRange};

/// The release that was tried.
const GUNICORN: &str = "gunicorn==23.0.0";
/// What stands for a project of Django whose name is not known.
const UNKNOWN_PROJECT: &str = "yourproject.wsgi";

pub(super) const RULE: Rule = Rule {
    id: "dev-web-server",
    title: "A development server answers your users",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability, Buys::Security],
    aliases: &[],
    taught: &[
        Section::docker("Production Uvicorn Settings"),
        Section::docker("Production Dockerfile"),
        Section::flask("Creating the Production Dockerfile"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch().filter(|_| !model.is_for_development()) else { return };
    let server = model.dev_server(&launch);
    let Some(server) = server.filter(|server| server.purpose == Purpose::Development) else {
        return;
    };
    // A program that restarts the app is another matter.
    if !launch.restarter().is_empty() {
        return;
    }
    let ranges = launch.server_words().iter().map(|word| word.range);
    let Some(range) = ranges.reduce(TextRange::cover) else { return };
    let shown = server.name;
    if let Some((bind, app, what)) = gunicorn(model, &launch, server) {
        let message = format!(
            "`{shown}` starts a server made for one developer; run `gunicorn --bind {bind} {app}` and add `gunicorn` to your requirements."
        );
        let finding = report.at(&RULE, range, message);
        match start_gunicorn(model, &launch, server, &bind, &app) {
            Some(fix) => finding.fix(fix),
            None if launch.is_compound => finding.advice(format!(
                "Write `gunicorn --bind {bind} {app}` in place of `{shown}`, and leave the other commands. {what}"
            )),
            None => finding.advice(format!(
                "Write `CMD [\"gunicorn\", \"--bind\", \"{bind}\", \"{app}\"]`. {what}"
            )),
        };
    } else {
        let message = format!(
            "`{shown}` starts a server made for one developer; start one that is made for production."
        );
        report.at(&RULE, range, message).advice(advice(server));
    }
}

/// Where gunicorn would listen, the app that it would run, and what that app's name means.
fn gunicorn(
    model: &Model,
    launch: &Launch<'_>,
    server: &Server,
) -> Option<(String, String, &'static str)> {
    let value = |name: &str| model.final_env(name)?.value.filter(|value| !value.is_empty());
    let (app, what) = match server.name {
        "flask run" => {
            let named = launch.option_value(&["--app", "-A"]).map(str::to_owned);
            let app = flask_app(&named.or_else(|| value("FLASK_APP")).unwrap_or_default());
            (app, "Before the colon stands your module, behind it the object that is the app.")
        }
        "manage.py runserver" => {
            let settings = value("DJANGO_SETTINGS_MODULE");
            let settings = settings.or_else(|| in_manage(model)).unwrap_or_default();
            let project = settings.split('.').next().filter(|name| !name.is_empty());
            let app = project.map_or(UNKNOWN_PROJECT.to_owned(), |name| format!("{name}.wsgi"));
            (app, "Before the dot stands the folder of your project, the one that holds `wsgi.py`.")
        }
        _ => return None,
    };
    let port = model.port().unwrap_or(server.port);
    Some((format!("0.0.0.0:{port}"), app, what))
}

/// The settings that `manage.py` names, where its text was given.
fn in_manage(model: &Model) -> Option<String> {
    let (_, rest) = model.input().text("manage.py")?.split_once("DJANGO_SETTINGS_MODULE")?;
    let (_, rest) = rest.split_once(',')?;
    let name = rest.trim_start().trim_start_matches(['"', '\'']);
    name.split(['"', '\'']).next().map(str::to_owned)
}

/// Starts gunicorn in place of `flask run`, and installs it with the other packages. `None` where the command says more
/// than that, or pip is not what installs.
fn start_gunicorn(
    model: &Model,
    launch: &Launch<'_>,
    server: &Server,
    bind: &str,
    app: &str,
) -> Option<Fix> {
    let is_python = |word: &Word| launch.interpreter() == Some(word.text.as_str());
    let start = launch.words.get(..launch.program)?.iter().rposition(is_python);
    let is_django = server.name == "manage.py runserver";
    let start = if launch.is_module() || is_django { start? } else { launch.program };
    let is_last = launch.step.script().is_some_and(Script::is_chain);
    let is_plain = (!launch.is_compound || is_last)
        && launch.other.is_none()
        && launch.is_in_place()
        && app != UNKNOWN_PROJECT;
    if !is_plain || !says_where_only(launch) {
        return None;
    }
    let text = if launch.is_exec {
        format!("\"gunicorn\", \"--bind\", \"{bind}\", \"{app}\"")
    } else {
        format!("gunicorn --bind {bind} {app}")
    };
    if !launch.is_exec && app.contains('(') {
        return None;
    }
    let range = launch.words.get(start)?.range.cover(launch.words.last()?.range);
    let mut edits = EditSet::from(TextEdit::replace(range, text));
    let list = match bring_gunicorn(model)? {
        Some((DOCKERFILE, edit)) => {
            edits.merge(&edit.into()).ok()?;
            None
        }
        list => list,
    };
    let mut fix = Fix::new("Start the app with gunicorn", edits).in_phase(Phase::Runtime);
    if let Some((name, edit)) = list {
        fix = fix.and(name, Change::Edit(edit.into()));
    }
    if is_django {
        let file = app.replace('.', "/");
        return Some(fix.assuming(format!(
            "The project has `{file}.py`, and something else hands out its static files, such as WhiteNoise."
        )));
    }
    let (module, object) = app.split_once(':').unwrap_or((app, "app"));
    Some(
        fix.assuming(format!("The module `{module}` holds your app, and it is called `{object}`.")),
    )
}

/// Whether the options only name the app and where it listens.
fn says_where_only(launch: &Launch<'_>) -> bool {
    let mut is_value = false;
    launch.arguments().iter().all(|word| {
        let (name, given) =
            word.text.split_once('=').map_or((word.text.as_str(), false), |(name, _)| (name, true));
        let is_address = name.contains(|c: char| c.is_ascii_digit()) && !name.starts_with('-');
        let is_known = is_value
            || is_address
            || is_in("run runserver --noreload --app -A --host -h --port -p", name);
        is_value = !is_value && !given && name.starts_with('-') && name != "--noreload";
        is_known
    })
}

/// The edit that adds gunicorn to what pip installs, and its file: to the list where its text was given, else to the
/// command. `None` inside where it is there already.
fn bring_gunicorn(model: &Model) -> Option<Option<(&'static str, TextEdit)>> {
    let mut found = None;
    for (_, step) in model.run_steps() {
        for (install, command) in step.installs().filter(|(i, _)| i.manager == Manager::Pip) {
            let is_plain =
                !install.has_any(command, "-t --target --prefix --root --user --require-hashes");
            let list = install.manifests.last().and_then(|&at| command.words.get(at));
            if let Some(list) = list.filter(|list| is_plain && list.text.ends_with(REQUIREMENTS)) {
                found = Some((step, list));
            }
        }
    }
    let (step, list) = found?;
    let Some(text) = model.input().text(REQUIREMENTS) else {
        let edits = model.insert_after_word(list, GUNICORN, step.script().is_none());
        let edit = edits.iter().next().cloned()?;
        let is_there = model.source(step.instruction).contains("gunicorn");
        return Some((!is_there).then_some((DOCKERFILE, edit)));
    };
    if text.lines().any(|line| line.to_ascii_lowercase().starts_with("gunicorn")) {
        return Some(None);
    }
    let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let edit = TextEdit::insert(text.len(), format!("{newline}{GUNICORN}\n"));
    (!text.contains("--hash")).then_some(Some((REQUIREMENTS, edit)))
}

/// What gunicorn calls what Flask knows as `named`: `app.py`, `app`, `app:create_app()`. Flask itself looks for `app:app`.
fn flask_app(named: &str) -> String {
    let name = named.strip_suffix(".py").unwrap_or(named);
    let is_plain =
        |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_.:()".contains(c));
    match name {
        "" => "app:app".to_owned(),
        name if !is_plain(name) => "app:app".to_owned(),
        name if name.contains(':') => name.to_owned(),
        name => format!("{name}:app"),
    }
}

fn advice(server: &Server) -> &'static str {
    match server.name {
        "php -S" | "php artisan serve" => {
            "Use PHP-FPM behind a web server, or an image that has both, such as `php:8.3-apache`."
        }
        "rails server" => "Set `RAILS_ENV=production`, and start the app with Puma.",
        "json-server" => {
            "It serves made-up data for trying things out; start the real service instead."
        }
        _ => "Serve files with a web server such as nginx: copy them into an `nginx` image.",
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, fixed_file, no_fix, silent};
    use super::RULE;
    use crate::input::{Input, REQUIREMENTS};

    #[test]
    fn flask_run() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
CMD [\"python3\", \"-m\", \"flask\", \"run\", \"--host=0.0.0.0\", \"--port=5001\"]
#                     ^^^^^^^^^^^^^^ `flask run` starts a server made for one developer; run `gunicorn --bind 0.0.0.0:5001 app:app` and add `gunicorn` to your requirements.
",
        );
        check(
            &RULE,
            "\
FROM python:3.11-slim
ENV FLASK_APP=shop.py
CMD flask run
#   ^^^^^^^^^ `flask run` starts a server made for one developer; run `gunicorn --bind 0.0.0.0:5000 shop:app`
",
        );
        check(
            &RULE,
            "\
FROM python:3.11-slim
CMD flask --app 'shop:create()' run
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `flask run` starts a server made for one developer; run `gunicorn --bind 0.0.0.0:5000 shop:create()`
",
        );
    }

    #[test]
    fn other_development_servers() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
ENV DJANGO_SETTINGS_MODULE=shop.settings
CMD python manage.py runserver 0.0.0.0:8080
#          ^^^^^^^^^^^^^^^^^^^ `manage.py runserver` starts a server made for one developer; run `gunicorn --bind 0.0.0.0:8080 shop.wsgi`
",
        );
        check(
            &RULE,
            "\
FROM php:8.3-cli
CMD [\"php\", \"-S\", \"0.0.0.0:80\"]
#    ^^^^^^^^^^^ `php -S` starts a server made for one developer; start one that is made
",
        );
        for cmd in
            ["python -m http.server 80", "php artisan serve", "rails s", "json-server db.json"]
        {
            no_fix(&RULE, &format!("FROM a:1\nCMD {cmd}\n"));
        }
    }

    #[test]
    fn starts_gunicorn_and_installs_it() {
        let list = "FROM python:3.11\nRUN pip install -r requirements.txt";
        let before = format!(
            "{list}\nCMD [\"python3\", \"-m\", \"flask\", \"run\", \"--host=0.0.0.0\", \"-p\", \"80\"]\n"
        );
        let cmd = "CMD [\"gunicorn\", \"--bind\", \"0.0.0.0:80\", \"app:app\"]\n";
        check_fix(&RULE, &before, &format!("{list} gunicorn==23.0.0\n{cmd}"));
        let given = |text: &str| Input::new(&before).with_file(REQUIREMENTS, text);
        assert_eq!(
            fixed_file(&RULE, &given("flask"), REQUIREMENTS).as_deref(),
            Some("flask\ngunicorn==23.0.0\n")
        );
        assert_eq!(fixed_file(&RULE, &given("flask\nGunicorn\n"), REQUIREMENTS), None);
        check_fix(
            &RULE,
            &format!("{list}\nCMD flask --app shop run\n"),
            &format!("{list} gunicorn==23.0.0\nCMD gunicorn --bind 0.0.0.0:5000 shop:app\n"),
        );
    }

    #[test]
    fn behind_another_command() {
        let list = "FROM python:3.11\nRUN pip install -r requirements.txt";
        check_fix(
            &RULE,
            &format!("{list}\nCMD flask db upgrade && flask run\n"),
            &format!(
                "{list} gunicorn==23.0.0\nCMD flask db upgrade && gunicorn --bind 0.0.0.0:5000 app:app\n"
            ),
        );
    }

    #[test]
    fn django_where_its_project_is_known() {
        let list = "FROM python:3.11\nENV DJANGO_SETTINGS_MODULE=shop.settings.prod\nRUN pip install -r requirements.txt";
        for (before, after) in [
            (
                "CMD [\"python\", \"manage.py\", \"runserver\", \"0.0.0.0:80\"]",
                "CMD [\"gunicorn\", \"--bind\", \"0.0.0.0:80\", \"shop.wsgi\"]",
            ),
            (
                "CMD python manage.py migrate && exec python3 manage.py runserver 0.0.0.0:8000 --noreload",
                "CMD python manage.py migrate && exec gunicorn --bind 0.0.0.0:8000 shop.wsgi",
            ),
        ] {
            check_fix(
                &RULE,
                &format!("{list}\n{before}\n"),
                &format!("{list} gunicorn==23.0.0\n{after}\n"),
            );
        }
    }

    #[test]
    fn by_hand_where_more_is_said_or_pip_does_not_install() {
        let list = "RUN pip install -r requirements.txt\n";
        for (install, cmd) in [
            ("RUN poetry install\n", "flask run"),
            ("RUN pip install --target=/d -r requirements.txt\n", "flask run"),
            (list, "flask run --debug"),
            (list, "flask run --cert=adhoc"),
            (list, "flask db upgrade; flask run"),
            (list, "python manage.py runserver"),
        ] {
            no_fix(&RULE, &format!("FROM python:3.11\n{install}CMD {cmd}\n"));
        }
    }

    #[test]
    fn silent_on_production_servers() {
        for cmd in [
            "uvicorn a:b",
            "gunicorn a:b",
            "fastapi run",
            "waitress-serve a:b",
            "flask db upgrade",
            "php-fpm",
        ] {
            silent(&RULE, &format!("FROM a:1\nCMD {cmd}\n"));
        }
        silent(&RULE, "FROM ruby:3.3\nENV RAILS_ENV=production\nCMD rails server\n");
    }

    #[test]
    fn silent_in_a_dev_stage() {
        silent(&RULE, "FROM python:3.11 AS dev\nCMD flask run\n");
    }
}
