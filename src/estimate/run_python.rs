//! What a RUN leaves in its layer by pip and the managers like it: packages or wheels, the download cache, virtual environments.

use std::rc::Rc;

use super::packages::Packages;
use super::pip::{Asked, Form, weigh, why};
use super::run::{artifact, words};
use super::walk::{Here, Walk, absolute, estimated, is_at_or_below, loading, stage_called};
use super::{Basis, Bytes, Part};
use crate::input::REQUIREMENTS;
use crate::model::{Install, Manager};
use crate::syntax::shell::Command;

/// What a layer of Python's own compiled modules is called.
pub(super) const COMPILED: &str = "what Python compiles of itself";
/// Options that install more than the lists which are read.
const MORE: &str = "--extra --all-extras -E --extras --group --all-groups --with --categories";
const SITE_PACKAGES: &str = "/usr/local/lib/python3/site-packages";
/// A plain virtual environment holds pip: 12 MB, with setuptools (up to Python 3.11) 22 MB, measured 2026-11-22.
const VENV: (u32, u32, u32) = (11_000, 18_000, 24_000);

impl Walk {
    /// `pip install`, `pip wheel`, and the managers built on them.
    pub(super) fn install_python(
        &mut self,
        here: Here<'_, '_, '_>,
        install: &Install,
        command: &Command,
    ) {
        let tables = here.desk.tables;
        let asked = self.asked(here, install, command);
        let verb = command.words.get(install.verb).map_or("", |word| word.text.as_str());
        let is_wheels = matches!(verb, "wheel" | "download");
        let added = if is_wheels {
            Packages::default().merge(tables.python, &asked.packages)
        } else {
            Rc::make_mut(&mut self.python).merge(tables.python, &asked.packages)
        };
        let path = self.python_folder(here, install, command, is_wheels);
        if install.manager != Manager::Uv {
            let program = command.words.first().map_or("", |word| word.text.as_str());
            let is_own =
                program.contains("/bin/") || (self.venv.is_some() && path != SITE_PACKAGES);
            let is_given = install.option_value(command, &["--python"]).is_some();
            if asked.packages.has("pip") && path == SITE_PACKAGES {
                // The new one comes compiled.
                self.uncompiled[1] = 0;
            }
            self.compile(here, is_given || !is_own);
        }
        let what = match (is_wheels, added.named()) {
            (true, _) => "wheels".to_owned(),
            (false, _) if added.is_partial => "Python packages".to_owned(),
            (false, 1) => "1 Python package".to_owned(),
            (false, count) => format!("{count} Python packages"),
        };
        let packages = Some(Rc::new(asked.packages.clone()));
        let part = if is_wheels { Part::Cache } else { Part::Dependencies };
        if !tables.python.is_there() {
            let unknown = artifact(here, path, None, loading(), what);
            return self.put(here, super::walk::Artifact { part, packages, ..unknown });
        }
        let form = match install.manager {
            _ if is_wheels => Form::Wheels,
            Manager::Uv if !install.has_option(command, &["--compile-bytecode"]) => Form::Plain,
            Manager::Poetry if !install.has_option(command, &["--compile"]) => Form::Plain,
            _ => Form::Compiled,
        };
        let mut size = weigh(&added, asked.is_pinned, form) + asked.for_gpu;
        if is_wheels && install.has_option(command, &["--no-deps"]) {
            size = size.percent(10, 40, 100);
        }
        let basis = Basis::Estimated { why: why(tables, &added, &asked) };
        let found = artifact(here, path, Some(size), basis.clone(), what);
        let found = super::walk::Artifact { part, packages, ..found };
        // The same once more adds nothing.
        if size.is_zero() {
            self.keep(found);
        } else {
            self.put(here, found);
        }
        if here.model.cache_kept(here.stage, here.step, install).is_none() || added.is_nothing() {
            return;
        }
        let cache = weigh(&added, asked.is_pinned, Form::Cache) + asked.for_gpu.percent(40, 60, 80);
        let (cache, what) = match install.manager {
            // What it keeps is linked into the environment: the same bytes under a second name.
            Manager::Uv => (
                cache.percent(0, 15, 100),
                "uv's cache, beyond the files it shares with what is installed",
            ),
            Manager::Poetry => (cache.percent(90, 140, 260), "poetry's download cache"),
            _ => (cache, "pip's download cache"),
        };
        self.add(here, Part::Cache, Some(cache), basis, what.to_owned());
    }

    /// What an install asks for: names, requirement files, wheels of an earlier step.
    fn asked(&self, here: Here<'_, '_, '_>, install: &Install, command: &Command) -> Asked {
        let (input, tables) = (here.model.input(), here.desk.tables);
        let mut asked = Asked::default();
        for name in words(command, &install.packages) {
            if name.starts_with(['/', '.']) || name.contains(['*', '$']) {
                match self.wheels_at(here, name) {
                    Some(wheels) => drop(asked.packages.merge(tables.python, &wheels)),
                    None => asked.add_unknown(),
                }
            } else {
                asked.add(tables, std::iter::once(name));
            }
        }
        let mut files = 0;
        for &at in &install.manifests {
            let word = |at: usize| command.words.get(at).map_or("", |word| word.text.as_str());
            let option = at.checked_sub(1).map_or("", word);
            if matches!(option, "-c" | "--constraint" | "--constraints") {
                continue;
            }
            files += 1;
            let name = word(at).rsplit('/').next().unwrap_or_default();
            match input.text(name).filter(|_| name == REQUIREMENTS) {
                Some(text) if here.desk.may_look_up(text.len() / 8) => {
                    asked.add(tables, text.lines());
                }
                _ => asked.add_unknown(),
            }
        }
        if install.packages.is_empty() && files == 0 {
            add_project(here, install, command, &mut asked);
        }
        asked
    }

