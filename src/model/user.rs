//! A user of its own for the final image: who there is already, what stands against one, and the edits.

use super::{Base, DefaultUser, Family, Model, Stage, Step, is_within};
use crate::syntax::shell::{Command, Script, base_name};
use crate::syntax::{Keyword, Kind, Word};
use crate::text::{EditSet, TextEdit};

/// Programs that start another one as somebody else.
const DROPPERS: [&str; 5] = ["gosu", "su-exec", "setpriv", "s6-setuidgid", "chpst"];
/// Programs that need to start as root.
const NEED_ROOT: [&str; 10] = [
    "apache2",
    "apache2ctl",
    "cron",
    "crond",
    "dockerd",
    "httpd",
    "nginx",
    "sshd",
    "supervisord",
    "systemd",
];
/// Programs whose environments lie in the home folder of whoever installed them.
const RUNNERS: [&str; 5] = ["poetry", "uv", "pipenv", "pdm", "rye"];
/// What downloads into the home folder of whoever runs it: a word of the command or a call in it, a word beside it, and
/// the variable that names another folder.
const DOWNLOADS: [(&str, &str, &str); 9] = [
    ("nltk.downloader", "", "NLTK_DATA"),
    ("nltk.download(", "", "NLTK_DATA"),
    ("playwright", "install", "PLAYWRIGHT_BROWSERS_PATH"),
    ("puppeteer", "browsers", "PUPPETEER_CACHE_DIR"),
    ("cypress", "install", "CYPRESS_CACHE_FOLDER"),
    ("huggingface-cli", "download", "HF_HOME"),
    ("hf", "download", "HF_HOME"),
    ("from_pretrained(", "", "HF_HOME"),
    ("whisper.load_model(", "", "XDG_CACHE_HOME"),
];
/// Folders of the system, in which an app writes nothing.
const SYSTEM: [&str; 12] = [
    "/bin",
    "/dev",
    "/etc",
    "/lib",
    "/opt",
    "/proc",
    "/root",
    "/sbin",
    "/sys",
    "/tmp",
    "/usr",
    "/var/lib/apt",
];
/// Nobody makes more folders by hand in one image.
const MOST_FOLDERS: usize = 50;
/// A user that any Linux takes, whoever its list of users names.
const NUMBER: &str = "10001:10001";
/// Options of useradd and adduser that take a value.
const USERADD_VALUES: [&str; 20] = [
    "-b",
    "-c",
    "-d",
    "-e",
    "-f",
    "-g",
    "-G",
    "-h",
    "-k",
    "-K",
    "-p",
    "-s",
    "-u",
    "--gecos",
    "--gid",
    "--home",
    "--home-dir",
    "--ingroup",
    "--shell",
    "--uid",
];

/// Who the image that the final stage builds on starts as.
pub fn base_user(model: &Model) -> DefaultUser {
    match (model.final_image(), root_of(model).map(|stage| &stage.base)) {
        (Some((_, image)), _) => image.default_user(),
        (None, Some(Base::Scratch)) => DefaultUser::Root,
        _ => DefaultUser::Unknown,
    }
}

/// The first stage that the final one is made of.
pub fn root_of<'m, 'a>(model: &'m Model<'a>) -> Option<&'m Stage<'a>> {
    model.final_chain().next()
}

/// Whether `user`, as USER takes it, is root.
pub fn is_root(user: &str) -> bool {
    matches!(user.split(':').next(), Some("root" | "0"))
}

/// Whether something in the image starts as root and gives it up by itself, which is as good as USER.
pub fn gives_up_root(model: &Model) -> bool {
    let is_dropper =
        |word: &Word| DROPPERS.contains(&word.text.rsplit('/').next().unwrap_or_default());
    let own_entry = model.final_steps().any(|(_, step)| step.keyword() == Keyword::Entrypoint);
    let base_does = model.final_image().is_some_and(|(_, image)| image.gives_up_root());
    (base_does && !own_entry)
        || model.launch().is_some_and(|launch| launch.words.iter().any(is_dropper))
        || model.final_steps().any(|(_, step)| {
            step.commands().iter().flat_map(|command| &command.words).any(is_dropper)
                || step
                    .transfer()
                    .is_some_and(|t| t.sources.iter().chain([&t.destination]).any(is_dropper))
        })
}

/// Whether the user that the final image should run as needs not be made.
pub fn exists(model: &Model) -> bool {
    existing(model).is_some() || is_node(model)
}

