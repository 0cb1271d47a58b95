//! The health check runs a program that the image does not have.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Base, Family, Model, Step, Tool, is_in};
use crate::syntax::shell::Command;
use crate::syntax::{Body, Keyword, json_string};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "healthcheck-tool-missing",
    title: "The health check always fails",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[
        Section::docker("Health Checks"),
        Section::docker("Practice: Optimize Your Dockerfile"),
    ],
    check,
};

/// Options of curl and wget that ask for a page and look at nothing but whether it comes.
const PLAIN: &str = "--fail --quiet --show-error --silent --spider --tries=1 -I -L -O -O- -S -f -fL -fS -fs -fsS -fsSL -nv \
    -o -q -qO -qO- -s -sS -sf -sfS /dev/null -";

fn check(model: &Model, report: &mut Report) {
    let mut steps = model.final_steps();
    let Some((_, step)) = steps.rfind(|(_, step)| step.keyword() == Keyword::Healthcheck) else {
        return;
    };
    let tool = |command: &Command| match command.program() {
        "curl" => Some(Tool::Curl),
        "wget" => Some(Tool::Wget),
        _ => None,
    };
    let found = step.commands().iter().find_map(|command| Some((command, tool(command)?)));
    let Some((command, tool)) = found.filter(|(command, _)| !is_brought(model, command.program()))
    else {
        return;
    };
    let (Some(word), name) = (command.words.first(), command.program()) else { return };
    let base = model.final_image().map(|(_, image)| image);
    let is_scratch = model.final_chain().next().is_some_and(|stage| stage.base == Base::Scratch);
    let image = base.map_or("this image", |image| image.text.as_str());
    let has = if is_scratch { Some(false) } else { base.and_then(|image| image.has(tool)) };
    let message = match has {
        Some(true) => return,
        Some(false) => format!(
            "`{name}` is not in `{image}`, so this check always fails and the container never becomes healthy; ask with a program that is there."
        ),
        None => format!(
            "Nothing here installs `{name}`; if `{image}` does not have it, this check always fails and the container never becomes healthy."
        ),
    };
    let finding = report.at(&RULE, word.range, message);
    if has.is_none() {
        finding.severity(Severity::Info);
    }
    match instead(model, step, command).filter(|_| has.is_some()) {
        Some((program, edit)) => finding.fix(
            Fix::new(format!("Ask with {program}"), edit.into())
                .assuming("The page answers with success, not with a redirect to another host."),
        ),
        None => finding.advice(format!(
            "Ask with the language that the app is written in, or install `{name}` in this stage."
        )),
    };
}

/// Whether a step of the final image brings the program, or shows by using it that it is there.
fn is_brought(model: &Model, name: &str) -> bool {
    let is_it = |path: &str| path.rsplit('/').next().is_some_and(|last| last.starts_with(name));
    model.final_steps().any(|(_, step)| {
        let installed = step.installs().any(|(install, command)| {
            install.packages(command).iter().any(|package| is_it(package.name))
        });
        let copied = step.transfer().is_some_and(|transfer| {
            transfer.sources.iter().chain([&transfer.destination]).any(|word| is_it(&word.text))
        });
        let used = step.keyword() == Keyword::Run
            && (step.commands().iter().any(|command| command.program() == name)
                || (step.is_opaque() && model.source(step.instruction).contains(name)));
        installed || copied || used
    })
}

