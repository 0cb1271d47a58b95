//! The source is copied above the install, so every change repeats the install.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Model, order};

pub(super) const RULE: Rule = Rule {
    id: "copy-source-before-install",
    title: "Every code change reinstalls all dependencies",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::RebuildTime],
    aliases: &["DF070"],
    taught: &[Section::docker("Layer Caching"), Section::flask("Layer Caching Optimization")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for stage in model.stages() {
        for held in order::held_up(stage) {
            let copy = held.copy.copy_text(held.source);
            let (install, _) = held.install.name(held.command);
            let first = held.manifests.first().map_or("", String::as_str);
            let then = if held.copied {
                "move it below".to_owned()
            } else {
                format!("copy `{first}` first")
            };
            let message = format!(
                "`{copy}` stands above `{install}`, so editing any file repeats the install; {then}."
            );
            let finding = report.at(&RULE, held.copy.transfer_range(), message);
            match order::install_first(model, stage, &held) {
                Ok(edits) => {
                    let files: Vec<_> =
                        held.manifests.iter().map(|file| format!("`{file}`")).collect();
                    let fix =
                        Fix::new(format!("Install before `{copy}`"), edits).in_phase(Phase::Order);
                    let assumption =
                        format!("Installing needs no other file than {}.", files.join(" and "));
                    finding.fix(fix.assuming(assumption));
                }
                Err(reason) => {
                    finding.advice(reason);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, fixed, no_fix, silent};
    use super::RULE;
    use crate::input::{Input, PACKAGE_JSON, REQUIREMENTS};

    #[test]
    fn points_at_the_copy() {
        check(
            &RULE,
            "\
FROM python:3.11
WORKDIR /app
COPY --chown=a . .
#              ^^^ `COPY . .` stands above `pip3 install`, so editing any file repeats the install; copy `requirements.txt` first.
RUN pip3 install -r requirements.txt
",
        );
        check(
            &RULE,
            "\
FROM python:3.11 AS b
WORKDIR /app
COPY requirements.txt .
ADD ./ /app
#   ^^^^^^^ `ADD ./ /app` stands above `pip wheel`, so editing any file repeats the install; move it below.
RUN python -m pip wheel -r requirements.txt
FROM python:3.11
",
        );
    }

    #[test]
    fn moves_the_copy_below_the_install() {
        check_fix(
            &RULE,
            "# Web\nFROM python:3.11\n\nWORKDIR /app\n\nCOPY . .\n\nRUN pip install -r requirements.txt\n\nCMD [\"x\"]\n",
            "# Web\nFROM python:3.11\n\nWORKDIR /app\n\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n\nCOPY . .\n\nCMD [\"x\"]\n",
        );
        check_fix(
            &RULE,
            "FROM python:3.11\nWORKDIR /app\n# Code\nCOPY --link . /app\nENV A=1\n# Packages\nRUN pip install -U pip && pip install -r requirements/prod.txt",
            "FROM python:3.11\nWORKDIR /app\nENV A=1\nCOPY --link requirements/prod.txt /app/requirements/\n# Packages\nRUN pip install -U pip && pip install -r requirements/prod.txt\n# Code\nCOPY --link . /app\n",
        );
    }

    #[test]
    fn keeps_the_line_ends() {
        check_fix(
            &RULE,
            "FROM python:3.11\r\nWORKDIR /app\r\nCOPY . .\r\nRUN pip install -r r.txt\r\n",
            "FROM python:3.11\r\nWORKDIR /app\r\nCOPY r.txt .\r\nRUN pip install -r r.txt\r\nCOPY . .\r\n",
        );
    }

    #[test]
    fn the_manager_is_installed_once() {
        check_fix(
            &RULE,
            "FROM a\nWORKDIR /app\nCOPY . .\nRUN pip install poetry && poetry install\n",
            "FROM a\nWORKDIR /app\nCOPY pyproject.toml poetry.lock* ./\nRUN pip install poetry && poetry install --no-root\nCOPY . .\nRUN poetry install\n",
        );
    }

    #[test]
    fn knows_what_each_manager_reads() {
        for (install, line) in [
            ("npm ci", "COPY package.json package-lock.json* ./"),
            ("yarn install --frozen-lockfile", "COPY package.json yarn.lock* ./"),
            ("poetry install --no-root", "COPY pyproject.toml poetry.lock* ./"),
            ("uv sync --frozen --no-install-project", "COPY pyproject.toml uv.lock* ./"),
            ("pip install -r a.txt -c b.txt", "COPY a.txt b.txt ./"),
            ("go mod download", "COPY go.mod go.sum* ./"),
        ] {
            check_fix(
                &RULE,
                &format!("FROM a\nWORKDIR /app\nCOPY . .\nRUN {install}\n"),
                &format!("FROM a\nWORKDIR /app\n{line}\nRUN {install}\nCOPY . .\n"),
            );
        }
    }

    #[test]
    fn the_project_itself_comes_below() {
        for (install, first, lists) in [
            (
                "poetry install --only main",
                "poetry install --no-root --only main",
                "pyproject.toml poetry.lock*",
            ),
            (
                "uv sync --frozen",
                "uv sync --no-install-project --frozen",
                "pyproject.toml uv.lock*",
            ),
            (
                "composer install --no-dev",
                "composer install --no-scripts --no-autoloader --no-dev",
                "composer.json composer.lock*",
            ),
        ] {
            let before =
                format!("FROM a\nWORKDIR /app\nCOPY . .\nENV A=1\n\n# All\nRUN {install}\n");
            let after = format!(
                "FROM a\nWORKDIR /app\nENV A=1\n\nCOPY {lists} ./\nRUN {first}\nCOPY . .\n# All\nRUN {install}\n"
            );
            check_fix(&RULE, &before, &after);
            silent(&RULE, &after);
        }
    }

    #[test]
    fn takes_the_list_out_of_a_folder() {
        check_fix(
            &RULE,
            "FROM a\nWORKDIR /app\nCOPY backend /app\nRUN pip install -r requirements.txt\n",
            "FROM a\nWORKDIR /app\nCOPY backend/requirements.txt /app/\nRUN pip install -r requirements.txt\nCOPY backend /app\n",
        );
    }

    #[test]
    fn passes_a_folder_that_is_set_later() {
        check_fix(
            &RULE,
            "FROM a\nCOPY . /srv/app\nWORKDIR /srv/app\nRUN pip install -r requirements.txt\n",
            "FROM a\nWORKDIR /srv/app\nCOPY requirements.txt /srv/app/\nRUN pip install -r requirements.txt\nCOPY . /srv/app\n",
        );
    }

    #[test]
    fn a_list_that_is_copied_already_stays() {
        check_fix(
            &RULE,
            "FROM a\nWORKDIR /app\nCOPY requirements.txt .\nCOPY . .\nRUN pip install -r requirements.txt\n",
            "FROM a\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        );
    }

    #[test]
    fn a_list_that_is_mounted_needs_no_copy() {
        let mount = "RUN --mount=type=bind,source=requirements.txt,target=requirements.txt";
        check_fix(
            &RULE,
            &format!("FROM a\nWORKDIR /app\nCOPY . .\n{mount} pip install -r requirements.txt\n"),
            &format!("FROM a\nWORKDIR /app\n{mount} pip install -r requirements.txt\nCOPY . .\n"),
        );
        let lines = format!("{mount} pip install -r requirements.txt\nCOPY . .\nRUN pip install .");
        silent(&RULE, &format!("FROM a\nWORKDIR /app\n{lines}\n"));
    }

    #[test]
    fn mended_is_silent() {
        let text =
            "FROM a\nWORKDIR /app\nCOPY . .\nRUN pip install -r a.txt\nRUN pip install -r b.txt\n";
        let once = fixed(&RULE, text).unwrap();
        silent(&RULE, &fixed(&RULE, &once).unwrap());
    }

    #[test]
    fn by_hand_where_more_may_be_read() {
        for (why, lines) in [
            ("the project too", "COPY . .\nRUN pip install -r requirements.txt -e ."),
            ("more commands", "COPY . .\nRUN npm ci && npm run build"),
            ("another folder", "COPY . .\nRUN cd x && pip install -r requirements.txt"),
            ("a shell that cannot be read", "COPY . .\nRUN pip install -r requirements.txt && (x"),
            (
                "a RUN that reads it",
                "COPY . .\nRUN ./prepare.sh\nRUN pip install -r requirements.txt",
            ),
            (
                "another copy",
                "COPY . .\nCOPY --from=b /x /app/x\nRUN pip install -r requirements.txt",
            ),
            ("another folder", "COPY . .\nWORKDIR x\nRUN pip install -r requirements.txt"),
            ("a mount", "COPY . .\nRUN --mount=target=/src pip install -r requirements.txt"),
            ("more sources", "COPY . x ./\nRUN pip install -r requirements.txt"),
            ("elsewhere", "COPY . .\nRUN pip install -r /tmp/requirements.txt"),
            ("a name that wants quotes", "COPY . .\nRUN pip install -r 'my list.txt'"),
        ] {
            no_fix(&RULE, &format!("FROM a\nWORKDIR /app\n{lines}\n# {why}\n"));
        }
    }

    #[test]
    fn by_hand_where_the_list_names_files() {
        let text = "FROM a\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n";
        for (list, is_plain) in [
            ("flask\n# -e .\n", true),
            ("flask\n-e ./lib\n", false),
            ("-r base.txt", false),
            ("x @ file:///a", false),
        ] {
            let found = findings(&RULE, &Input::new(text).with_file(REQUIREMENTS, list));
            assert_eq!(found[0].fix.is_some(), is_plain, "{list}");
        }
        let text = "FROM a\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
        for (package, is_plain) in [
            ("{\"name\": \"a\"}", true),
            ("{\"workspaces\": []}", false),
            ("{\"scripts\": {\"postinstall\": \"x\"}}", false),
        ] {
            let found = findings(&RULE, &Input::new(text).with_file(PACKAGE_JSON, package));
            assert_eq!(found[0].fix.is_some(), is_plain, "{package}");
        }
    }

    #[test]
    fn silent_where_the_order_is_right_or_needed() {
        for (why, lines) in [
            ("in order", "COPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . ."),
            ("the project itself", "COPY . .\nRUN pip install ."),
            ("editable", "COPY . .\nRUN pip install -e ."),
            (
                "in two steps",
                "RUN --mount=type=bind,source=uv.lock,target=uv.lock uv sync --no-install-project\nCOPY . .\nRUN uv sync",
            ),
            (
                "in two steps",
                "COPY pyproject.toml .\nRUN poetry install --no-root\nCOPY . .\nRUN poetry install",
            ),
            ("no list", "COPY . .\nRUN pip install flask"),
            (
                "one folder that the install may need",
                "COPY package.json ./\nCOPY prisma ./prisma\nRUN npm ci",
            ),
            (
                "the lists' own folder",
                "COPY requirements requirements\nRUN pip install -r requirements/prod.txt",
            ),
            ("an install script", "COPY . .\nRUN ./install.sh"),
            ("another stage", "COPY --from=b . .\nRUN pip install -r requirements.txt"),
            ("system packages", "COPY . .\nRUN apt-get install curl"),
            ("a build", "COPY . .\nRUN go build ./..."),
        ] {
            silent(&RULE, &format!("FROM a\nWORKDIR /app\n{lines}\n# {why}\n"));
        }
        silent(&RULE, "FROM a AS b\nCOPY . .\nFROM a\nRUN pip install -r requirements.txt\n");
    }
}
