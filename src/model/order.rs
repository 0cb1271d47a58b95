//! Which copy of the source makes an install run again after every change, and the edits that put the install first.

use std::collections::BTreeSet;

use super::copies::is_folder_name;
use super::obstacles::obstacle;
use super::{Install, Manager, Model, Mount, Stage, Step, is_within};
use crate::syntax::shell::{Command, base_name};
use crate::syntax::{Keyword, Word};
use crate::text::{EditSet, TextEdit, TextRange};

/// How many copies are looked at above an install, so that a long file stays quick.
const MOST: usize = 100;

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
    /// Whether they are already copied by name, or mounted.
    pub copied: bool,
}

/// The copies of `stage` that hold an install up, each with the first install that it does so to.
pub fn held_up<'s, 'a>(stage: &'s Stage<'a>) -> Vec<HeldUp<'s, 'a>> {
    let mut found: Vec<HeldUp<'s, 'a>> = Vec::new();
    let mut above: Vec<&'s Step<'a>> = Vec::new();
    // What is copied by name, patterns among them: each once, so that a long file stays quick.
    let mut by_name: BTreeSet<&str> = BTreeSet::new();
    // Where each manager first installed what the project lists.
    let mut done: Vec<(Manager, usize)> = Vec::new();
    for run in stage.steps_of(&[Keyword::Copy, Keyword::Add, Keyword::Run]) {
        for (install, command) in run.installs() {
            let manifests = manifests(install, command);
            let Some(first) = manifests.first() else { continue };
            let is_of_project = install.manifests.is_empty();
            let known = done.iter().find(|(one, _)| *one == install.manager && is_of_project);
            let before = known.map(|(_, at)| *at);
            if is_of_project && before.is_none() {
                done.push((install.manager, run.index));
            }
            let file = base_name(first);
            let is_copied = || {
                run.mounts.iter().any(|mount| is_mounted(mount, file))
                    || by_name.contains(file)
                    || by_name.iter().any(|name| is_named(name, file))
            };
            let broad = above.iter().rev().take(MOST).find_map(|copy| {
                let folder =
                    || folder(copy).filter(|_| within(copy, run, first).is_some() && !is_copied());
                Some((*copy, copy.whole_context().or_else(folder)?))
            });
            let Some((copy, source)) = broad else { continue };
            // Above the copy the packages were installed already; this adds the project itself.
            if before.is_some_and(|at| at < copy.index) {
                continue;
            }
            // Steps go downwards, so a copy that is known already is one of the last that were found.
            if found.iter().rev().any(|one| one.copy.index == copy.index) {
                continue;
            }
            found.push(HeldUp {
                copy,
                source,
                run,
                install,
                command,
                copied: is_copied(),
                manifests,
            });
        }
        if let Some(transfer) = run.from_context() {
            if run.whole_context().is_some() || folder(run).is_some() {
                above.push(run);
            }
            by_name.extend(transfer.sources.iter().map(|word| base_name(&word.text)));
        }
    }
    found
}

/// The files that the install reads, where it installs what files list.
fn manifests(install: &Install, command: &Command) -> Vec<String> {
    // `go install` and `cargo install` compile the source.
    if install.order == "install" && matches!(install.manager, Manager::Go | Manager::Cargo) {
        return Vec::new();
    }
    let mut files = install.manifest_files(command);
    files.retain(|file| !file.contains("://"));
    files
}

/// Whether COPY takes the file by its name, or by a pattern of names.
pub(super) fn names(step: &Step, file: &str) -> bool {
    let file = base_name(file);
    let mut sources = step.from_context().into_iter().flat_map(|transfer| &transfer.sources);
    sources.any(|word| is_named(base_name(&word.text), file))
}

/// Whether the mount brings this one file from the build context.
pub(super) fn is_mounted(mount: &Mount, file: &str) -> bool {
    let source = mount.source.as_deref().unwrap_or_default();
    mount.kind == "bind" && mount.from.is_none() && base_name(source) == base_name(file)
}

/// Whether `name` is the file or a pattern that begins like it: `requirements*.txt`, not `*`.
fn is_named(name: &str, file: &str) -> bool {
    match name.split_once('*') {
        Some((start, end)) => !start.is_empty() && file.starts_with(start) && file.ends_with(end),
        None => name == file,
    }
}

/// The folder that COPY takes as its one source, where it looks like one that holds a program.
fn folder<'a>(step: &Step<'a>) -> Option<&'a Word> {
    let [source] = step.from_context()?.sources.as_slice() else { return None };
    let name = base_name(source.text.trim_end_matches('/'));
    let holds_lists = name.starts_with("require") || name.starts_with("dep");
    (source.is_literal() && is_folder_name(name) && !holds_lists).then_some(source)
}

/// Where the manifest lies below what the copy puts there.
fn within(copy: &Step, run: &Step, manifest: &str) -> Option<String> {
    let (folder, path) = (copy.destination()?, run.absolute(manifest)?);
    let rest = path.get(folder.trim_end_matches('/').len()..)?;
    (is_within(&path, &folder) && rest.len() > 1).then(|| rest.trim_start_matches('/').to_owned())
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
    if let Some(options) = lists_only(held) {
        // The lists are installed above the copy, and the project itself below it as before.
        let mut lines = Vec::new();
        if !held.copied {
            lines.push(copy_line(model, held)?);
        }
        let verb = held.command.words.get(held.install.verb).map_or(run.range, |word| word.range);
        let (front, back) = model.source(run).split_at(verb.end - run.range.start);
        lines.push(format!("{front} {options}{back}"));
        lines.push(moved.trim_end().to_owned());
        let mut edits = vec![TextEdit::delete(gone), model.insert_above(run, &lines)];
        edits.extend(done_above(held).map(TextEdit::delete));
        return EditSet::new(edits).map_err(|_| close_together());
    }
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
    EditSet::new(edits).map_err(|_| close_together())
}

fn close_together() -> String {
    "The lines stand too close together to be moved.".to_owned()
}

/// The commands before the install in its RUN that need not run a second time: `pip install poetry &&`.
fn done_above(held: &HeldUp) -> Option<TextRange> {
    let script = held.run.script().filter(|script| script.is_chain())?;
    let before = script.commands.get(..held.install.command)?;
    let is_install = |at: usize| held.run.installs.iter().any(|one| one.command == at);
    let first = before.first().filter(|_| (0..before.len()).all(is_install))?;
    Some(TextRange::new(first.range.start, held.command.range.start))
}

/// The options that make an install of the project and its lists one of the lists alone, where it is not one already.
fn lists_only(held: &HeldUp) -> Option<&'static str> {
    let (options, all) = match held.install.manager {
        Manager::Poetry => ("--no-root", "--no-root --only-root"),
        Manager::Uv if held.install.manifests.is_empty() => {
            ("--no-install-project", "--no-install-project --no-install-workspace")
        }
        Manager::Composer => ("--no-scripts --no-autoloader", "--no-autoloader"),
        _ => return None,
    };
    (!held.install.has_any(held.command, all)).then_some(options)
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
