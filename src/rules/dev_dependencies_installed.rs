//! Packages for working on the app are installed in the image.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Change, Fix, Phase};
use crate::input::{PACKAGE_JSON, REQUIREMENTS};
use crate::model::{Install, Manager, Model, Stage, Step, is_in, is_within, split};
use crate::syntax::Keyword;
use crate::syntax::shell::Command;
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "dev-dependencies-installed",
    title: "Development packages are in the image",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size, Buys::Security],
    aliases: &["DF031"],
    taught: &[Section::docker("Common Mistakes")],
    check,
};

/// Packages that nobody needs to run an app.
const TOOLS: &str = "autopep8 black coverage debugpy factory-boy faker flake8 freezegun hypothesis ipdb ipython isort \
    jupyter jupyterlab mkdocs mypy nox notebook pre-commit pycodestyle pyflakes pylint pyright pytest ruff sphinx tox \
    twine yapf";
const FAMILIES: [&str; 4] = ["flake8-", "pytest-", "sphinx-", "types-"];
/// Parts of names of lists and extras.
const DEV: &str = "ci dev develop development docs lint test testing tests";
/// Nobody copies more from one stage by hand.
const MOST_COPIES: usize = 50;
/// The list that the tools move to.
const DEV_LIST: &str = "requirements-dev.txt";

fn check(model: &Model, report: &mut Report) {
    if model.is_for_development() {
        return;
    }
    let shipped = stages_whose_packages_ship(model);
    let mut steps = model.stages().iter().rev().flat_map(|stage| stage.steps.iter().rev());
    let mut last_build =
        steps.find(|step| needs_dev(step)).map_or(0, |step| step.instruction.range.start);
    if split::needs_dev(model) {
        last_build = usize::MAX;
    }
    let mut list = false;
    for (stage, step) in model.run_steps() {
        if !shipped.get(stage.index).is_some_and(|&ships| ships) || stage.is_for_development() {
            continue;
        }
        for (install, command) in step.installs() {
            list |= reads_requirements(install, command);
            // What a build below needs has to come along.
            let is_needed = install.manager.is_of_node()
                && (last_build >= step.instruction.range.start || !model.is_in_final(stage));
            if !is_needed && brings(model, stage, step, install) {
                by_option(model, install, command, step, report);
            } else {
                by_name(install, command, report);
            }
        }
    }
    if !split::needs_dev(model) {
        carried_on(model, report);
    }
    if list {
        requirements(model, report);
    }
}

/// Packages of Node.js that a builder installs, and that the final image copies from it.
fn carried_on(model: &Model, report: &mut Report) {
    let mut copied: Vec<(usize, String)> = Vec::new();
    for (_, copy) in model.final_steps() {
        let from = model.stage_copied(copy).filter(|from| !model.is_in_final(from));
        for word in copy.transfer().iter().flat_map(|transfer| &transfer.sources) {
            let path = format!("/{}", word.text.trim_start_matches('/'));
            copied.extend(from.map(|from| (from.index, path)));
        }
    }
    copied.sort_unstable();
    for copied in copied.chunk_by(|one, next| one.0 == next.0) {
        let from = copied.first().and_then(|(from, _)| model.stages().get(*from));
        let Some(from) = from.filter(|from| !from.is_for_development()) else { continue };
        let (install, build) = left_by(model, from, copied);
        let Some((step, install, command)) = install else { continue };
        let Some(build) = build else {
            by_option(model, install, command, step, report);
            continue;
        };
        let (name, range) = install.name(command);
        let message = format!(
            "`{name}` also brings the packages for building the app, and the final stage copies them; take them away below the build."
        );
        let finding = report.at(&RULE, range, message);
        match split::prune(install, command) {
            Some(line) => {
                let edit = model.insert_below(build.instruction, &[line.to_owned()]);
                let fix = Fix::new("Take development packages away below the build", edit.into());
                finding.fix(fix.assuming("Nothing of `devDependencies` is needed to start the app."))
            }
            None => finding.advice("Install the packages that the app needs in a stage of its own, and copy them from there."),
        };
    }
}

/// An install with its step and its command.
type Found<'m> = (&'m Step<'m>, &'m Install, &'m Command);

