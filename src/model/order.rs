//! Which copy of the source makes an install run again after every change, and the edits that put the install first.

use super::{Install, Manager, Model, Stage, Step, is_within};
use crate::input::{PACKAGE_JSON, REQUIREMENTS};
use crate::syntax::shell::Command;
use crate::syntax::{Keyword, Kind, Word};
use crate::text::{EditSet, TextEdit, TextRange};

/// Files without a dot in their name.
const FILES: [&str; 9] = [
    "Dockerfile",
    "Gemfile",
    "LICENSE",
    "Makefile",
    "Pipfile",
    "Procfile",
    "Rakefile",
    "gradlew",
    "mvnw",
];
/// Programs that do not look at the source.
const HARMLESS: [&str; 10] = [
    "addgroup", "adduser", "apk", "apt", "apt-get", "corepack", "groupadd", "mkdir", "set",
    "useradd",
];

/// A copy of the source, and the install below it.
#[derive(Debug)]
pub struct HeldUp<'s, 'a> {
    /// COPY or ADD.
    pub copy: &'s Step<'a>,
    /// What it takes: the whole context or a folder.
    pub source: &'a Word,
    /// The RUN that installs.
    pub run: &'s Step<'a>,
    /// Its first install of what a manifest lists.
    pub install: &'s Install,
    /// The command of it.
    pub command: &'s Command,
    /// The manifests as the command or its manager names them.
    pub manifests: Vec<String>,
    /// Whether they are already copied by name.
    pub copied: bool,
}

/// The copies of `stage` that hold an install up, each with the first install that it does so to.
pub fn held_up<'s, 'a>(stage: &'s Stage<'a>) -> Vec<HeldUp<'s, 'a>> {
    let mut found: Vec<HeldUp<'s, 'a>> = Vec::new();
    for run in stage.steps.iter().filter(|step| step.keyword() == Keyword::Run) {
        for (install, command) in run.installs() {
            let manifests = manifests(install, command);
            let Some(first) = manifests.first() else { continue };
            let above = stage.steps.get(..run.index).unwrap_or_default();
            let copied = above.iter().any(|step| names(step, first));
            let broad = above.iter().rev().find_map(|copy| {
                let whole = copy.whole_context();
                let folder =
                    || folder(copy).filter(|_| !copied && within(copy, run, first).is_some());
                Some((copy, whole.or_else(folder)?))
            });
            let Some((copy, source)) = broad else { continue };
            if !found.iter().any(|one| one.copy.index == copy.index) {
                found.push(HeldUp { copy, source, run, install, command, manifests, copied });
            }
        }
    }
    found
}

/// The files that the install reads, where it installs what files list.
fn manifests(install: &Install, command: &Command) -> Vec<String> {
    let has_word = |text: &str| command.words.iter().any(|word| word.text == text);
    let mut files = install.manifest_files(command);
    files.retain(|file| !file.contains("://"));
    if install.manager == Manager::Go && !has_word("download") {
        files.clear();
    }
    files
}

/// Whether COPY takes the file by its name, or by a pattern of names.
fn names(step: &Step, file: &str) -> bool {
    let file = base_name(file);
    let is_it = |word: &Word| {
        let name = base_name(&word.text);
        match name.split_once('*') {
            Some((start, end)) if !name.starts_with('*') => {
                file.starts_with(start) && file.ends_with(end)
            }
            _ => name == file,
        }
    };
    step.from_context().is_some_and(|transfer| transfer.sources.iter().any(is_it))
}

/// The folder that COPY takes as its one source, where it looks like one that holds a program.
fn folder<'a>(step: &Step<'a>) -> Option<&'a Word> {
    let [source] = step.from_context()?.sources.as_slice() else { return None };
    let name = base_name(source.text.trim_end_matches('/'));
    let holds_lists = name.starts_with("require") || name.starts_with("dep");
    let is_folder =
        source.is_literal() && !name.contains(['.', '*', '?']) && !FILES.contains(&name);
    (is_folder && !holds_lists).then_some(source)
}

/// Where the manifest lies below what the copy puts there.
fn within(copy: &Step, run: &Step, manifest: &str) -> Option<String> {
    let (folder, path) = (copy.destination()?, run.absolute(manifest)?);
    let rest = path.get(folder.trim_end_matches('/').len()..)?;
    (is_within(&path, &folder) && rest.len() > 1).then(|| rest.trim_start_matches('/').to_owned())
}

fn base_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// The edits that install first and copy the source then, or the reason why there are none, in sentences.
pub fn install_first(model: &Model, stage: &Stage, held: &HeldUp) -> Result<EditSet, String> {
    obstacle(model, stage, held)?;
    let text = model.text();
    let (copy, run) = (held.copy.instruction, held.run.instruction);
    let (start, end) = (model.head(copy), model.line_end(copy));
    let blank: usize = text[end..]
        .split_inclusive('\n')
        .take_while(|line| line.trim().is_empty())
        .map(str::len)
        .sum();
    let is_set_off = text[..start].lines().next_back().is_none_or(|line| line.trim().is_empty());
    let gone = TextRange::new(start, if is_set_off { end + blank } else { end });
    let mut moved = TextRange::new(start, end).of(text).to_owned();
    if blank > 0 {
        moved.insert_str(0, model.newline());
    }
    let below = model.line_end(run);
    if !text[..below].ends_with('\n') {
        moved.insert_str(0, model.newline());
    }
    let mut edits = vec![TextEdit::delete(gone), TextEdit::insert(below, moved)];
    if !held.copied {
        edits.push(model.insert_above(run, &[copy_line(model, held)?]));
    }
    EditSet::new(edits).map_err(|_| "The lines stand too close together to be moved.".to_owned())
}

