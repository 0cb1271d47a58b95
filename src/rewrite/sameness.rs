//! Whether a rewritten file still builds the same program: what may not change by itself, compared over two models.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Base, DefaultUser, Model, Stage, Step};
use crate::syntax::shell::Command as Call;
use crate::syntax::{Item, Keyword, Kind};

/// What a program is made of. A rule may change of it only what [`MAY_CHANGE`] says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Aspect {
    /// The words of the process that the container starts.
    Command,
    /// Some of them are taken away, and nothing else.
    Fewer,
    /// Some are added, and nothing else.
    More,
    /// The folder it starts in, and those of the steps.
    Folder,
    /// The variables it sees.
    Variables,
    /// What is copied into the image, and where to.
    Files,
    /// EXPOSE, VOLUME, LABEL, STOPSIGNAL, SHELL, ONBUILD, HEALTHCHECK and ARG.
    Settings,
    /// What RUN does.
    Steps,
    /// Who the container runs as.
    Users,
    /// Which steps run as root.
    Rights,
    /// The stages and their names.
    Stages,
    /// The base images.
    Bases,
    /// The comments.
    Comments,
}

use Aspect::{
    Bases, Command, Comments, Fewer, Files, Folder, More, Rights, Settings, Stages, Steps, Users,
    Variables,
};

/// What the fix of a rule changes on purpose, and tells in its title or its assumptions. A rule that is not here
/// may add, but change nothing.
const MAY_CHANGE: &[(&str, &[Aspect])] = &[
    ("apt-in-script", &[Steps]),
    ("bash-syntax-in-sh", &[Steps]),
    ("broken-json-list", &[Command]),
    ("chmod-after-copy", &[Steps]),
    ("daemon-in-background", &[Fewer]),
    ("delete-in-later-layer", &[Files, Steps]),
    ("dev-dependencies-installed", &[More]),
    ("dev-mode-env", &[Variables]),
    ("dev-reload-flag", &[Command]),
    ("dev-web-server", &[Command]),
    ("env-file-in-image", &[Files]),
    ("eol-base-image", &[Bases]),
    ("expose-host-mapping", &[Settings]),
    ("expose-protocol-casing", &[Settings]),
    ("frontend-dev-server", &[Command, Folder, Variables, Files, Bases, Comments]),
    ("frontend-env-too-late", &[Variables]),
    ("full-base-image", &[Bases, Settings]),
    ("group-drops-others", &[Users]),
    ("healthcheck-options", &[Settings]),
    ("healthcheck-tool-missing", &[Settings]),
    ("invalid-image-name", &[Bases]),
    ("lock-file-ignored", &[Steps]),
    ("loopback-bind", &[Command]),
    ("named-user-in-scratch", &[Users]),
    ("pip-target-script-not-on-path", &[More]),
    ("plain-http-download", &[Files]),
    ("runs-as-root", &[Users]),
    ("secret-in-env-or-arg", &[Variables]),
    ("shell-form-cmd", &[More]),
    ("shell-state-lost", &[Folder, Files, Steps]),
    ("shell-syntax-in-exec-form", &[Command]),
    ("single-stage-build", &[Command, Folder, Variables, Files, Bases, Comments]),
    ("single-worker", &[More]),
    ("sudo-in-run", &[Steps]),
    ("ungraceful-stop-signal", &[Settings]),
    ("useradd-on-alpine", &[Steps]),
];

/// The first thing that `after` does otherwise than `before`, a sentence, where none of `rules` may change it.
pub(super) fn difference(before: &Model, after: &Model, rules: &[&str]) -> Option<String> {
    let may = |aspect: &Aspect| {
        let of = |rule: &&str| MAY_CHANGE.iter().find(|(one, _)| one == rule);
        rules.iter().filter_map(of).any(|(_, aspects)| aspects.contains(aspect))
    };
    let looks = LOOKS.iter().filter(|(aspects, _)| !aspects.iter().any(may));
    looks.into_iter().find_map(|(_, look)| look(before, after))
}

/// Says what of an aspect is not as it was.
type Look = fn(&Model, &Model) -> Option<String>;

