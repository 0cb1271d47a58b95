//! pip keeps what it downloads for a next install that never comes.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Manager, Model};

const OPTION: &str = "--no-cache-dir";

pub(super) const RULE: Rule = Rule {
    id: "pip-cache-in-image",
    title: "The image keeps pip's download cache",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::Size],
    aliases: &["DL3042", "DF030"],
    taught: &[
        Section::docker("No Cache for pip"),
        Section::flask("Why use `--no-cache-dir` with pip?"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.run_steps() {
        let keeps = |(install, _): &(&_, &_)| model.cache_kept(stage, step, install).is_some();
        let of_pip = step.installs().filter(|(install, _)| install.manager == Manager::Pip);
        let installs: Vec<_> = of_pip.filter(keeps).collect();
        let Some((first, command)) = installs.first() else { continue };
        let (name, range) = first.name(command);
        let message =
            format!("`{name}` keeps a copy of what it downloads in this layer; add `{OPTION}`.");
        let severity = if model.is_in_final(stage) { Severity::Warning } else { Severity::Info };
        let verbs: Vec<_> = installs
            .iter()
            .filter_map(|(install, command)| command.words.get(install.verb))
            .collect();
        let fix = model
            .insert_after_words(&verbs, OPTION, step.script().is_none())
            .map(|edits| Fix::new(format!("Add `{OPTION}`"), edits));
        report.at(&RULE, range, message).severity(severity).fix(fix);
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    #[test]
    fn points_at_the_words_that_install() {
        check(
            &RULE,
            "\
FROM python:3.11
RUN apt-get update && pip3 install flask
#                     ^^^^^^^^^^^^ `pip3 install` keeps a copy
RUN python -m pip install -r requirements.txt
#             ^^^^^^^^^^^ `pip install` keeps a copy
RUN pip --python /opt/venv/bin/python install flask
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `pip install` keeps
RUN pip install a && pip install b
#   ^^^^^^^^^^^ `pip install` keeps
",
        );
    }

    #[test]
    fn softer_in_a_builder() {
        let text = "FROM python:3.11 AS b\nRUN pip wheel -r r.txt\nFROM python:3.11-slim\nCOPY --from=b /w /w\n";
        assert_eq!(findings(&RULE, &Input::new(text))[0].severity, Severity::Info);
    }

    #[test]
    fn adds_the_option_to_every_install_of_the_run() {
        check_fix(
            &RULE,
            "FROM python:3.11\nRUN pip install -U pip \\\n # all\n && pip install -r r.txt\n",
            "FROM python:3.11\nRUN pip install --no-cache-dir -U pip \\\n # all\n && pip install --no-cache-dir -r r.txt\n",
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nRUN [\"pip\", \"install\", \"flask\"]\n",
            "FROM python:3.11\nRUN [\"pip\", \"install\", \"--no-cache-dir\", \"flask\"]\n",
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nRUN [\"sh\", \"-c\", \"pip install flask\"]\n",
            "FROM python:3.11\nRUN [\"sh\", \"-c\", \"pip install --no-cache-dir flask\"]\n",
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nRUN <<EOF\npip install flask\nEOF\n",
            "FROM python:3.11\nRUN <<EOF\npip install --no-cache-dir flask\nEOF\n",
        );
    }

    #[test]
    fn silent_where_pip_keeps_nothing() {
        for (why, lines) in [
            ("the option", "RUN pip --no-cache-dir install a"),
            ("the option, short", "RUN pip install --no-cache a"),
            ("the variable", "ENV PIP_NO_CACHE_DIR=off\nRUN pip install a"),
            ("an ARG", "ARG PIP_NO_CACHE_DIR=1\nRUN pip install a"),
            ("before the command", "RUN PIP_NO_CACHE_DIR=1 pip install a"),
            ("exported", "RUN export PIP_NO_CACHE_DIR=1 && pip install a"),
            ("a cache mount", "RUN --mount=type=cache,target=/root/.cache/pip pip install a"),
            ("above it", "RUN --mount=type=cache,target=/root/.cache pip install a"),
            ("of another user", "RUN --mount=type=cache,target=/home/app/.cache pip install a"),
            ("tmpfs", "RUN --mount=type=tmpfs,target=/root pip install a"),
            ("purged", "RUN pip install a && pip cache purge"),
            ("deleted", "RUN pip install a && rm -rf ~/.cache/pip"),
            ("deleted by variable", "RUN pip install a && rm -rf $HOME/.cache"),
            ("nothing downloaded", "RUN pip install --no-index --find-links=/w a"),
            ("pipx", "RUN pipx install a"),
            ("pipenv", "RUN pipenv install --deploy"),
            ("uv", "RUN uv pip install a"),
            ("not an install", "RUN pip check && pip uninstall a"),
        ] {
            silent(&RULE, &format!("FROM python:3.11\n# {why}\n{lines}\n"));
        }
    }

    #[test]
    fn silent_with_the_variable_of_a_parent_stage() {
        silent(
            &RULE,
            "FROM python:3.11 AS base\nENV PIP_NO_CACHE_DIR=1\nFROM base\nRUN pip install a\n",
        );
    }
}
