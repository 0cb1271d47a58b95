//! What a RUN leaves in its layer by pip: packages or wheels, the download cache, virtual environments.

use super::pip::Packages;
use super::run::words;
use super::walk::{Artifact, Here, Walk, absolute, estimated, is_at_or_below, stage_called};
use super::{Basis, Bytes, Part};
use crate::input::REQUIREMENTS;
use crate::model::{Install, Manager};
use crate::syntax::Kind;
use crate::syntax::shell::Command;

const SITE_PACKAGES: &str = "/usr/local/lib/python3/site-packages";
/// A plain virtual environment holds pip: 12 MB, with setuptools (up to Python 3.11) 22 MB, measured 2026-11-22.
const VENV: (f64, f64, f64) = (11.0, 18.0, 24.0);

impl Walk {
    /// `pip install`, `pip wheel`, and the managers built on them.
    pub(super) fn install_python(
        &mut self,
        here: Here<'_, '_>,
        install: &Install,
        command: &Command,
    ) {
        let asked = self.packages_asked(here, install, command);
        let verb = command.words.get(install.verb).map_or("", |word| word.text.as_str());
        let is_wheels = matches!(verb, "wheel" | "download");
        let new = if is_wheels { asked.clone() } else { asked.without(&self.python) };
        let only_named = install.has_option(command, &["--no-deps"]);
        let mut size = if is_wheels { new.wheels() } else { new.installed() };
        if only_named && is_wheels {
            size = size.times(0.1, 0.4, 1.0);
        }
        let basis = Basis::Estimated { why: new.why() };
        let what = match (is_wheels, new.len()) {
            (true, _) => "wheels".to_owned(),
            (false, None) => "Python packages".to_owned(),
            (false, Some(1)) => "1 Python package".to_owned(),
            (false, Some(count)) => format!("{count} Python packages"),
        };
        if !size.is_zero() {
            self.add(here, Part::Dependencies, size, basis.clone(), what.clone());
        }
        if install.manager != Manager::Uv
            && here.model.cache_kept(here.stage, here.step, install).is_some()
        {
            self.add(
                here,
                Part::Cache,
                new.cache(),
                basis.clone(),
                "pip's download cache".to_owned(),
            );
        }
        let path = self.python_folder(here, install, command, is_wheels);
        if !is_wheels {
            self.python.merge(asked.clone());
        }
        let part = if is_wheels { Part::Cache } else { Part::Dependencies };
        self.artifacts.push(Artifact {
            path,
            size,
            basis,
            part,
            what,
            line: here.line(),
            packages: Some(asked),
            is_output: false,
        });
    }

    /// What an install asks for: names, requirement files, wheels of an earlier step.
    fn packages_asked(&self, here: Here<'_, '_>, install: &Install, command: &Command) -> Packages {
        let input = here.model.input();
        let mut packages = Packages::default();
        for name in words(command, &install.packages) {
            if name.starts_with(['/', '.']) || name.contains(['*', '$']) {
                let wheels = self.wheels_at(here, name);
                packages.merge(wheels.unwrap_or_else(Packages::not_given));
            } else {
                packages.merge(Packages::of([name]));
            }
        }
        let mut files: Vec<&str> = Vec::new();
        for &at in &install.manifests {
            let option = at
                .checked_sub(1)
                .and_then(|at| command.words.get(at))
                .map_or("", |word| word.text.as_str());
            if !matches!(option, "-c" | "--constraint") {
                files.extend(command.words.get(at).map(|word| word.text.as_str()));
            }
        }
        for file in &files {
            let name = file.rsplit('/').next().unwrap_or_default();
            let text = input.text(name).filter(|_| name == REQUIREMENTS);
            packages
                .merge(text.map_or_else(Packages::not_given, |text| Packages::of(text.lines())));
        }
        if install.packages.is_empty() && files.is_empty() {
            packages.merge(Packages::not_given());
        }
        packages
    }

    /// The packages whose wheels lie at `path`, copied or mounted from the stage that built them.
    fn wheels_at(&self, here: Here<'_, '_>, path: &str) -> Option<Packages> {
        let path = absolute(here.step.workdir.as_deref(), path);
        let in_stage = |walk: &Walk| {
            let holders = walk
                .artifacts
                .iter()
                .filter(|one| is_at_or_below(&path, &one.path) || one.what == "wheels");
            holders.rev().find_map(|one| one.packages.clone())
        };
        let mounted = here.step.mounts.iter().filter_map(|mount| mount.from.as_deref());
        let mut stages =
            mounted.filter_map(|name| here.before.get(&stage_called(here.model, name)?));
        in_stage(self).or_else(|| stages.find_map(in_stage))
    }

    /// Where pip puts what it installs.
    fn python_folder(
        &self,
        here: Here<'_, '_>,
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
        option(&["-t", "--target", "--prefix", "--root"])
            .or_else(|| install.has_option(command, &["--user"]).then(|| "/root/.local".to_owned()))
            .or_else(|| python.and_then(below_bin))
            .or_else(|| {
                below_bin(program)
                    .filter(|folder| !matches!(folder.as_str(), "/usr" | "/usr/local"))
            })
            .or_else(|| self.venv.clone().filter(|venv| is_active(here, venv)))
            .unwrap_or_else(|| SITE_PACKAGES.to_owned())
    }

    /// `python -m venv`.
    pub(super) fn new_venv(&mut self, here: Here<'_, '_>, arguments: &[&str]) {
        let Some(path) = arguments.iter().find(|word| !word.starts_with('-')) else { return };
        let path = absolute(here.step.workdir.as_deref(), path);
        self.venv = Some(path.clone());
        if arguments.contains(&"--without-pip") {
            return;
        }
        let (low, likely, high) = VENV;
        let basis = estimated(
            "pip alone is 12 MB, with setuptools (up to Python 3.11) 22 MB, measured 2026-11-22",
        );
        let size = Bytes::mb(low, likely, high);
        let what = "a pip of its own in the virtual environment".to_owned();
        self.add(here, Part::Dependencies, size, basis.clone(), what.clone());
        self.artifacts.push(Artifact {
            path,
            size,
            basis,
            part: Part::Dependencies,
            what,
            line: here.line(),
            packages: None,
            is_output: false,
        });
    }
}

/// Whether the virtual environment's programs come first: by ENV PATH, or because the same RUN activates it.
fn is_active(here: Here<'_, '_>, venv: &str) -> bool {
    let bin = format!("{venv}/bin");
    let in_path =
        here.stage.steps.iter().take(here.step.index).any(|step| match &step.instruction.kind {
            Kind::Env(pairs) => pairs.iter().any(|pair| {
                pair.key.text == "VIRTUAL_ENV"
                    || pair.value.as_ref().is_some_and(|value| value.text.contains(&bin))
            }),
            _ => false,
        });
    in_path
        || here
            .step
            .commands()
            .iter()
            .any(|one| one.words.iter().any(|word| word.text.ends_with("/activate")))
}