/// Each look, and what lets a rule pass it.
const LOOKS: [(&[Aspect], Look); 14] = [
    (&[Command, Fewer, More], |before, after| command(before, after, |old, new| old == new)),
    (&[Command, More], |before, after| command(before, after, |old, new| is_part(new, old))),
    (&[Command, Fewer], |before, after| command(before, after, is_part)),
    (&[Folder], folders),
    (&[Variables], variables),
    (&[Files], files),
    (&[Files], hidden),
    (&[Settings], settings),
    (&[Steps], steps),
    (&[Users], users),
    (&[Rights], rights),
    (&[Stages], stages),
    (&[Bases], bases),
    (&[Comments], comments),
];

fn command(
    before: &Model,
    after: &Model,
    is_fine: fn(&[String], &[String]) -> bool,
) -> Option<String> {
    let words = |model: &Model| -> Option<Vec<String>> {
        let launch = model.launch()?;
        // With `exec` the shell hands over to the same program.
        let is_exec = launch.words.first().is_some_and(|word| word.text == "exec");
        let words = launch.words.get(usize::from(is_exec)..).unwrap_or_default();
        let other = launch.other.into_iter().flat_map(Step::commands);
        let other = other.flat_map(|command| &command.words).map(|word| word.text.clone());
        Some(other.chain(words.iter().map(|word| word.text.clone())).collect())
    };
    let old = words(before)?;
    let new = words(after).unwrap_or_default();
    (!is_fine(&old, &new)).then(|| {
        format!("The container would start `{}` and not `{}`.", new.join(" "), old.join(" "))
    })
}

/// Whether all of `few` stand among `many`, in the same order.
fn is_part(few: &[String], many: &[String]) -> bool {
    let mut many = many.iter();
    few.iter().all(|word| many.any(|one| one == word))
}

/// The folders of what stays: steps with the same text, and the place where the container starts.
fn folders(before: &Model, after: &Model) -> Option<String> {
    let end = |model: &Model| {
        let last = model.final_stage()?;
        last.steps.last().and_then(|step| match step.keyword() {
            Keyword::Workdir => step.absolute(&workdir(step)?),
            _ => step.workdir.as_deref().map(str::to_owned),
        })
    };
    if let Some(old) = end(before).filter(|old| end(after).as_ref() != Some(old)) {
        return Some(format!("The container would no longer start in `{old}`."));
    }
    // A copy to a full path does not ask for the folder.
    let place = |step: &Step| match step.keyword() {
        Keyword::Run => step.workdir.as_deref().map(str::to_owned),
        _ => step.destination(),
    };
    let steps = [Keyword::Run, Keyword::Copy, Keyword::Add];
    let mut known: BTreeMap<String, BTreeSet<Option<String>>> = BTreeMap::new();
    for (_, step) in before.steps_of(&steps) {
        known.entry(text(step)).or_default().insert(place(step));
    }
    let mut kept = after.steps_of(&steps);
    let moved = kept
        .find(|(_, step)| known.get(&text(step)).is_some_and(|old| !old.contains(&place(step))));
    moved.map(|(_, step)| format!("`{}` would run in another folder.", shortened(&text(step))))
}

fn workdir(step: &Step) -> Option<String> {
    match &step.instruction.kind {
        Kind::Workdir(word) if word.is_literal() => Some(word.text.clone()),
        _ => None,
    }
}

fn variables(before: &Model, after: &Model) -> Option<String> {
    let values = |model: &Model| -> BTreeMap<String, Option<String>> {
        let all = model.final_variables().into_iter();
        all.map(|one| (one.pair.key.text.clone(), one.value)).collect()
    };
    let new = values(after);
    values(before).into_iter().find_map(|(name, value)| {
        let now = new.get(&name);
        let is_same = now.is_some_and(|now| match (&value, now) {
            // A path may gain folders in front.
            (Some(old), Some(now)) => now == old || (name == "PATH" && now.ends_with(old)),
            (None, _) => true,
            (Some(_), None) => name == "PATH",
        });
        (!is_same).then(|| format!("`{name}` would have another value in the container."))
    })
}

