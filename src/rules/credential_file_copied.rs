//! A key or a file of passwords copied into the image by its name.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, is_in};

pub(super) const RULE: Rule = Rule {
    id: "credential-file-copied",
    title: "A key is copied into the image",
    severity: Severity::Error,
    fixes: Fixes::Never,
    buys: &[Buys::Security],
    aliases: &["CIS-DI-0010"],
    taught: &[],
    check,
};

/// Files and folders that hold secrets and nothing else.
const SECRET: &str = "id_rsa id_dsa id_ecdsa id_ed25519 .ssh .netrc _netrc .pypirc .git-credentials .pgpass .aws .kube \
    .gnupg .docker .azure .s3cfg";
/// Those that often do.
const PERHAPS: &str =
    ".npmrc .yarnrc.yml auth.json credentials.json service-account.json serviceAccountKey.json";
/// Endings of files with a private key.
const ENDINGS: [&str; 4] = [".key", ".p12", ".pfx", ".ppk"];

fn check(model: &Model, report: &mut Report) {
    for (stage, step, word) in model.copied(|path| secret(path).is_some()) {
        let Some((name, is_sure)) = secret(&word.text) else { continue };
        let ships = model.ships(stage, step);
        let message = match (ships, is_sure) {
            (true, _) => format!(
                "`{name}` lies in the image for everybody who has it, even if a later step deletes it; mount it as a secret."
            ),
            (false, true) => format!(
                "`{name}` stays in the build's cache; mount it as a secret, so that it is there only while it is needed."
            ),
            // What a builder reads stays there, which is where a registry's settings belong.
            (false, false) => continue,
        };
        let severity = if is_sure && ships { Severity::Error } else { Severity::Warning };
        report.at(&RULE, word.range, message).severity(severity).advice(
            "In the build, use `RUN --mount=type=secret` or `--mount=type=ssh`. What the running app needs comes when the container starts.",
        );
    }
}

/// The name of a file or folder that holds secrets, and whether it holds nothing else.
fn secret(path: &str) -> Option<(&str, bool)> {
    let path = path.trim_end_matches(['/', '*']).trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or_default();
    if is_in(SECRET, name) || path.ends_with(".docker/config.json") {
        Some((name, true))
    } else if is_in(PERHAPS, name) || ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        Some((name, false))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn points_at_the_file() {
        check(
            &RULE,
            "\
FROM debian:12 AS build
COPY .ssh/ /root/.ssh
#    ^^^^^ `.ssh` stays in the build's cache
FROM debian:12
COPY config/server.key /etc/ssl/
#    ^^^^^^^^^^^^^^^^^ `server.key` lies in the image
ADD ./id_rsa /root/.ssh/id_rsa
#   ^^^^^^^^ `id_rsa` lies in the image
",
        );
        no_fix(&RULE, "FROM a\nCOPY .netrc /root/\n");
    }

    #[test]
    fn less_sure_less_loud() {
        let severity = |source: &str| {
            let found = findings(&RULE, &Input::new(format!("FROM a\nCOPY {source} /x\n")));
            found.first().map(|one| one.severity)
        };
        assert_eq!(severity("id_ed25519"), Some(Severity::Error));
        assert_eq!(severity(".npmrc"), Some(Severity::Warning));
        assert_eq!(severity("app.pem"), None);
    }

    #[test]
    fn silent_for_public_things() {
        silent(&RULE, "FROM a\nCOPY id_rsa.pub known_hosts ca.crt keys.py /x/\nCOPY src/ /src/\n");
    }

    #[test]
    fn silent_for_a_registrys_settings_in_a_builder() {
        silent(
            &RULE,
            "FROM a AS b\nCOPY .npmrc package.json ./\nFROM a\nCOPY --from=b /dist /dist\n",
        );
    }
}
