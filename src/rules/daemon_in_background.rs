//! A start command that puts the program into the background, so that the container ends at once.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Launch, Model, is_in};

pub(super) const RULE: Rule = Rule {
    id: "daemon-in-background",
    title: "The container stops as soon as started",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[],
    check,
};

/// Programs, what sends them into the background, and what to start instead.
const DAEMONS: [(&str, &str, &str); 9] = [
    ("gunicorn", "-D --daemon", ""),
    ("celery", "-D --detach", ""),
    ("php-fpm", "-D --daemonize", ""),
    ("uwsgi", "-d --daemonize", ""),
    ("service", "start restart", "the program itself, in the foreground"),
    ("systemctl", "start restart", "the program itself, in the foreground"),
    ("apachectl", "start restart", "`apachectl -D FOREGROUND`"),
    ("apache2ctl", "start restart", "`apache2ctl -D FOREGROUND`"),
    ("pm2", "start", "`pm2-runtime start`"),
];

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch().filter(|launch| !launch.is_compound) else { return };
    let program = launch.program();
    let Some((_, words, instead)) = DAEMONS.iter().find(|(name, ..)| *name == program) else {
        return;
    };
    let stays =
        launch.has_option(&["--no-daemon", "--nodaemon"]) || launch.has_option(&["--attach"]);
    let Some(at) =
        launch.words.iter().skip(launch.program + 1).position(|word| is_in(words, &word.text))
    else {
        return;
    };
    let Some(word) = launch.words.get(launch.program + 1 + at).filter(|_| !stays) else { return };
    let message = format!(
        "`{}` sends `{program}` into the background; its first process then ends, and the container with it.",
        word.text
    );
    let finding = report.at(&RULE, word.range, message);
    if !instead.is_empty() {
        finding.advice(format!(
            "Start {instead}; Docker watches over it, and restarts the container if it fails."
        ));
        return;
    }
    match delete(model, &launch, launch.program + 1 + at) {
        Some(fix) => finding.fix(fix),
        None => finding.advice(format!(
            "Leave `{}` out, so that the program stays in the foreground.",
            word.text
        )),
    };
}

fn delete(model: &Model, launch: &Launch, at: usize) -> Option<Fix> {
    let word = launch.words.get(at)?;
    // uwsgi's option has a file behind it.
    let is_alone = launch.is_in_place() && launch.program() != "uwsgi";
    let edits = model.delete_words(&launch.words, &[at]).filter(|_| is_alone)?;
    Some(Fix::new(format!("Delete `{}`", word.text), edits))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_word() {
        check(
            &RULE,
            "\
FROM debian:12
CMD service nginx start
#                 ^^^^^ `start` sends `service` into the background
",
        );
    }

    #[test]
    fn stays_in_the_foreground() {
        check_fix(
            &RULE,
            "FROM python:3.11\nCMD [\"gunicorn\", \"--daemon\", \"app:app\"]\n",
            "FROM python:3.11\nCMD [\"gunicorn\", \"app:app\"]\n",
        );
        no_fix(&RULE, "FROM node:22\nCMD [\"pm2\", \"start\", \"app.js\"]\n");
    }

    #[test]
    fn silent_where_something_stays() {
        for cmd in [
            "gunicorn app:app",
            "pm2 start --no-daemon app.js",
            "pm2-runtime start app.js",
            "service nginx start && tail -f /log",
            "npm start",
        ] {
            silent(&RULE, &format!("FROM debian:12\nCMD {cmd}\n"));
        }
    }
}
