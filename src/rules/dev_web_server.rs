//! A server made for one developer answers the users.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::{Launch, Model, Purpose, Server};
use crate::text::TextRange;

pub(super) const RULE: Rule = Rule {
    id: "dev-web-server",
    title: "A development server answers your users",
    severity: Severity::Warning,
    fixes: Fixes::Never,
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
        report.at(&RULE, range, message).advice(format!(
            "Write `CMD [\"gunicorn\", \"--bind\", \"{bind}\", \"{app}\"]`. {what}"
        ));
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
            let settings = value("DJANGO_SETTINGS_MODULE").unwrap_or_default();
            let project = settings.split('.').next().filter(|name| !name.is_empty());
            let app = format!("{}.wsgi", project.unwrap_or("yourproject"));
            (app, "Before the dot stands the folder of your project, the one that holds `wsgi.py`.")
        }
        _ => return None,
    };
    let port = model.port().unwrap_or(server.port);
    Some((format!("0.0.0.0:{port}"), app, what))
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
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

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
