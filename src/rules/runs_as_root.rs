//! The process in the container is root.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Finding, Fix, Phase};
use crate::model::{DefaultUser, Family, Model, user};
use crate::syntax::{Keyword, Kind};

pub(super) const RULE: Rule = Rule {
    id: "runs-as-root",
    title: "Your app runs as root",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security],
    aliases: &["DL3002", "CIS-DI-0001", "DF002", "DF020"],
    taught: &[Section::docker("Non-Root User"), Section::docker("Common Mistakes")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let is_windows =
        model.final_image().is_some_and(|(_, image)| image.family() == Some(Family::Windows));
    if is_windows || user::gives_up_root(model) {
        return;
    }
    let name = user::name(model);
    match model.final_user() {
        Some((_, step, Some(last))) if user::is_root(&last) => {
            let Kind::User(word) = &step.instruction.kind else { return };
            let message = format!(
                "`USER {}` is the last USER, so the app runs as root; end with `USER {name}`.",
                word.text
            );
            mend(model, &name, report.at(&RULE, word.range, message));
        }
        Some(_) => {}
        None => missing(model, &name, report),
    }
}

fn missing(model: &Model, name: &str, report: &mut Report) {
    let (Some((place, _)), Some(root)) = (model.runtime_line(""), user::root_of(model)) else {
        return;
    };
    let command = model.launch().map_or(Keyword::Cmd, |launch| launch.step.keyword()).as_str();
    let image = &root.image.text;
    let base = user::base_user(model);
    let message = match base {
        DefaultUser::NonRoot => return,
        DefaultUser::Unknown => format!(
            "Nothing sets a user; `{image}` may already do so. If it does not, create one and add `USER` before `{command}`."
        ),
        DefaultUser::Root if user::exists(model) => format!(
            "Nothing sets a user, and `{image}` starts as root; add `USER {name}` before `{command}`."
        ),
        DefaultUser::Root => format!(
            "Nothing sets a user, and `{image}` starts as root; create a user and add `USER {name}` before `{command}`."
        ),
    };
    let finding = report.missing(&RULE, place, message);
    if base == DefaultUser::Unknown {
        finding.severity(Severity::Info);
    }
    mend(model, name, finding);
}

