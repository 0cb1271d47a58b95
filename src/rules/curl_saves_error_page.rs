//! curl without `--fail` takes the server's error page for the file.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, is_in, own_words};
use crate::syntax::Word;
use crate::syntax::shell::{Joined, is_shell};

pub(super) const RULE: Rule = Rule {
    id: "curl-saves-error-page",
    title: "The error page is saved as the file",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["DF035", "curlUseFlagF"],
    taught: &[],
    check,
};

/// Options with which an error shows anyway, or is asked for.
const OTHERS: &str = "--fail --fail-with-body --fail-early --head -I --write-out -w --config -K --version -V --help -h";

fn check(model: &Model, report: &mut Report) {
    for ran in model.commands_of("curl") {
        let Some((program, words)) = own_words(ran.command).split_first() else { continue };
        let is_watched = ran.next().is_some_and(|next| {
            next.joined == Joined::Or || (next.joined == Joined::Pipe && is_shell(next.program()))
        });
        let has_address = words.iter().any(|word| {
            word.text.starts_with("http")
                && !word.text.contains("localhost")
                && !word.text.contains("127.0.0.1")
        });
        if ran.command.depth > 0 || is_watched || !has_address || words.iter().any(tells) {
            continue;
        }
        let message = "If the server answers with an error, `curl` saves that page and reports success; `-f` makes it fail.";
        let fix = Fix::new("Add `-f`", model.add_option(ran.step, program, "-f"))
            .assuming("An error of the server shall stop the build.");
        report.at(&RULE, program.range, message).fix(fix);
    }
}

/// Whether the word is or may hold an option that makes errors show.
fn tells(word: &Word) -> bool {
    let name = word.text.split('=').next().unwrap_or_default();
    let letters = name.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
    is_in(OTHERS, name)
        || letters.is_some_and(|letters| letters.contains(['f', 'I', 'w', 'K']))
        || (word.text.starts_with('$') && !word.text.contains('/'))
        || word.text == "/dev/null"
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_curl() {
        check(
            &RULE,
            "\
FROM debian:12
RUN cd /opt && curl -sSL https://a.b/c -o d
#              ^^^^ If the server answers with an error
",
        );
    }

    #[test]
    fn adds_the_option() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN curl -sSLO https://a.b/c\n",
            "FROM debian:12\nRUN curl -f -sSLO https://a.b/c\n",
        );
        check_fix(
            &RULE,
            "FROM debian:12\nRUN [\"curl\", \"https://a.b/c\"]\n",
            "FROM debian:12\nRUN [\"curl\", \"-f\", \"https://a.b/c\"]\n",
        );
    }

    #[test]
    fn silent_where_errors_show() {
        for run in [
            "RUN curl -fsSL https://a.b/c -o d && curl --fail https://a.b/c",
            "RUN curl $OPTIONS https://a.b/c",
            "RUN curl -s http://localhost:8000/x",
            "RUN curl -s https://a.b/c || true",
            "RUN if curl -s https://a.b/c; then d; fi",
            "RUN curl -sI https://a.b/c",
            "RUN curl --version",
            "RUN curl -sSL https://a.b/c | bash",
            "HEALTHCHECK CMD curl http://a.b/",
        ] {
            silent(&RULE, &format!("FROM debian:12\n{run}\n"));
        }
    }
}
