//! A variable that is empty where it is used, because nothing sets it there.

use super::unknown_stage::is_slip;
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::{Finding, Fix};
use crate::model::{Base, Model, Origin, Stage, Step, is_in, is_platform_arg};
use crate::syntax::{Keyword, Kind, Pair, Word};
use crate::text::{TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "undefined-variable",
    title: "The variable is empty here",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["UndefinedVar", "DL3044", "DF062", "DF087"],
    taught: &[],
    check,
};

/// What base images set, and what Docker knows without ARG.
const SET_ELSEWHERE: &str = "PATH HOME HOSTNAME LANG LANGUAGE LC_ALL TERM SOURCE_DATE_EPOCH HTTP_PROXY HTTPS_PROXY FTP_PROXY \
    NO_PROXY ALL_PROXY http_proxy https_proxy ftp_proxy no_proxy all_proxy PYTHON_VERSION PYTHON_PIP_VERSION PYTHON_SHA256 GPG_KEY \
    NODE_VERSION YARN_VERSION GOLANG_VERSION GOPATH GOTOOLCHAIN RUBY_VERSION RUBY_MAJOR GEM_HOME BUNDLE_APP_CONFIG RUST_VERSION \
    RUSTUP_HOME CARGO_HOME JAVA_HOME JAVA_VERSION PHP_VERSION PHP_INI_DIR NGINX_VERSION";
/// Official images whose variables are all in that list.
const KNOWN: &str =
    "python node debian ubuntu alpine golang ruby rust busybox fedora eclipse-temurin";
/// From so many names on, none is looked at.
const MOST: usize = 100;

/// Instructions in which Docker fills variables in.
const FILLED: [Keyword; 10] = [
    Keyword::Env,
    Keyword::Arg,
    Keyword::Label,
    Keyword::Copy,
    Keyword::Add,
    Keyword::Workdir,
    Keyword::User,
    Keyword::Stopsignal,
    Keyword::Expose,
    Keyword::Volume,
];

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.steps_with("$") {
        if !FILLED.contains(&step.keyword()) {
            continue;
        }
        for (word, pair) in words(step) {
            for (name, range) in variables(model, word) {
                let is_own = pair.is_some_and(|pair| pair.key.text == name);
                if !is_own && !is_in(SET_ELSEWHERE, name) && !name.starts_with("BUILDKIT_") {
                    one(model, (stage, step), name, range, report);
                }
            }
        }
    }
}

fn one(model: &Model, at: (&Stage, &Step), name: &str, range: TextRange, report: &mut Report) {
    let (stage, step) = at;
    let setting = model.setting(stage, step.index, name);
    let declare = || {
        // At one place, so that several uses of a name get one line.
        let edit = model.insert_below(stage.from, &[format!("ARG {name}")]);
        Fix::new(format!("Add `ARG {name}`"), edit.into())
    };
    if let Some(setting) = setting {
        if setting.origin == Origin::Global {
            let message = format!(
                "`{name}` is set above `FROM`, and a stage sees it only behind an `ARG {name}` of its own; here it is empty."
            );
            let fix = declare().assuming(format!("The value of `{name}` above `FROM` is meant."));
            report.at(&RULE, range, message).severity(base_severity(model, stage)).fix(fix);
        }
    } else if is_platform_arg(name) {
        let message = format!(
            "Docker knows `{name}`, but a stage sees it only behind an `ARG {name}`; here it is empty."
        );
        let fix = declare().assuming(format!("Docker's own `{name}` is meant."));
        report.at(&RULE, range, message).fix(fix);
    } else if let Some(own) = own_pair(step, name) {
        let message = format!(
            "`{name}` is set in this same `ENV`, and counts only from the next line on; here it is empty."
        );
        split(model, step, own, report.at(&RULE, range, message));
    } else if is_known(model, stage) {
        let message = format!("Nothing sets `{name}` before this line, so it is empty here.");
        slip(model, at, name, range, report.at(&RULE, range, message));
    }
}

/// How sure it is that the base image does not set a variable either.
fn base_severity(model: &Model, stage: &Stage) -> Severity {
    if is_known(model, stage) { Severity::Warning } else { Severity::Info }
}

fn is_known(model: &Model, stage: &Stage) -> bool {
    model.root(stage).is_some_and(|root| match &root.base {
        Base::Scratch => true,
        Base::Image(image) => image.official().is_some_and(|name| is_in(KNOWN, name)),
        _ => false,
    })
}