fn mend(model: &Model, name: &str, finding: &mut Finding) {
    match user::run_as(model) {
        Ok(edits) => {
            let assumption = if edits.iter().any(|edit| edit.text.contains("--chown")) {
                format!("The program only writes to its own files, which now belong to `{name}`.")
            } else {
                format!("The program only writes where `{name}` may write.")
            };
            let mut fix = Fix::new(format!("Run as `{name}`"), edits).in_phase(Phase::Runtime);
            if user::base_user(model) == DefaultUser::Unknown {
                fix = fix
                    .assuming("The base image sets no user of its own and needs no root to start.");
            }
            finding.fix(fix.assuming(assumption));
        }
        Err(reason) => {
            finding.advice(reason);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, fixed, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    const MADE: &str = "RUN useradd --create-home --shell /bin/bash appuser";

    #[test]
    fn nothing_sets_a_user() {
        check(
            &RULE,
            "\
FROM python:3.11 AS base
FROM base
COPY . .
# < Nothing sets a user, and `python:3.11` starts as root; create a user and add `USER appuser` before `CMD`.
EXPOSE 8000
CMD [\"uvicorn\", \"main:app\"]
",
        );
    }

    #[test]
    fn the_last_user_is_root() {
        check(
            &RULE,
            "\
FROM python:3.11
USER app
USER 0:0
#    ^^^ `USER 0:0` is the last USER, so the app runs as root; end with `USER app`.
CMD [\"uvicorn\", \"main:app\"]
",
        );
    }

    #[test]
    fn softer_where_the_base_is_unknown() {
        let text = "FROM acme/py:3\nCMD [\"uvicorn\", \"main:app\"]\n";
        let found = findings(&RULE, &Input::new(text));
        assert_eq!(found[0].severity, Severity::Info);
        assert!(
            found[0].message.starts_with("Nothing sets a user; `acme/py:3` may already do so.")
        );
        check_fix(
            &RULE,
            "FROM acme/py:3\nRUN pip install x\nCOPY --link . .\nCMD [\"uvicorn\", \"main:app\"]\n",
            "FROM acme/py:3\nRUN pip install x\nCOPY --chown=10001:10001 --link . .\nUSER 10001:10001\nCMD [\"uvicorn\", \"main:app\"]\n",
        );
        no_fix(&RULE, "FROM acme/py:3\nCOPY . .\n");
    }

    #[test]
    fn makes_a_user_below_the_installs() {
        check_fix(
            &RULE,
            "FROM python:3.11\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n\n# Code\nCOPY . .\nCOPY --chown=1:1 b b\n\nEXPOSE 8000\nCMD [\"uvicorn\", \"main:app\"]\n",
            &format!(
                "FROM python:3.11\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n\n{MADE}\n# Code\nCOPY --chown=appuser:appuser . .\nCOPY --chown=1:1 b b\n\nUSER appuser\nEXPOSE 8000\nCMD [\"uvicorn\", \"main:app\"]\n"
            ),
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\nCMD [\"uvicorn\", \"main:app\"]\n",
            &format!(
                "FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\n{MADE}\nUSER appuser\nCMD [\"uvicorn\", \"main:app\"]\n"
            ),
        );
    }

    #[test]
    fn above_what_comes_from_a_builder() {
        check_fix(
            &RULE,
            "FROM python:3.11 AS builder\nRUN pip install x\nFROM python:3.11-slim\nWORKDIR /app\nCOPY --from=builder /v /v\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n",
            &format!(
                "FROM python:3.11 AS builder\nRUN pip install x\nFROM python:3.11-slim\nWORKDIR /app\n{MADE} && chown appuser:appuser /app\nCOPY --from=builder /v /v\nCOPY --chown=appuser:appuser . .\nUSER appuser\nCMD [\"uvicorn\", \"main:app\"]\n"
            ),
        );
    }

    #[test]
    fn in_the_words_of_the_system() {
        let alpine = fixed(&RULE, "FROM python:3.11-alpine\nCMD [\"uvicorn\", \"main:app\"]\n");
        assert_eq!(
            alpine.as_deref(),
            Some(
                "FROM python:3.11-alpine\nRUN addgroup -S appuser && adduser -S -G appuser appuser\nUSER appuser\nCMD [\"uvicorn\", \"main:app\"]\n"
            )
        );
        check_fix(
            &RULE,
            "FROM node:22\nRUN npm ci\nCOPY . .\nCMD [\"node\", \"a.js\"]\n",
            "FROM node:22\nRUN npm ci\nCOPY --chown=node:node . .\nUSER node\nCMD [\"node\", \"a.js\"]\n",
        );
        check_fix(
            &RULE,
            "FROM node:22\nWORKDIR /app\nCOPY --from=b /app /app\nCMD [\"node\", \"a.js\"]\n",
            "FROM node:22\nWORKDIR /app\nCOPY --from=b /app /app\nUSER node\nCMD [\"node\", \"a.js\"]\n",
        );
        check_fix(
            &RULE,
            "FROM a AS b\nFROM node:22\nWORKDIR /app\nCOPY --from=b /app /app\nCMD [\"node\", \"a.js\"]\n",
            "FROM a AS b\nFROM node:22\nWORKDIR /app\nRUN chown node:node /app\nCOPY --chown=node:node --from=b /app /app\nUSER node\nCMD [\"node\", \"a.js\"]\n",
        );
    }

    #[test]
    fn stays_away_from_what_is_downloaded_into_roots_home() {
        for (line, is_fine) in [
            ("RUN python -m nltk.downloader punkt", false),
            ("RUN npx playwright install --with-deps chromium", false),
            ("RUN python -c \"import nltk; nltk.download('punkt')\"", false),
            ("RUN python -m nltk.downloader -d /usr/share/nltk_data punkt", true),
            ("ENV PLAYWRIGHT_BROWSERS_PATH=/ms\nRUN playwright install", true),
        ] {
            let text =
                format!("FROM python:3.12\n{line}\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n");
            assert_eq!(fixed(&RULE, &text).is_some(), is_fine, "{line}");
        }
    }

    #[test]
    fn gives_away_the_folders_that_are_made_to_be_written_to() {
        let start = "CMD [\"uvicorn\", \"main:app\"]\n";
        for (before, after) in [
            (
                "FROM python:3.11\nWORKDIR /app\nCOPY . .\nRUN mkdir -p /app/uploads\n",
                "FROM python:3.11\nWORKDIR /app\nMADE && chown appuser:appuser /app\nCOPY --chown=appuser:appuser . .\nRUN mkdir -p /app/uploads && chown appuser:appuser /app/uploads\nUSER appuser\n",
            ),
            (
                "FROM python:3.11\nWORKDIR /srv/data\nRUN mkdir -m 700 files logs\nWORKDIR /app\nCOPY . .\n",
                "FROM python:3.11\nWORKDIR /srv/data\nRUN mkdir -m 700 files logs\nWORKDIR /app\nMADE && chown appuser:appuser /app /srv/data/files /srv/data/logs\nCOPY --chown=appuser:appuser . .\nUSER appuser\n",
            ),
            (
                "FROM acme/py\nWORKDIR /app\nRUN mkdir uploads\nCOPY . .\n",
                "FROM acme/py\nWORKDIR /app\nRUN mkdir uploads && chown 10001:10001 /app/uploads\nCOPY --chown=10001:10001 . .\nUSER 10001:10001\n",
            ),
            (
                "FROM python:3.11\nRUN mkdir /etc/app && mkdir /data && chmod 777 /data\n",
                "FROM python:3.11\nRUN mkdir /etc/app && mkdir /data && chmod 777 /data\nMADE\nUSER appuser\n",
            ),
            (
                "FROM python:3.11\nRUN mkdir /wheels && pip install -f /wheels x && rm -rf /wheels\nRUN test -d /a || mkdir /a\n",
                "FROM python:3.11\nRUN mkdir /wheels && pip install -f /wheels x && rm -rf /wheels\nRUN test -d /a || mkdir /a\nMADE\nUSER appuser\n",
            ),
        ] {
            let after = after.replace("MADE", MADE);
            check_fix(&RULE, &format!("{before}{start}"), &format!("{after}{start}"));
        }
    }

    #[test]
    fn takes_the_user_that_is_there() {
        for (make, name) in [
            ("RUN useradd -m -u 1000 -s /bin/sh web", "web"),
            ("RUN apt-get update && adduser --disabled-password --gecos '' web", "web"),
            ("USER web\nUSER root\nRUN x", "web"),
        ] {
            check_fix(
                &RULE,
                &format!("FROM python:3.11\n{make}\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n"),
                &format!(
                    "FROM python:3.11\n{make}\nCOPY . .\nUSER {name}\nCMD [\"uvicorn\", \"main:app\"]\n"
                ),
            );
        }
    }

    #[test]
    fn a_last_user_root_gives_way() {
        check_fix(
            &RULE,
            "FROM python:3.11\nCOPY . .\nUSER root\nCMD [\"uvicorn\", \"main:app\"]\n",
            &format!(
                "FROM python:3.11\n{MADE}\nCOPY --chown=appuser:appuser . .\nUSER appuser\nCMD [\"uvicorn\", \"main:app\"]\n"
            ),
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nUSER root\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]\n",
            &format!(
                "FROM python:3.11\nUSER root\n{MADE}\nCOPY --chown=appuser:appuser . .\nUSER appuser\nCMD [\"uvicorn\", \"main:app\"]\n"
            ),
        );
    }

    #[test]
    fn mended_is_silent() {
        for text in [
            "FROM python:3.11\nCOPY . .\nCMD [\"uvicorn\", \"main:app\"]",
            "FROM node:22\r\nUSER root\r\nCMD [\"node\", \"a.js\"]\r\n",
        ] {
            silent(&RULE, &fixed(&RULE, text).unwrap());
        }
    }

    #[test]
    fn by_hand_where_root_may_be_needed() {
        for (why, text) in [
            (
                "the script may give it up",
                "FROM python:3.11\nENTRYPOINT [\"./docker-entrypoint.sh\"]\nCMD [\"uvicorn\"]\n",
            ),
            ("the script may need it", "FROM python:3.11\nCMD [\"/start.sh\"]\n"),
            (
                "a low port",
                "FROM python:3.11\nCMD [\"uvicorn\", \"main:app\", \"--port\", \"80\"]\n",
            ),
            ("a low port", "FROM python:3.11\nEXPOSE 443/tcp\nCMD [\"uvicorn\", \"main:app\"]\n"),
            ("a volume", "FROM python:3.11\nVOLUME /data\nCMD [\"uvicorn\", \"main:app\"]\n"),
            (
                "pip --user",
                "FROM python:3.11\nRUN pip install --user x\nCMD [\"uvicorn\", \"main:app\"]\n",
            ),
            (
                "root's home",
                "FROM python:3.11\nCOPY --from=b /root/.local /root/.local\nCMD [\"uvicorn\", \"main:app\"]\n",
            ),
            (
                "root's home",
                "FROM python:3.11\nENV PATH=$PATH:/root/.local/bin\nCMD [\"uvicorn\", \"main:app\"]\n",
            ),
            (
                "its environment is root's",
                "FROM python:3.11\nCMD [\"poetry\", \"run\", \"uvicorn\", \"main:app\"]\n",
            ),
            (
                "Corepack is root's",
                "FROM node:22\nRUN corepack enable\nCMD [\"pnpm\", \"start\"]\n",
            ),
            ("starts as root", "FROM nginx:1.27\nCMD [\"nginx\", \"-g\", \"daemon off;\"]\n"),
            ("nothing is started", "FROM debian:12\nRUN apt-get install curl\n"),
            ("no shell", "FROM gcr.io/distroless/python3\nCMD [\"main.py\"]\n"),
            ("nothing at all", "FROM scratch\nCMD [\"/app\"]\n"),
            ("unknown system", "FROM amazonlinux:2023\nCMD [\"/app\"]\n"),
            ("a link", "FROM python:3.11\nCOPY --link . .\nCMD [\"uvicorn\", \"main:app\"]\n"),
            (
                "a base with its own user",
                "FROM bitnami/python\nUSER root\nCMD [\"uvicorn\", \"main:app\"]\n",
            ),
        ] {
            no_fix(&RULE, &format!("{text}# {why}\n"));
        }
    }

    #[test]
    fn silent_where_the_app_is_not_root() {
        for (why, text) in [
            ("a user", "FROM python:3.11\nUSER app\n"),
            ("a user of a parent", "FROM python:3.11 AS b\nUSER app\nFROM b\n"),
            ("a user from outside", "FROM python:3.11\nARG U\nUSER $U\n"),
            ("nonroot", "FROM gcr.io/distroless/python3:nonroot\n"),
            ("Chainguard", "FROM cgr.dev/chainguard/python\n"),
            ("unprivileged", "FROM nginxinc/nginx-unprivileged\n"),
            ("Lambda", "FROM public.ecr.aws/lambda/python:3.11\nCMD [\"app.handler\"]\n"),
            ("Windows", "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n"),
            ("gosu", "FROM debian:12\nENTRYPOINT [\"gosu\", \"app\", \"run\"]\n"),
            (
                "gosu in a script",
                "FROM debian:12\nRUN apt-get install gosu\nENTRYPOINT [\"/entrypoint.sh\"]\n",
            ),
            (
                "the base gives root up",
                "FROM postgres:16\nCOPY init.sql /docker-entrypoint-initdb.d/\n",
            ),
            (
                "only the builder is root",
                "FROM golang:1.23 AS b\nFROM gcr.io/distroless/static:nonroot\n",
            ),
        ] {
            silent(&RULE, &format!("{text}# {why}\n"));
        }
    }
}
