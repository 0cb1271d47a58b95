//! A base image's name that cannot be one.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Base, Model};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "invalid-image-name",
    title: "This cannot be an image's name",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &["FromInvalidImageReference"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        let text = stage.image.text.as_str();
        // What a variable makes of it is told where the variable is; a template's braces are filled in before.
        if text.contains(['$', '`', '%', '{']) {
            continue;
        }
        // A stage is looked up by its name in lower case.
        let is_stage =
            matches!(stage.base, Base::Stage(_)) && text.bytes().any(|b| b.is_ascii_uppercase());
        let Some(reason) = fault(text).filter(|_| is_stage || matches!(stage.base, Base::Image(_)))
        else {
            continue;
        };
        let message = format!("Docker cannot read `{text}` as an image's name: {reason}.");
        let finding = report.at(&RULE, stage.image.range, message);
        let lower = text.to_ascii_lowercase();
        if fault(&lower).is_none() {
            let edits = TextEdit::replace(stage.image.range, &lower).into();
            let fix = Fix::new(format!("Write `{lower}`"), edits);
            finding.fix(fix.assuming(format!("`{lower}` is the image or stage that you mean.")));
        } else {
            finding.advice("A name reads `registry/name:tag`, for example `python:3.12-slim`.");
        }
    }
}

/// What is wrong with an image's name; `None` where Docker takes it.
pub(super) fn fault(text: &str) -> Option<&'static str> {
    let (rest, digest) =
        text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest.get(slash..).and_then(|last| last.split_once(':')) {
        Some((last, tag)) => (rest.get(..slash + last.len()).unwrap_or_default(), Some(tag)),
        None => (rest, None),
    };
    let host = name.split_once('/').map_or("", |(host, _)| host);
    let path = if host == "localhost" || host.contains(['.', ':']) {
        name.get(host.len() + 1..).unwrap_or_default()
    } else {
        name
    };
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_part = |part: &str| {
        let (first, last) = (part.bytes().next(), part.bytes().next_back());
        first.is_some_and(is_letter)
            && last.is_some_and(is_letter)
            && part.bytes().all(|byte| is_letter(byte) || b"._-".contains(&byte))
    };
    let is_tag = |tag: &str| {
        let mut bytes = tag.bytes();
        let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
        bytes.next().is_some_and(is_word)
            && bytes.all(|byte| is_word(byte) || b".-".contains(&byte))
    };
    if path.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Some("it has capital letters")
    } else if tag.is_some_and(str::is_empty) {
        Some("nothing stands behind the `:`")
    } else if digest.is_some_and(|digest| !digest.contains(':')) {
        Some("behind the `@` belongs a digest such as `sha256:…`")
    } else if !path.split('/').all(is_part) || !tag.is_none_or(is_tag) {
        Some("it has a character that does not belong there")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::{RULE, fault};

    #[test]
    fn points_at_the_name() {
        check(
            &RULE,
            "\
FROM python:
#    ^^^^^^^ Docker cannot read `python:` as an image's name: nothing stands behind the `:`.
FROM debian:12 AS build
FROM Build
#    ^^^^^ Docker cannot read `Build` as an image's name: it has capital letters.
",
        );
    }

    #[test]
    fn writes_it_small() {
        check_fix(&RULE, "FROM Python:3.12\n", "FROM python:3.12\n");
        no_fix(&RULE, "FROM python:3.12:slim\n");
        no_fix(&RULE, "FROM python:3,12\n");
    }

    #[test]
    fn what_docker_takes() {
        for text in [
            "python",
            "python:3.12-slim",
            "a__b/c.d-e:V1",
            "localhost/app",
            "Host.example:5000/app:1",
            "gcr.io/distroless/static-debian12:nonroot",
            "debian@sha256:abc",
            "debian:12@sha256:abc",
            "host:5000/a",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
        for text in ["-a", "a//b", "a/", "a:b:c", "a:-b", "a b", "a@b", "https://a/b", ""] {
            assert!(fault(text).is_some(), "{text}");
        }
    }

    #[test]
    fn silent_for_stages_and_variables() {
        silent(&RULE, "ARG V\nFROM python:$V\nFROM a AS b\nFROM b\nFROM scratch\nFROM a:{{tag}}\n");
    }
}