/// A user that the final image already has: named by a USER that is not the last, made by a RUN, or part of the base.
fn existing(model: &Model) -> Option<String> {
    let named =
        model.final_steps().rev().filter_map(|(stage, step)| match &step.instruction.kind {
            Kind::User(word) => model.expand(stage, step.index, word),
            _ => None,
        });
    let mut commands = model.final_steps().rev().flat_map(|(_, step)| step.commands().iter().rev());
    let mut named = named.filter(|user| !is_root(user) && !user.is_empty());
    named.next().or_else(|| commands.find_map(made_by))
}

/// Who a useradd or adduser makes.
pub fn made_by(command: &Command) -> Option<String> {
    if !matches!(command.program(), "useradd" | "adduser") {
        return None;
    }
    let mut words = command.arguments().iter();
    while let Some(word) = words.next() {
        if USERADD_VALUES.contains(&word.text.as_str()) {
            words.next();
        } else if !word.text.starts_with('-') {
            return word.is_literal().then(|| word.text.clone());
        }
    }
    None
}

/// Who the final image should run as: a user that is there, a number where the base is unknown, else the name that the
/// learner chose.
pub fn name(model: &Model) -> String {
    if let Some(user) = existing(model) {
        return user;
    }
    match base_user(model) {
        _ if is_node(model) => "node".to_owned(),
        DefaultUser::Unknown => NUMBER.to_owned(),
        _ => model.choices().user.clone(),
    }
}

/// The edits that let the final image run as [`name`], or the reason why there are none, in sentences.
pub fn run_as(model: &Model) -> Result<EditSet, String> {
    let Some(stage) = model.final_stage() else { return Ok(EditSet::default()) };
    obstacle(model)?;
    let name = name(model);
    let user = format!("USER {name}");
    if existing(model).is_some() {
        return user_line(model, stage, 0, &[user]).map(EditSet::from);
    }
    let is_number = name == NUMBER;
    let make =
        if is_number || is_node(model) { None } else { Some(make_line(model, stage, &name)?) };
    // What stands above the last install may be what it needs, and root is who installs.
    let after =
        stage.steps.iter().rposition(|step| !step.installs.is_empty()).map_or(0, |at| at + 1);
    let copies = || stage.steps.iter().skip(after).filter(|step| step.transfer().is_some());
    // The app's own folder may come from a builder that made its files.
    let is_app = |step: &&Step| {
        let last = stage.steps.last().and_then(|last| last.workdir.as_deref());
        model.stage_copied(step).is_some() && step.target.as_deref() == last && last != Some("/")
    };
    let own: Vec<_> = copies()
        .filter(|step| step.from_context().is_some() || is_app(step))
        .filter(|step| step.instruction.flag("chown").is_none())
        .collect();
    if !is_number && own.iter().any(|step| step.instruction.flag("link").is_some()) {
        return Err(format!(
            "`COPY --link` cannot look up a name: write `--chown=10001:10001` there, and end with `USER 10001:10001` instead of `{user}`."
        ));
    }
    let owner = if is_number { name } else { format!("{name}:{name}") };
    let mut edits: Vec<_> = own
        .iter()
        .map(|step| step.instruction.keyword_word.range.end)
        .map(|end| TextEdit::insert(end, format!(" --chown={owner}")))
        .collect();
    let mut last_lines = vec![user];
    let mut new_run = 0;
    // WORKDIR makes its folder as root; the app may keep a database or a log in there.
    let folder = copies().next().and_then(|copy| copy.workdir.as_deref()).filter(|folder| {
        *folder != "/"
            && own.iter().any(|step| step.destination().is_some_and(|to| is_within(&to, folder)))
    });
    let mut given: Vec<String> =
        folder.filter(|_| !is_number).map(str::to_owned).into_iter().collect();
    // A folder that is made is there to be written to. Below the line that makes the user its own RUN gives it away.
    let first = match &make {
        Some(_) => copies().next().map_or(usize::MAX, |copy| copy.index),
        None => 0,
    };
    for (step, paths) in made_folders(stage) {
        let paths: Vec<String> = paths.into_iter().filter(|path| !given.contains(path)).collect();
        if paths.is_empty() {
            continue;
        }
        if step.index < first {
            given.extend(paths);
        } else if let Some(append) =
            model.append(step, &format!("chown {owner} {}", paths.join(" ")))
        {
            edits.extend(append.iter().cloned());
        }
    }
    let give = (!given.is_empty()).then(|| format!("chown {owner} {}", given.join(" ")));
    let make = match (make, give) {
        (Some(make), Some(give)) => Some(format!("{make} && {give}")),
        (None, Some(give)) => Some(format!("RUN {give}")),
        (make, None) => make,
    };
    match (make, copies().next()) {
        (Some(make), Some(copy)) => {
            new_run = copy.index;
            edits.push(model.insert_above(copy.instruction, &[make]));
        }
        (Some(make), None) => last_lines.insert(0, make),
        (None, _) => {}
    }
    edits.push(user_line(model, stage, new_run, &last_lines)?);
    EditSet::new(edits).map_err(|_| "The lines stand too close together to be edited.".to_owned())
}

