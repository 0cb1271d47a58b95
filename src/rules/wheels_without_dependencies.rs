//! `pip wheel --no-deps` leaves the dependencies to the stage that installs the wheels.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::input::REQUIREMENTS;
use crate::model::{Install, Manager, Model, Stage, Step, is_within};
use crate::syntax::Word;
use crate::syntax::shell::Command;
use crate::text::EditSet;

const NO_DEPS: &str = "--no-deps";

pub(super) const RULE: Rule = Rule {
    id: "wheels-without-dependencies",
    title: "The final stage still downloads packages",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[Section::docker("Complete Production Dockerfile")],
    check,
};

/// One pip command.
struct Pip<'m> {
    step: &'m Step<'m>,
    install: &'m Install,
    command: &'m Command,
}

fn check(model: &Model, report: &mut Report) {
    for (stage, step) in model.steps() {
        for built in pips(step, "wheel") {
            let no_deps = built.command.words.iter().position(|word| word.text == NO_DEPS);
            let (Some(no_deps), false) = (no_deps, is_complete(model, &built)) else { continue };
            let Some((installed, folder)) = installed_from(model, stage, &built) else { continue };
            let message = format!("`{NO_DEPS}` builds only the packages that you list, so the final stage downloads the rest; drop it and install with `--no-index`.");
            let finding = report.at(&RULE, built.command.words[no_deps].range, message);
            match mend(model, &built, no_deps, &installed, &folder) {
                Some(edits) => finding.fix(Fix::new("Build every wheel, then install without downloads", edits)),
                None => finding.advice(format!("Build without `{NO_DEPS}`. Give the wheels a `pip install` of their own, with `--no-index --find-links={folder}`.")),
            };
        }
    }
}

fn pips<'m>(step: &'m Step<'m>, verb: &str) -> Vec<Pip<'m>> {
    let is_it = |(install, command): &(&Install, &Command)| {
        install.manager == Manager::Pip && command.words.get(install.verb).is_some_and(|word| word.text == verb)
    };
    step.installs().filter(is_it).map(|(install, command)| Pip { step, install, command }).collect()
}

/// Whether the list is known to name every package: a tool wrote it, or each line has its hash.
fn is_complete(model: &Model, built: &Pip) -> bool {
    let text = model.input().text(REQUIREMENTS).unwrap_or_default();
    let lists = built.install.manifest_files(built.command);
    lists.iter().any(|list| list.ends_with(REQUIREMENTS))
        && ["--hash=", "pip-compile", "uv pip compile", "uv export"].iter().any(|mark| text.contains(mark))
}

/// The install that uses the wheels in a later stage and may download more, with the folder they lie in there.
fn installed_from<'m>(model: &'m Model, builder: &Stage, built: &Pip) -> Option<(Pip<'m>, String)> {
    let folder = built.install.option_value(built.command, &["-w", "--wheel-dir"]).unwrap_or(".");
    let folder = built.step.absolute(folder)?;
    let later = model.stages().iter().filter(|stage| stage.index > builder.index);
    later.flat_map(|stage| &stage.steps).find_map(|step| None)
}