    /// The packages whose wheels lie at `path`, copied or mounted from the stage that built them.
    fn wheels_at(&self, here: Here<'_, '_, '_>, path: &str) -> Option<Rc<Packages>> {
        let path = here.absolute(path);
        let in_stage = |walk: &Walk| {
            let holders = walk
                .artifacts
                .iter()
                .filter(|one| is_at_or_below(&path, &one.path) || one.what == "wheels");
            holders.rev().find_map(|one| one.packages.clone())
        };
        let mounted = here.step.mounts.iter().filter_map(|mount| mount.from.as_deref());
        let mut stages =
            mounted.filter_map(|name| here.before.get(stage_called(here.model, name)?)?.as_ref());
        in_stage(self).or_else(|| stages.find_map(in_stage))
    }

    /// Where pip puts what it installs.
    fn python_folder(
        &self,
        here: Here<'_, '_, '_>,
        install: &Install,
        command: &Command,
        is_wheels: bool,
    ) -> String {
        let workdir = here.step.workdir.as_deref();
        let option = |names: &[&str]| {
            install.option_value(command, names).map(|path| absolute(workdir, path))
        };
        let below_bin = |path: &str| path.find("/bin/").map(|at| absolute(workdir, &path[..at]));
        if is_wheels {
            return option(&["-w", "--wheel-dir", "-d", "--dest"])
                .unwrap_or_else(|| absolute(workdir, "."));
        }
        let program = command.words.first().map_or("", |word| word.text.as_str());
        let python = install.option_value(command, &["--python"]);
        let is_project = matches!(install.order, "sync" | "add") && install.manager == Manager::Uv;
        option(&["-t", "--target", "--prefix", "--root"])
            .or_else(|| install.has_option(command, &["--user"]).then(|| "/root/.local".to_owned()))
            .or_else(|| python.and_then(below_bin))
            .or_else(|| {
                below_bin(program)
                    .filter(|folder| !matches!(folder.as_str(), "/usr" | "/usr/local"))
            })
            .or_else(|| is_project.then(|| absolute(workdir, ".venv")))
            .or_else(|| self.venv.clone().filter(|venv| self.is_active(here, venv)))
            .unwrap_or_else(|| SITE_PACKAGES.to_owned())
    }

    /// What Python compiles of itself when it runs for the first time; `with_pip`: the image's own pip runs.
    fn compile(&mut self, here: Here<'_, '_, '_>, with_pip: bool) {
        let variable = here.model.variable(here.stage, here.step.index, "PYTHONDONTWRITEBYTECODE");
        let is_off = variable.is_some_and(|value| value.is_none_or(|value| !value.is_empty()));
        let [library, pip] = self.uncompiled;
        let kb = library + if with_pip { pip } else { 0 };
        if is_off || kb == 0 {
            return;
        }
        self.uncompiled = [0, if with_pip { 0 } else { pip }];
        let basis = estimated(
            "The image brings Python uncompiled: its library is 5.2 MB compiled, pip 5.5 MB, measured 2026-11-22 on Python 3.11",
        );
        let size = Bytes::exact(u64::from(kb) * 1000).percent(75, 100, 125);
        self.add(here, Part::Other, Some(size), basis, COMPILED.to_owned());
    }

    /// `python -m venv`.
    pub(super) fn new_venv(&mut self, here: Here<'_, '_, '_>, arguments: &[&str]) {
        let Some(path) = arguments.iter().find(|word| !word.starts_with('-')) else { return };
        let path = here.absolute(path);
        self.venv = Some(path.clone());
        self.compile(here, false);
        if arguments.contains(&"--without-pip") || arguments.contains(&"--no-pip") {
            return;
        }
        let basis = estimated(
            "pip alone is 12 MB, with setuptools (up to Python 3.11) 22 MB, measured 2026-11-22",
        );
        let what = "a pip of its own in the virtual environment".to_owned();
        self.put(here, artifact(here, path, Some(Bytes::kb(VENV)), basis, what));
    }

    /// Whether the virtual environment's programs come first: by ENV, or because the same RUN activates it.
    fn is_active(&self, here: Here<'_, '_, '_>, venv: &str) -> bool {
        let activates =
            |one: &Command| one.words.iter().any(|word| word.text.ends_with("/activate"));
        self.in_path.iter().any(|value| value.contains(venv))
            || here.step.commands().iter().take(64).any(activates)
    }
}

/// Adds what the project lists.
fn add_project(here: Here<'_, '_, '_>, install: &Install, command: &Command, asked: &mut Asked) {
    let only = install.option_value(command, &["--only"]).is_some_and(|group| group != "main");
    let is_other =
        only || install.has_option(command, &["--only-group"]) || install.order.starts_with("pip");
    let dev = here.model.brings_dev_packages(here.stage, here.step, install);
    let project = super::project::packages(here.model.input(), install.manager, dev);
    let project = project.filter(|found| here.desk.may_look_up(found.lines.len()));
    let Some(project) = project.filter(|_| !is_other) else { return asked.add_unknown() };
    asked.add(here.desk.tables, project.lines.iter().map(String::as_str));
    if project.has_more || install.has_any(command, MORE) {
        asked.add_unknown();
    }
}
