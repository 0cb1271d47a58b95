//! Where one stage can become two: a builder that fills a virtual environment, and a stage that runs it.

use super::{Manager, Model, Stage, Step};
use crate::syntax::{Kind, Transfer};
use crate::text::{EditSet, TextEdit};

/// The virtual environment, at the same path in both stages so that its scripts keep working.
const VENV: &str = "/opt/venv";
const BUILDER: &str = "builder";

/// The edits that move the one pip install of `stage` into a builder, or the reason why not, a sentence.
///
/// Both stages keep the base image, and everything that sets the state of the install stands in both. The
/// environment is made without pip, so that no second copy of it comes along.
pub fn pip(model: &Model, stage: &Stage<'_>) -> Result<EditSet, String> {
    let install = the_install(model, stage)?;
    let before = stage.steps.get(..install.index).unwrap_or_default();
    let mut repeated = Vec::new();
    let mut first_copy = None;
    for earlier in before {
        match &earlier.instruction.kind {
            Kind::Workdir(_)
            | Kind::Env(_)
            | Kind::Arg(_)
            | Kind::Label(_)
            | Kind::Expose(_)
            | Kind::Shell(_) => {
                repeated.push(model.source(earlier.instruction).to_owned());
            }
            Kind::Copy(transfer) if is_manifest_only(transfer, install) => {
                first_copy = first_copy.or(Some(earlier));
            }
            _ => return Err(reason_before(earlier)),
        }
    }
    // The final stage has the same image, and the name that the one stage had.
    let mut lines = vec![String::new(), model.source(stage.from).to_owned()];
    lines.extend(repeated);
    lines.push(format!("ENV PATH=\"{VENV}/bin:$PATH\""));
    lines.push(format!("COPY --from={BUILDER} {VENV} {VENV}"));
    let make_venv = [format!("RUN python -m venv --without-pip {VENV}")];
    let edits = [
        name_builder(stage)?,
        model.insert_above(first_copy.unwrap_or(install).instruction, &make_venv),
        into_venv(install).ok_or("The install is not written as one pip command.")?,
        model.insert_below(install.instruction, &lines),
    ];
    EditSet::new(edits)
        .map_err(|_| "The lines of the install stand too close together to be edited.".to_owned())
}

/// The one RUN of the stage that installs, where it is one plain pip command.
fn the_install<'s, 'a>(model: &Model<'a>, stage: &'s Stage<'a>) -> Result<&'s Step<'a>, String> {
    let is_python =
        model.root_image(stage).is_some_and(|(_, image)| image.official() == Some("python"));
    if !is_python {
        return Err("Write a builder by hand: install and build there, and copy only what runs into the final stage.".to_owned());
    }
    if stage.steps.iter().any(Step::is_opaque) {
        return Err(
            "A part of the shell text cannot be read, so the stages are not split for you."
                .to_owned(),
        );
    }
    let mut installing =
        stage.steps.iter().filter(|step| !step.installs.is_empty() || step.builds());
    let (Some(step), None) = (installing.next(), installing.next()) else {
        return Err("Several RUN lines install or build; decide which of them the final stage needs, and move the others to a builder.".to_owned());
    };
    let (Some(script), [install], [command]) =
        (step.script(), step.installs.as_slice(), step.commands())
    else {
        return Err(
            "This RUN does more than install; give the install a RUN of its own first.".to_owned()
        );
    };
    let elsewhere = install
        .has_option(command, &["-t", "--target", "--prefix", "--root", "--user", "--python"]);
    if install.manager != Manager::Pip
        || elsewhere
        || !script.is_chain()
        || !step.instruction.heredocs.is_empty()
    {
        return Err(
            "Write a builder by hand: only a plain `pip install` is moved for you.".to_owned()
        );
    }
    if install.reads_source(command) {
        return Err("pip installs your own source here, so the builder needs it too; write the two stages by hand.".to_owned());
    }
    let absolute = model.launch().is_some_and(|launch| {
        launch.words.first().is_some_and(|word| word.text.starts_with("/usr/"))
    });
    if absolute {
        return Err(
            "The command names a program by its full path, which a virtual environment changes."
                .to_owned(),
        );
    }
    Ok(step)
}

/// Whether nothing is copied but the files that name the packages: those the final stage can do without.
fn is_manifest_only(transfer: &Transfer, install: &Step<'_>) -> bool {
    let files: Vec<String> =
        install.installs().flat_map(|(one, command)| one.manifest_files(command)).collect();
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    transfer.sources.iter().all(|source| files.iter().any(|file| name(file) == name(&source.text)))
}

fn reason_before(step: &Step<'_>) -> String {
    match step.instruction.kind {
        Kind::Run(_) if step.installs.iter().any(|install| install.manager == Manager::Apt) => {
            "It is not known which of the Debian packages the program needs when it runs; put the others into a builder by hand.".to_owned()
        }
        Kind::Copy(_) => "The source is copied before the install. Mend that first; then the stages can be split for you.".to_owned(),
        Kind::User(_) => "The install runs as another user; write the two stages by hand.".to_owned(),
        _ => format!("`{}` stands before the install; decide by hand which stage needs it.", step.keyword().as_str()),
    }
}

fn name_builder(stage: &Stage<'_>) -> Result<TextEdit, String> {
    match stage.name {
        Some(name) if name.text.eq_ignore_ascii_case(BUILDER) => {
            Err("The stage that ships is called `builder`; rename it first.".to_owned())
        }
        Some(name) => Ok(TextEdit::replace(name.range, BUILDER)),
        None => Ok(TextEdit::insert(stage.image.range.end, format!(" AS {BUILDER}"))),
    }
}

/// pip, told to install into the environment.
fn into_venv(step: &Step<'_>) -> Option<TextEdit> {
    let (install, command) = step.installs().next()?;
    let pip = command.words.get(..install.verb)?.iter().rfind(|word| word.text.contains("pip"))?;
    Some(TextEdit::insert(pip.range.end, format!(" --python {VENV}/bin/python")))
}