/// The install whose development packages are there when the stage ends, in a folder that is copied, and the last build
/// that needs them.
fn left_by<'m>(
    model: &'m Model,
    from: &'m Stage,
    copied: &[(usize, String)],
) -> (Option<Found<'m>>, Option<&'m Step<'m>>) {
    let is_copied = |step: &Step| {
        step.absolute("node_modules").is_some_and(|packages| {
            copied.iter().take(MOST_COPIES).any(|(_, path)| is_within(&packages, path))
        })
    };
    let (mut found, mut build) = (None, None);
    for step in &from.steps {
        for (install, command) in step.installs() {
            if !install.manager.is_of_node() || !install.packages(command).is_empty() {
                continue;
            }
            found = (brings(model, from, step, install) && is_copied(step))
                .then_some((step, install, command));
            build = None;
        }
        let mut words = step.commands().iter().flat_map(|command| &command.words);
        if words.any(|word| word.text == "prune") {
            found = None;
        }
        if needs_dev(step) {
            build = Some(step);
        }
    }
    (found, build)
}

/// By place, whether what a stage installs is in the final image: it belongs to it, or its packages are copied on.
fn stages_whose_packages_ship(model: &Model) -> Vec<bool> {
    let mut ships: Vec<_> = model.stages().iter().map(|stage| model.is_in_final(stage)).collect();
    let is_packages = |path: &str| path.contains("venv") || path.contains("-packages");
    for (_, step) in model.final_steps() {
        let from = model.stage_copied(step);
        let mut sources = step.transfer().into_iter().flat_map(|transfer| &transfer.sources);
        if let Some(from) = from.filter(|_| sources.any(|word| is_packages(&word.text))) {
            ships[from.index] = true;
        }
    }
    ships
}

/// Whether the step, or the command that starts the app, runs a development package.
fn needs_dev(step: &Step) -> bool {
    let runs = |command: &Command| {
        is_in("npx jest vitest", command.program())
            || command.words.iter().any(|word| split::is_for_development(&word.text))
    };
    step.builds()
        || (is_in("RUN CMD ENTRYPOINT", step.keyword().as_str())
            && step.commands().iter().any(runs))
}

fn brings(model: &Model, stage: &Stage, step: &Step, install: &Install) -> bool {
    let has_none = install.manager.is_of_node()
        && model
            .input()
            .text(PACKAGE_JSON)
            .is_some_and(|text| !text.contains("\"devDependencies\""));
    let is_of_project = match install.manager {
        Manager::Uv => install.order == "sync",
        Manager::Poetry => install.order != "add",
        Manager::Composer => matches!(install.order, "install" | "i"),
        _ => true,
    };
    is_of_project && !has_none && model.brings_dev_packages(stage, step, install)
}

/// The manager brings them unless it is told not to.
fn by_option(
    model: &Model,
    install: &Install,
    command: &Command,
    step: &Step,
    report: &mut Report,
) {
    let (name, range) = install.name(command);
    let (option, what) = match install.manager {
        Manager::Poetry => {
            ("--only main", "No package of another group is needed when the app runs.")
        }
        Manager::Uv => ("--no-dev", "Nothing of the group `dev` is needed when the app runs."),
        Manager::Pipenv => ("", "Nothing of `dev-packages` is needed when the app runs."),
        Manager::Npm => ("--omit=dev", "Nothing of `devDependencies` is needed to start the app."),
        Manager::Yarn => (
            "--production",
            "This is Yarn 1, and nothing of `devDependencies` is needed to start the app.",
        ),
        Manager::Pnpm => ("--prod", "Nothing of `devDependencies` is needed to start the app."),
        Manager::Bun => {
            ("--production", "Nothing of `devDependencies` is needed to start the app.")
        }
        Manager::Composer => ("--no-dev", "Nothing of `require-dev` is needed when the app runs."),
        _ => ("", "Nothing of the groups `development` and `test` is needed when the app runs."),
    };
    let instead = match (install.manager, option) {
        (Manager::Pipenv, _) => "delete `--dev`".to_owned(),
        (_, "") => "set `BUNDLE_WITHOUT=development:test` above it".to_owned(),
        _ => format!("add `{option}`"),
    };
    let message = format!(
        "`{name}` also installs the packages for working on the app, such as test tools; {instead}."
    );
    let dev = command.words.iter().position(|word| matches!(word.text.as_str(), "--dev" | "-d"));
    let edits = match (install.manager, dev, command.words.get(install.verb)) {
        (Manager::Pipenv, Some(at), _) => model.delete_words(&command.words, &[at]),
        // Later versions of Yarn know no such option.
        (Manager::Yarn, ..) if install.has_option(command, &["--immutable"]) => None,
        (Manager::Bundler, ..) => {
            let line = ["ENV BUNDLE_WITHOUT=development:test".to_owned()];
            Some(model.insert_above(step.instruction, &line).into())
        }
        (_, _, Some(verb)) if !option.is_empty() && step.script().is_some() => {
            Some(model.insert_after_word(verb, option, false))
        }
        _ => None,
    };
    let finding = report.at(&RULE, range, message);
    let again = if install.manager == Manager::Uv { synced_at_start(model) } else { None };
    let edits = edits.and_then(|mut edits| {
        let all = again.is_none_or(|start| edits.merge(&start).is_ok());
        all.then_some(edits)
    });
    match edits {
        Some(edits) => {
            finding.fix(Fix::new("Leave development packages out", edits).assuming(what))
        }
        None => finding
            .advice("Tell the package manager to leave them out, by its option or its variable."),
    };
}

