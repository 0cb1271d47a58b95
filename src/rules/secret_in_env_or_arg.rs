//! A secret in ENV or ARG: everybody who has the image can read it.

use std::collections::BTreeMap;

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Model, Stage, Step, secrets};
use crate::syntax::{Keyword, Kind, Pair};

pub(super) const RULE: Rule = Rule {
    id: "secret-in-env-or-arg",
    title: "Anyone with the image can read the secret",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security],
    aliases: &["SecretsUsedInArgOrEnv", "DL3064", "CIS-DI-0010", "DF013", "DF014"],
    taught: &[Section::flask("How Flask Reads Environment Variables")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut secrets = Vec::new();
    for (stage, step) in model.steps_of(&[Keyword::Env, Keyword::Arg]) {
        let (Kind::Env(pairs) | Kind::Arg(pairs)) = &step.instruction.kind else { continue };
        let judged = pairs.iter().filter_map(|pair| Some((stage, step, pair, judge(pair)?)));
        secrets.extend(judged);
    }
    let of_app = secrets.iter().filter(|(stage, step, ..)| is_of_app(model, stage, step));
    let later = Later::of(model, of_app.map(|(_, _, pair, _)| pair.key.text.as_str()));
    for (stage, step, pair, severity) in secrets {
        let finding =
            report.at(&RULE, pair.key.range, message(model, stage, step, pair)).severity(severity);
        match removal(model, stage, step, pair, &later) {
            Some(fix) => finding.fix(fix),
            None => finding.advice(
                "Take it out of the file. A build step gets it with `RUN --mount=type=secret`, the app when the container starts. Replace a secret that was in a pushed image.",
            ),
        };
    }
}

/// How much the pair matters: a value that is there, or only a name that promises one. Nothing of the value is told.
fn judge(pair: &Pair) -> Option<Severity> {
    let by_name = secrets::is_secret_name(&pair.key.text);
    match pair.value.as_ref().map(|value| value.text.as_str()) {
        Some(value) if secrets::is_secret_value(value) => Some(Severity::Error),
        Some(value) if by_name && secrets::may_be_secret(value) => Some(Severity::Error),
        None if by_name => Some(Severity::Warning),
        _ => None,
    }
}

fn message(model: &Model, stage: &Stage, step: &Step, pair: &Pair) -> String {
    let name = &pair.key.text;
    match (step.keyword(), model.is_in_final(stage)) {
        (Keyword::Env, true) => format!(
            "`{name}` is stored in the image, where everybody who has the image can read it; give the value when the container starts."
        ),
        (_, true) => format!(
            "The value of `{name}` stays in the image's history; hand it over with `RUN --mount=type=secret` instead."
        ),
        _ => format!(
            "The value of `{name}` stays in the build's records and cache; hand it over with `RUN --mount=type=secret` instead."
        ),
    }
}

/// Whether the running app gets the value from the image.
fn is_of_app(model: &Model, stage: &Stage, step: &Step) -> bool {
    step.keyword() == Keyword::Env && model.is_in_final(stage)
}

/// Takes an ENV of the final image away, where no step of the build is seen to read it.
fn removal(model: &Model, stage: &Stage, step: &Step, pair: &Pair, later: &Later) -> Option<Fix> {
    let name = &pair.key.text;
    let end = step.instruction.range.end;
    let is_read = later.names.get(name.as_str()).is_some_and(|&last| last > end);
    if !is_of_app(model, stage, step) || is_read {
        return None;
    }
    let edits = model.delete_pair(step.instruction, pair)?;
    let fix = Fix::new(format!("Remove `{name}`"), edits)
        .assuming(format!("`{name}` is set where the container starts."));
    let has_run = later.last_run > end;
    Some(if has_run { fix.assuming(format!("No `RUN` below needs `{name}`.")) } else { fix })
}

/// What the build still does below a line.
struct Later<'m> {
    /// Where each of some words of the build stands last. What starts the container gets its values there and does not count.
    names: BTreeMap<&'m str, usize>,
    /// Where the last RUN starts.
    last_run: usize,
}

