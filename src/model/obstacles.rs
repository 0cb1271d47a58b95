//! Why an install may need more than its lists, or why the copy above it may not move below.

use super::order::{HeldUp, is_mounted, names};
use super::{Install, Manager, Model, Stage, Step};
use crate::input::{PACKAGE_JSON, REQUIREMENTS};
use crate::syntax::shell::{Command, base_name};
use crate::syntax::{Kind, Word};

/// The settings of Yarn 2 and later.
const YARN_SETTINGS: &str = ".yarnrc.yml";

/// Programs that do not look at the source.
const HARMLESS: [&str; 10] = [
    "addgroup", "adduser", "apk", "apt", "apt-get", "corepack", "groupadd", "mkdir", "set",
    "useradd",
];

/// Why the install may need more than its manifests, or the copy may not move.
pub(super) fn obstacle(model: &Model, stage: &Stage, held: &HeldUp) -> Result<(), String> {
    let err = |reason: &str| Err(reason.to_owned());
    let (install, command) = (held.install, held.command);
    if install.reads_source(command) {
        return err(
            "This install also reads your source. Install what the list names in a RUN of its own, above the copy.",
        );
    }
    if matches!(install.manager, Manager::Cargo | Manager::Gradle) {
        return err(
            "This tool wants more of the project than its lists. Let it keep what it downloads between builds instead, with `RUN --mount=type=cache`.",
        );
    }
    if held.run.is_opaque()
        || !held
            .run
            .commands()
            .iter()
            .enumerate()
            .all(|(at, command)| is_harmless(held.run, at, command))
    {
        return err(
            "This RUN does more than install. Give the install a RUN of its own, above the copy.",
        );
    }
    if !held.run.mounts.iter().all(|mount| {
        matches!(mount.kind.as_str(), "cache" | "tmpfs" | "secret" | "ssh")
            || held.manifests.iter().any(|file| is_mounted(mount, file))
    }) {
        return err(
            "This RUN mounts files; move the copy below it by hand if it needs nothing else.",
        );
    }
    if held.copy.transfer().is_none_or(|transfer| transfer.sources.len() != 1)
        || !held.manifests.iter().all(|file| is_plain(file))
    {
        return err("Copy the list by its name above the install, and the rest below it.");
    }
    let above = stage.steps.get(..held.run.index).unwrap_or_default();
    if model.is_new_yarn(install, command) && !above.iter().any(|one| names(one, YARN_SETTINGS)) {
        return err(
            "Yarn 2 and later also reads `.yarnrc.yml` and the folder `.yarn`. Copy both with the lists, above the install.",
        );
    }
    if reads_more(model, held) {
        return err(
            "The list names files of yours, so the install needs them too; copy those with it, above the install.",
        );
    }
    let between = stage.steps.get(held.copy.index + 1..held.run.index).unwrap_or_default();
    // A copy that names its place from `/` means the same in every folder.
    let is_absolute =
        held.copy.transfer().is_some_and(|transfer| transfer.destination.text.starts_with('/'));
    let may_pass = |step: &Step| {
        (is_absolute && matches!(step.instruction.kind, Kind::Workdir(_)))
            || may_swap(step, &held.manifests)
    };
    if !between.iter().all(may_pass) {
        return err(
            "Something between the copy and the install may read the source; move the copy below the install by hand if it does not.",
        );
    }
    Ok(())
}

/// What names files of the project in a file of packages, blanks left out.
const NAMED: [(&str, &str); 10] = [
    (
        PACKAGE_JSON,
        "\"workspaces\" \"preinstall\" \"install\" \"postinstall\" \"prepare\" \"file: \"link: \"workspace: \"patchedDependencies\"",
    ),
    ("pnpm-workspace.yaml", "packages: patchedDependencies:"),
    ("pyproject.toml", "[tool.uv.workspace] workspace=true {path= ,path= @file:"),
    ("Pipfile", "{path= ,path= {file= ,file="),
    ("go.mod", "=>./ =>../ =>/"),
    ("go.work", "use"),
    ("Gemfile", "path: :path gemspec eval_gemfile rubyfile:"),
    ("composer.json", "\"type\":\"path\""),
    ("pom.xml", "<modules> <relativePath>"),
    (REQUIREMENTS, ""),
];
/// Whether a path can be written in COPY as it is: no variable, no blank, nothing that wants quotes.
fn is_plain(path: &str) -> bool {
    path.chars().all(|c| c.is_alphanumeric() || "._-/+@*".contains(c))
}

