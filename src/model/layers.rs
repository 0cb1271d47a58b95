//! What an earlier layer holds when a later RUN deletes it or changes its owner.

use std::collections::BTreeMap;

use super::{Manager, Model, Stage, Step};
use crate::syntax::shell::{Command, Joined, Script};
use crate::syntax::{Keyword, Word};
use crate::text::{EditSet, TextEdit, TextRange};

/// Endings of files that are too small to matter.
const SMALL: [&str; 12] =
    ["cfg", "conf", "ini", "json", "lock", "md", "py", "sh", "toml", "txt", "yaml", "yml"];

/// What the layers so far hold, by path: what COPY and ADD brought, and what was downloaded.
#[derive(Debug, Default)]
pub struct Held<'s, 'a> {
    paths: BTreeMap<String, (&'s Stage<'a>, &'s Step<'a>)>,
}

impl<'s, 'a> Held<'s, 'a> {
    /// Takes in what `step` leaves in its layer.
    pub fn add(&mut self, stage: &'s Stage<'a>, step: &'s Step<'a>) {
        for path in left_by(step) {
            self.paths.insert(path, (stage, step));
        }
    }

    /// Who brought `path` or something in it.
    pub fn at(&self, path: &str) -> Option<(&'s Stage<'a>, &'s Step<'a>)> {
        let inside = format!("{path}/");
        let within = || {
            let (found, who) = self.paths.range(inside.clone()..).next()?;
            found.starts_with(&inside).then_some(who)
        };
        self.paths.get(path).or_else(within).copied()
    }
}

/// The paths that the step leaves in its layer, as far as the text tells.
fn left_by(step: &Step) -> Vec<String> {
    let Some(transfer) = step.transfer() else {
        let is_download = |command: &&Command| matches!(command.program(), "curl" | "git" | "wget");
        let words = step.commands().iter().filter(is_download).flat_map(Command::arguments);
        let paths = words.filter_map(|word| step.absolute(&word.text));
        return match step.keyword() {
            Keyword::Run => paths.filter(|path| !step.deletes(path)).collect(),
            _ => Vec::new(),
        };
    };
    let Some(folder) = step.destination() else { return Vec::new() };
    // Into a folder, a file goes under its own name.
    let inner = transfer.sources.iter().map(|word| {
        let name = word.text.rsplit('/').next().unwrap_or_default();
        format!("{}/{name}", folder.trim_end_matches('/'))
    });
    inner.chain([folder.clone()]).collect()
}

/// The paths that a command of `step` deletes or changes, each with its word; `skip` words stand in front of them.
pub fn paths<'m>(step: &Step, command: &'m Command, skip: usize) -> Vec<(&'m Word, String)> {
    let words = command.arguments().iter().filter(|word| !word.text.starts_with('-')).skip(skip);
    let absolute =
        |word: &Word| step.absolute(word.text.trim_end_matches('*')).filter(|path| path != "/");
    words.filter_map(|word| Some((word, absolute(word)?))).collect()
}

/// Whether the command goes into folders.
pub fn is_recursive(command: &Command) -> bool {
    command.arguments().iter().any(|word| {
        word.text == "--recursive"
            || (word.text.starts_with('-')
                && !word.text.starts_with("--")
                && (word.text.contains('R')
                    || (command.program() == "rm" && word.text.contains('r'))))
    })
}

/// Whether deleting one file at `path` saves nothing that anybody would notice.
pub fn is_small(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| SMALL.contains(&ending))
}

/// The edits that mount what `copy` brings for the one RUN that installs from it with pip and then deletes it.
/// `None` where anything else might look at it.
pub fn mount_instead(
    model: &Model,
    stage: &Stage,
    copy: &Step,
    run: &Step,
    removal: (usize, &Word),
) -> Option<EditSet> {
    let command = run.commands().get(removal.0)?;
    let target = copy.destination()?;
    let [source] = copy.transfer()?.sources.as_slice() else { return None };
    let is_folder = source.is_literal()
        && !source.text.contains(['*', '?', '[', ','])
        && !source.text.rsplit('/').next()?.contains('.');
    let known = |flag: &crate::syntax::Flag| {
        ["from", "chown", "chmod", "link"].contains(&flag.name.as_str())
    };
    let is_copy = copy.keyword() == Keyword::Copy && copy.instruction.flags.iter().all(known);
    let is_chain =
        run.script().is_some_and(Script::is_chain) && run.instruction.heredocs.is_empty();
    let path = run.absolute(removal.1.text.trim_end_matches('*'))?;
    if !(is_folder && is_copy && is_chain && path == target && only_pip_uses(run, &target)) {
        return None;
    }
    let own = [copy.instruction.range, run.instruction.range];
    let elsewhere = model
        .steps()
        .filter(|(other, step)| {
            other.index >= stage.index && !own.contains(&step.instruction.range)
        })
        .any(|(_, step)| model.source(step.instruction).contains(&target));
    if elsewhere {
        return None;
    }
    let from = copy.instruction.flag_value("from");
    let source = match from {
        Some(from) => format!("from={from},source=/{}", source.text.trim_start_matches('/')),
        None => format!("source={}", source.text),
    };
    let mount = format!(" --mount=type=bind,{source},target={target}");
    let deletion = if paths(run, command, 0).len() > 1 {
        let at = command.words.iter().position(|word| word.range == removal.1.range)?;
        model.delete_words(&command.words, &[at])?
    } else {
        let before = run.commands().get(removal.0.checked_sub(1)?)?;
        (command.joined == Joined::And).then(|| {
            EditSet::from(TextEdit::delete(TextRange::new(before.range.end, command.range.end)))
        })?
    };
    let edits = [
        model.remove(copy.instruction),
        TextEdit::insert(run.instruction.keyword_word.range.end, mount),
    ];
    EditSet::new(edits.into_iter().chain(deletion.iter().cloned())).ok()
}

/// Whether pip alone names `folder`, besides rm.
fn only_pip_uses(run: &Step, folder: &str) -> bool {
    let names = |command: &Command| command.words.iter().any(|word| word.text.contains(folder));
    let is_pip = |at: usize| {
        run.installs.iter().any(|install| install.command == at && install.manager == Manager::Pip)
    };
    let mut users = run
        .commands()
        .iter()
        .enumerate()
        .filter(|(_, command)| command.program() != "rm" && names(command))
        .peekable();
    users.peek().is_some() && users.all(|(at, _)| is_pip(at))
}