/// What the final image takes from the build context or from a stage, by source and place.
fn files(before: &Model, after: &Model) -> Option<String> {
    let arrivals = |model: &Model| -> BTreeSet<(String, String)> {
        let steps = model.final_steps().filter_map(|(_, step)| Some((step.transfer()?, step)));
        let mut all = BTreeSet::new();
        for (transfer, step) in steps {
            let to = step.destination().unwrap_or_else(|| transfer.destination.text.clone());
            let to = to.trim_end_matches('/').to_owned();
            all.extend(transfer.sources.iter().map(|word| (source(&word.text), to.clone())));
        }
        all
    };
    let new = arrivals(after);
    let lost = arrivals(before).into_iter().find(|one| !new.contains(one));
    lost.map(|(from, to)| format!("`{from}` would no longer be copied to `{to}/`."))
}

/// A source without what means nothing: `./a/` is `a`.
fn source(text: &str) -> String {
    let text = text.trim_start_matches("./").trim_end_matches('/');
    if text.is_empty() { ".".to_owned() } else { text.to_owned() }
}

/// A file that is copied by name must not be left out by the ignore file.
fn hidden(before: &Model, after: &Model) -> Option<String> {
    let new = after.ignore_file()?;
    let is_old = |path: &str| before.ignore_file().is_some_and(|old| old.verdict(path).is_ignored);
    let sources = after.copy_steps().filter_map(|(_, step)| step.from_context());
    let mut sources = sources.flat_map(|transfer| &transfer.sources);
    let lost = sources.find(|word| {
        let path = source(&word.text);
        let is_name = word.is_literal() && path != "." && !path.contains(['*', '?', '[']);
        is_name && new.verdict(&path).is_ignored && !is_old(&path)
    });
    lost.map(|word| format!("The ignore file would hide `{}`, which is copied.", word.text))
}

const SETTINGS: [Keyword; 5] =
    [Keyword::Expose, Keyword::Volume, Keyword::Label, Keyword::Shell, Keyword::Onbuild];
/// The last one counts.
const LAST: [Keyword; 2] = [Keyword::Stopsignal, Keyword::Healthcheck];

fn settings(before: &Model, after: &Model) -> Option<String> {
    let all = |model: &Model| {
        let mut all = BTreeSet::new();
        let is_last = |step: &Step| {
            let of = |one: &(&Stage, &Step)| one.1.keyword() == step.keyword();
            LAST.contains(&step.keyword())
                && model.final_steps().rfind(of).is_some_and(|(_, last)| std::ptr::eq(last, step))
        };
        for (_, step) in model.final_steps() {
            if !SETTINGS.contains(&step.keyword()) && !is_last(step) {
                continue;
            }
            let name = step.keyword().as_str();
            match &step.instruction.kind {
                Kind::Expose(words) | Kind::Volume(words) => {
                    all.extend(words.iter().map(|word| format!("{name} {}", word.text)));
                }
                Kind::Label(pairs) => all.extend(pairs.iter().map(|pair| {
                    let value = pair.value.as_ref().map_or("", |value| value.text.as_str());
                    format!("{name} {}={value}", pair.key.text)
                })),
                _ => drop(all.insert(format!("{name} {}", arguments(step)))),
            }
        }
        all
    };
    let arguments_of = |model: &Model| -> BTreeSet<String> {
        let file = model.file().instructions();
        let pairs = file.filter_map(|one| match &one.kind {
            Kind::Arg(pairs) => Some(pairs),
            _ => None,
        });
        let shown = pairs.flatten().map(|pair| match &pair.value {
            Some(value) => format!("ARG {}={}", pair.key.text, value.text),
            None => format!("ARG {}", pair.key.text),
        });
        shown.collect()
    };
    let (new, new_arguments) = (all(after), arguments_of(after));
    let lost = all(before).into_iter().find(|one| !new.contains(one));
    let lost =
        lost.or_else(|| arguments_of(before).into_iter().find(|one| !new_arguments.contains(one)));
    lost.map(|one| format!("`{}` would be gone.", shortened(&one)))
}