/// The folders that each RUN makes as root and gives to nobody, and that stay; outside of those of the system.
fn made_folders<'s, 'a>(stage: &'s Stage<'a>) -> Vec<(&'s Step<'a>, Vec<String>)> {
    let (mut made, mut gone) = (Vec::new(), Vec::new());
    for step in stage.steps_of(&[Keyword::Run]) {
        let mut paths = Vec::new();
        // Behind `cd` the folder is another one, and behind `||` it may not be there.
        let mut is_known = step.script().is_some_and(Script::is_chain);
        for command in step.commands() {
            let arguments =
                command.arguments().iter().map(|word| word.text.trim_end_matches(['/', '*']));
            match command.program() {
                "chown" | "chmod" | "chgrp" | "cd" | "pushd" => is_known = false,
                "rm" | "rmdir" | "mv" if gone.len() < MOST_FOLDERS => {
                    gone.extend(arguments.take(MOST_FOLDERS));
                }
                "mkdir" => paths.extend(arguments.filter_map(|text| folder(step, text))),
                _ => {}
            }
        }
        if is_known && !paths.is_empty() && paths.len() < MOST_FOLDERS && made.len() < MOST_FOLDERS
        {
            made.push((step, paths));
        }
    }
    for (_, paths) in &mut made {
        paths.retain(|path| {
            !gone.iter().any(|one| {
                base_name(one) == base_name(path) || (one.starts_with('/') && is_within(path, one))
            })
        });
    }
    made
}

/// The folder that a word of `mkdir` names, where an app may write to it.
fn folder(step: &Step, text: &str) -> Option<String> {
    let is_option = text.starts_with('-') || text.bytes().all(|byte| byte.is_ascii_digit());
    let is_plain = |path: &str| {
        path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte))
    };
    let path = step.absolute(text).filter(|path| !is_option && is_plain(path))?;
    (!SYSTEM.iter().any(|one| is_within(&path, one))).then_some(path)
}

/// The lines that end the final stage as another user; in place of a last `USER root` that neither a RUN below it
/// nor one that is put above step `new_run` needs.
fn user_line(
    model: &Model,
    stage: &Stage,
    new_run: usize,
    lines: &[String],
) -> Result<TextEdit, String> {
    if let (Some((one, step, _)), [line]) = (model.final_user(), lines) {
        let mut below = stage.steps.iter().skip(step.index + 1);
        let is_free = new_run <= step.index && below.all(|step| step.keyword() != Keyword::Run);
        if is_free && one.index == stage.index {
            return Ok(TextEdit::replace(step.instruction.range, model.in_case(line)));
        }
    }
    let last = [Keyword::Expose, Keyword::Healthcheck, Keyword::Cmd, Keyword::Entrypoint];
    let line = model.line_above_last(&last, lines);
    line.map(|(_, edit)| edit).ok_or_else(|| "The file has no stage.".to_owned())
}

/// RUN that makes the user, in the words of the system that the stage runs on.
fn make_line(model: &Model, stage: &Stage, name: &str) -> Result<String, String> {
    match model.family(stage) {
        Some(Family::Debian) => Ok(format!("RUN useradd --create-home --shell /bin/bash {name}")),
        Some(Family::Alpine) => {
            Ok(format!("RUN addgroup -S {name} && adduser -S -G {name} {name}"))
        }
        _ => Err(by_number("10001")),
    }
}

fn by_number(id: &str) -> String {
    format!(
        "Add `USER {id}:{id}` before the command, and `--chown={id}:{id}` to the COPY of what the app writes to; a number needs no list of users."
    )
}

fn is_node(model: &Model) -> bool {
    model.final_image().is_some_and(|(_, image)| image.official() == Some("node"))
}

