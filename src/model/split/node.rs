//! Node.js in two stages: the builder installs and builds, and the final stage takes the packages or the whole folder.

use super::{App, BUILDER, Draft, Split, brings_tools, err, is_within};
use crate::input::PACKAGE_JSON;
use crate::model::user::is_root;
use crate::model::wrappers::is_in;
use crate::model::{Install, Launch, Manager, Model, Stage, Step, User};
use crate::syntax::Kind;
use crate::syntax::shell::Command;
use crate::text::TextEdit;

/// Words of a command that only run with development packages.
const RUNNERS: &str = "dev nodemon react-scripts ts-node ts-node-dev tsx vite webpack ng";
/// Programs that work on the packages or the source of the app.
const BUILDERS: &str =
    "npm npx yarn pnpm pnpx node tsc vite webpack ng prisma esbuild rollup next nuxt turbo nx";

/// The two stages, or the reason why there are none.
pub(super) fn split(model: &Model, stage: &Stage<'_>) -> Result<Split, String> {
    let mut main: Option<(&Step, &Install, &Command)> = None;
    let (mut last, mut builds, mut both) = (None, false, Vec::new());
    for step in &stage.steps {
        if !matches!(step.instruction.kind, Kind::Run(_)) {
            continue;
        }
        let mut works = false;
        for (at, command) in step.commands().iter().enumerate() {
            let install = step.installs.iter().find(|install| install.command == at);
            match install.filter(|install| install.manager.is_of_node()) {
                Some(install) if is_global(install, command) => {
                    if starts_one_of(model, install, command) {
                        both.push(step.index);
                    }
                }
                Some(install) => {
                    works = true;
                    main = Some((step, install, command));
                }
                None if install.is_some_and(|install| !install.manager.is_of_system()) => {
                    return err(
                        "This file installs with tools of two languages; write a builder for each by hand.",
                    );
                }
                None => {
                    let is_work = is_in(BUILDERS, command.program())
                        && !is_in(
                            "cache config",
                            command.arguments().first().map_or("", |word| &word.text),
                        );
                    works |= is_work;
                    builds |= is_work && main.is_some();
                }
            }
        }
        if works {
            last = Some(step.index);
        }
    }
    let (Some(last), Some((step, install, command))) = (last, main) else {
        return err("Nothing of Node.js is installed here that a builder could do.");
    };
    if !step.script().is_some_and(crate::syntax::shell::Script::is_chain) {
        return err("This RUN does more than install; give the install a RUN of its own first.");
    }
    let folder = step.workdir.as_deref().filter(|folder| *folder != "/" && *folder != "/root");
    let Some(folder) = folder else {
        return err("The app lies in no folder of its own; set one with WORKDIR first.");
    };
    let mut draft = Draft::new(model, stage, last);
    draft.both = both;
    draft.may_change_user = true;
    let owner = match stage.steps.get(last).map(|step| &step.user) {
        Some(User::Named(name)) if !is_root(name) => format!(" --chown={name}"),
        _ => String::new(),
    };
    draft.take_folder()?;
    keeps_packages(model, install, command)?;
    if let Some(edit) = without_manager(model, &draft, install)? {
        draft.edits.push(edit);
        draft.both.clear();
    }
    let copied_below = stage.steps.iter().skip(last + 1).any(|step| {
        step.whole_context().is_some() && step.destination().is_some_and(|to| to == folder)
    });
    if draft.app == App::Below && (!copied_below || is_berry(install, command)) {
        draft.app = App::Folder(folder.to_owned());
    }
    if let App::Folder(app) = &draft.app {
        if !is_within(folder, app) {
            return err("Packages and source lie in two folders; write the two stages by hand.");
        }
        draft.lines.push(format!("COPY --from={BUILDER}{owner} {app} {app}"));
    } else {
        let packages = format!("{folder}/node_modules");
        draft.lines.push(format!("COPY --from={BUILDER}{owner} {packages} {packages}"));
    }
    if builds && model.brings_dev_packages(stage, step, install) && !needs_dev(model) {
        let is_known_to_have_none = model
            .input()
            .text(PACKAGE_JSON)
            .is_some_and(|text| !text.contains("\"devDependencies\""));
        if let Some(line) = prune(install, command).filter(|_| !is_known_to_have_none) {
            draft.made.push(line.to_owned());
            draft
                .assumes
                .push("Nothing of `devDependencies` is needed to start the app.".to_owned());
        }
    }
    draft.assumes.push(format!(
        "The packages keep no files outside of `{folder}`, such as a browser in root's home folder."
    ));
    draft.finish("Install and build in a builder, and copy the result", None)
}

/// `Err` where the newer Yarn starts the app from packages that lie in root's home folder.
fn keeps_packages(model: &Model, install: &Install, command: &Command) -> Result<(), String> {
    let launch = model.launch();
    let first = launch.as_ref().and_then(|launch| launch.words.first());
    let settings = model.input().text(".yarnrc.yml").unwrap_or_default();
    let is_kept = ["nodeLinker: node-modules", "enableGlobalCache: false"]
        .iter()
        .any(|line| settings.contains(line));
    if first.is_some_and(|word| word.text == "yarn")
        && model.is_new_yarn(install, command)
        && !is_kept
    {
        return err(
            "Yarn 2 and later starts the app from packages in root's home folder, which stays in the builder. Write `nodeLinker: node-modules` into `.yarnrc.yml` first.",
        );
    }
    Ok(())
}

