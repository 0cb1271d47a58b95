//! What package managers leave behind in a layer: downloads, indexes, and what only development needs.

use super::wrappers::is_in;
use super::{Act, Install, Manager, Model, Mount, Stage, Step};
use crate::syntax::Word;
use crate::syntax::shell::{Command, base_name};

/// What a step deletes, mounts and exports, sorted. Whatever lies in a home folder begins with `~`.
#[derive(Debug, Default)]
pub(super) struct Traces {
    /// The arguments of `rm`, without a star at the end.
    removed: Vec<String>,
    /// Where caches and tmpfs are mounted.
    mounted: Vec<String>,
    /// The last names of those folders.
    mounted_names: Vec<String>,
    /// `NAME=value` behind `export`.
    exported: Vec<String>,
}

impl Traces {
    pub(super) fn of(commands: &[Command], mounts: &[Mount]) -> Self {
        let mut traces = Self::default();
        for command in commands {
            let words = command.arguments().iter().map(|word| word.text.as_str());
            match command.program() {
                "rm" => {
                    traces.removed.extend(words.map(|text| at_home(text.trim_end_matches('*'))));
                }
                "export" => traces.exported.extend(words.map(str::to_owned)),
                _ => {}
            }
        }
        for mount in mounts.iter().filter(|mount| is_in("cache tmpfs", &mount.kind)) {
            let target = at_home(mount.target.as_deref().unwrap_or_default());
            traces.mounted_names.push(base_name(&target).to_owned());
            traces.mounted.push(target);
        }
        for list in [
            &mut traces.removed,
            &mut traces.mounted,
            &mut traces.mounted_names,
            &mut traces.exported,
        ] {
            list.sort_unstable();
        }
        traces
    }
}

fn has(sorted: &[String], text: &str) -> bool {
    sorted.binary_search_by(|one| one.as_str().cmp(text)).is_ok()
}

/// Whether one of the sorted paths is `path` or a folder above it.
fn covers(sorted: &[String], path: &str) -> bool {
    if sorted.is_empty() {
        return false;
    }
    let path = at_home(path);
    let mut rest = path.as_str();
    while !rest.is_empty() {
        if has(sorted, rest) {
            return true;
        }
        rest = rest.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
    false
}

impl Step<'_> {
    /// Whether it deletes `path`, or everything in it, in the same layer. All home folders count as one.
    pub fn deletes(&self, path: &str) -> bool {
        covers(&self.traces.removed, path)
    }

    /// Whether a cache or a tmpfs is mounted on `path` or above it, so that nothing stays in the layer.
    pub fn mounts_over(&self, path: &str) -> bool {
        covers(&self.traces.mounted, path)
    }

    /// Whether it exports a value for the variable to the commands behind.
    fn exports(&self, name: &str) -> bool {
        let exported = &self.traces.exported;
        let start = format!("{name}=");
        let at = exported.partition_point(|one| one.as_str() <= start.as_str());
        !name.is_empty() && exported.get(at).is_some_and(|one| one.starts_with(&start))
    }
}

impl Model<'_> {
    /// The folder where the downloads of `install` stay in the layer. `None` where nothing does: its cache is off,
    /// mounted or emptied again in the same step.
    pub fn cache_kept(
        &self,
        stage: &Stage,
        step: &Step,
        install: &Install,
    ) -> Option<&'static str> {
        let row = install.manager.row();
        let command = step.command_of(install)?;
        let assigns = |word: &Word| {
            let value =
                word.text.strip_prefix(row.no_cache_env).and_then(|rest| rest.strip_prefix('='));
            !row.no_cache_env.is_empty() && value.is_some_and(|value| !value.is_empty())
        };
        let is_off = install.has_any(command, row.no_cache)
            || command.assignments.iter().any(assigns)
            || step.exports(row.no_cache_env);
        // Any value but an empty one counts, even "0".
        let is_off_by_env = || {
            let value = self.variable(stage, step.index, row.no_cache_env);
            value.is_some_and(|value| value.is_none_or(|value| !value.is_empty()))
        };
        let is_gone = || {
            is_emptied(step, row.cache)
                || has(&step.traces.mounted_names, ".cache")
                || has(&step.traces.mounted_names, base_name(row.cache))
                || step.does(install.manager, Act::Clean).is_some()
        };
        let is_kept = !row.cache.is_empty() && !is_off && !is_off_by_env() && !is_gone();
        is_kept.then_some(row.cache)
    }

    /// The command of `step` that fetches the index of a system's manager, where that stays in the layer.
    pub fn index_kept<'s>(&self, step: &'s Step<'_>, manager: Manager) -> Option<&'s Command> {
        let index = manager.row().index;
        let is_kept = !index.is_empty() && !is_emptied(step, index);
        step.does(manager, Act::Update).filter(|_| is_kept)
    }

    /// Whether `install` also brings what only development needs, as most managers of languages do unless they are
    /// told not to.
    pub fn brings_dev_packages(&self, stage: &Stage, step: &Step, install: &Install) -> bool {
        let (row, Some(command)) = (install.manager.row(), step.command_of(install)) else {
            return false;
        };
        let (name, wanted) = row.no_dev_env;
        let counts =
            |value: &str| if wanted.is_empty() { !value.is_empty() } else { value == wanted };
        let assigned = || {
            let mut words = command.assignments.iter();
            words.any(|word| {
                word.text.split_once('=').is_some_and(|(key, value)| key == name && counts(value))
            })
        };
        let by_env = || {
            self.variable(stage, step.index, name)
                .is_some_and(|value| value.is_none_or(|value| counts(&value)))
        };
        match install.manager {
            Manager::Pipenv => install.has_any(command, "-d --dev"),
            _ => {
                !row.no_dev.is_empty()
                    && install.packages.is_empty()
                    && !install.has_any(command, row.no_dev)
                    && !assigned()
                    && !by_env()
            }
        }
    }
}

/// Whether nothing stays in the folder of a cache: deleted, or mounted.
fn is_emptied(step: &Step, folder: &str) -> bool {
    // dnf and yum have a folder each, and only one of them is there.
    let folders: &[&str] = match folder {
        "/var/cache" => &["/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/yum"],
        _ => &[folder],
    };
    folders.iter().any(|folder| step.deletes(folder) || step.mounts_over(folder))
}

/// The path with `~` for the folder of whoever is at home there, and without a slash at its end.
fn at_home(path: &str) -> String {
    let path = path.trim_end_matches('/');
    for home in ["/root", "$HOME", "${HOME}"] {
        match path.strip_prefix(home) {
            Some(rest) if rest.is_empty() || rest.starts_with('/') => return format!("~{rest}"),
            _ => {}
        }
    }
    let inner = path.strip_prefix("/home/").and_then(|rest| rest.split_once('/'));
    inner.map_or_else(|| path.to_owned(), |(_, rest)| format!("~/{rest}"))
}
