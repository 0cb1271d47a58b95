//! What becomes of a RUN of the builder in the final stage: packages of the system stay as far as the program needs them.

use super::{App, Draft, Fate, err, libraries};
use crate::model::wrappers::{is_in, plain_name};
use crate::model::{Act, Change, FileChange, Manager, Step, is_build_tool, is_within};
use crate::syntax::shell::Command;

/// Options that say nothing about what is installed.
const HARMLESS: &str = "-y -q -qq -yq -yqq -qy -qqy --yes --assume-yes --quiet --no-install-recommends \
    --no-install-suggests --fix-missing --no-cache -U --update --update-cache";

/// Packages that a compiler fetches and builds with.
pub(super) const FETCHERS: &str =
    "git openssh openssh-client protobuf-compiler protoc upx upx-ucl lld mold llvm";

/// What kind of work a command is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Packages of the system, their index and its removal.
    System,
    /// What a language's tools do.
    Language,
    /// Users and folders.
    Setup,
    /// Files of the app.
    Files,
    /// No effect of its own: `set -e`.
    None,
    Other,
}

fn work(step: &Step<'_>, at: usize, command: &Command) -> Work {
    let of_system = |manager: Manager| manager.is_of_system();
    let program = plain_name(&command.words.first().cloned().unwrap_or_default().text).to_owned();
    let first = command.arguments().first().map_or("", |word| word.text.as_str());
    let is_away = |word: &str| {
        word.starts_with(['-', '~'])
            || ["/var/", "/tmp/", "/root/.cache", "/root/.npm"]
                .iter()
                .any(|start| word.starts_with(start))
    };
    let installs = step.installs.iter().find(|install| install.command == at);
    match program.as_str() {
        "set" | "true" | ":" | "echo" | "cd" => Work::None,
        "apt-get" | "apt" | "apk" => Work::System,
        "rm" if command.arguments().iter().all(|word| is_away(&word.text)) => Work::System,
        "groupadd" | "useradd" | "addgroup" | "adduser" | "mkdir" | "chown" => Work::Setup,
        "python" if !is_in("-m -c", first) => Work::Files,
        "python" | "pip" | "poetry" | "uv" | "pipenv" | "npm" | "npx" | "yarn" | "pnpm"
        | "corepack" | "node" | "go" | "cargo" | "rustup" => Work::Language,
        "chmod" | "cp" | "mv" | "rm" | "sed" | "ls" | "touch" | "tsc" | "vite" | "cat"
        | "strip" => Work::Files,
        _ if installs.is_some_and(|one| !of_system(one.manager)) => Work::Language,
        _ => Work::Other,
    }
}

/// What becomes of a RUN.
pub(super) fn fate(draft: &Draft<'_, '_>, step: &Step<'_>) -> Result<Fate, String> {
    let works: Vec<Work> =
        step.commands().iter().enumerate().map(|(at, command)| work(step, at, command)).collect();
    let has = |wanted: Work| works.contains(&wanted);
    let more = || {
        let text = step.commands().first().map_or("", Command::program);
        Err(format!(
            "A RUN with `{text}` stands before the last install or build; decide by hand which stage needs what it does."
        ))
    };
    if has(Work::Other) || step.script().is_none() {
        return more();
    }
    if has(Work::Files) && !stays_in_app(draft, step) {
        return more();
    }
    if has(Work::System) {
        return if has(Work::Setup) || has(Work::Files) {
            err("This RUN does more than install; give the install a RUN of its own first.")
        } else {
            packages(draft, step, has(Work::Language))
        };
    }
    if has(Work::Setup) {
        let is_made = |file: &FileChange| {
            file.change == Change::Folder
                && draft.stage.steps.iter().any(|step| step.workdir.as_deref() == Some(&file.path))
        };
        // WORKDIR makes its folder by itself.
        let files = step.files();
        return if has(Work::Language) || has(Work::Files) {
            more()
        } else if !files.is_empty() && files.iter().all(is_made) {
            Ok(Fate::Builder)
        } else {
            Ok(Fate::Both)
        };
    }
    Ok(Fate::Builder)
}

/// Whether what the step does to files stays in the folder that the final stage takes, or the builder alone needs it.
fn stays_in_app(draft: &Draft<'_, '_>, step: &Step<'_>) -> bool {
    match &draft.app {
        App::Left | App::Served => true,
        App::Below => false,
        App::Folder(folder) => {
            step.workdir.as_deref().is_some_and(|workdir| is_within(workdir, folder))
                && step.files().iter().all(|file| is_within(&file.path, folder))
        }
    }
}

/// The packages of the system that the final stage needs in place of those that the step installs.
fn packages(draft: &Draft<'_, '_>, step: &Step<'_>, is_mixed: bool) -> Result<Fate, String> {
    let mut names: Vec<&str> = Vec::new();
    let (mut has_tools, mut manager) = (false, None);
    let image = draft.model.root_image(draft.stage).map(|(_, image)| image);
    let is_of_node =
        image.and_then(|image| image.official()) == Some("node") && step.installs_build_tools();
    for (install, command) in step.installs() {
        if !install.manager.is_of_system() {
            continue;
        }
        manager = Some(install.manager);
        for &at in &install.options {
            let option = command.words.get(at).map_or("", |word| word.text.as_str());
            if !HARMLESS.split_whitespace().any(|one| one == option) {
                return Err(format!(
                    "It is not known what `{option}` means for the final stage; write the two stages by hand."
                ));
            }
        }
        for package in install.packages(command) {
            if package.is_local() || package.word.text.contains('$') {
                return err(
                    "A package is named by a file or a variable; write the two stages by hand.",
                );
            }
            if is_of_node && is_in("python python3 python-is-python3", package.name) {
                // Node's tool for compiling wants Python.
                has_tools = true;
                continue;
            }
            if draft.app == App::Left && is_in(FETCHERS, package.name) {
                has_tools = true;
                continue;
            }
            if !is_build_tool(package.name) {
                names.push(&package.word.text);
                continue;
            }
            has_tools = true;
            let Some(libraries) = libraries(draft.model, draft.stage, package.name) else {
                return Err(format!(
                    "It is not known which library `{}` leaves for run time; write the two stages by hand, and install that in the final one.",
                    package.name
                ));
            };
            names.extend(libraries.split(' ').filter(|name| !name.is_empty()));
        }
    }
    if step.does(Manager::Apt, Act::Upgrade).is_some()
        || step.does(Manager::Apk, Act::Upgrade).is_some()
    {
        return err("This RUN upgrades the whole system; take that out first.");
    }
    if !has_tools && !is_mixed && !names.is_empty() {
        return Ok(Fate::Both);
    }
    names.sort_unstable();
    names.dedup();
    Ok(match manager {
        Some(manager) if !names.is_empty() => Fate::Instead(install_line(manager, &names)),
        _ => Fate::Builder,
    })
}

/// RUN that installs `names` and leaves nothing else behind.
pub(super) fn install_line(manager: Manager, names: &[&str]) -> String {
    let names = names.join(" ");
    match manager {
        Manager::Apk => format!("RUN apk add --no-cache {names}"),
        _ => format!(
            "RUN apt-get update && apt-get install -y --no-install-recommends {names} && rm -rf /var/lib/apt/lists/*"
        ),
    }
}
