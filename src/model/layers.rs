//! What an earlier layer holds when a later RUN deletes it or changes its owner.

use super::copies::is_within;
use super::{Manager, Model, Stage, Step};
use crate::syntax::shell::{Command, Joined};
use crate::syntax::{Keyword, Word};
use crate::text::{EditSet, TextEdit, TextRange};

/// Endings of files that are too small to matter.
const SMALL: [&str; 12] =
    ["cfg", "conf", "ini", "json", "lock", "md", "py", "sh", "toml", "txt", "yaml", "yml"];

/// Whether the step brings files by COPY, ADD or a download.
pub fn leaves_something(step: &Step) -> bool {
    step.transfer().is_some()
        || (step.keyword() == Keyword::Run && step.commands().iter().any(is_download))
}

/// Whether the step leaves `path`, or something in it, in its layer.
pub fn leaves(step: &Step, path: &str) -> bool {
    let Some(transfer) = step.transfer() else {
        let names = |word: &Word| step.absolute(&word.text).as_deref() == Some(path);
        let mut downloads = step.commands().iter().filter(|command| is_download(command));
        return !step.deletes(path)
            && downloads.any(|command| command.arguments().iter().any(names));
    };
    let Some(folder) = step.destination() else { return false };
    // Into a folder, a file goes under its own name.
    let mut sources = transfer.sources.iter().map(|word| word.text.rsplit('/').next());
    let inner = |name: &str| format!("{}/{name}", folder.trim_end_matches('/'));
    is_within(&folder, path)
        || sources.any(|name| is_within(&inner(name.unwrap_or_default()), path))
}

fn is_download(command: &Command) -> bool {
    matches!(command.program(), "curl" | "git" | "wget")
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
        run.script().is_some_and(|script| script.is_chain()) && run.instruction.heredocs.is_empty();
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
