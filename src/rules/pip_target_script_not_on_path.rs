//! The command is a script that `pip install --target` put where no program is looked for.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Install, Launch, Manager, Model, Step};
use crate::syntax::shell::Command;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "pip-target-script-not-on-path",
    title: "The container cannot start",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[Section::docker("Production Dockerfile")],
    check,
};

/// Scripts that packages bring, with the module that does the same.
const SCRIPTS: [(&str, &str); 10] = [
    ("alembic", "alembic"),
    ("celery", "celery"),
    ("django-admin", "django"),
    ("fastapi", "fastapi"),
    ("flask", "flask"),
    ("granian", "granian"),
    ("gunicorn", "gunicorn"),
    ("hypercorn", "hypercorn"),
    ("streamlit", "streamlit"),
    ("uvicorn", "uvicorn"),
];

fn check(model: &Model, report: &mut Report) {
    let Some(launch) = model.launch().filter(|launch| !launch.is_module()) else { return };
    let Some(word) = launch.words.get(launch.program) else { return };
    let Some((script, module)) = SCRIPTS.iter().find(|(script, _)| *script == word.text) else {
        return;
    };
    if !copies_target(model) || is_on_path(model) || is_installed(model) {
        return;
    }
    let message = format!(
        "The `{script}` script lies in `site-packages/bin`, where nothing looks for programs, so the container cannot start; run `python -m {module}`."
    );
    let finding = report.at(&RULE, word.range, message);
    // A base image of one's own may bring the program.
    if model.final_image().is_none_or(|(_, image)| image.official().is_none()) {
        finding.severity(Severity::Warning);
    }
    match edit(&launch, module) {
        Some(edit) => {
            let title = format!("Start `{script}` with `python -m {module}`");
            finding.fix(Fix::new(title, edit.into()));
        }
        None => {
            finding.advice(format!("Write `python -m {module}` in place of `{script}`."));
        }
    }
}

fn edit(launch: &Launch<'_>, module: &str) -> Option<TextEdit> {
    let word = launch.words.get(launch.program).filter(|_| launch.is_in_place())?;
    let text = if launch.is_exec {
        format!("\"python\", \"-m\", \"{module}\"")
    } else {
        format!("python -m {module}")
    };
    Some(TextEdit::replace(word.range, text))
}

/// The folder that `pip install --target` fills, from `/`.
fn target(step: &Step<'_>, install: &Install, command: &Command) -> Option<String> {
    let is_pip = matches!(install.manager, Manager::Pip | Manager::Uv);
    step.absolute(install.option_value(command, &["-t", "--target"]).filter(|_| is_pip)?)
}

/// The targets of every stage.
fn targets(model: &Model) -> Vec<String> {
    let steps = model.run_steps();
    steps.flat_map(|(_, step)| step.installs().filter_map(|(i, c)| target(step, i, c))).collect()
}

/// Whether the final image has such a folder in place of Python's own.
fn copies_target(model: &Model) -> bool {
    let targets = targets(model);
    model.final_steps().any(|(_, step)| {
        let into_python = step.transfer().filter(|transfer| {
            let to = &transfer.destination.text;
            to.contains("site-packages") || to.contains("dist-packages")
        });
        step.instruction.flag("from").is_some()
            && into_python.is_some_and(|transfer| {
                let mut sources = transfer.sources.iter().map(|word| &word.text);
                sources.any(|source| targets.iter().any(|target| is_same(source, target)))
            })
    })
}

/// Whether COPY takes the content of the folder `target`; a source in a stage is read from `/`.
fn is_same(source: &str, target: &str) -> bool {
    let source = source.trim_end_matches('.').trim_matches('/');
    source == target.trim_matches('/')
}

/// Whether PATH leads to the scripts after all, or to where nobody can tell.
fn is_on_path(model: &Model) -> bool {
    let Some(path) = model.final_env("PATH") else { return false };
    let written = path.pair.value.as_ref().map_or("", |value| value.text.as_str());
    written.contains("-packages/bin")
        || targets(model).iter().any(|target| written.contains(&format!("{target}/bin")))
}