impl<'m> Later<'m> {
    fn of(model: &'m Model, names: impl Iterator<Item = &'m str>) -> Self {
        let mut later = Self { names: names.map(|name| (name, 0)).collect(), last_run: 0 };
        if later.names.is_empty() {
            return later;
        }
        for (_, step) in model.steps() {
            let start = step.instruction.range.start;
            match step.keyword() {
                Keyword::Cmd | Keyword::Entrypoint | Keyword::Healthcheck => continue,
                Keyword::Run => later.last_run = start,
                _ => {}
            }
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let words = model.source(step.instruction).split(|c| !is_part(c));
            for word in words {
                if let Some(last) = later.names.get_mut(word) {
                    *last = start;
                }
            }
        }
        later
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, fixed, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn points_at_the_name() {
        check(
            &RULE,
            "\
FROM python:3.11
ARG API_TOKEN
#   ^^^^^^^^^ The value of `API_TOKEN` stays in the image's history
ENV A=1 DB_PASSWORD=hunter2
#       ^^^^^^^^^^^ `DB_PASSWORD` is stored in the image
ENV DATABASE=postgres://app:hunter2@db/app
#   ^^^^^^^^ `DATABASE` is stored
",
        );
        check(
            &RULE,
            "\
FROM python:3.11 AS b
ENV API_TOKEN=abc
#   ^^^^^^^^^ The value of `API_TOKEN` stays in the build's records
FROM python:3.11
",
        );
    }

    #[test]
    fn a_value_is_worse_than_a_name() {
        let severity = |line: &str| {
            findings(&RULE, &Input::new(format!("FROM a\n{line}\n")))
                .first()
                .map(|found| found.severity)
        };
        assert_eq!(severity("ENV DB_PASSWORD hunter2"), Some(Severity::Error));
        assert_eq!(severity("ARG DB_PASSWORD=hunter2"), Some(Severity::Error));
        assert_eq!(severity("ARG DB_PASSWORD"), Some(Severity::Warning));
    }

    #[test]
    fn never_tells_the_value() {
        for text in ["FROM a\nENV DB_PASSWORD=hunter2\n", "FROM a\nARG TOKEN=hunter2\n"] {
            let found = format!("{:?}", findings(&RULE, &Input::new(text)));
            assert!(!found.contains("hunter2"), "{found}");
        }
    }

    #[test]
    fn takes_the_pair_away() {
        check_fix(&RULE, "FROM a\nENV DB_PASSWORD=hunter2\nCMD x\n", "FROM a\nCMD x\n");
        check_fix(
            &RULE,
            "FROM a\nENV A=1 \\\n    DB_PASSWORD=hunter2 \\\n    B=2\n",
            "FROM a\nENV A=1 \\\n    B=2\n",
        );
        silent(&RULE, &fixed(&RULE, "FROM a\nENV TOKEN=abc B=$C\nRUN x\n").unwrap());
    }

    #[test]
    fn by_hand_where_the_build_reads_it() {
        for text in [
            "FROM a\nARG TOKEN=abc\n",
            "FROM a\nENV TOKEN=abc\nRUN curl -H \"x: ${TOKEN}\" y\n",
            "FROM a\nENV TOKEN=abc\nENV COPY=$TOKEN\n",
            "FROM a AS b\nENV TOKEN=abc\nFROM a\n",
        ] {
            no_fix(&RULE, text);
        }
    }

    #[test]
    fn silent_where_nothing_is_given_away() {
        for (why, line) in [
            ("empty", "ENV DB_PASSWORD="),
            ("another variable, which is told of itself", "ENV DB_PASSWORD=$PW"),
            ("a file", "ENV TOKEN_FILE=/run/secrets/t"),
            ("a path", "ENV TLS_KEY=/certs/key.pem"),
            ("a version", "ENV TOKEN_VERSION=2"),
            ("open", "ENV PUBLIC_KEY=abc"),
            ("of every Python image", "ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D"),
            ("a socket", "ENV SSH_AUTH_SOCK=x"),
            ("a name", "ENV KEY_NAME=main"),
            ("part of a word", "ENV GOPRIVATE=x USERNAME=y"),
            ("a switch", "ENV USE_AUTH=true"),
            ("a label", "LABEL token=abc"),
        ] {
            silent(&RULE, &format!("FROM a\n# {why}\n{line}\n"));
        }
    }
}
