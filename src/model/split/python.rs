//! Python in two stages: the builder fills a virtual environment with pip, poetry, uv or pipenv, and the final stage takes it.

use super::system::install_line;
use super::{App, BUILDER, Draft, Split, brings_tools, err, without_runner};
use crate::input::REQUIREMENTS;
use crate::model::wrappers::{is_in, plain_name};
use crate::model::{Family, Install, Manager, Model, Stage, Step};
use crate::syntax::Kind;
use crate::syntax::shell::Command;
use crate::text::TextEdit;

/// The virtual environment, at the same path in both stages so that its scripts keep working.
const VENV: &str = "/opt/venv";
/// Options that install elsewhere.
const ELSEWHERE: [&str; 6] = ["-t", "--target", "--prefix", "--root", "--user", "--python"];
/// Packages that are compiled against a library of the full image, and the package to build with that holds it.
const COMPILED: [(&str, &str); 4] = [
    ("mysqlclient", "libmariadb-dev"),
    ("psycopg2", "libpq-dev"),
    ("pycurl", "libcurl4-openssl-dev"),
    ("python-ldap", "libldap-dev"),
];

/// What the installs of the stage tell.
struct Found {
    /// The first and the last step that install the app's packages or run in their environment.
    first: usize,
    last: usize,
    /// Who installs what the project lists.
    manager: Manager,
}

/// The two stages, or the reason why there are none.
pub(super) fn split(model: &Model, stage: &Stage<'_>) -> Result<Split, String> {
    let found = find(stage)?;
    let absolute = model.launch().is_some_and(|launch| {
        launch.words.first().is_some_and(|word| word.text.starts_with("/usr/"))
    });
    if absolute {
        return err(
            "The command names a program by its full path, which a virtual environment changes.",
        );
    }
    if let Some(path) = system_path(model, stage, found.last) {
        return Err(format!(
            "`{path}` is named here, where a virtual environment would no longer put its packages; write the two stages by hand."
        ));
    }
    let mut draft = Draft::new(model, stage, found.last);
    draft.take_folder()?;
    let own = own_environment(model, stage, &found);
    let folder = match &own {
        Some(folder) => folder.clone(),
        None if found.manager == Manager::Uv && is_synced(stage) => {
            in_project(model, stage, &found)?
        }
        None => VENV.to_owned(),
    };
    if own.is_none() {
        environment(&mut draft, &found, &folder)?;
    }
    let is_in_app = matches!(&draft.app, App::Folder(app) if crate::model::is_within(&folder, app));
    if !has_path(model, stage, stage.steps.len(), &folder) {
        draft.lines.push(format!("ENV PATH=\"{folder}/bin:$PATH\""));
    }
    draft.lines.extend(libraries(model, stage));
    if !is_in_app {
        draft.lines.push(format!("COPY --from={BUILDER} {folder} {folder}"));
    }
    if let App::Folder(app) = &draft.app {
        draft.lines.push(format!("COPY --from={BUILDER} {app} {app}"));
    }
    draft.edits.extend(without_runner(model)?);
    draft.assumes.push(
        "The program finds its packages through `PATH`, not in a folder of the system's Python."
            .to_owned(),
    );
    let base = uv_base(model, stage);
    draft.finish(
        "Install dependencies in a builder and copy the virtual environment",
        base.as_deref(),
    )
}

