//! The walk over the stages: what each instruction leaves in the image, and what a later stage may copy from it.

use std::cell::Cell;
use std::rc::Rc;

use super::context::Listing;
use super::packages::Packages;
use super::tables::Tables;
use super::{BaseSize, Basis, Bytes, Layer, Part, apt, base};
use crate::model::{Base, Family, Model, Stage, Step};
use crate::syntax::Kind;

/// A stage remembers so many things that lie in it; those behind are weighed but not found again.
const MOST_ARTIFACTS: usize = 200;
/// So many names of packages and of files are looked up in one file; who writes more gets a range.
const MOST_LOOKUPS: usize = 1_000_000;

/// What pip's first run compiles of Python's own library and of pip, in kilobytes: measured with pip 24.0 on Python 3.11 on 2026-11-22.
const UNCOMPILED: [u32; 2] = [5200, 5500];

/// What an instruction put where.
#[derive(Clone, Debug)]
pub(super) struct Artifact {
    /// Absolute, without a slash at the end.
    pub(super) path: String,
    /// `None` where the tables are not there yet.
    pub(super) size: Option<Bytes>,
    pub(super) basis: Basis,
    pub(super) part: Part,
    /// What it is, in a few words.
    pub(super) what: String,
    /// The 1-based line that put it there.
    pub(super) line: usize,
    /// The Python packages in it.
    pub(super) packages: Option<Rc<Packages>>,
    /// Whether a path below it may be all of it: nobody knows how the build calls what it writes.
    pub(super) is_output: bool,
}

/// A stage while it is walked through.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    /// The base image, and what to beware of.
    pub(super) base: Option<Rc<(BaseSize, &'static str)>>,
    pub(super) ground: apt::Ground,
    /// What the stage's own instructions add; what lies below is its parent's.
    pub(super) layers: Vec<Layer>,
    pub(super) artifacts: Vec<Rc<Artifact>>,
    /// Python packages that are installed already.
    pub(super) python: Rc<Packages>,
    /// Node packages that are installed already, by their folder.
    pub(super) node: Vec<(String, Rc<Packages>)>,
    /// System packages that are installed already.
    pub(super) system: Rc<Packages>,
    /// Whether apt's lists lie in a layer already.
    pub(super) has_lists: bool,
    /// Whether apt has installed something already.
    pub(super) has_apt_notes: bool,
    /// What Python compiles of itself on first use, in kilobytes: its library, and pip. Docker's images bring neither compiled.
    pub(super) uncompiled: [u32; 2],
    /// The virtual environment that `pip` installs into.
    pub(super) venv: Option<String>,
    /// What ENV puts into PATH and `VIRTUAL_ENV`.
    pub(super) in_path: Vec<String>,
}

/// What is the same for all stages.
pub(super) struct Desk<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) tables: Tables,
    /// The files that the build context sends.
    pub(super) listing: Option<Listing<'a>>,
    /// Whether the ignore file keeps the history out.
    pub(super) hides_git: bool,
    lookups: Cell<usize>,
}

/// What is asked about a step while its stage is walked through.
#[derive(Clone, Copy)]
pub(super) struct Here<'w, 'm, 'a> {
    pub(super) desk: &'w Desk<'m, 'a>,
    pub(super) model: &'m Model<'a>,
    pub(super) stage: &'m Stage<'a>,
    pub(super) step: &'m Step<'a>,
    /// The stages before this one that something still takes from.
    pub(super) before: &'w [Option<Walk>],
}

/// The final image.
#[derive(Debug, Default)]
pub(super) struct Walked {
    pub(super) base: Option<BaseSize>,
    /// All its layers, from the base up.
    pub(super) layers: Vec<Layer>,
    /// The Python packages in it.
    pub(super) python: Rc<Packages>,
    /// What its base is for apt.
    pub(super) ground: apt::Ground,
    /// Whether it takes something from a stage that it does not build on.
    pub(super) has_builder: bool,
}

