//! `pip wheel --no-deps` leaves the dependencies to the stage that installs the wheels.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::input::REQUIREMENTS;
use crate::model::{Install, Manager, Model, Stage, Step, is_within};
use crate::syntax::Word;
use crate::syntax::shell::Command;
use crate::text::EditSet;

const NO_DEPS: &str = "--no-deps";

pub(super) const RULE: Rule = Rule {
    id: "wheels-without-dependencies",
    title: "The final stage still downloads packages",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[Section::docker("Complete Production Dockerfile")],
    check,
};

/// One pip command.
struct Pip<'m> {
    step: &'m Step<'m>,
    install: &'m Install,
    command: &'m Command,
}

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.steps() {
        for built in pips(step, "wheel") {
            let no_deps = built.command.words.iter().position(|word| word.text == NO_DEPS);
            let (Some(no_deps), false) = (no_deps, is_complete(model, &built)) else { continue };
            let Some((installed, folder)) = installed_from(model, stage, &built) else { continue };
            let message = format!(
                "`{NO_DEPS}` builds only the packages that you list, so the final stage downloads the rest; drop it and install with `--no-index`."
            );
            let finding = report.at(&RULE, built.command.words[no_deps].range, message);
            match mend(model, &built, no_deps, &installed, &folder) {
                Some(edits) => finding.fix(Fix::new("Build every wheel, then install without downloads", edits)),
                None => finding.advice(format!("Build without `{NO_DEPS}`. Give the wheels a `pip install` of their own, with `--no-index --find-links={folder}`.")),
            };
        }
    }
}

fn pips<'m>(step: &'m Step<'m>, verb: &str) -> Vec<Pip<'m>> {
    let is_it = |(install, command): &(&Install, &Command)| {
        install.manager == Manager::Pip
            && command.words.get(install.verb).is_some_and(|word| word.text == verb)
    };
    step.installs().filter(is_it).map(|(install, command)| Pip { step, install, command }).collect()
}

/// Whether the list is known to name every package: a tool wrote it, or each line has its hash.
fn is_complete(model: &Model, built: &Pip) -> bool {
    let text = model.input().text(REQUIREMENTS).unwrap_or_default();
    let lists = built.install.manifest_files(built.command);
    lists.iter().any(|list| list.ends_with(REQUIREMENTS))
        && ["--hash=", "pip-compile", "uv pip compile", "uv export"]
            .iter()
            .any(|mark| text.contains(mark))
}

/// The install that takes the wheels in a later stage and may download more, with the folder they lie in there.
fn installed_from<'m>(
    model: &'m Model<'m>,
    builder: &Stage,
    built: &Pip,
) -> Option<(Pip<'m>, String)> {
    let folder = built.install.option_value(built.command, &["-w", "--wheel-dir"]).unwrap_or(".");
    let folder = built.step.absolute(folder)?;
    let later = model.stages().iter().filter(|stage| stage.index > builder.index);
    later.flat_map(|stage| stage.steps.iter().map(move |step| (stage, step))).find_map(
        |(stage, step)| {
            let here = handed_on(model, builder, &folder, stage, step)?;
            let mut installs = pips(step, "install").into_iter();
            let installed = installs.find(|pip| takes(pip, &here))?;
            let is_open =
                !installed.install.has_option(installed.command, &["--no-index", NO_DEPS]);
            is_open.then_some((installed, here))
        },
    )
}

/// Where `folder` of the builder lies while `step` runs: copied by a line above, or mounted.
fn handed_on(
    model: &Model,
    builder: &Stage,
    folder: &str,
    stage: &Stage,
    step: &Step,
) -> Option<String> {
    let is_builder =
        |from: &str| model.stage_called(from).is_some_and(|stage| stage.index == builder.index);
    let copied = stage.steps[..step.index].iter().filter(|copy| {
        let from = copy.instruction.flag_value("from").is_some_and(is_builder);
        let is_it = |source: &Word| {
            source.text.trim_end_matches("*.whl").trim_end_matches('*').trim_end_matches('/')
                == folder
        };
        from && copy.transfer().is_some_and(|transfer| transfer.sources.iter().any(is_it))
    });
    let mounted = step.mounts.iter().filter(|mount| mount.from.as_deref().is_some_and(is_builder));
    let copied = copied.last().and_then(Step::destination);
    copied.or_else(|| Some(mounted.last()?.target.clone()?.trim_end_matches('/').to_owned()))
}

/// The words of the command that name wheels in `folder`.
fn wheels<'m>(pip: &Pip<'m>, folder: &str) -> Vec<&'m Word> {
    let is_in = |word: &&Word| {
        let path = word.text.rsplit_once('/').map_or(".", |(path, _)| path);
        pip.step.absolute(path).is_some_and(|path| is_within(&path, folder))
    };
    pip.install.packages.iter().filter_map(|&at| pip.command.words.get(at)).filter(is_in).collect()
}

