//! What an earlier layer holds when a later RUN deletes it or changes its owner.

use std::collections::BTreeMap;

use super::{Change, FileChange, Manager, Model, Stage, Step};
use crate::syntax::Keyword;
use crate::syntax::shell::{Command, Joined, Script};
use crate::text::{EditSet, TextEdit, TextRange};

/// Endings of files that are too small to matter.
const SMALL: [&str; 12] =
    ["cfg", "conf", "ini", "json", "lock", "md", "py", "sh", "toml", "txt", "yaml", "yml"];

/// A path that a RUN deletes or gives to another owner while a layer below still holds it.
#[derive(Debug)]
pub struct Leftover<'m, 'a> {
    /// The stage of the step that deletes or changes it.
    pub stage: &'m Stage<'a>,
    /// The step that deletes or changes it.
    pub step: &'m Step<'a>,
    /// What it does, and to which path.
    pub file: FileChange<'m>,
    /// The stage of the step that brought the path or something in it.
    pub home: &'m Stage<'a>,
    /// That step.
    pub earlier: &'m Step<'a>,
}

impl<'a> Model<'a> {
    /// What layers of the final image hold although a later one deletes it or stores it a second time.
    pub fn leftovers(&self) -> Vec<Leftover<'_, 'a>> {
        let mut held = BTreeMap::new();
        let mut found = Vec::new();
        for (stage, step) in self.final_steps() {
            let files = step.files();
            for file in &files {
                let counts = matches!(file.change, Change::Deleted | Change::Owned);
                let Some((home, earlier)) = at(&held, &file.path).filter(|_| counts) else {
                    continue;
                };
                if !step.mounts_over(&file.path) {
                    found.push(Leftover { stage, step, file: file.clone(), home, earlier });
                }
            }
            for file in files {
                if file.change.adds() && !step.deletes(&file.path) {
                    held.insert(file.path, (stage, step));
                }
            }
        }
        found
    }
}

/// Who brought `path` or something in it.
fn at<'m, 'a>(
    held: &BTreeMap<String, (&'m Stage<'a>, &'m Step<'a>)>,
    path: &str,
) -> Option<(&'m Stage<'a>, &'m Step<'a>)> {
    let inside = format!("{path}/");
    let within = || {
        let (found, who) = held.range(inside.clone()..).next()?;
        found.starts_with(&inside).then_some(who)
    };
    held.get(path).or_else(within).copied()
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

/// From so many steps on, nobody looks through all of them for each deletion.
const MOST_STEPS: usize = 1000;

/// The edits that mount what a COPY brings for the one RUN that installs from it with pip and then deletes it.
/// `None` where anything else might look at it.
pub fn mount_instead(model: &Model, leftover: &Leftover) -> Option<EditSet> {
    let Leftover { stage, step: run, file, home, earlier: copy } = leftover;
    let at = file.command.filter(|_| home.index == stage.index)?;
    let command = run.commands().get(at)?;
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
    if !(is_folder && is_copy && is_chain && file.path == target && only_pip_uses(run, &target)) {
        return None;
    }
    let own = [copy.instruction.range, run.instruction.range];
    let mut others = model.steps().filter(|(other, step)| {
        other.index >= stage.index && !own.contains(&step.instruction.range)
    });
    if model.steps().nth(MOST_STEPS).is_some()
        || others.any(|(_, step)| model.source(step.instruction).contains(&target))
    {
        return None;
    }
    let from = copy.instruction.flag_value("from");
    let source = match from {
        Some(from) => format!("from={from},source=/{}", source.text.trim_start_matches('/')),
        None => format!("source={}", source.text),
    };
    let mount = format!(" --mount=type=bind,{source},target={target}");
    let others = command.arguments().iter().filter(|word| !word.text.starts_with('-')).count();
    let deletion = if others > 1 {
        let at = command.words.iter().position(|word| word.range == file.word.range)?;
        model.delete_words(&command.words, &[at])?
    } else {
        let before = run.commands().get(at.checked_sub(1)?)?;
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
