//! An address that differs between environments is written into the image.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::{Model, is_in, secrets};

pub(super) const RULE: Rule = Rule {
    id: "runtime-config-baked",
    title: "The image fits one environment only",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[
        Section::flask("Environment Variables: Runtime vs Build-Time"),
        Section::flask("How Flask Reads Environment Variables"),
    ],
    check,
};

/// Last words of names of addresses.
const ADDRESSES: &str = "DSN ENDPOINT HOST HOSTNAME URI URL";
/// First words of names that a build or a tool reads, or that end up in the browser.
const OTHERS: &str = "BUN CONDA CORE FLASK GEM GO GOPROXY HOME HOMEPAGE JAVA NEXT NPM NVM PIP PUBLIC REACT RUSTUP \
    UV UVICORN VITE YARN";
/// Words of names that are about where something is downloaded from.
const DOWNLOADS: &str = "DOCS DOWNLOAD INDEX MIRROR RELEASE REPO REPOSITORY REGISTRY SOURCE";

fn check(model: &Model, report: &mut Report) {
    for variable in model.final_variables() {
        let (name, value) = (&variable.pair.key.text, variable.value.as_deref());
        let Some(value) = value.filter(|value| is_address(name) && names_a_host(value)) else {
            continue;
        };
        // With a password in it, it is told as a secret.
        if secrets::is_secret_value(value) {
            continue;
        }
        let message = format!(
            "`{name}` fits one environment; give it when the container starts, and the same image runs in test and production."
        );
        report.at(&RULE, variable.pair.range, message).advice(format!(
            "Take the line out, and set `{name}` in the ECS task definition, in Compose, or with `docker run -e`."
        ));
    }
}

fn is_address(name: &str) -> bool {
    let is_known = |list: &str, word: Option<&str>| word.is_some_and(|word| is_in(list, word));
    let mut words = name.split('_');
    is_known(ADDRESSES, name.rsplit('_').next())
        && !is_known(OTHERS, words.next())
        && !name.split('_').any(|word| is_in(DOWNLOADS, word))
}

/// Whether the value names a host that is somebody else: `https://api.example.org`, not `localhost`.
fn names_a_host(value: &str) -> bool {
    let rest = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let host = host.split(':').next().unwrap_or_default();
    let is_own = host.starts_with("127.") || host == "0.0.0.0";
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    host.contains('.') && !is_own && !host.starts_with('.') && host.chars().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn addresses_of_other_hosts() {
        check(
            &RULE,
            "\
FROM python:3.11
ENV LANG=C DATABASE_URL=postgres://db.example.org/app
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `DATABASE_URL` fits one environment
ENV REDIS_HOST=cache.internal.example.org
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `REDIS_HOST` fits one
",
        );
        no_fix(&RULE, "FROM a\nENV S3_ENDPOINT=https://s3.example.org\n");
    }

    #[test]
    fn silent_on_defaults_and_what_is_no_address() {
        for env in [
            "DATABASE_URL=postgres://localhost/app",
            "DATABASE_URL=sqlite:///data/app.db",
            "REDIS_HOST=127.0.0.1",
            "REDIS_HOST=redis",
            "HOST=0.0.0.0",
            "UVICORN_HOST=10.0.0.1",
            "PIP_INDEX_URL=https://pypi.example.org/simple",
            "NPM_CONFIG_REGISTRY=https://npm.example.org",
            "TINI_DOWNLOAD_URL=https://example.org/tini",
            "VITE_API_URL=https://api.example.org",
            "API_URL=$API",
            "API_URL=",
            "PATH=/opt/a.b/bin",
            "DATABASE_URL=postgres://app:hunter2@db.example.org/app",
        ] {
            silent(&RULE, &format!("FROM a\nARG API\nENV {env}\n"));
        }
        silent(&RULE, "FROM a AS b\nENV API_URL=https://a.example.org\nFROM a\n");
    }
}