fn takes(pip: &Pip, folder: &str) -> bool {
    let links = pip.install.option_value(pip.command, &["-f", "--find-links"]);
    !wheels(pip, folder).is_empty()
        || links
            .and_then(|path| pip.step.absolute(path))
            .is_some_and(|path| is_within(&path, folder))
}

/// `--no-deps` goes, `--no-index` comes; not where the install also names what is no wheel of the builder.
fn mend(
    model: &Model,
    built: &Pip,
    no_deps: usize,
    installed: &Pip,
    folder: &str,
) -> Option<EditSet> {
    installed.step.script()?;
    let wheels = wheels(installed, folder);
    let lists = installed.install.manifest_files(installed.command);
    let known = built.install.manifest_files(built.command);
    if wheels.len() != installed.install.packages.len()
        || !lists.iter().all(|list| known.contains(list))
    {
        return None;
    }
    let has_links = installed.install.has_option(installed.command, &["-f", "--find-links"]);
    let options = if has_links {
        "--no-index".to_owned()
    } else {
        format!("--no-index --find-links={folder}")
    };
    let insertion = match wheels.first() {
        Some(first) => model.insert_before_word(first, &options),
        None => model.insert_after_word(
            installed.command.words.get(installed.install.verb)?,
            &options,
            false,
        ),
    };
    let mut edits = model.delete_words(&built.command.words, &[no_deps])?;
    edits.merge(&insertion).ok()?;
    Some(edits)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, fixed, no_fix, silent};
    use super::RULE;
    use crate::input::{Input, REQUIREMENTS};

    /// A builder that makes wheels and a final stage that installs them, in the given words.
    fn stages(build: &str, install: &str) -> String {
        format!(
            "FROM python:3.11 AS builder\nWORKDIR /build\nRUN pip wheel {build} -r requirements.txt\n\nFROM python:3.11-slim\nCOPY --from=builder /build/wheels /wheels\nRUN pip install {install}\n"
        )
    }

    #[test]
    fn points_at_the_option() {
        check(
            &RULE,
            "\
FROM python:3.11 AS b
RUN pip wheel --no-deps -w /w -r requirements.txt
#             ^^^^^^^^^ `--no-deps` builds only the packages that you list
FROM python:3.11
COPY --from=b /w/*.whl /tmp/
RUN pip install /tmp/*.whl
",
        );
        check(
            &RULE,
            "\
FROM python:3.11 AS b
RUN pip wheel --no-deps -w /w -r requirements.txt
#             ^^^^^^^^^ `--no-deps` builds only
FROM python:3.11
RUN --mount=type=bind,from=0,source=/w,target=/w pip install /w/*
",
        );
    }

    #[test]
    fn builds_all_and_downloads_nothing() {
        check_fix(
            &RULE,
            &stages("--no-deps --wheel-dir /build/wheels", "--no-cache-dir /wheels/*"),
            &stages(
                "--wheel-dir /build/wheels",
                "--no-cache-dir --no-index --find-links=/wheels /wheels/*",
            ),
        );
        check_fix(
            &RULE,
            &stages("-w wheels --no-deps", "--find-links /wheels -r requirements.txt"),
            &stages("-w wheels", "--no-index --find-links /wheels -r requirements.txt"),
        );
        let text = stages("--no-deps --wheel-dir=wheels", "/wheels/a.whl /wheels/b.whl");
        silent(&RULE, &fixed(&RULE, &text).unwrap());
    }

    #[test]
    fn by_hand_where_more_is_installed() {
        no_fix(&RULE, &stages("--no-deps -w wheels", "/wheels/* gunicorn"));
        no_fix(&RULE, &stages("--no-deps -w wheels", "/wheels/* -r other.txt"));
    }

    #[test]
    fn silent_where_nothing_is_missing() {
        for (build, install) in [
            ("-w wheels", "/wheels/*"),
            ("--no-deps -w wheels", "--no-index --find-links=/wheels /wheels/*"),
            ("--no-deps -w wheels", "--no-deps /wheels/*"),
            ("--no-deps -w other", "/wheels/*"),
            ("--no-deps -w wheels", "flask"),
        ] {
            silent(&RULE, &stages(build, install));
        }
        silent(&RULE, "FROM a\nRUN pip wheel --no-deps -w /w a && pip install /w/*\n");
    }

    #[test]
    fn silent_where_the_list_is_complete() {
        let text = stages("--no-deps -w wheels", "/wheels/*");
        for list in ["# This file is autogenerated by pip-compile", "a==1 --hash=sha256:0"] {
            assert!(findings(&RULE, &Input::new(&text).with_file(REQUIREMENTS, list)).is_empty());
        }
        assert_eq!(findings(&RULE, &Input::new(&text).with_file(REQUIREMENTS, "a")).len(), 1);
    }
}