/// Walks through the final stage and all that it needs; `None` where there is no stage.
pub(super) fn walk(model: &Model<'_>, tables: Tables) -> Option<Walked> {
    let last = model.final_stage()?.index;
    let stages = model.stages().get(..=last)?;
    let desk = Desk {
        model,
        tables,
        listing: Listing::of(model),
        hides_git: super::context::hides_git(model.ignore_file()),
        lookups: Cell::new(MOST_LOOKUPS),
    };
    // Who takes from whom, and how often each is still needed.
    let mut uses = vec![0_usize; stages.len()];
    let mut sources: Vec<Vec<usize>> = vec![Vec::new(); stages.len()];
    if let Some(uses) = uses.get_mut(last) {
        *uses = 1;
    }
    let mut needed = 0;
    for stage in stages.iter().rev() {
        if uses.get(stage.index).is_some_and(|&uses| uses > 0) {
            needed += 1;
            let from = earlier(model, stage);
            for &one in &from {
                uses[one] += 1;
            }
            sources[stage.index] = from;
        }
    }
    let mut walks: Vec<Option<Walk>> = stages.iter().map(|_| None).collect();
    let mut layers: Vec<Vec<Layer>> = stages.iter().map(|_| Vec::new()).collect();
    for stage in stages {
        if uses[stage.index] == 0 {
            continue;
        }
        let mut walk = match stage.base {
            // The last one that builds on a stage takes it as it is.
            Base::Stage(parent) if uses.get(parent) == Some(&1) => walks[parent].take(),
            Base::Stage(parent) => walks.get(parent).cloned().flatten(),
            _ => Some(start(model, stage)),
        }
        .unwrap_or_default();
        for step in &stage.steps {
            walk.step(Here { desk: &desk, model, stage, step, before: &walks });
        }
        layers[stage.index] = std::mem::take(&mut walk.layers);
        walks[stage.index] = Some(walk);
        for &one in &sources[stage.index] {
            uses[one] -= 1;
            if uses[one] == 0 {
                walks[one] = None;
            }
        }
    }
    let end = walks.pop().flatten()?;
    let chain: Vec<usize> = model.final_chain().map(|stage| stage.index).collect();
    let root = chain.iter().min().and_then(|&root| stages.get(root));
    let mut all: Vec<Layer> = root
        .zip(end.base.as_deref())
        .map(|(root, base)| from(model, root, base))
        .into_iter()
        .collect();
    let mut order = chain.clone();
    order.sort_unstable();
    for index in order {
        all.append(&mut layers[index]);
    }
    Some(Walked {
        base: end.base.as_deref().map(|(base, _)| base.clone()),
        layers: all,
        python: end.python,
        ground: end.ground,
        has_builder: needed > chain.len(),
    })
}

/// The earlier stages that `stage` builds on or copies from, as often as it does.
fn earlier(model: &Model<'_>, stage: &Stage<'_>) -> Vec<usize> {
    let mut found = Vec::new();
    if let Base::Stage(parent) = stage.base {
        found.push(parent);
    }
    for step in &stage.steps {
        let mounts = step.mounts.iter().filter_map(|mount| mount.from.as_deref());
        let names = mounts.chain(step.instruction.flag_value("from"));
        found.extend(names.filter_map(|name| stage_called(model, name)));
    }
    found.retain(|&index| index < stage.index);
    found
}

/// The stage that `--from=name` means.
pub(super) fn stage_called(model: &Model<'_>, name: &str) -> Option<usize> {
    model.stage_called(name).map(|stage| stage.index)
}

/// A stage that builds on an image, before its first step.
fn start(model: &Model<'_>, stage: &Stage<'_>) -> Walk {
    let unknown = |why: String| BaseSize {
        image: stage.image.text.clone(),
        unpacked: None,
        compressed: None,
        basis: Basis::Unknown { why },
    };
    let (base, mut ground) = match &stage.base {
        Base::Image(image) => (base::size_of(image), apt::Ground::of(image)),
        Base::Scratch => {
            let empty = Some(Bytes::default());
            let basis = estimated("Nothing is in it");
            let image = "scratch".to_owned();
            (
                (BaseSize { image, unpacked: empty, compressed: empty, basis }, ""),
                apt::Ground::default(),
            )
        }
        Base::Unknown | Base::Stage(_) => {
            let why = format!("{} depends on a value that is not in the file", stage.image.text);
            ((unknown(why), ""), apt::Ground::default())
        }
    };
    if model.family(stage).is_some_and(|family| family != Family::Debian) {
        ground = ground.foreign();
    }
    let is_python = matches!(&stage.base, Base::Image(image) if image.official() == Some("python"));
    let uncompiled = if is_python { UNCOMPILED } else { [0; 2] };
    Walk { base: Some(Rc::new(base)), ground, uncompiled, ..Walk::default() }
}

