//! What a RUN leaves in its layer: packages, caches, what builds put somewhere, and what it only seems to delete.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::packages::Packages;
use super::walk::{Artifact, Here, Walk, estimated, is_at_or_below, loading};
use super::{Basis, Bytes, Part, apt, npm};
use crate::input::PACKAGE_JSON;
use crate::model::{Act, Install, Manager};
use crate::syntax::Word;
use crate::syntax::shell::Command;

/// Packages of managers that nobody measured, in kilobytes.
const OTHER_MANAGER: (u32, u32, u32) = (1000, 60_000, 500_000);
/// What dnf keeps of its repositories.
const DNF_CACHE: (u32, u32, u32) = (5000, 60_000, 350_000);

/// What a RUN takes away again by its package manager.
#[derive(Debug, Default)]
struct Removed<'c> {
    names: BTreeSet<&'c str>,
    /// Whether what came along goes too.
    with_all: bool,
    /// Whether a variable hides some names.
    is_hidden: bool,
}

impl Walk {
    /// Adds the layers of one RUN.
    pub(super) fn run(&mut self, here: Here<'_, '_, '_>) {
        let first = self.layers.len();
        if here.model.index_kept(here.step, Manager::Apt).is_some() && !self.has_lists {
            self.has_lists = true;
            let lists = self.ground.lists(here.desk.tables);
            let (size, basis) = split(lists);
            self.add(here, Part::Cache, size, basis, "apt's package lists".to_owned());
        }
        let commands = here.step.commands();
        let mut installs = here.step.installs.iter().peekable();
        let removed = removed(here);
        for (at, command) in commands.iter().enumerate() {
            self.command(here, command);
            self.leaves(here, command, commands.get(at + 1));
            while let Some(install) = installs.next_if(|install| install.command <= at) {
                self.install(here, install, command, removed.as_ref());
            }
        }
        if here.step.is_opaque() && commands.is_empty() {
            let size = (0, 10_000, 300_000);
            self.leave(
                here,
                ".",
                Part::Other,
                size,
                "what a script leaves",
                "It is not known what the script does",
            );
        }
        for command in commands.iter().filter(|command| command.program() == "rm") {
            self.removed(here, command.arguments(), first);
        }
    }

    fn install(
        &mut self,
        here: Here<'_, '_, '_>,
        install: &Install,
        command: &Command,
        removed: Option<&Removed<'_>>,
    ) {
        match install.manager {
            Manager::Apt | Manager::Apk | Manager::Dnf => {
                self.system(here, install, command, removed);
            }
            Manager::Pip | Manager::Poetry | Manager::Uv | Manager::Pipenv => {
                self.install_python(here, install, command);
            }
            Manager::Npm | Manager::Yarn | Manager::Pnpm | Manager::Bun => {
                self.node(here, install, command);
            }
            // They are told as what the command leaves.
            Manager::Go | Manager::Cargo | Manager::Maven | Manager::Gradle | Manager::Dotnet => {}
            manager => {
                let basis = estimated(
                    "Packages of this kind are not measured; most projects have some tens of megabytes",
                );
                let what = format!("packages of {}", format!("{manager:?}").to_lowercase());
                let path = here.absolute(".");
                self.put(here, artifact(here, path, Some(Bytes::kb(OTHER_MANAGER)), basis, what));
            }
        }
    }

    fn system(
        &mut self,
        here: Here<'_, '_, '_>,
        install: &Install,
        command: &Command,
        removed: Option<&Removed<'_>>,
    ) {
        let named = words(command, &install.packages);
        let new: Vec<&str> =
            named.into_iter().filter(|name| !self.system.has(apt::bare(name))).collect();
        if new.is_empty() || !here.desk.may_look_up(new.len()) {
            return self.index(here, install, command);
        }
        let recommends = !install.has_option(command, &["--no-install-recommends"])
            && !install
                .option_value(command, &["-o"])
                .is_some_and(|value| value.ends_with("Recommends=false"));
        let (tables, ground) = (here.desk.tables, self.ground);
        let weigh = |set: &mut Packages, names: &[&str]| {
            let added = apt::install(set, ground, tables, recommends, names);
            (ground.weigh(tables, &added), added)
        };
        let set = Rc::make_mut(&mut self.system);
        let removed = removed.filter(|_| here.desk.may_look_up(set.len()));
        let (size, added) = match removed {
            None => weigh(set, &new),
            Some(removed) => {
                let is_group = install
                    .option_value(command, &["-t", "--virtual"])
                    .is_some_and(|group| removed.names.contains(group));
                let (all, _) = weigh(&mut set.clone(), &new);
                let kept: Vec<&str> = if is_group {
                    Vec::new()
                } else {
                    new.iter()
                        .filter(|name| !removed.names.contains(apt::bare(name)))
                        .copied()
                        .collect()
                };
                let (rest, added) = weigh(set, &kept);
                let both = all.zip(rest).map(|((all, _), (rest, _))| {
                    let is_known = (removed.with_all || is_group) && !removed.is_hidden;
                    let likely =
                        if is_known { rest.likely } else { rest.likely.midpoint(all.likely) };
                    let low = if removed.is_hidden { 0 } else { rest.low };
                    let why = "Some of the packages are removed in the same RUN".to_owned();
                    (
                        Bytes {
                            low,
                            likely,
                            high: if is_known { rest.high.midpoint(all.high) } else { all.high },
                        },
                        why,
                    )
                });
                (both, added)
            }
        };
        // What apt notes is the same for one run and for many.
        let notes = if self.has_apt_notes { Bytes::default() } else { apt::notes(&added) };
        self.has_apt_notes |= !notes.is_zero();
        let (size, basis) = split(size);
        let size = size.map(|size| size + notes);
        let is_there = size.is_some_and(Bytes::is_zero);
        let note = if is_there { "already in the base: " } else { "" };
        self.add(here, Part::System, size, basis, format!("{note}{}", list(&new)));
        self.index(here, install, command);
    }