/// Whether it installs for the whole system: `npm install -g`.
fn is_global(install: &Install, command: &Command) -> bool {
    install.has_any(command, "-g --global")
        || install.order == "global add"
        || brings_tools(install, command)
}

/// Whether the image starts a program that a global install brings.
fn starts_one_of(model: &Model, install: &Install, command: &Command) -> bool {
    let Some(launch) = model.launch() else { return false };
    let packages = install.packages(command);
    launch.words.iter().any(|word| {
        let program = word.text.split('-').next().unwrap_or_default();
        packages.iter().any(|package| package.name == word.text || package.name == program)
    })
}

/// Whether this is a newer Yarn, which may keep packages elsewhere than in `node_modules`.
fn is_berry(install: &Install, command: &Command) -> bool {
    install.manager == Manager::Yarn
        && (install.has_any(command, "--immutable --inline-builds")
            || install.order == "workspaces focus")
}

/// What takes the development packages away once the app is built.
pub fn prune(install: &Install, command: &Command) -> Option<&'static str> {
    Some(match install.manager {
        Manager::Npm => "RUN npm prune --omit=dev",
        Manager::Pnpm => "RUN CI=true pnpm prune --prod",
        Manager::Yarn if !is_berry(install, command) => {
            "RUN yarn install --production --ignore-scripts --prefer-offline"
        }
        _ => return None,
    })
}

/// Whether the word of a command is a program that is only there with development packages.
pub fn is_for_development(word: &str) -> bool {
    is_in(RUNNERS, word)
}

/// Whether the command that starts the app, or the script that it names, runs a development package.
pub fn needs_dev(model: &Model) -> bool {
    let Some(launch) = model.launch() else { return false };
    let script = script(model, &launch).unwrap_or_default();
    launch.words.iter().any(|word| is_for_development(&word.text))
        || script.split_whitespace().any(is_for_development)
}

/// What package.json runs for `npm start` or `npm run x`, where its text was given.
pub(super) fn script<'m>(model: &'m Model, launch: &Launch<'_>) -> Option<&'m str> {
    if !is_in("npm yarn pnpm bun", launch.program()) {
        return None;
    }
    let mut words = launch.arguments().iter().map(|word| word.text.as_str());
    let name = match words.next()? {
        "run" => words.next()?,
        name => name,
    };
    script_called(model.input().text(PACKAGE_JSON)?, name)
}

/// What `"scripts"` of a package.json has for `name`.
pub fn script_called<'t>(package: &'t str, name: &str) -> Option<&'t str> {
    let (_, scripts) = package.split_once("\"scripts\"")?;
    let scripts = scripts.split('}').next()?;
    let (_, value) = scripts.split_once(&format!("\"{name}\""))?;
    let value = value.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
    value.split('"').next()
}

/// Where the image starts a manager that the final stage does not have: the edit that starts what its script runs.
fn without_manager(
    model: &Model,
    draft: &Draft<'_, '_>,
    install: &Install,
) -> Result<Option<TextEdit>, String> {
    let Some(launch) = model.launch() else { return Ok(None) };
    let uses_corepack = draft
        .builder()
        .iter()
        .any(|step| step.commands().iter().any(|command| command.program() == "corepack"));
    let program = launch.words.first().map_or("", |word| word.text.as_str());
    // Node's images have npm and the first Yarn.
    if !(program == "pnpm" || (program == "yarn" && uses_corepack)) {
        return Ok(None);
    }
    let refused = || {
        // Where npm brought it, the final stage brings it too.
        if !draft.both.is_empty() && !uses_corepack {
            return Ok(None);
        }
        Err(format!(
            "The command starts `{program}`, which stays in the builder; start the program itself first, such as `node server.js`."
        ))
    };
    let is_plain = |text: &&str| {
        text.starts_with("node ")
            && text.chars().all(|c| c.is_ascii_alphanumeric() || " ./_-=".contains(c))
    };
    let count = if launch.words.get(1).is_some_and(|word| word.text == "run") { 3 } else { 2 };
    let (Some(script), Some(first), Some(end)) = (
        script(model, &launch).filter(is_plain),
        launch.words.first(),
        launch.words.last().filter(|_| launch.words.len() == count),
    ) else {
        return refused();
    };
    if launch.other.is_some() || !launch.is_in_place() || install.manager == Manager::Bun {
        return refused();
    }
    let text = if launch.is_exec {
        let words: Vec<String> =
            script.split_whitespace().map(|word| format!("\"{word}\"")).collect();
        words.join(", ")
    } else {
        script.to_owned()
    };
    Ok(Some(TextEdit::replace(first.range.cover(end.range), text)))
}