/// `uv run` syncs again whenever the container starts: the edit that leaves them out there too.
fn synced_at_start(model: &Model) -> Option<EditSet> {
    let is_off = |name: &str| model.final_env(name).is_some();
    let (entrypoint, cmd) = model.starters();
    for step in [entrypoint, cmd].into_iter().flatten() {
        for command in step.commands().iter().filter(|one| one.program() == "uv") {
            let words = &command.words;
            let has_option = words
                .iter()
                .any(|word| is_in("--no-dev --no-sync --no-default-groups", &word.text));
            let run = words.get(1).filter(|word| word.text == "run" && !has_option);
            if let Some(run) = run.filter(|_| !is_off("UV_NO_DEV") && !is_off("UV_NO_SYNC")) {
                return Some(model.insert_after_word(run, "--no-dev", step.script().is_none()));
            }
        }
    }
    None
}

/// A list or an extra is named for development.
fn by_name(install: &Install, command: &Command, report: &mut Report) {
    let is_dev =
        |name: &str| name.split(|c: char| !c.is_ascii_alphanumeric()).any(|part| is_in(DEV, part));
    for &at in &install.manifests {
        let Some(word) = command.words.get(at).filter(|word| is_dev(&word.text)) else { continue };
        let message = format!(
            "`{}` lists packages for working on the app; install only the list that the app needs to run.",
            word.text
        );
        report
            .at(&RULE, word.range, message)
            .advice("Install this list in a stage for tests, or on your machine.");
    }
    let packages = install.packages(command);
    for package in packages.iter().filter(|_| install.manager.is_of_python()) {
        let extras = package.word.text.split_once('[').map_or("", |(_, extras)| extras);
        let extras = extras.split(']').next().unwrap_or_default();
        if !extras.is_empty() && extras.split(',').any(|extra| is_in(DEV, extra.trim())) {
            let message = format!(
                "`[{extras}]` also installs the packages for working on the app; leave it out here."
            );
            report
                .at(&RULE, package.word.range, message)
                .advice("Install such extras in a stage for tests, or on your machine.");
        }
    }
}

fn reads_requirements(install: &Install, command: &Command) -> bool {
    install.manager.is_of_python()
        && install.manifest_files(command).iter().any(|file| {
            file.trim_start_matches("./") == REQUIREMENTS || file.ends_with("/requirements.txt")
        })
}

/// The list itself, where its text was given.
fn requirements(model: &Model, report: &mut Report) {
    let Some(text) = model.input().text(REQUIREMENTS) else { return };
    let started: Vec<_> = model.launch().map(|launch| launch.words).unwrap_or_default();
    let mut first: Option<(TextRange, &str)> = None;
    let (mut edits, mut moved) = (Vec::new(), String::new());
    let (mut count, mut start, mut goes_on) = (0, 0, false);
    for line in text.split_inclusive('\n') {
        let range = TextRange::new(start, start + line.len());
        start = range.end;
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = line.split(|c: char| !is_name(c)).next().unwrap_or_default();
        let is_started = started.iter().any(|word| word.text == name);
        if goes_on || (is_tool(name) && !is_started) {
            if !goes_on {
                count += 1;
                first =
                    first.or(Some((TextRange::new(range.start, range.start + name.len()), name)));
            }
            goes_on = line.trim_end().ends_with('\\');
            edits.push(TextEdit::delete(range));
            moved += line;
        }
    }
    let Some((range, name)) = first else { return };
    let others = match count {
        1 => String::new(),
        2 => " and one more package".to_owned(),
        count => format!(" and {} more packages", count - 1),
    };
    let message = format!(
        "`{name}`{others} only help while you work on the app; list them in `{DEV_LIST}`, which the image does not install."
    );
    let finding = report.at(&RULE, range, message);
    finding.file = REQUIREMENTS;
    let is_run = |(_, step): (_, &Step)| {
        step.keyword() == Keyword::Run
            && step
                .commands()
                .iter()
                .any(|command| command.words.iter().any(|word| is_tool(&word.text)))
    };
    let edits = EditSet::new(edits).ok();
    match edits.filter(|_| !model.steps().any(is_run) && model.input().text(DEV_LIST).is_none()) {
        Some(edits) => {
            let fix = Fix::in_file(format!("Move them to `{DEV_LIST}`"), REQUIREMENTS, edits);
            let list = Change::Create(format!("-r {REQUIREMENTS}\n{moved}"));
            let fix = fix.in_phase(Phase::Runtime).and(DEV_LIST, list);
            finding.fix(fix.assuming(format!("The app imports none of them, and you install `{DEV_LIST}` to work on it.")))
        }
        None => finding.advice(format!("Move them to `{DEV_LIST}`, which starts with `-r {REQUIREMENTS}`, and install that where tests run.")),
    };
}