    /// What apk and dnf keep of their repositories.
    fn index(&mut self, here: Here<'_, '_, '_>, install: &Install, command: &Command) {
        let is_kept = here.model.cache_kept(here.stage, here.step, install).is_some();
        let (size, what) = match install.manager {
            Manager::Apk if !install.has_option(command, &["--no-cache"]) => {
                (apt::INDEX, "apk's package index")
            }
            Manager::Dnf => (DNF_CACHE, "dnf's cache"),
            _ => return,
        };
        if is_kept && !self.has_lists {
            self.has_lists = true;
            let basis = estimated("A range: it is not measured");
            self.add(here, Part::Cache, Some(Bytes::kb(size)), basis, what.to_owned());
        }
    }

    fn node(&mut self, here: Here<'_, '_, '_>, install: &Install, command: &Command) {
        let named = words(command, &install.packages);
        let dev = here.model.brings_dev_packages(here.stage, here.step, install);
        let is_global = install.has_option(command, &["-g", "--global"]);
        let path = if is_global {
            "/usr/local/lib/node_modules".to_owned()
        } else {
            let folder = install.option_value(command, &["--prefix", "-C", "--cwd", "--dir"]);
            here.absolute(&format!("{}/node_modules", folder.unwrap_or(".")))
        };
        let tables = here.desk.tables;
        let mut set = match self.node.iter().position(|(folder, _)| *folder == path) {
            Some(at) => self.node.swap_remove(at).1,
            None => Rc::default(),
        };
        let packages = Rc::make_mut(&mut set);
        let project = here.model.input().text(PACKAGE_JSON);
        let asked: Vec<String> = match project {
            _ if !named.is_empty() => named.into_iter().map(str::to_owned).collect(),
            Some(text) if here.desk.may_look_up(text.len() / 8) => npm::of_project(text, dev),
            _ => Vec::new(),
        };
        let mut added = npm::install(packages, tables, asked.iter().map(String::as_str));
        if asked.is_empty() && project.is_none() {
            packages.add_unknown(&mut added);
        }
        if self.node.len() < 20 {
            self.node.push((path.clone(), set));
        }
        if !tables.node.is_there() {
            return self
                .put(here, artifact(here, path, None, loading(), "Node packages".to_owned()));
        }
        let basis = Basis::Estimated { why: npm::why(tables, &added) };
        let what = if added.is_nothing() { "nothing new" } else { "Node packages" }.to_owned();
        let installed = npm::installed(&added);
        self.put(here, artifact(here, path, Some(installed), basis.clone(), what));
        if here.model.cache_kept(here.stage, here.step, install).is_none() || added.is_nothing() {
            return;
        }
        let is_locked = matches!(install.order, "ci" | "clean-install" | "install-clean");
        let cache = match install.manager {
            Manager::Npm => (npm::cache(&added, is_locked), "npm's download cache"),
            // It keeps them unpacked.
            Manager::Yarn => (installed.percent(60, 105, 150), "yarn's cache"),
            // Their files are those in node_modules once more, under a second name.
            _ => return,
        };
        self.add(here, Part::Cache, Some(cache.0), basis, cache.1.to_owned());
    }

    fn command(&mut self, here: Here<'_, '_, '_>, command: &Command) {
        let words: Vec<&str> =
            command.words.iter().take(64).map(|word| word.text.as_str()).collect();
        match (command.program(), words.get(1..).unwrap_or_default()) {
            (program, ["-m", "venv", rest @ ..]) if program.starts_with("python") => {
                self.new_venv(here, rest);
            }
            ("virtualenv", rest) => self.new_venv(here, rest),
            ("chown" | "chmod", ["-R" | "--recursive", _, paths @ ..]) => {
                self.stored_again(here, command.program(), paths);
            }
            ("npm", ["prune", ..]) => self.prune(here),
            _ => {}
        }
    }