/// The base image as the first layer.
fn from(model: &Model<'_>, stage: &Stage<'_>, (base, beware): &(BaseSize, &str)) -> Layer {
    let note =
        if beware.is_empty() { base.image.clone() } else { format!("{}: {beware}", base.image) };
    Layer {
        line: model.lines().line(stage.from.range.start),
        range: stage.from.range,
        instruction: "FROM",
        part: Part::Base,
        size: base.unpacked,
        basis: base.basis.clone(),
        note,
        kept_in: None,
    }
}

impl Walk {
    fn step(&mut self, here: Here<'_, '_, '_>) {
        match &here.step.instruction.kind {
            Kind::Run(_) => self.run(here),
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                match here.step.instruction.flag_value("from") {
                    Some(from) => self.copy_from(here, transfer, from),
                    None => self.copy(here, transfer),
                }
            }
            Kind::Env(pairs) => {
                let named = pairs
                    .iter()
                    .filter(|pair| matches!(pair.key.text.as_str(), "PATH" | "VIRTUAL_ENV"));
                for value in named.filter_map(|pair| pair.value.as_ref()) {
                    if self.in_path.len() < 20 {
                        self.in_path.push(value.text.clone());
                    }
                }
            }
            _ => {}
        }
    }

    /// Adds what the step leaves in the image.
    pub(super) fn add(
        &mut self,
        here: Here<'_, '_, '_>,
        part: Part,
        size: Option<Bytes>,
        basis: Basis,
        note: String,
    ) {
        self.layers.push(Layer {
            line: here.line(),
            range: here.step.instruction.range,
            instruction: here.step.keyword().as_str(),
            part,
            size,
            basis,
            note,
            kept_in: None,
        });
    }

    /// Adds what the step leaves at a path, and remembers it for COPY --from and for what deletes it.
    pub(super) fn put(&mut self, here: Here<'_, '_, '_>, artifact: Artifact) {
        let (size, basis) = (artifact.size, artifact.basis.clone());
        self.add(here, artifact.part, size, basis, artifact.what.clone());
        self.keep(artifact);
    }

    /// Remembers what lies at a path.
    pub(super) fn keep(&mut self, artifact: Artifact) {
        if self.artifacts.len() < MOST_ARTIFACTS {
            self.artifacts.push(Rc::new(artifact));
        }
    }
}

impl Here<'_, '_, '_> {
    /// The step's 1-based line.
    pub(super) fn line(self) -> usize {
        self.model.lines().line(self.step.instruction.range.start)
    }

    /// `path` seen from the folder that the step runs in, in its normal form.
    pub(super) fn absolute(self, path: &str) -> String {
        absolute(self.step.workdir.as_deref(), path)
    }
}

impl Desk<'_, '_> {
    /// Whether `count` more names may be looked up.
    pub(super) fn may_look_up(&self, count: usize) -> bool {
        let rest = self.lookups.get().checked_sub(count);
        self.lookups.set(rest.unwrap_or(0));
        rest.is_some()
    }
}

/// A basis that is one sentence.
pub(super) fn estimated(why: &str) -> Basis {
    Basis::Estimated { why: why.to_owned() }
}

/// What is said of packages until their table is there.
pub(super) fn loading() -> Basis {
    Basis::Unknown { why: "The table of packages has not loaded yet".to_owned() }
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
    let mut out = String::new();
    for segment in path.split('/').filter(|segment| !matches!(*segment, "" | "." | "*")) {
        out.push('/');
        out.push_str(if segment.starts_with("python3") { "python3" } else { segment });
    }
    out
}

/// Whether `path` is `folder` or lies below it; both in their normal form.
pub(super) fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
