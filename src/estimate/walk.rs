//! The walk over a stage: what each instruction leaves in the image, and what a later stage may copy from it.

use std::collections::{BTreeMap, BTreeSet};

use super::pip::Packages;
use super::{BaseSize, Basis, Bytes, Layer, Part, apt, base};
use crate::model::{Base, Family, Model, Stage, Step};
use crate::syntax::{Instruction, Kind};

/// What an instruction of another stage put where.
#[derive(Clone, Debug)]
pub(super) struct Artifact {
    /// Absolute, without a slash at the end.
    pub(super) path: String,
    pub(super) size: Bytes,
    pub(super) basis: Basis,
    pub(super) part: Part,
    /// What it is, in a few words.
    pub(super) what: String,
    /// The 1-based line that put it there.
    pub(super) line: usize,
    /// The Python packages in it.
    pub(super) packages: Option<Packages>,
    /// What a build command leaves somewhere below the path.
    pub(super) is_output: bool,
}

/// A stage while it is walked through.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    pub(super) base: Option<BaseSize>,
    pub(super) layers: Vec<Layer>,
    pub(super) artifacts: Vec<Artifact>,
    /// Python packages that are installed already.
    pub(super) python: Packages,
    /// System packages that are installed already.
    pub(super) system: BTreeSet<String>,
    /// Whether apt's lists lie in a layer already.
    pub(super) has_lists: bool,
    /// The virtual environment that `pip` installs into.
    pub(super) venv: Option<String>,
    pub(super) ground: Option<apt::Ground>,
}

/// What is asked about a step while its stage is walked through.
#[derive(Clone, Copy)]
pub(super) struct Here<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) stage: &'m Stage<'a>,
    pub(super) step: &'m Step<'a>,
    /// The stages before this one that it takes from.
    pub(super) before: &'m BTreeMap<usize, Walk>,
}

/// Walks through the final stage and all that it needs; every stage by its place in the file.
pub(super) fn walks(model: &Model<'_>) -> BTreeMap<usize, Walk> {
    let mut walks = BTreeMap::new();
    let Some(last) = model.final_stage() else { return walks };
    let mut needed = BTreeSet::from([last.index]);
    for stage in model.stages().iter().rev() {
        if needed.contains(&stage.index) {
            needed.extend(sources(model, stage));
        }
    }
    for stage in model.stages().iter().filter(|stage| needed.contains(&stage.index)) {
        let mut walk = start(model, stage, &walks);
        for step in &stage.steps {
            walk.step(Here { model, stage, step, before: &walks });
        }
        walks.insert(stage.index, walk);
    }
    walks
}

/// The earlier stages that `stage` builds on or copies from.
fn sources(model: &Model<'_>, stage: &Stage<'_>) -> Vec<usize> {
    let parent = match stage.base {
        Base::Stage(parent) => Some(parent),
        _ => None,
    };
    let copies = stage.steps.iter().flat_map(|step| {
        let from = step.instruction.flag_value("from").map(str::to_owned);
        step.mounts.iter().filter_map(|mount| mount.from.clone()).chain(from)
    });
    let copies = copies.filter_map(|name| stage_called(model, &name));
    copies.chain(parent).filter(|&index| index < stage.index).collect()
}

/// The stage that `--from=name` means.
pub(super) fn stage_called(model: &Model<'_>, name: &str) -> Option<usize> {
    model.stage_called(name).map(|stage| stage.index)
}

/// The stage before its first step: a copy of the stage that it builds on, or its base image.
fn start(model: &Model<'_>, stage: &Stage<'_>, walks: &BTreeMap<usize, Walk>) -> Walk {
    let (base, note) = match &stage.base {
        Base::Stage(parent) => return walks.get(parent).cloned().unwrap_or_default(),
        Base::Image(image) => base::size_of(image),
        Base::Scratch => {
            let basis = Basis::Estimated { why: "Nothing is in it".to_owned() };
            let empty = Some(Bytes::default());
            (
                BaseSize { image: "scratch".to_owned(), unpacked: empty, compressed: empty, basis },
                "",
            )
        }
        Base::Unknown => {
            let why = format!("{} depends on a value that is not in the file", stage.image.text);
            let basis = Basis::Unknown { why };
            (
                BaseSize {
                    image: stage.image.text.clone(),
                    unpacked: None,
                    compressed: None,
                    basis,
                },
                "",
            )
        }
    };
    let ground = match &stage.base {
        Base::Image(_) if model.family(stage).is_some_and(|family| family != Family::Debian) => {
            apt::Ground::Other
        }
        Base::Image(image) if super::variants::is_full(image) => apt::Ground::Full,
        _ => apt::Ground::Slim,
    };
    let layer = Layer {
        line: model.lines().line(stage.from.range.start),
        range: stage.from.range,
        instruction: "FROM",
        part: Part::Base,
        size: base.unpacked,
        basis: base.basis.clone(),
        note: if note.is_empty() { base.image.clone() } else { format!("{}: {note}", base.image) },
    };
    Walk { layers: vec![layer], base: Some(base), ground: Some(ground), ..Walk::default() }
}

impl Walk {
    fn step(&mut self, here: Here<'_, '_>) {
        match &here.step.instruction.kind {
            Kind::Run(_) => self.run(here),
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                match here.step.instruction.flag_value("from") {
                    Some(from) => self.copy_from(here, transfer, from),
                    None => self.copy(here, transfer),
                }
            }
            _ => {}
        }
    }

    /// Adds what the step leaves in the image.
    pub(super) fn add(
        &mut self,
        here: Here<'_, '_>,
        part: Part,
        size: Bytes,
        basis: Basis,
        note: String,
    ) {
        let instruction: &Instruction = here.step.instruction;
        self.layers.push(Layer {
            line: here.line(),
            range: instruction.range,
            instruction: here.step.keyword().as_str(),
            part,
            size: Some(size),
            basis,
            note,
        });
    }
}

impl Here<'_, '_> {
    /// The step's 1-based line.
    pub(super) fn line(&self) -> usize {
        self.model.lines().line(self.step.instruction.range.start)
    }
}

/// A basis that is one sentence.
pub(super) fn estimated(why: &str) -> Basis {
    Basis::Estimated { why: why.to_owned() }
}

/// `path` seen from `workdir`, in its normal form.
pub(super) fn absolute(workdir: Option<&str>, path: &str) -> String {
    if path.starts_with('/') {
        normal(path)
    } else {
        normal(&format!("{}/{path}", workdir.unwrap_or_default()))
    }
}

/// Without `.`, slashes at the end, a glob for everything, and the version in Python's folder.
pub(super) fn normal(path: &str) -> String {
    let segments = path.split('/').filter(|segment| !matches!(*segment, "" | "." | "*"));
    let segments =
        segments.map(|segment| if segment.starts_with("python3") { "python3" } else { segment });
    segments.fold(String::new(), |path, segment| path + "/" + segment)
}

/// Whether `path` is `folder` or lies below it; both in their normal form.
pub(super) fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