/// Each RUN of the final image still calls the same programs with the same first word: `pip install`.
fn steps(before: &Model, after: &Model) -> Option<String> {
    let mut done: BTreeSet<(&str, &str)> = BTreeSet::new();
    for command in after.run_steps().flat_map(|(_, step)| calls(step)) {
        done.insert((command.program(), ""));
        done.extend(command.arguments().iter().map(|word| (command.program(), word.text.as_str())));
    }
    let runs = before.final_steps().filter(|(_, step)| step.keyword() == Keyword::Run);
    let wanted = runs.flat_map(|(_, step)| calls(step)).map(|command| {
        let word = command.arguments().iter().find(|word| !word.text.starts_with('-'));
        (command.program(), word.map_or("", |word| word.text.as_str()))
    });
    let lost = wanted.into_iter().find(|one| !done.contains(one));
    lost.map(|(program, word)| {
        format!("`{}` would no longer run.", format!("{program} {word}").trim_end())
    })
}

/// The commands of a RUN, those that only set a variable or start a shell left out.
fn calls<'s>(step: &'s Step) -> impl Iterator<Item = &'s Call> {
    step.commands().iter().filter(|one| one.inner.is_none() && !one.words.is_empty())
}

fn users(before: &Model, after: &Model) -> Option<String> {
    let end =
        |model: &Model| model.final_user().map(|(_, step, name)| name.or(Some(arguments(step))));
    let old = end(before).filter(|old| end(after).as_ref() != Some(old))?;
    Some(format!("The container would not run as `{}`.", old.unwrap_or_default()))
}

/// What ran as root may need it.
fn rights(before: &Model, after: &Model) -> Option<String> {
    let mut as_root: BTreeMap<String, bool> = BTreeMap::new();
    for (stage, step) in before.run_steps() {
        let is_root = before.user_at(stage, step) != DefaultUser::NonRoot;
        *as_root.entry(text(step)).or_default() |= is_root;
    }
    let moved = after.run_steps().find(|(stage, step)| {
        after.user_at(stage, step) == DefaultUser::NonRoot
            && as_root.get(&text(step)) == Some(&true)
    });
    moved.map(|(stage, step)| {
        let run = shortened(&text(step));
        match stage.name.filter(|_| !after.is_in_final(stage)) {
            Some(name) => format!(
                "The stage `{}` builds on this one, and its `{run}` would not run as root.",
                name.text
            ),
            None => format!("`{run}` would not run as root."),
        }
    })
}

fn stages(before: &Model, after: &Model) -> Option<String> {
    let is_there = |name: &str| {
        after
            .stages()
            .iter()
            .filter_map(|stage| stage.name)
            .any(|one| one.text.eq_ignore_ascii_case(name))
    };
    let names = before.stages().iter().filter_map(|stage| stage.name);
    let lost = names.map(|name| &name.text).find(|name| !is_there(name));
    lost.map(|name| format!("The stage `{name}` would be gone."))
}

fn bases(before: &Model, after: &Model) -> Option<String> {
    let base = |model: &Model| {
        let root: &Stage = model.final_chain().next()?;
        Some(match &root.base {
            Base::Image(image) => image.text.clone(),
            _ => root.image.text.clone(),
        })
    };
    let (old, new) = (base(before)?, base(after)?);
    (old != new).then(|| format!("The image would start from `{new}` and not from `{old}`."))
}

fn comments(before: &Model, after: &Model) -> Option<String> {
    let all = |model: &Model| -> Vec<String> {
        let mut all = Vec::new();
        for item in &model.file().items {
            match item {
                Item::Directive(one) => all.push(one.range.of(model.text()).trim().to_owned()),
                Item::Comment(range) => all.push(range.of(model.text()).trim().to_owned()),
                Item::Instruction(one) => {
                    all.extend(
                        one.comments.iter().map(|one| one.of(model.text()).trim().to_owned()),
                    );
                }
            }
        }
        all
    };
    let mut new = all(after);
    new.sort_unstable();
    let lost = all(before).into_iter().find(|one| new.binary_search(one).is_err());
    lost.map(|one| format!("The comment `{}` would be gone.", shortened(&one)))
}

/// Keyword in capitals and what follows, as Docker reads it.
fn text(step: &Step) -> String {
    format!("{} {}", step.keyword().as_str(), arguments(step))
}

/// What stands behind the keyword, as Docker reads it.
fn arguments(step: &Step) -> String {
    let text = step.instruction.logical.text.trim();
    text.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim()).to_owned()
}

/// At most 60 characters of the first line.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    match line.char_indices().nth(60) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests;