/// Whether the final image installs packages in the usual way as well.
fn is_installed(model: &Model) -> bool {
    model.final_steps().any(|(_, step)| {
        let mut usual = step
            .installs()
            .filter(|(install, _)| {
                matches!(
                    install.manager,
                    Manager::Pip | Manager::Uv | Manager::Poetry | Manager::Pipenv
                )
            })
            .filter(|(install, command)| target(step, install, command).is_none());
        usual.next().is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, silent};
    use super::{RULE, Severity};
    use crate::input::Input;

    const BUILDER: &str = "\
FROM python:3.11-slim AS builder
WORKDIR /app
RUN pip install --no-cache-dir --target=/app/deps -r requirements.txt
";
    const FINAL: &str = "FROM python:3.11-slim\nCOPY --from=builder /app/deps /usr/local/lib/python3.11/site-packages\n";

    #[test]
    fn script_in_site_packages() {
        check(
            &RULE,
            "\
FROM python:3.11-slim AS builder
WORKDIR /app
RUN pip install -t deps -r requirements.txt
FROM python:3.11-slim
COPY --from=builder /app/deps/ /usr/local/lib/python3.11/site-packages/
CMD [\"uvicorn\", \"main:app\"]
#    ^^^^^^^^^ The `uvicorn` script lies in `site-packages/bin`
",
        );
    }

    #[test]
    fn starts_the_module() {
        for (before, after) in [
            ("CMD [\"uvicorn\", \"a:b\"]\n", "CMD [\"python\", \"-m\", \"uvicorn\", \"a:b\"]\n"),
            ("CMD exec gunicorn app:app\n", "CMD exec python -m gunicorn app:app\n"),
            ("ENTRYPOINT [\"django-admin\"]\n", "ENTRYPOINT [\"python\", \"-m\", \"django\"]\n"),
        ] {
            let after = format!("{BUILDER}{FINAL}{after}");
            check_fix(&RULE, &format!("{BUILDER}{FINAL}{before}"), &after);
            silent(&RULE, &after);
        }
    }

    #[test]
    fn softer_on_an_image_that_may_bring_the_program() {
        let text = format!("{BUILDER}{FINAL}CMD [\"uvicorn\", \"a:b\"]\n")
            .replace("FROM python:3.11-slim\n", "FROM org/app:1\n");
        let found = findings(&RULE, &Input::new(text));
        assert_eq!(found.first().map(|finding| finding.severity), Some(Severity::Warning));
    }

    #[test]
    fn silent_with_python_m_or_another_program() {
        silent(&RULE, &format!("{BUILDER}{FINAL}CMD [\"python\", \"-m\", \"uvicorn\", \"a:b\"]\n"));
        silent(&RULE, &format!("{BUILDER}{FINAL}CMD [\"python\", \"main.py\"]\n"));
    }

    #[test]
    fn silent_when_path_leads_there() {
        let path = "ENV PATH=/usr/local/lib/python3.11/site-packages/bin:$PATH\n";
        silent(&RULE, &format!("{BUILDER}{FINAL}{path}CMD [\"uvicorn\", \"a:b\"]\n"));
    }

    #[test]
    fn silent_with_another_install() {
        silent(
            &RULE,
            &format!("{BUILDER}{FINAL}RUN pip install uvicorn\nCMD [\"uvicorn\", \"a:b\"]\n"),
        );
    }

    #[test]
    fn silent_with_prefix_or_a_virtual_environment() {
        let prefix = BUILDER.replace("--target=/app/deps", "--prefix=/app/deps");
        silent(&RULE, &format!("{prefix}{FINAL}CMD [\"uvicorn\", \"a:b\"]\n"));
        silent(
            &RULE,
            "FROM python:3.11 AS b\nRUN python -m venv /opt/venv\nFROM python:3.11\nCOPY --from=b /opt/venv /opt/venv\nCMD [\"uvicorn\", \"a:b\"]\n",
        );
    }
}