/// The same question asked with a program that the image has, where the command asks for one page only.
fn instead(model: &Model, step: &Step, command: &Command) -> Option<(&'static str, TextEdit)> {
    let mut url = None;
    for word in command.arguments() {
        let text = word.text.as_str();
        if text.starts_with("http://") || text.starts_with("localhost") || text.starts_with("127.")
        {
            url = Some(text).filter(|_| url.is_none());
        } else if !is_in(PLAIN, text) {
            return None;
        }
    }
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/-_.~?=&%:".contains(c);
    let url = url.filter(|url| url.chars().all(is_plain))?;
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    let (_, image) = model.final_image()?;
    let (shown, words) = match image.official()? {
        "python" => (
            "Python",
            ["python", "-c", &format!("import urllib.request; urllib.request.urlopen('{url}')")]
                .map(str::to_owned),
        ),
        "node" => (
            "Node.js",
            [
                "node",
                "-e",
                &format!(
                    "require('http').get('{url}', r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))"
                ),
            ]
            .map(str::to_owned),
        ),
        _ if image.family() == Some(Family::Alpine) && command.program() == "curl" => {
            ("wget", ["wget", "-qO/dev/null", &url].map(str::to_owned))
        }
        _ => return None,
    };
    let [program, option, code] = &words;
    let text = match step.instruction.body()? {
        Body::Exec(all) if all.len() == command.words.len() => {
            words.iter().map(|word| json_string(word)).collect::<Vec<_>>().join(", ")
        }
        Body::Shell(script) if script.commands.iter().any(|one| one.range == command.range) => {
            let quote = if code.contains(' ') { "\"" } else { "" };
            format!("{program} {option} {quote}{code}{quote}")
        }
        _ => return None,
    };
    Some((shown, TextEdit::replace(command.range, text)))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    fn becomes(image: &str, before: &str, after: &str) {
        let after = format!("FROM {image}\nHEALTHCHECK {after}\n");
        check_fix(&RULE, &format!("FROM {image}\nHEALTHCHECK {before}\n"), &after);
        silent(&RULE, &after);
    }

    #[test]
    fn points_at_the_program() {
        check(
            &RULE,
            "\
FROM python:3.11-slim
HEALTHCHECK --interval=30s CMD curl -f http://localhost:8000/health || exit 1
#                              ^^^^ `curl` is not in `python:3.11-slim`, so this check always fails
",
        );
        check(
            &RULE,
            "\
FROM scratch
HEALTHCHECK CMD [\"wget\", \"-q\", \"http://localhost\"]
#                ^^^^^^ `wget` is not in `this image`
",
        );
    }

    #[test]
    fn softer_where_the_base_is_unknown() {
        let found =
            findings(&RULE, &Input::new("FROM org/app:1\nHEALTHCHECK CMD curl localhost\n"));
        assert_eq!(found[0].severity, Severity::Info);
        assert!(found[0].message.starts_with("Nothing here installs `curl`; if `org/app:1`"));
    }

    #[test]
    fn asks_with_a_program_that_is_there() {
        becomes(
            "python:3.11-slim",
            "CMD curl -f http://localhost:8000/health || exit 1",
            "CMD python -c \"import urllib.request; urllib.request.urlopen('http://localhost:8000/health')\" || exit 1",
        );
        becomes(
            "python:3.11-slim",
            "CMD [\"curl\", \"-f\", \"localhost:80\"]",
            "CMD [\"python\", \"-c\", \"import urllib.request; urllib.request.urlopen('http://localhost:80')\"]",
        );
        becomes(
            "node:22-slim",
            "CMD wget -qO- http://localhost:3000/ || exit 1",
            "CMD node -e \"require('http').get('http://localhost:3000/', r => process.exit(r.statusCode < 400 ? 0 : 1)).on('error', () => process.exit(1))\" || exit 1",
        );
        becomes(
            "alpine:3.20",
            "CMD curl -fsS http://localhost/ || exit 1",
            "CMD wget -qO/dev/null http://localhost/ || exit 1",
        );
        for cmd in
            ["curl -f -H 'X: y' http://localhost", "curl -f $URL", "sh -c 'curl http://localhost'"]
        {
            no_fix(&RULE, &format!("FROM python:3.11-slim\nHEALTHCHECK CMD {cmd}\n"));
        }
    }

    #[test]
    fn silent_where_the_program_is_there() {
        for (why, lines) in [
            ("the full image", "FROM python:3.11\nHEALTHCHECK CMD curl localhost"),
            ("busybox has wget", "FROM node:22-alpine\nHEALTHCHECK CMD wget -q localhost"),
            (
                "installed",
                "FROM python:3.11-slim\nRUN apt-get install -y ca-certificates curl\nHEALTHCHECK CMD curl localhost",
            ),
            (
                "installed below",
                "FROM debian:12 AS b\nRUN apt-get install -y curl\nFROM b\nHEALTHCHECK CMD curl localhost",
            ),
            (
                "copied",
                "FROM debian:12\nCOPY --from=c /bin/curl /bin/curl\nHEALTHCHECK CMD curl localhost",
            ),
            (
                "used",
                "FROM debian:12\nRUN curl -O https://example.org/a\nHEALTHCHECK CMD curl localhost",
            ),
            ("nginx has curl", "FROM nginx:1.27\nHEALTHCHECK CMD curl localhost"),
            ("another program", "FROM debian:12\nHEALTHCHECK CMD /app/check"),
            ("switched off", "FROM debian:12\nHEALTHCHECK NONE"),
            ("a builder", "FROM debian:12 AS b\nHEALTHCHECK CMD curl localhost\nFROM debian:12"),
            (
                "a later check counts",
                "FROM debian:12\nHEALTHCHECK CMD curl localhost\nHEALTHCHECK CMD true",
            ),
        ] {
            silent(&RULE, &format!("{lines}\n# {why}\n"));
        }
    }
}