/// The pair of the step's own ENV that sets `name`.
fn own_pair<'s>(step: &Step<'s>, name: &str) -> Option<&'s Pair> {
    let Kind::Env(pairs) = &step.instruction.kind else { return None };
    pairs.iter().take(MOST).find(|pair| pair.key.text == name)
}

/// Mends the use of a variable in its own ENV: what follows the pair gets an instruction of its own.
fn split(model: &Model, step: &Step, own: &Pair, finding: &mut Finding) {
    let Kind::Env(pairs) = &step.instruction.kind else { return };
    let next = pairs.iter().find(|pair| pair.range.start > own.range.start);
    let between = next.map(|next| TextRange::new(own.range.end, next.range.start));
    let is_blank = |c: char| c.is_whitespace() || c == model.escape();
    let fits = |range: &TextRange| {
        range.start < finding.range.start && range.of(model.text()).chars().all(is_blank)
    };
    if let Some(range) = between.filter(fits) {
        let edit = TextEdit::replace(range, format!("{}ENV ", model.newline()));
        let fix = Fix::new("Begin a new `ENV`", edit.into());
        finding.fix(fix.assuming("The value that is set in the same line is meant."));
    } else {
        finding.advice("Set it in an `ENV` line of its own above this one.");
    }
}

/// Mends a slip of the keys, where a name is near that is set.
fn slip(model: &Model, at: (&Stage, &Step), name: &str, range: TextRange, finding: &mut Finding) {
    let (stage, step) = at;
    let steps = stage.steps.iter().take(step.index.min(MOST));
    let pairs = steps.flat_map(|step| match &step.instruction.kind {
        Kind::Env(pairs) | Kind::Arg(pairs) => pairs.as_slice(),
        _ => &[],
    });
    let near = pairs.map(|pair| pair.key.text.as_str()).chain(["PATH", "HOME"]);
    match near.rev().find(|near| is_slip(name, near)) {
        Some(near) => {
            let text = range.of(model.text()).replacen(name, near, 1);
            let fix = Fix::new(format!("Write `{near}`"), TextEdit::replace(range, text).into());
            finding.fix(fix.assuming(format!("`{near}` is what is meant.")));
        }
        None => {
            finding.advice(
                "Set it above with `ENV`, or with `ARG` where the build is to choose. `${NAME:-default}` says what stands here otherwise.",
            );
        }
    }
}

/// The words in which Docker fills variables in, each with the pair whose value it is.
fn words<'s>(step: &Step<'s>) -> Vec<(&'s Word, Option<&'s Pair>)> {
    let mut words: Vec<(&Word, Option<&Pair>)> = Vec::new();
    match &step.instruction.kind {
        Kind::Env(pairs) | Kind::Arg(pairs) | Kind::Label(pairs) => {
            words.extend(pairs.iter().filter_map(|pair| Some((pair.value.as_ref()?, Some(pair)))));
        }
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            words.extend(transfer.sources.iter().map(|word| (word, None)));
            words.push((&transfer.destination, None));
            let flags = step.instruction.flags.iter().filter(|flag| flag.name != "from");
            words.extend(flags.filter_map(|flag| Some((flag.value.as_ref()?, None))));
        }
        Kind::Workdir(word) | Kind::User(word) | Kind::Stopsignal(word) => words.push((word, None)),
        Kind::Expose(all) | Kind::Volume(all) => words.extend(all.iter().map(|word| (word, None))),
        _ => {}
    }
    words.retain(|(word, _)| word.text.contains('$'));
    words
}

/// The variables of a word that have no default, each with the place of all of `$NAME` or `${NAME}`.
pub(super) fn variables<'a>(model: &Model<'a>, word: &Word) -> Vec<(&'a str, TextRange)> {
    let raw = word.range.of(model.text());
    let mut found = Vec::new();
    let (mut at, mut is_quoted) = (0, false);
    while let Some(c) = raw.get(at..).and_then(|rest| rest.chars().next()) {
        let start = at;
        at += c.len_utf8();
        let rest = raw.get(at..).unwrap_or_default();
        if c == model.escape() {
            at += rest.chars().next().map_or(0, char::len_utf8);
        } else if c == '"' {
            is_quoted = !is_quoted;
        } else if c == '\'' && !is_quoted {
            at += rest.find('\'').map_or(rest.len(), |end| end + 1);
        } else if c == '$' {
            let inner = rest.strip_prefix('{').unwrap_or(rest);
            let length =
                inner.bytes().take_while(|b| b.is_ascii_alphanumeric() || *b == b'_').count();
            let (name, behind) = inner.split_at(length);
            let is_braced = inner.len() < rest.len();
            if is_braced && !behind.starts_with('}') {
                at = raw.len() - behind.len() + end_of_braces(behind);
                continue;
            }
            at = raw.len() - behind.len() + usize::from(is_braced);
            if !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) {
                found.push((name, TextRange::new(word.range.start + start, word.range.start + at)));
            }
        }
    }
    found
}