/// Why another user might stop the program: what is not known, and what is root's.
fn obstacle(model: &Model) -> Result<(), String> {
    let err = |reason: &str| Err(reason.to_owned());
    let image = model.final_image().map(|(_, image)| image);
    if image.is_none_or(|image| image.family() == Some(Family::Distroless))
        && base_user(model) == DefaultUser::Root
    {
        return Err(by_number("65532"));
    }
    if base_user(model) == DefaultUser::NonRoot && existing(model).is_none() {
        return err("The base image has a user of its own; end with `USER` and its name.");
    }
    let Some(launch) = model.launch() else {
        return err(
            "The file does not say what the container runs, so what it needs is not known. End with `USER` once you know.",
        );
    };
    let first =
        launch.words.first().map_or("", |word| word.text.rsplit('/').next().unwrap_or_default());
    if launch.other.is_some_and(is_script) || is_script(launch.step) {
        return err(
            "An entry script starts the app, and it is not visible here: see whether it needs root or gives it up, then create a user and end with `USER`.",
        );
    }
    if NEED_ROOT.contains(&launch.program()) {
        return err(
            "This program wants to start as root; look for an image of it that does not, or for its own setting for a user.",
        );
    }
    if RUNNERS.contains(&first) {
        return Err(format!(
            "`{first}` keeps its environment in root's home folder; start the program itself, then create a user and end with `USER`."
        ));
    }
    let is_corepack = |(_, step): (_, &Step)| {
        step.commands().iter().any(|command| command.program() == "corepack")
    };
    if matches!(first, "pnpm" | "yarn") && model.final_steps().any(is_corepack) {
        return Err(format!(
            "Corepack keeps `{first}` in root's home folder, and another user would fetch it at every start; start the program itself, such as `node server.js`, then end with `USER`."
        ));
    }
    if ports(model).any(|port| port < 1024) {
        return err(
            "Ports below 1024 may need root; move the app to one above, then create a user and end with `USER`.",
        );
    }
    if model.final_steps().any(|(_, step)| step.keyword() == Keyword::Volume) {
        return err(
            "A VOLUME belongs to root unless its folder is given away first: create the user and `chown` the folder above VOLUME, then end with `USER`.",
        );
    }
    if model.final_steps().any(|(_, step)| uses_roots_home(step)) {
        return err(
            "Something lies in root's home folder, which no other user can read; move it, then create a user and end with `USER`.",
        );
    }
    let mut as_root = model.final_steps().filter(|(stage, step)| {
        step.keyword() == Keyword::Run && model.user_at(stage, step) != DefaultUser::NonRoot
    });
    if let Some((name, variable)) = as_root.find_map(|(stage, step)| downloads(model, stage, step))
    {
        return Err(format!(
            "`{name}` puts its files into root's home folder, which no other user can read. Name another folder with `ENV {variable}=/opt/files` above it, then create a user and end with `USER`."
        ));
    }
    Ok(())
}

/// What the step downloads into root's home folder: by which word, and the variable that names another folder.
fn downloads(model: &Model, stage: &Stage, step: &Step) -> Option<(&'static str, &'static str)> {
    for command in step.commands() {
        let has = |wanted: &str| {
            let is_call = wanted.ends_with('(');
            command
                .words
                .iter()
                .any(|word| word.text == wanted || (is_call && word.text.contains(wanted)))
        };
        // `--local-dir`, `download_dir=`: it is told where.
        let is_told =
            || command.words.iter().any(|word| word.text == "-d" || word.text.contains("dir"));
        let row =
            DOWNLOADS.iter().find(|(name, with, _)| has(name) && (with.is_empty() || has(with)));
        if let Some((name, _, variable)) = row.filter(|_| !is_told())
            && model.variable(stage, step.index, variable).is_none()
        {
            return Some((name.trim_end_matches('('), variable));
        }
    }
    None
}

/// Whether ENTRYPOINT or CMD starts a script.
fn is_script(step: &Step) -> bool {
    let name = step.commands().first().map_or("", Command::program);
    name.ends_with(".sh") || name.contains("entrypoint")
}

/// The ports that the final image names or listens on.
fn ports(model: &Model) -> impl Iterator<Item = u16> {
    let exposed = model.final_steps().filter_map(|(_, step)| match &step.instruction.kind {
        Kind::Expose(words) => Some(words),
        _ => None,
    });
    let numbers =
        exposed.flatten().filter_map(|word| word.text.split(['/', '-']).next()?.parse().ok());
    numbers.chain(model.port())
}

/// Whether the step puts something into root's home folder, or takes it from there.
fn uses_roots_home(step: &Step) -> bool {
    let is_home = |text: &str| {
        let text = text.rsplit(['=', ':']).next().unwrap_or_default();
        text == "/root" || text.starts_with("/root/") || text.starts_with('~')
    };
    let words: Vec<&Word> = match &step.instruction.kind {
        Kind::Env(pairs) => pairs.iter().filter_map(|pair| pair.value.as_ref()).collect(),
        Kind::Copy(transfer) | Kind::Add(transfer) => {
            transfer.sources.iter().chain([&transfer.destination]).collect()
        }
        _ => step
            .commands()
            .iter()
            .filter(|command| command.program() != "rm")
            .flat_map(|command| &command.words)
            .collect(),
    };
    step.workdir.as_deref().is_some_and(is_home)
        || words.iter().any(|word| word.text.split([':', ' ']).any(is_home))
        || step.installs().any(|(install, command)| install.has_option(command, &["--user"]))
}
