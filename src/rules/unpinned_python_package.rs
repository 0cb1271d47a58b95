//! `pip install flask` takes whatever version is newest on the day of the build.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Install, Manager, Model, Package, is_in};
use crate::syntax::shell::Command;

pub(super) const RULE: Rule = Rule {
    id: "unpinned-python-package",
    title: "Each build may get another version",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["DL3013", "DF051"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    each(model, |install, command| {
        let is_pip = matches!(install.manager, Manager::Pip) || install.order.starts_with("pip");
        if !is_pip
            || !install.manifests.is_empty()
            || install.has_any(command, "-e --editable --no-index")
        {
            return;
        }
        let tools = "pip setuptools wheel poetry pipenv uv pdm hatch build virtualenv";
        let Some(package) = first_open(install, command, tools) else { return };
        let name = package.name;
        let message = format!(
            "This takes the newest `{name}` of the day, so tomorrow's image can differ from today's; write the version that you tested: `{name}==…`."
        );
        report.at(&RULE, package.word.range, message).advice("Put the packages with their versions into `requirements.txt` (`pip freeze` prints them), and install with `-r requirements.txt`.");
    });
}

/// Hands over each install that ends up in a release.
pub(super) fn each(model: &Model, mut tell: impl FnMut(&Install, &Command)) {
    for (stage, step) in model.run_steps() {
        if !stage.is_for_development() {
            step.installs().for_each(|(install, command)| tell(install, command));
        }
    }
}

/// The first package without a version, those in `but` left out.
pub(super) fn first_open<'c>(
    install: &Install,
    command: &'c Command,
    but: &str,
) -> Option<Package<'c>> {
    install.packages(command).into_iter().find(|package| {
        let is_open = package.version.is_none_or(|version| version == "latest");
        is_open && package.word.is_literal() && !package.is_local() && !is_in(but, package.name)
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn points_at_the_first_package_without_a_version() {
        check(
            &RULE,
            "\
FROM python:3.11
RUN pip install flask==3.0 gunicorn redis
#                          ^^^^^^^^ This takes the newest `gunicorn` of the day
",
        );
    }

    #[test]
    fn silent_where_the_version_is_said_elsewhere_or_matters_less() {
        for run in [
            "pip install -r requirements.txt",
            "pip install -c constraints.txt flask",
            "pip install --upgrade pip setuptools wheel",
            "pip install flask==3.0 'redis>=5' $EXTRA",
            "pip install . ./a.whl https://a.b/c.tar.gz",
            "pip install --no-index --find-links=/w flask",
        ] {
            silent(&RULE, &format!("FROM python:3.11\nRUN {run}\n"));
        }
        silent(&RULE, "FROM python:3.11 AS dev\nRUN pip install ipython\nFROM python:3.11\n");
    }
}