/// `COPY requirements.txt .` with the options of the copy that it goes ahead of.
fn copy_line(model: &Model, held: &HeldUp) -> Result<String, String> {
    let unknown = || {
        "It is not known where the install looks for its list; copy that file by hand first."
            .to_owned()
    };
    let transfer = held.copy.transfer().ok_or_else(unknown)?;
    let root = match held.source.text.trim_end_matches('/') {
        "" | "." | "*" | "./*" => String::new(),
        folder => format!("{folder}/"),
    };
    let inner: Option<Vec<String>> =
        held.manifests.iter().map(|file| within(held.copy, held.run, file)).collect();
    let inner = inner.ok_or_else(unknown)?;
    let folder = |path: &str| {
        path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
    };
    let first = inner.first().map(|path| folder(path)).unwrap_or_default();
    if inner.iter().any(|path| folder(path) != first) {
        return Err("The lists lie in different folders; copy them by hand first.".to_owned());
    }
    // A lock file may not be there; as a pattern it may be missing.
    let is_lock = |at: usize| at > 0 && held.install.manifests.is_empty();
    let sources: Vec<String> = inner
        .iter()
        .enumerate()
        .map(|(at, path)| format!("{root}{path}{}", if is_lock(at) { "*" } else { "" }))
        .collect();
    let destination = transfer.destination.text.as_str();
    let destination = match (destination, first.as_str()) {
        ("." | "./", "") if sources.len() == 1 => destination.to_owned(),
        (".", folder) if !folder.is_empty() => folder.to_owned(),
        (other, folder) => format!("{}/{folder}", other.trim_end_matches('/')),
    };
    let flags = TextRange::new(
        held.copy.instruction.keyword_word.range.end,
        held.copy.instruction.arguments.start,
    );
    let flags = flags.of(model.text()).trim();
    let blank = if flags.is_empty() { "" } else { " " };
    Ok(format!("COPY {flags}{blank}{} {destination}", sources.join(" ")))
}

/// Why the install may need more than its manifests, or the copy may not move.
fn obstacle(model: &Model, stage: &Stage, held: &HeldUp) -> Result<(), String> {
    let err = |reason: &str| Err(reason.to_owned());
    let (install, command) = (held.install, held.command);
    let lacks =
        |options: &[&str]| !options.iter().any(|option| install.has_option(command, &[option]));
    if install.reads_source(command) {
        return err(
            "This install also reads your source. Install what the list names in a RUN of its own, above the copy.",
        );
    }
    match install.manager {
        Manager::Poetry if lacks(&["--no-root"]) => {
            return err(
                "`poetry install` also installs your own package. Run `poetry install --no-root` above the copy, and install your package below it.",
            );
        }
        Manager::Uv
            if install.manifests.is_empty()
                && lacks(&["--no-install-project", "--no-install-workspace"]) =>
        {
            return err(
                "`uv sync` also installs your own project. Run `uv sync --no-install-project` above the copy, and `uv sync` again below it.",
            );
        }
        Manager::Composer if lacks(&["--no-autoloader"]) || lacks(&["--no-scripts"]) => {
            return err(
                "`composer install` reads your classes. Run it with `--no-scripts --no-autoloader` above the copy, and `composer dump-autoload` below it.",
            );
        }
        _ => {}
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
    if !held
        .run
        .mounts
        .iter()
        .all(|mount| matches!(mount.kind.as_str(), "cache" | "tmpfs" | "secret" | "ssh"))
    {
        return err(
            "This RUN mounts files; move the copy below it by hand if it needs nothing else.",
        );
    }
    if held.copy.transfer().is_none_or(|transfer| transfer.sources.len() != 1)
        || held.manifests.iter().any(|file| file.contains('$'))
    {
        return err("Copy the list by its name above the install, and the rest below it.");
    }
    if reads_more(model, held) {
        return err(
            "The list names files of yours, so the install needs them too; copy those with it, above the install.",
        );
    }
    let between = stage.steps.get(held.copy.index + 1..held.run.index).unwrap_or_default();
    if !between.iter().all(|step| may_swap(step, &held.manifests)) {
        return err(
            "Something between the copy and the install may read the source; move the copy below the install by hand if it does not.",
        );
    }
    Ok(())
}

/// Whether the manifest, where its text was given, names other files.
fn reads_more(model: &Model, held: &HeldUp) -> bool {
    let given = |name: &str| {
        let is_it = held.manifests.iter().any(|file| base_name(file) == name);
        model.input().text(name).filter(|_| is_it).unwrap_or_default()
    };
    let local = |line: &str| {
        let line = line.trim();
        [
            "-e",
            "-r",
            "-c",
            "--editable",
            "--requirement",
            "--constraint",
            "--find-links",
            ".",
            "/",
            "file:",
        ]
        .iter()
        .any(|start| line.starts_with(start))
            || line.contains("@ file:")
    };
    let scripts = [
        "\"workspaces\"",
        "\"preinstall\"",
        "\"install\"",
        "\"postinstall\"",
        "\"prepare\"",
        "\"file:",
    ];
    given(REQUIREMENTS).lines().any(local)
        || scripts.iter().any(|script| given(PACKAGE_JSON).contains(script))
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