fn is_tool(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '.'], "-");
    is_in(TOOLS, &name) || FAMILIES.iter().any(|family| name.starts_with(family))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        check, check_fix, findings, fixed_file, no_fix, silent, silent_input,
    };
    use super::{DEV_LIST, RULE};
    use crate::input::{Input, PACKAGE_JSON, REQUIREMENTS};

    const PIP: &str = "FROM python:3.11\nRUN pip install -r requirements.txt\n";

    #[test]
    fn managers_that_bring_them_unless_told() {
        check(
            &RULE,
            "\
FROM a
RUN poetry install --no-root
#   ^^^^^^^^^^^^^^ `poetry install` also installs the packages for working on the app, such as test tools; add `--only main`.
RUN pipenv install --dev --deploy
#   ^^^^^^^^^^^^^^ `pipenv install` also installs the packages for working on the app, such as test tools; delete `--dev`.
RUN npm ci
#   ^^^^^^ `npm ci` also installs
",
        );
        check(
            &RULE,
            "\
FROM a AS b
RUN uv sync --frozen
#   ^^^^^^^ `uv sync` also installs
FROM a
COPY --from=b /app/.venv /app/.venv
",
        );
    }

    #[test]
    fn lists_and_extras_named_for_it() {
        check(
            &RULE,
            "\
FROM a
RUN pip install -r requirements/dev.txt
#                  ^^^^^^^^^^^^^^^^^^^^ `requirements/dev.txt` lists packages for working on the app
RUN pip install .[dev,postgres]
#               ^^^^^^^^^^^^^^^ `[dev,postgres]` also installs
",
        );
    }

    #[test]
    fn the_list_itself() {
        let list = "flask==3.0\nblack==24.1\ntypes_requests\nPyTest\n";
        let found = findings(&RULE, &Input::new(PIP).with_file(REQUIREMENTS, list));
        assert_eq!(
            (found.len(), found[0].file, found[0].range.of(list)),
            (1, REQUIREMENTS, "black")
        );
        assert!(found[0].message.starts_with("`black` and 2 more packages only help while"));
    }

    #[test]
    fn leaves_them_out() {
        for (before, after) in [
            ("poetry install --no-root", "poetry install --only main --no-root"),
            ("uv sync --frozen", "uv sync --no-dev --frozen"),
            ("pipenv install --deploy --dev", "pipenv install --deploy"),
            ("npm ci", "npm ci --omit=dev"),
            ("yarn install --frozen-lockfile", "yarn install --production --frozen-lockfile"),
            ("pnpm i", "pnpm i --prod"),
            ("composer install -o", "composer install --no-dev -o"),
        ] {
            let after = format!("FROM a\nRUN {after}\n");
            check_fix(&RULE, &format!("FROM a\nRUN {before}\n"), &after);
            silent(&RULE, &after);
        }
        check_fix(
            &RULE,
            "FROM ruby:3.3\nRUN bundle install\n",
            "FROM ruby:3.3\nENV BUNDLE_WITHOUT=development:test\nRUN bundle install\n",
        );
        no_fix(&RULE, "FROM node:22\nRUN yarn install --immutable\n");
    }

    #[test]
    fn packages_that_are_copied_from_a_builder() {
        let end = "FROM node:22\nWORKDIR /app\nCOPY --from=b /app/node_modules node_modules\nCMD [\"node\", \"a.js\"]\n";
        for (before, after) in [
            ("RUN npm ci\n", "RUN npm ci --omit=dev\n"),
            (
                "RUN npm ci\nCOPY . .\nRUN npm run build\n",
                "RUN npm ci\nCOPY . .\nRUN npm run build\nRUN npm prune --omit=dev\n",
            ),
        ] {
            let file = |lines: &str| format!("FROM node:22 AS b\nWORKDIR /app\n{lines}{end}");
            check_fix(&RULE, &file(before), &file(after));
            silent(&RULE, &file(after));
        }
        let whole = end.replace("/app/node_modules node_modules", "/app /app");
        check_fix(
            &RULE,
            &format!("FROM node:22 AS b\nWORKDIR /app\nRUN npm ci\n{whole}"),
            &format!("FROM node:22 AS b\nWORKDIR /app\nRUN npm ci --omit=dev\n{whole}"),
        );
        silent(
            &RULE,
            &format!(
                "FROM node:22 AS b\nWORKDIR /app\nRUN npm ci && npm run build && npm prune --production\n{end}"
            ),
        );
    }

    #[test]
    fn uv_fetches_them_at_no_start_either() {
        for (start, mended) in [
            ("[\"uv\", \"run\", \"main.py\"]", "[\"uv\", \"run\", \"--no-dev\", \"main.py\"]"),
            ("uv run main.py", "uv run --no-dev main.py"),
            ("uv run --no-sync main.py", "uv run --no-sync main.py"),
            ("[\"python\", \"main.py\"]", "[\"python\", \"main.py\"]"),
        ] {
            check_fix(
                &RULE,
                &format!("FROM a\nRUN uv sync --frozen\nCMD {start}\n"),
                &format!("FROM a\nRUN uv sync --no-dev --frozen\nCMD {mended}\n"),
            );
        }
    }

    #[test]
    fn splits_the_list() {
        let list = "flask==3.0\npytest==8.0 \\\n    --hash=sha256:0\n# for style\nblack\n";
        let input = Input::new(PIP).with_file(REQUIREMENTS, list);
        assert_eq!(
            fixed_file(&RULE, &input, REQUIREMENTS).as_deref(),
            Some("flask==3.0\n# for style\n")
        );
        assert_eq!(
            fixed_file(&RULE, &input, DEV_LIST).as_deref(),
            Some("-r requirements.txt\npytest==8.0 \\\n    --hash=sha256:0\nblack\n")
        );
        let tests = Input::new(format!("{PIP}RUN pytest\n")).with_file(REQUIREMENTS, list);
        assert!(findings(&RULE, &tests)[0].fix.is_none());
    }

    #[test]
    fn silent_where_none_are_installed_or_they_are_needed() {
        for (why, text) in [
            ("by its variable", "FROM node:22\nENV NODE_ENV=production\nRUN npm ci\n"),
            ("a build below", "FROM node:22\nRUN npm ci\nRUN npm run build\nCMD node dist/a.js\n"),
            (
                "a builder",
                "FROM node:22 AS b\nRUN npm ci\nFROM nginx:1.27\nCOPY --from=b /dist /d\n",
            ),
            ("the command needs them", "FROM node:22\nRUN npm ci\nCMD npm run dev\n"),
            ("by name", "FROM node:22\nRUN npm install -g pm2\n"),
            ("a stage for tests", "FROM a AS test\nRUN poetry install\nFROM a\n"),
            (
                "a stage for tests, last",
                "FROM a AS test\nRUN pip install -r requirements-dev.txt\n",
            ),
            ("pip of uv", "FROM a\nRUN uv pip install -r requirements.txt\n"),
            (
                "part of a word",
                "FROM a\nRUN pip install -r requirements-device.txt latest[devices]\n",
            ),
        ] {
            silent(&RULE, &format!("{text}# {why}\n"));
        }
        let list = "# pytest\nwatchfiles\nhttpx\ngunicorn\nlocust  # not pytest\n";
        silent_input(&RULE, &Input::new(PIP).with_file(REQUIREMENTS, list));
        let jupyter = format!("{PIP}CMD jupyterlab\n");
        silent_input(&RULE, &Input::new(jupyter).with_file(REQUIREMENTS, "jupyterlab\n"));
        let none = Input::new("FROM node:22\nRUN npm ci\n");
        silent_input(&RULE, &none.with_file(PACKAGE_JSON, "{\"dependencies\": {}}"));
    }
}