    /// `npm prune --omit=dev`: the layer below keeps what goes, but a later stage copies less.
    fn prune(&mut self, here: Here<'_, '_, '_>) {
        let path = here.absolute("node_modules");
        let Some(text) = here.model.input().text(PACKAGE_JSON) else { return };
        let names = npm::of_project(text, false);
        let added = npm::install(
            &mut Packages::default(),
            here.desk.tables,
            names.iter().map(String::as_str),
        );
        for one in self.artifacts.iter_mut().filter(|one| one.path == path && one.size.is_some()) {
            let one = Rc::make_mut(one);
            (one.size, one.what) =
                (Some(npm::installed(&added)), "Node packages without dev".to_owned());
        }
    }

    /// `rm`: what the same RUN put there is gone; what an earlier layer holds weighs on.
    fn removed(&mut self, here: Here<'_, '_, '_>, paths: &[Word], first: usize) {
        for path in paths.iter().filter(|word| !word.text.starts_with('-')) {
            let path = here.absolute(&path.text);
            if path.is_empty() {
                continue;
            }
            let (line, mut earlier) = (here.line(), None);
            let layers = &mut self.layers;
            self.artifacts.retain(|one| {
                let is_gone = is_at_or_below(&one.path, &path);
                if is_gone && one.line == line {
                    let at = layers
                        .get(first..)
                        .unwrap_or_default()
                        .iter()
                        .position(|layer| layer.note == one.what);
                    at.map(|at| layers.remove(first + at));
                } else if is_gone {
                    earlier = earlier.or(Some(one.line));
                }
                !is_gone
            });
            if let Some(line) = earlier {
                let basis = estimated("A layer cannot take bytes from an earlier one");
                let note = format!("deletes {path}, but line {line} keeps the bytes");
                self.add(here, Part::Other, Some(Bytes::default()), basis, note);
                if let Some(layer) = self.layers.last_mut() {
                    layer.kept_in = Some(line);
                }
            }
        }
    }

    /// A recursive `chown` or `chmod` of an earlier layer's files stores them once more.
    fn stored_again(&mut self, here: Here<'_, '_, '_>, program: &str, paths: &[&str]) {
        for path in paths {
            let path = here.absolute(path);
            let touched = self
                .artifacts
                .iter()
                .filter(|one| one.line != here.line() && is_at_or_below(&one.path, &path));
            let size: Option<Bytes> = touched.map(|one| one.size).sum();
            if size.is_none_or(|size| !size.is_zero()) {
                let basis = estimated("Changed files are stored a second time");
                let size = size.map(|size| size.percent(0, 100, 100));
                self.add(here, Part::Files, size, basis, format!("{path} once more, by {program}"));
            }
        }
    }
}

/// Dependencies that lie at a path.
pub(super) fn artifact(
    here: Here<'_, '_, '_>,
    path: String,
    size: Option<Bytes>,
    basis: Basis,
    what: String,
) -> Artifact {
    let (part, line) = (Part::Dependencies, here.line());
    Artifact { path, size, basis, part, what, line, packages: None, is_output: false }
}

/// A size with where it comes from; without one, the table is on its way.
fn split(found: Option<(Bytes, String)>) -> (Option<Bytes>, Basis) {
    match found {
        Some((size, why)) => (Some(size), Basis::Estimated { why }),
        None => (None, loading()),
    }
}

/// What the step takes away by the system's package manager; `None` where nothing.
fn removed<'s>(here: Here<'_, 's, '_>) -> Option<Removed<'s>> {
    let managers = [Manager::Apt, Manager::Apk, Manager::Dnf];
    managers.iter().find(|manager| here.step.does(**manager, Act::Remove).is_some())?;
    let mut removed = Removed::default();
    for command in here.step.commands() {
        let mut words = command.arguments().iter().map(|word| word.text.as_str());
        let is_verb = |word: &str| {
            matches!(word, "purge" | "remove" | "autoremove" | "autopurge" | "del" | "erase")
        };
        let Some(verb) = words.by_ref().find(|word| is_verb(word)) else { continue };
        if !matches!(command.program(), "apt-get" | "apt" | "apk" | "dnf" | "yum" | "microdnf") {
            continue;
        }
        // apk and dnf take along what nothing else needs.
        removed.with_all |=
            matches!(verb, "autoremove" | "autopurge") || !command.program().starts_with("apt");
        for word in command.arguments().iter().map(|word| word.text.as_str()) {
            removed.with_all |= matches!(word, "--auto-remove" | "--autoremove");
            removed.is_hidden |= word.contains('$');
            if !word.starts_with('-') && !is_verb(word) {
                removed.names.insert(word);
            }
        }
    }
    Some(removed)
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