/// The folder of the system's Python that the file names itself; programs count below the install.
fn system_path(model: &Model, stage: &Stage<'_>, last: usize) -> Option<&'static str> {
    const PACKAGES: &str = "/usr/local/lib/python";
    const PROGRAMS: &str = "/usr/local/bin/";
    let starts = |command: &Command| {
        command.words.first().is_some_and(|word| word.text.starts_with(PROGRAMS))
    };
    if stage.steps.iter().any(|step| model.source(step.instruction).contains(PACKAGES)) {
        return Some(PACKAGES);
    }
    let mut below = stage.steps.iter().skip(last + 1);
    below.any(|step| step.commands().iter().any(starts)).then_some(PROGRAMS)
}

/// Reads the installs; `Err` where one of them is not plain.
fn find(stage: &Stage<'_>) -> Result<Found, String> {
    let mut found: Option<Found> = None;
    for step in &stage.steps {
        if !matches!(step.instruction.kind, Kind::Run(_)) {
            continue;
        }
        let mut counts = false;
        for (install, command) in step.installs() {
            if install.manager.is_of_system() || brings_tools(install, command) {
                continue;
            }
            if !install.manager.is_of_python() {
                return err(
                    "This file installs with tools of two languages; write a builder for each by hand.",
                );
            }
            is_plain(step, install, command)?;
            let manager = install.manager;
            let known = found.as_ref().map_or(Manager::Pip, |found| found.manager);
            if known != manager && known != Manager::Pip && manager != Manager::Pip {
                return err("Two managers install Python packages here; keep one of them.");
            }
            counts = true;
            let one = found.get_or_insert(Found { first: step.index, last: step.index, manager });
            if manager != Manager::Pip {
                one.manager = manager;
            }
        }
        counts |= step.commands().iter().any(runs_inside);
        if let Some(found) = found.as_mut().filter(|_| counts) {
            found.last = step.index;
        }
    }
    found.ok_or_else(|| {
        "Write a builder by hand: install and build there, and copy only what runs into the final stage."
            .to_owned()
    })
}

/// Whether the command runs something in the manager's environment: `poetry run`.
fn runs_inside(command: &Command) -> bool {
    is_in("poetry uv pipenv", command.program())
}

fn is_plain(step: &Step<'_>, install: &Install, command: &Command) -> Result<(), String> {
    let Some(script) = step.script() else {
        return err("The install is not written as one pip command, so it is not moved for you.");
    };
    let is_order = match install.manager {
        Manager::Pip => install.order == "install",
        Manager::Uv => is_in("sync", install.order) || install.order == "pip install",
        _ => is_in("install sync", install.order),
    };
    if !script.is_chain() || !is_order || install.has_option(command, &ELSEWHERE) {
        return err(
            "Write a builder by hand: only a plain `pip install`, `poetry install`, `uv sync` or `pipenv install` is moved for you.",
        );
    }
    Ok(())
}

fn is_synced(stage: &Stage<'_>) -> bool {
    let is_it = |install: &Install| install.manager == Manager::Uv && install.order == "sync";
    stage.steps.iter().any(|step| step.installs.iter().any(is_it))
}

/// The environment that the file makes itself and has on its `PATH` where it installs.
fn own_environment(model: &Model, stage: &Stage<'_>, found: &Found) -> Option<String> {
    for step in stage.steps.get(..=found.first)? {
        for command in step.commands() {
            let words = &command.words;
            let at = words.iter().position(|word| is_in("venv virtualenv", &word.text));
            let Some(at) = at.filter(|_| matches!(step.instruction.kind, Kind::Run(_))) else {
                continue;
            };
            let path = words.get(at + 1..)?.iter().find(|word| !word.text.starts_with('-'))?;
            let path = step.absolute(&model.expand(stage, step.index, path)?)?;
            return has_path(model, stage, found.first, &path).then_some(path);
        }
    }
    None
}

/// Whether the environment in `folder` is on the `PATH` just before the step.
fn has_path(model: &Model, stage: &Stage<'_>, step: usize, folder: &str) -> bool {
    // `$PATH` of the base is not known, so it is the text that tells.
    let bin = format!("{folder}/bin");
    stage.steps.iter().take(step + 1).any(|one| match &one.instruction.kind {
        Kind::Env(pairs) => pairs.iter().filter(|pair| pair.key.text == "PATH").any(|pair| {
            let Some(value) = &pair.value else { return false };
            let plain = value.text.split(':').find(|part| !part.starts_with("$PATH"));
            let plain =
                plain.map(|text| crate::syntax::Word { text: text.to_owned(), range: value.range });
            plain
                .and_then(|word| model.expand(stage, one.index, &word))
                .is_some_and(|path| path == bin)
        }),
        _ => false,
    })
}

/// The folder that uv makes its environment in.
fn in_project(model: &Model, stage: &Stage<'_>, found: &Found) -> Result<String, String> {
    if let Some(folder) = model.env(stage, found.first, "UV_PROJECT_ENVIRONMENT") {
        return folder.ok_or_else(|| "It is not known where uv puts its environment.".to_owned());
    }
    let step = stage.steps.get(found.first);
    let folder = step.and_then(|step| step.absolute(".venv"));
    folder.ok_or_else(|| "It is not known in which folder uv works; set WORKDIR first.".to_owned())
}

/// Makes the environment, and points each install there.
fn environment(draft: &mut Draft<'_, '_>, found: &Found, folder: &str) -> Result<(), String> {
    let (model, stage) = (draft.model, draft.stage);
    let is_made_by_uv = folder != VENV;
    let mut lines = Vec::new();
    if is_made_by_uv {
        // Another Python than the image's would stay behind.
        if model.env(stage, found.first, "UV_PYTHON_DOWNLOADS").is_none() {
            lines.push("ENV UV_PYTHON_DOWNLOADS=never".to_owned());
            draft.assumes.push("The project runs on the image's own Python.".to_owned());
        }
    } else {
        lines.push(format!("RUN python -m venv --without-pip {VENV}"));
        if matches!(found.manager, Manager::Poetry | Manager::Pipenv) {
            lines.push(format!("ENV VIRTUAL_ENV={VENV}"));
        }
    }
    for step in draft.builder() {
        for (install, command) in step.installs() {
            if !install.manager.is_of_python() || brings_tools(install, command) {
                continue;
            }
            if is_made_by_uv && (install.manager == Manager::Pip || install.order != "sync") {
                return err("Two managers install Python packages here; keep one of them.");
            }
            draft.edits.extend(into(model, install, command)?);
        }
    }
    let is_list = |step: &&Step| {
        step.index <= found.first
            && step.from_context().is_some_and(|transfer| draft.brings_lists(transfer))
    };
    let first = draft.builder().iter().find(is_list).or_else(|| stage.steps.get(found.first));
    if let Some(first) = first.filter(|_| !lines.is_empty()) {
        // What is needed before the install may stand between.
        let tools = draft.builder().iter().rfind(|step| {
            step.index < found.first
                && step.installs().any(|(install, command)| brings_tools(install, command))
        });
        match tools.filter(|tools| tools.index > first.index) {
            Some(_) if first.index != found.first => {
                let install = stage.steps.get(found.first).unwrap_or(first);
                draft.edits.push(model.insert_above(install.instruction, &lines));
            }
            _ => draft.edits.push(model.insert_above(first.instruction, &lines)),
        }
    }
    Ok(())
}

/// The edits that make an install fill the environment.
fn into(model: &Model, install: &Install, command: &Command) -> Result<Vec<TextEdit>, String> {
    let option = format!(" --python {VENV}/bin/python");
    let option_at = |name: &str| command.words.iter().position(|word| word.text == name);
    let mut edits = Vec::new();
    let place = match install.manager {
        Manager::Pip => {
            let words = command.words.get(..install.verb).unwrap_or_default();
            words.iter().rfind(|word| plain_name(&word.text) == "pip")
        }
        Manager::Uv if install.order == "pip install" => command.words.get(install.verb),
        _ => None,
    };
    if let Some(word) = place {
        edits.push(TextEdit::insert(word.range.end, option));
    } else if matches!(install.manager, Manager::Pip) {
        return err("The install is not written as one pip command, so it is not moved for you.");
    }
    if let Some(at) = option_at("--system").filter(|_| install.manager != Manager::Pip) {
        let deleted = model.delete_words(&command.words, &[at]);
        edits.extend(deleted.iter().flat_map(|set| set.iter().cloned()));
    }
    Ok(edits)
}

/// RUN that installs the libraries of the full image that packages of the list are compiled against.
fn libraries(model: &Model, stage: &Stage<'_>) -> Option<String> {
    let image = model.root_image(stage).map(|(_, image)| image)?;
    if model.family(stage) != Some(Family::Debian) || !image.is_full() {
        return None;
    }
    let mut names = Vec::new();
    for line in model.input().text(REQUIREMENTS)?.lines() {
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let name = line.split(|c: char| !is_name(c)).next().unwrap_or_default();
        if let Some((_, dev)) = COMPILED.iter().find(|(one, _)| *one == name) {
            let has_it = |step: &Step| {
                step.installs().any(|(install, command)| {
                    install.packages(command).iter().any(|package| {
                        package.name == *dev
                            || super::libraries(model, stage, package.name)
                                == super::libraries(model, stage, dev)
                    })
                })
            };
            if !stage.steps.iter().any(has_it) {
                names.extend(super::libraries(model, stage, dev));
            }
        }
    }
    names.sort_unstable();
    (!names.is_empty()).then(|| install_line(Manager::Apt, &names))
}

/// Astral's images are Python's own with uv in them; the final stage needs no uv.
fn uv_base(model: &Model, stage: &Stage<'_>) -> Option<String> {
    let (_, image) = model.root_image(stage).filter(|(_, image)| image.official().is_none())?;
    let tag = image.tag.as_deref()?.strip_prefix("python")?;
    let (version, rest) = tag.split_once('-')?;
    let tag = match rest.strip_suffix("-slim") {
        Some(suite) => format!("{version}-slim-{suite}"),
        None => tag.to_owned(),
    };
    Some(format!("python:{tag}"))
}
