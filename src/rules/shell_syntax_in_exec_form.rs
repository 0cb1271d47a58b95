//! A list that counts on a shell: `["uvicorn", "--port", "$PORT"]`, `["npm start"]`, `["a", "&&", "b"]`.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Base, Model, Step, Tool, is_in};
use crate::syntax::shell::is_shell;
use crate::syntax::{Body, Keyword, Word, json_string};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "shell-syntax-in-exec-form",
    title: "Nothing reads this as a shell would",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[],
    check,
};

/// Programs that fill in variables, or take programs as text, themselves.
const READERS: &str =
    "awk caddy envsubst find gawk grep java jq node perl php python python3 ruby sed socat";

fn check(model: &Model, report: &mut Report) {
    let starters = model.starters();
    let stage = model.final_stage();
    let has_shell = stage.is_some_and(|stage| model.has(stage, Tool::Shell) == Some(true));
    for (_, step) in model.final_steps() {
        let Some(Body::Exec(words)) = step.instruction.body() else { continue };
        let Some(first) = words.first() else { continue };
        if words.iter().any(|word| is_shell(&word.text)) {
            continue;
        }
        if first.text.contains(' ') && !first.text.contains(['/', '\\']) {
            if is_program(model, step, starters.0.is_some()) {
                split(first, report);
            }
        } else if let Some(word) =
            words.iter().skip(1).find(|word| is_in("&& || | > >> 2>&1", &word.text))
        {
            let message = format!(
                "Without a shell, `{}` is handed to `{}` as one more argument; only the first program runs.",
                word.text, first.text
            );
            report.at(&RULE, word.range, message).advice(
                "Put the commands into a start script whose last line is `exec` and your app, and start that.",
            );
        } else if !is_in(READERS, first.text.rsplit('/').next().unwrap_or_default()) {
            let own = (starters.0.is_some(), starters.1.is_some(), has_shell);
            variable(step, words, own, report);
        }
    }
}

/// Whether the first word of the list is surely the program, and no argument for an ENTRYPOINT.
fn is_program(model: &Model, step: &Step, has_entrypoint: bool) -> bool {
    let is_plain = || match model.final_image() {
        Some((_, image)) => image.starts_plainly(),
        None => model.final_chain().next().is_some_and(|root| root.base == Base::Scratch),
    };
    step.keyword() != Keyword::Cmd || (!has_entrypoint && is_plain())
}

fn split(first: &Word, report: &mut Report) {
    let message = format!(
        "Docker looks for one program called `{}`, blanks and all, and finds none; make each word an element of its own.",
        first.text
    );
    let finding = report.at(&RULE, first.range, message).severity(Severity::Error);
    if first.text.contains(|c: char| "$'\"`&|;<>*".contains(c)) {
        finding.advice(
            "Make each word an element of its own, or start a shell: `[\"sh\", \"-c\", \"…\"]`.",
        );
    } else {
        let words: Vec<_> = first.text.split_whitespace().map(json_string).collect();
        let edit = TextEdit::replace(first.range, words.join(", "));
        finding.fix(Fix::new("One element a word", edit.into()));
    }
}

/// `own` says whether there is an ENTRYPOINT, a CMD, a shell.
fn variable(step: &Step, words: &[Word], own: (bool, bool, bool), report: &mut Report) {
    let (has_entrypoint, has_cmd, has_shell) = own;
    let is_cmd = step.keyword() == Keyword::Cmd;
    // A start script may fill it in.
    if is_cmd && has_entrypoint {
        return;
    }
    let Some((word, name)) = words.iter().find_map(|word| Some((word, used(&word.text)?))) else {
        return;
    };
    let message = format!(
        "A list starts no shell, so nothing fills in `{name}`: the program gets these very letters."
    );
    let is_alone = is_cmd || (step.keyword() == Keyword::Entrypoint && !has_cmd);
    let is_plain =
        words.iter().all(|word| word.text.chars().all(is_plain) && !word.text.is_empty());
    let finding = report.at(&RULE, word.range, message);
    if has_shell && is_alone && is_plain {
        let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        let list = format!("[\"sh\", \"-c\", \"exec {}\"]", texts.join(" "));
        let edit = TextEdit::replace(step.instruction.arguments, list);
        finding.fix(
            Fix::new("Let a shell fill it in", edit.into())
                .assuming(format!("`{name}` has a value when the container starts.")),
        );
    } else {
        finding.advice(format!(
            "Write the value itself, let the program read `{name}` from its environment, or start it with `sh -c \"exec …\"`."
        ));
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./:=@,+%${}".contains(c)
}

/// The variable that a shell would fill in: `$PORT`, `${PORT:-80}`.
fn used(text: &str) -> Option<&str> {
    let at = text.find('$').filter(|_| !text.contains("{$"))?;
    let rest = &text[at..];
    let name = rest[1..].strip_prefix('{').unwrap_or(&rest[1..]);
    if !name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_') {
        return None;
    }
    if name.len() + 1 < rest.len() {
        return rest.find('}').map(|end| &rest[..=end]);
    }
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '_';
    Some(name.find(ends).map_or(rest, |end| &rest[..=end]))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, fixed, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_what_a_shell_would_read() {
        check(
            &RULE,
            "\
FROM python:3.11
RUN [\"echo\", \"$HOME\"]
#            ^^^^^^^ A list starts no shell, so nothing fills in `$HOME`
CMD [\"alembic\", \"upgrade\", \"&&\", \"uvicorn\"]
#                          ^^^^ Without a shell, `&&` is handed to `alembic`
",
        );
        check(
            &RULE,
            "FROM node:22\nCMD [\"npm start\"]\n#    ^^^^^^^^^^^ Docker looks for one program\n",
        );
    }

    #[test]
    fn splits_words_and_starts_a_shell() {
        check_fix(
            &RULE,
            "FROM node:22\nCMD [\"npm run start\"]\n",
            "FROM node:22\nCMD [\"npm\", \"run\", \"start\"]\n",
        );
        let after =
            "FROM python:3.11\nCMD [\"sh\", \"-c\", \"exec uvicorn a:b --port ${PORT:-80}\"]\n";
        check_fix(
            &RULE,
            "FROM python:3.11\nCMD [\"uvicorn\", \"a:b\", \"--port\", \"${PORT:-80}\"]\n",
            after,
        );
        assert_eq!(fixed(&RULE, after), None);
    }

    #[test]
    fn by_hand() {
        no_fix(&RULE, "FROM gcr.io/distroless/static\nENTRYPOINT [\"/a\", \"$PORT\"]\n");
        no_fix(&RULE, "FROM python:3.11\nENTRYPOINT [\"a\", \"$PORT\"]\nCMD [\"b\"]\n");
        no_fix(&RULE, "FROM python:3.11\nCMD [\"a b$C\"]\n");
    }

    #[test]
    fn silent_where_something_reads_it() {
        for lines in [
            "CMD [\"sh\", \"-c\", \"a $PORT && b\"]",
            "CMD [\"java\", \"-jar\", \"a.jar\", \"--server.port=${PORT}\"]",
            "CMD [\"otel\", \"--config=${env:X}\", \"{$A}\", \"$1\"]",
            "ENTRYPOINT [\"/entry.sh\"]\nCMD [\"a b\", \"$PORT\"]",
            "CMD a $PORT",
        ] {
            silent(&RULE, &format!("FROM python:3.11\n{lines}\n"));
        }
        silent(&RULE, "FROM acme/base:1\nCMD [\"a b\"]\n");
    }
}