/// How long the rest of an open `{` is, its `}` with it.
fn end_of_braces(text: &str) -> usize {
    let mut depth = 1;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, fixed, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn nothing_sets_it() {
        check(
            &RULE,
            "\
FROM debian:12
COPY --chown=$OWNER a b
#            ^^^^^^ Nothing sets `OWNER`
WORKDIR /srv/${DIR}
#            ^^^^^^ Nothing sets `DIR`
ENV A=1 B=$A
#         ^^ `A` is set in this same `ENV`
LABEL v=$A w=$W
#            ^^ Nothing sets `W`
",
        );
    }

    #[test]
    fn set_above_from_is_not_set_in_the_stage() {
        check(
            &RULE,
            "\
ARG APP=web
FROM debian:12
WORKDIR /srv/$APP
#            ^^^^ `APP` is set above `FROM`
COPY bin-$TARGETARCH /bin/
#        ^^^^^^^^^^^ Docker knows `TARGETARCH`
ARG APP
WORKDIR /srv/$APP
",
        );
        check_fix(
            &RULE,
            "ARG APP=web\nFROM debian:12\nWORKDIR /srv/$APP\n",
            "ARG APP=web\nFROM debian:12\nARG APP\nWORKDIR /srv/$APP\n",
        );
        check_fix(
            &RULE,
            "FROM debian:12\nCOPY a-$TARGETARCH /a\n",
            "FROM debian:12\nARG TARGETARCH\nCOPY a-$TARGETARCH /a\n",
        );
        let unknown = findings(&RULE, &Input::new("ARG A=1\nFROM acme/base:1\nENV B=$A\n"));
        assert_eq!(unknown[0].severity, Severity::Info);
    }

    #[test]
    fn an_env_sees_what_is_set_above_it() {
        let before = "FROM acme/base:1\nENV A=1 \\\n    B=$A C=2\n";
        check_fix(&RULE, before, "FROM acme/base:1\nENV A=1\nENV B=$A C=2\n");
        silent(&RULE, &fixed(&RULE, before).unwrap());
        no_fix(&RULE, "FROM debian:12\nENV A=$B B=1\n");
    }

    #[test]
    fn mends_a_slip_of_the_keys() {
        check_fix(
            &RULE,
            "FROM debian:12\nENV VERSION=1\nCOPY app-${VERISON} /app\n",
            "FROM debian:12\nENV VERSION=1\nCOPY app-${VERSION} /app\n",
        );
        check_fix(
            &RULE,
            "FROM debian:12\nENV P=/app:$PAHT\n",
            "FROM debian:12\nENV P=/app:$PATH\n",
        );
        no_fix(&RULE, "FROM scratch\nCOPY $X /\n");
    }

    #[test]
    fn silent_where_it_may_be_set() {
        for (why, text) in [
            ("set", "FROM debian:12\nARG A\nENV B=$A\n"),
            ("set in a stage below", "FROM debian:12 AS a\nENV A=1\nFROM a\nENV B=$A\n"),
            ("a default", "FROM debian:12\nENV B=${A:-1} C=${D:-${E}}$C\n"),
            ("by the base image", "FROM python:3.12\nENV B=$PYTHON_VERSION PATH=/app:$PATH\n"),
            ("by an unknown base image", "FROM acme/base:1\nENV B=$A\n"),
            ("by an image with a name of its own", "FROM nextcloud:32\nENV B=$A\n"),
            ("it goes on with itself", "FROM debian:12\nENV LD_LIBRARY_PATH=/a:$LD_LIBRARY_PATH\n"),
            ("no variable", "FROM debian:12\nENV A='$B' C=\\$D E=\"\\$F\" G=$1 H=5$\n"),
            ("the shell's business", "FROM debian:12\nRUN echo $A\nCMD echo $B\n"),
            ("a proxy", "FROM debian:12\nENV A=$HTTP_PROXY\n"),
        ] {
            silent(&RULE, &format!("{text}# {why}\n"));
        }
    }
}
