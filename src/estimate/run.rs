//! What a RUN leaves in its layer: packages, caches, what builds put somewhere, and what it only seems to delete.

use super::npm::NodePackages;
use super::walk::{Artifact, Here, Walk, absolute, estimated, is_at_or_below};
use super::{Basis, Bytes, Part, apt};
use crate::input::PACKAGE_JSON;
use crate::model::{Install, Manager};
use crate::syntax::Word;
use crate::syntax::shell::Command;
use crate::syntax::shell::Joined;

const APT_LISTS: &str = "/var/lib/apt/lists";
/// What a build, a download or an upgrade leaves, when nobody can tell.
const OUTPUT: (f64, f64, f64) = (0.1, 10.0, 150.0);
/// Packages of managers that nobody measured.
const OTHER_MANAGER: (f64, f64, f64) = (1.0, 60.0, 500.0);

impl Walk {
    /// Adds the layers of one RUN.
    pub(super) fn run(&mut self, here: Here<'_, '_>) {
        self.apt_lists(here);
        for command in here.step.commands() {
            self.command(here, command);
        }
        for install in &here.step.installs {
            let Some(command) = here.step.command_of(install) else { continue };
            match install.manager {
                Manager::Apt | Manager::Apk | Manager::Dnf => self.system(here, install, command),
                Manager::Pip | Manager::Poetry | Manager::Uv | Manager::Pipenv => {
                    self.install_python(here, install, command);
                }
                Manager::Npm | Manager::Yarn | Manager::Pnpm | Manager::Bun => {
                    self.node(here, install, command);
                }
                // What they compile is told as what the command leaves.
                Manager::Go | Manager::Cargo if install.order == "install" => {}
                manager => self.other_manager(here, manager),
            }
        }
        if here.step.is_opaque() && here.step.commands().is_empty() {
            self.output(here, "a script");
        }
    }

    fn apt_lists(&mut self, here: Here<'_, '_>) {
        let updates = ["apt-get", "apt"]
            .iter()
            .any(|apt| here.model.runs(here.step, apt, "update").is_some());
        let is_kept = updates && !here.step.deletes(APT_LISTS) && !here.step.mounts_over(APT_LISTS);
        if is_kept && !self.has_lists {
            self.has_lists = true;
            let (low, likely, high) = apt::LISTS;
            let why = "Debian 12's lists were 19.9 MB on 2026-11-22; others are larger";
            self.add(
                here,
                Part::Cache,
                Bytes::mb(low, likely, high),
                estimated(why),
                "apt's package lists".to_owned(),
            );
        }
    }

    fn system(&mut self, here: Here<'_, '_>, install: &Install, command: &Command) {
        let named = words(command, &install.packages);
        let new: Vec<&str> =
            named.into_iter().filter(|name| !self.system.contains(*name)).collect();
        self.system.extend(new.iter().map(|&name| name.to_owned()));
        let ground =
            self.ground.filter(|_| install.manager == Manager::Apt).unwrap_or(apt::Ground::Other);
        let recommends = !install.has_option(command, &["--no-install-recommends"]);
        let (mut size, mut why) = apt::installed(&new, ground, recommends);
        let removes = |one: &Command| {
            let verb = one.arguments().iter().find(|word| !word.text.starts_with('-'));
            verb.is_some_and(|verb| {
                matches!(verb.text.as_str(), "purge" | "remove" | "autoremove" | "del")
            })
        };
        if here.step.commands().iter().any(removes) {
            size = size.times(0.0, 0.2, 1.0);
            why = "Some of the packages are removed in the same RUN";
        }
        if !new.is_empty() {
            let note = if size.is_zero() { "already in the base: " } else { "" };
            self.add(here, Part::System, size, estimated(why), format!("{note}{}", list(&new)));
        }
        let keeps_index =
            install.manager == Manager::Apk && !install.has_option(command, &["--no-cache"]);
        if keeps_index
            && !here.step.deletes("/var/cache/apk")
            && !here.step.mounts_over("/var/cache/apk")
        {
            let (low, likely, high) = apt::INDEX;
            let basis = estimated("A range for Alpine's package index; it is not measured");
            self.add(
                here,
                Part::Cache,
                Bytes::mb(low, likely, high),
                basis,
                "apk's package index".to_owned(),
            );
        }
    }

    fn node(&mut self, here: Here<'_, '_>, install: &Install, command: &Command) {
        let named = words(command, &install.packages);
        let production = !here.model.brings_dev_packages(here.stage, here.step, install);
        let packages = match here.model.input().text(PACKAGE_JSON) {
            _ if !named.is_empty() => NodePackages::of(named),
            Some(text) => NodePackages::of_project(text, !production),
            None => NodePackages::not_given(),
        };
        let basis = estimated(packages.why);
        self.add(
            here,
            Part::Dependencies,
            packages.installed,
            basis.clone(),
            "Node packages".to_owned(),
        );
        let is_cached = here.model.cache_kept(here.stage, here.step, install).is_some();
        if is_cached && install.manager == Manager::Npm {
            self.add(
                here,
                Part::Cache,
                packages.cache(),
                basis.clone(),
                "npm's download cache".to_owned(),
            );
        }
        let is_global = install.has_option(command, &["-g", "--global"]);
        let workdir = here.step.workdir.as_deref();
        let path = if is_global {
            "/usr/local/lib/node_modules".to_owned()
        } else {
            absolute(workdir, "node_modules")
        };
        self.artifacts.push(Artifact {
            path,
            size: packages.installed,
            basis,
            part: Part::Dependencies,
            what: "Node packages".to_owned(),
            line: here.line(),
            packages: None,
            is_output: false,
        });
    }

