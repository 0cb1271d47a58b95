//! `pip wheel --no-deps` leaves the dependencies to the stage that installs the wheels.

use std::collections::BTreeMap;

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::input::REQUIREMENTS;
use crate::model::{Install, Manager, Model, Step};
use crate::syntax::shell::Command;
use crate::syntax::{Keyword, Word};
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
    // A folder in a stage, by the stage's place: what pip built there, and what was copied there from where.
    let mut built: BTreeMap<(usize, String), Pip> = BTreeMap::new();
    let mut copied: BTreeMap<(usize, String), (usize, String)> = BTreeMap::new();
    for (stage, step) in model.steps_of(&[Keyword::Run, Keyword::Copy, Keyword::Add]) {
        for pip in pips(step, "wheel") {
            let Some(folder) = wheel_folder(&pip) else { continue };
            built.entry((stage.index, folder)).or_insert(pip);
        }
        copied.extend(copies(model, step).map(|(to, from)| ((stage.index, to), from)));
        for pip in pips(step, "install").into_iter().filter(|pip| !is_closed(pip)) {
            let found = folders(model, &pip).into_iter().find_map(|(folder, from)| {
                let place = from.or_else(|| copied.get(&(stage.index, folder.clone())).cloned())?;
                Some((built.remove(&place)?, folder))
            });
            let Some((wheel, folder)) = found else { continue };
            if !is_complete(model, &wheel) {
                say(model, &wheel, &pip, &folder, report);
            }
        }
    }
}

fn say(model: &Model, wheel: &Pip, installed: &Pip, folder: &str, report: &mut Report) {
    let words = &wheel.command.words;
    let Some(no_deps) = words.iter().position(|word| word.text == NO_DEPS) else { return };
    let message = format!(
        "`{NO_DEPS}` builds only the packages that you list, so the final stage downloads the rest; drop it and install with `--no-index`."
    );
    let finding = report.at(&RULE, words[no_deps].range, message);
    match mend(model, wheel, no_deps, installed, folder) {
        Some(edits) => finding.fix(Fix::new("Build every wheel, then install without downloads", edits)),
        None => finding.advice(format!("Build without `{NO_DEPS}`. Give the wheels a `pip install` of their own, with `--no-index --find-links={folder}`.")),
    };
}

fn pips<'m>(step: &'m Step<'m>, verb: &str) -> Vec<Pip<'m>> {
    let is_it = |(install, command): &(&Install, &Command)| {
        install.manager == Manager::Pip
            && command.words.get(install.verb).is_some_and(|word| word.text == verb)
    };
    step.installs().filter(is_it).map(|(install, command)| Pip { step, install, command }).collect()
}

/// Whether the install takes nothing that is not there: it may not download, or wants no dependencies either.
fn is_closed(pip: &Pip) -> bool {
    pip.install.has_option(pip.command, &["--no-index", NO_DEPS])
}

/// Where wheels go that are built without their dependencies.
fn wheel_folder(pip: &Pip) -> Option<String> {
    let folder = pip.install.option_value(pip.command, &["-w", "--wheel-dir"]).unwrap_or(".");
    pip.step.absolute(folder).filter(|_| pip.install.has_option(pip.command, &[NO_DEPS]))
}

/// What COPY takes from another stage, each as where it goes, and the stage and the folder that it comes from.
fn copies<'m>(
    model: &'m Model,
    step: &'m Step,
) -> impl Iterator<Item = (String, (usize, String))> + 'm {
    let from = step.instruction.flag_value("from").and_then(|from| model.stage_called(from));
    let transfer = step.transfer().filter(|_| from.is_some());
    transfer.into_iter().flat_map(|transfer| &transfer.sources).filter_map(move |source| {
        let folder =
            source.text.trim_end_matches("*.whl").trim_end_matches('*').trim_end_matches('/');
        Some((step.destination()?, (from?.index, folder.to_owned())))
    })
}

/// The folders that the install takes wheels from. A mounted one comes with its stage and folder there.
fn folders(model: &Model, pip: &Pip) -> Vec<(String, Option<(usize, String)>)> {
    let links = pip.install.option_value(pip.command, &["-f", "--find-links"]);
    let wheels = local_packages(pip)
        .map(|word| word.text.rsplit_once('/').map_or(".", |(folder, _)| folder));
    let folders = links.into_iter().chain(wheels).filter_map(|folder| pip.step.absolute(folder));
    let mounted = |folder: &String| {
        let mount = pip.step.mounts.iter().find(|mount| {
            mount.target.as_deref().map(|target| target.trim_end_matches('/')) == Some(folder)
        })?;
        let stage = model.stage_called(mount.from.as_deref()?)?;
        Some((stage.index, mount.source.as_deref()?.trim_end_matches('/').to_owned()))
    };
    folders
        .map(|folder| {
            let from = mounted(&folder);
            (folder, from)
        })
        .collect()
}

/// The packages that are named by a path.
fn local_packages<'m>(pip: &Pip<'m>) -> impl Iterator<Item = &'m Word> {
    let words = &pip.command.words;
    let packages = pip.install.packages.iter().filter_map(|&at| words.get(at));
    packages.filter(|word| word.text.contains('/') && !word.text.contains("://"))
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

/// `--no-deps` goes, `--no-index` comes; not where the install also names what is no wheel of the builder.
fn mend(
    model: &Model,
    built: &Pip,
    no_deps: usize,
    installed: &Pip,
    folder: &str,
) -> Option<EditSet> {
    installed.step.script()?;
    let first = local_packages(installed).next();
    let count = local_packages(installed).count();
    let lists = installed.install.manifest_files(installed.command);
    let known = built.install.manifest_files(built.command);
    if count != installed.install.packages.len() || !lists.iter().all(|list| known.contains(list)) {
        return None;
    }
    let has_links = installed.install.has_option(installed.command, &["-f", "--find-links"]);
    let options = if has_links {
        "--no-index".to_owned()
    } else {
        format!("--no-index --find-links={folder}")
    };
    let insertion = match first {
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