/// Files that a manager reads besides those that it is told.
const BESIDES: [(Manager, &str); 2] =
    [(Manager::Pnpm, "pnpm-workspace.yaml"), (Manager::Go, "go.work")];

/// Whether a file that the install reads, where its text was given, names other files.
fn reads_more(model: &Model, held: &HeldUp) -> bool {
    let is_read = |name: &str| {
        held.manifests.iter().any(|file| base_name(file) == name)
            || BESIDES.contains(&(held.install.manager, name))
    };
    NAMED.iter().any(|(name, signs)| {
        let text = model.input().text(name).filter(|_| is_read(name)).unwrap_or_default();
        text.lines().any(|line| {
            let mut bare = line.to_owned();
            bare.retain(|c| !c.is_whitespace());
            match *signs {
                "" => is_local(&bare),
                signs => !bare.starts_with('#') && signs.split(' ').any(|sign| bare.contains(sign)),
            }
        })
    })
}

/// Whether a line of pip's list names a file.
fn is_local(line: &str) -> bool {
    let options = ["-e", "-r", "-c", "--editable", "--requirement", "--constraint", "--find-links"];
    options.iter().chain(&[".", "/", "file:"]).any(|start| line.starts_with(start))
        || line.contains("@file:")
}

impl Model<'_> {
    /// Whether it is Yarn 2 or later that installs, which has settings and plugins of its own in the project, and by
    /// default runs an app from its cache.
    pub fn is_new_yarn(&self, install: &Install, command: &Command) -> bool {
        if install.manager != Manager::Yarn {
            return false;
        }
        let mut package = self.input().text(PACKAGE_JSON).unwrap_or_default().to_owned();
        package.retain(|c| !c.is_whitespace());
        let version = package.split_once("\"packageManager\":\"yarn@").map(|(_, rest)| rest);
        self.input().text(YARN_SETTINGS).is_some()
            || install.has_any(command, "--immutable --immutable-cache")
            || version.is_some_and(|rest| !rest.starts_with(['0', '1']))
    }
}

/// Whether the copy may move below the step.
fn may_swap(step: &Step, manifests: &[String]) -> bool {
    match &step.instruction.kind {
        Kind::Run(_) => {
            !step.is_opaque()
                && step
                    .commands()
                    .iter()
                    .enumerate()
                    .all(|(at, command)| is_harmless(step, at, command))
        }
        Kind::Copy(_) | Kind::Add(_) => manifests.iter().any(|file| names(step, file)),
        Kind::Workdir(_)
        | Kind::Volume(_)
        | Kind::Onbuild(_)
        | Kind::From { .. }
        | Kind::Broken => false,
        _ => true,
    }
}

/// Whether a command of RUN looks at nothing of the source but manifests.
fn is_harmless(step: &Step, at: usize, command: &Command) -> bool {
    let first = command
        .arguments()
        .iter()
        .map(|word| word.text.as_str())
        .find(|text| !text.starts_with('-'));
    let elsewhere = |word: &Word| {
        word.text.starts_with(['-', '~'])
            || ["/var/", "/tmp/", "/root/"].iter().any(|start| word.text.starts_with(start))
    };
    step.installs.iter().any(|install| install.command == at && !install.reads_source(command))
        || HARMLESS.contains(&command.program())
        || match (command.program(), first) {
            ("rm", _) => command.arguments().iter().all(elsewhere),
            ("npm" | "yarn" | "pnpm" | "pip" | "pip3" | "poetry", Some("cache" | "config")) => true,
            (python, Some("venv")) => python.starts_with("python"),
            _ => false,
        }
}