    fn other_manager(&mut self, here: Here<'_, '_>, manager: Manager) {
        let (low, likely, high) = OTHER_MANAGER;
        let basis = estimated(
            "Packages of this kind are not measured; most projects have some tens of megabytes",
        );
        let note = format!("packages of {}", format!("{manager:?}").to_lowercase());
        self.add(here, Part::Dependencies, Bytes::mb(low, likely, high), basis, note);
    }

    /// What a command leaves that installs nothing by a package manager.
    fn command(&mut self, here: Here<'_, '_>, command: &Command) {
        let words: Vec<&str> = command.words.iter().map(|word| word.text.as_str()).collect();
        match (command.program(), words.get(1..).unwrap_or_default()) {
            (program, ["-m", "venv", rest @ ..]) if program.starts_with("python") => {
                self.new_venv(here, rest);
            }
            ("rm", _) => self.removed(here, command.arguments()),
            ("chown" | "chmod", ["-R" | "--recursive", _, paths @ ..]) => {
                self.stored_again(here, command.program(), paths);
            }
            ("npm" | "yarn" | "pnpm", ["run" | "build", ..])
            | ("go" | "cargo", ["build" | "install", ..])
            | ("mvn" | "mvnw" | "gradle" | "gradlew" | "make" | "cmake", _)
            | ("dotnet", ["publish" | "build", ..])
            | ("git", ["clone", ..])
            | ("apt-get" | "apt", ["upgrade" | "dist-upgrade" | "full-upgrade", ..]) => {
                self.output(here, &words.iter().take(3).copied().collect::<Vec<_>>().join(" "));
            }
            ("curl" | "wget", _) if !command_is_piped(here, command) => {
                self.output(here, command.program());
            }
            _ => {}
        }
    }

    fn output(&mut self, here: Here<'_, '_>, what: &str) {
        let (low, likely, high) = OUTPUT;
        let size = Bytes::mb(low, likely, high);
        let basis = Basis::Estimated { why: format!("It is not known what {what} leaves") };
        let what = format!("what {what} leaves");
        self.add(here, Part::Other, size, basis.clone(), what.clone());
        let path = absolute(here.step.workdir.as_deref(), ".");
        self.artifacts.push(Artifact {
            path,
            size,
            basis,
            part: Part::Other,
            what,
            line: here.line(),
            packages: None,
            is_output: true,
        });
    }

    /// `rm` of files of an earlier layer: nothing is saved.
    fn removed(&mut self, here: Here<'_, '_>, paths: &[Word]) {
        for path in paths.iter().filter(|word| !word.text.starts_with('-')) {
            let path = absolute(here.step.workdir.as_deref(), &path.text);
            let lines: Vec<usize> = self.held_by_earlier_layers(here, &path);
            if let Some(line) = lines.first() {
                let basis = estimated("A layer cannot take bytes from an earlier one");
                self.add(
                    here,
                    Part::Other,
                    Bytes::default(),
                    basis,
                    format!("deletes {path}, but line {line} keeps the bytes"),
                );
            }
        }
    }

    /// A recursive `chown` or `chmod` of an earlier layer's files stores them once more.
    fn stored_again(&mut self, here: Here<'_, '_>, program: &str, paths: &[&str]) {
        for path in paths {
            let path = absolute(here.step.workdir.as_deref(), path);
            let touched = self
                .artifacts
                .iter()
                .filter(|one| one.line != here.line() && is_at_or_below(&one.path, &path));
            let size: Bytes = touched.map(|one| one.size).sum();
            if !size.is_zero() {
                let basis = estimated("Changed files are stored a second time");
                self.add(
                    here,
                    Part::Files,
                    size.times(0.0, 1.0, 1.0),
                    basis,
                    format!("{path} once more, by {program}"),
                );
            }
        }
    }

    fn held_by_earlier_layers(&self, here: Here<'_, '_>, path: &str) -> Vec<usize> {
        let held = self
            .artifacts
            .iter()
            .filter(|one| one.line != here.line() && is_at_or_below(&one.path, path));
        held.map(|one| one.line).collect()
    }
}

/// Whether what the command prints goes into another one, so that no file stays.
fn command_is_piped(here: Here<'_, '_>, command: &Command) -> bool {
    let mut later = here.step.commands().iter().filter(|one| one.range.start > command.range.start);
    later.next().is_some_and(|one| one.joined == Joined::Pipe)
}

pub(super) fn words<'c>(command: &'c Command, places: &[usize]) -> Vec<&'c str> {
    places.iter().filter_map(|&at| command.words.get(at)).map(|word| word.text.as_str()).collect()
}

/// The first three, and how many more there are.
fn list(names: &[&str]) -> String {
    let shown = names.iter().take(3).copied().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(3) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
