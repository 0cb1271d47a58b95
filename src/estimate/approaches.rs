//! The lesson's "Image Size Comparison": its four approaches, with what the learner's own file weighs in each shape.

use std::collections::BTreeSet;

use super::format::size;
use super::npm::NodePackages;
use super::variants::{Variant, as_variant};
use super::walk::{Walk, walks};
use super::{Basis, Bytes, Part, apt, base, context};
use crate::input::Input;
use crate::model::{Family, IgnoreFile, Image, Manager, Model};
use crate::syntax::Kind;

/// One line of the table, and what the learner's own file weighs in that shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approach {
    /// What is done, in short.
    pub name: &'static str,
    /// The lesson's figure in bytes.
    pub lesson: u64,
    /// This file in that shape, unpacked; `None` where its base has no such variant or is not known.
    pub yours: Option<Bytes>,
    /// Where `yours` comes from.
    pub basis: Basis,
    /// Why it differs from the lesson's figure, at most ten words.
    pub why: String,
    /// Whether the file has this shape now; at most one line.
    pub is_yours_now: bool,
}

/// What the lesson's ignore file keeps out, for a project that has none.
const USUALLY_IGNORED: &str = ".git\n.env*\n**/__pycache__\n**/*.py[co]\n.pytest_cache\n.mypy_cache\n.coverage\nhtmlcov\ntests\ndocs\n\
    .venv\nvenv\n**/node_modules\n.vscode\n.idea\nDockerfile*\ndocker-compose*";

/// What the lesson does in a line of its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    Everything,
    SlimBase,
    TwoStages,
    WithIgnoreFile,
}

const SHAPES: [(Shape, &str, u64); 4] = [
    (Shape::Everything, "Full image, everything", 1_500_000_000),
    (Shape::SlimBase, "Slim base", 400_000_000),
    (Shape::TwoStages, "Slim, two stages", 200_000_000),
    (Shape::WithIgnoreFile, "With .dockerignore", 150_000_000),
];

/// The four lines, in the lesson's order; none for a file without a stage.
pub fn approaches(input: &Input) -> Vec<Approach> {
    let file = crate::syntax::parse(&input.dockerfile);
    let model = Model::build(&file, input);
    let mut walks = walks(&model);
    let now = shape_now(&model, walks.len() > model.final_chain().count());
    let Some(walk) = model.final_stage().and_then(|stage| walks.remove(&stage.index)) else {
        return Vec::new();
    };
    let project = Project::of(&model, &walk);
    let image = model.final_image().map(|(_, image)| image);
    let total = super::weighed(walk.base.clone(), walk.layers.clone()).total;
    let yours = |shape: Shape| match image.filter(|_| now == Some(shape)) {
        Some(_) => total,
        None => project.weigh(shape, image?),
    };
    let sizes: Vec<Option<Bytes>> = SHAPES.iter().map(|(shape, ..)| yours(*shape)).collect();
    let likely = |at: usize| sizes.get(at).copied().flatten().map(|bytes| bytes.likely);
    let rows = SHAPES.iter().enumerate().map(|(at, &(shape, name, lesson))| {
        let before = at.checked_sub(1).and_then(likely);
        Approach {
            name,
            lesson,
            yours: sizes.get(at).copied().flatten(),
            basis: project.basis(shape, image, likely(at).is_some()),
            why: likely(at)
                .map(|bytes| project.why(shape, image, before, bytes))
                .unwrap_or_default(),
            is_yours_now: now == Some(shape),
        }
    });
    rows.collect()
}

/// The line that the file stands on now, if it stands on one.
fn shape_now(model: &Model<'_>, has_builder: bool) -> Option<Shape> {
    let (_, image) = model.final_image()?;
    as_variant(image, Variant::Slim)?;
    let ignores = model.ignore_file().is_some_and(|file| !file.is_empty());
    match (Variant::of(image), has_builder) {
        (Variant::Full, false) => Some(Shape::Everything),
        (Variant::Slim, false) => Some(Shape::SlimBase),
        (Variant::Slim, true) if ignores => Some(Shape::WithIgnoreFile),
        (Variant::Slim, true) => Some(Shape::TwoStages),
        _ => None,
    }
}

/// What a project brings, whatever shape its Dockerfile has.
struct Project {
    /// Installed packages of the language, and what else the final image holds.
    packages: Bytes,
    /// What the package manager's cache would keep.
    cache: Bytes,
    /// System packages that the file installs anywhere.
    system: BTreeSet<String>,
    /// apt's lists, where it is updated.
    lists: Bytes,
    /// What the final stage's package manager installs on.
    family: Option<Family>,
    /// The whole build context, as the project has it.
    everything: Bytes,
    /// What the final image takes of it.
    copied: Bytes,
    /// The same with the usual ignore file where the project has none.
    kept: Bytes,
    /// What the project's own ignore file keeps out of the final image, in bytes.
    kept_out_now: u64,
    /// Whether the sizes of the files are known.
    has_listing: bool,
    /// Whether it is known what is installed.
    knows_packages: bool,
}

impl Project {
    fn of(model: &Model<'_>, walk: &Walk) -> Self {
        let part = |part: Part| -> Bytes {
            let layers = walk.layers.iter().filter(|layer| layer.part == part);
            layers.filter_map(|layer| layer.size).sum()
        };
        let packages = part(Part::Dependencies);
        let installs =
            || model.steps().flat_map(|(_, step)| step.installs.iter().map(move |one| (step, one)));
        let is_node = installs().any(|(_, install)| install.manager == Manager::Npm);
        let node = NodePackages { installed: packages, why: "" };
        let system = installs().filter(|(_, install)| {
            matches!(install.manager, Manager::Apt | Manager::Apk | Manager::Dnf)
        });
        let system = system.filter_map(|(step, install)| {
            Some(super::run::words(step.command_of(install)?, &install.packages))
        });
        let lines: Vec<Vec<&str>> = model
            .final_steps()
            .filter(|(_, step)| step.instruction.flag("from").is_none())
            .filter_map(|(_, step)| match &step.instruction.kind {
                Kind::Copy(transfer) | Kind::Add(transfer) => {
                    Some(transfer.sources.iter().map(|word| word.text.as_str()).collect())
                }
                _ => None,
            })
            .collect();
        let updates = |program: &str| {
            model.steps().any(|(_, step)| model.runs(step, program, "update").is_some())
        };
        let has_lists = updates("apt-get") || updates("apt");
        let input = model.input();
        let usual = IgnoreFile::parse(USUALLY_IGNORED);
        let own = model.ignore_file().filter(|file| !file.is_empty());
        let taken = |ignore: Option<&IgnoreFile>| -> Bytes {
            lines.iter().map(|sources| context::taken(input, sources, ignore).size).sum()
        };
        Self {
            packages: packages + part(Part::Other),
            cache: if is_node { node.cache() } else { walk.python.cache() },
            system: system.flatten().map(str::to_owned).collect(),
            family: model.final_stage().and_then(|stage| model.family(stage)),
            lists: if has_lists {
                Bytes::mb(apt::LISTS.0, apt::LISTS.1, apt::LISTS.2)
            } else {
                Bytes::default()
            },
            everything: if lines.is_empty() {
                Bytes::default()
            } else {
                context::taken(input, &["."], own).size
            },
            copied: taken(own),
            kept: taken(own.or(Some(&usual))),
            kept_out_now: taken(None).likely.saturating_sub(taken(own).likely),
            has_listing: model.input().context.is_some(),
            knows_packages: is_node || walk.python.len().is_some(),
        }
    }

    /// What it weighs in `shape`; `None` where the base is not known as such.
    fn weigh(&self, shape: Shape, image: &Image) -> Option<Bytes> {
        let variant = if shape == Shape::Everything { Variant::Full } else { Variant::Slim };
        let (base, _) = base::size_of(&as_variant(image, variant)?);
        let leftovers = matches!(shape, Shape::Everything | Shape::SlimBase);
        let extra = if leftovers { self.cache + self.lists } else { Bytes::default() };
        let files = match shape {
            Shape::Everything | Shape::SlimBase => self.everything,
            Shape::TwoStages => self.copied,
            Shape::WithIgnoreFile => self.kept,
        };
        Some(base.unpacked? + self.packages + self.system(variant, leftovers) + extra + files)
    }

    fn system(&self, variant: Variant, with_build_tools: bool) -> Bytes {
        let packages: Vec<&str> = self
            .system
            .iter()
            .map(String::as_str)
            .filter(|name| with_build_tools || !apt::is_build_tool(name))
            .collect();
        let ground = match variant {
            _ if self.family.is_some_and(|family| family != Family::Debian) => apt::Ground::Other,
            Variant::Full => apt::Ground::Full,
            _ => apt::Ground::Slim,
        };
        apt::installed(&packages, ground, false).0
    }

    fn basis(&self, shape: Shape, image: Option<&Image>, is_known: bool) -> Basis {
        let variant = if shape == Shape::Everything { Variant::Full } else { Variant::Slim };
        let Some(image) = image.and_then(|image| as_variant(image, variant)).filter(|_| is_known)
        else {
            let own = image.map(|image| base::size_of(image).0.basis);
            return match (own, image) {
                (Some(unknown @ Basis::Unknown { .. }), _) => unknown,
                (_, Some(image)) => Basis::Unknown {
                    why: format!("No such variant of {} is known here", image.text),
                },
                (_, None) => Basis::Unknown { why: "The base image is not known".to_owned() },
            };
        };
        let packages =
            if self.knows_packages { "your packages" } else { "packages that are not known" };
        let files = if self.has_listing { "your files" } else { "files that are assumed" };
        Basis::Estimated { why: format!("{}, {packages} and {files}, added up", image.text) }
    }

    /// Why `bytes` differs from the lesson's figure; `before` is the line above.
    fn why(&self, shape: Shape, image: Option<&Image>, before: Option<u64>, bytes: u64) -> String {
        let saved = before.unwrap_or(bytes).saturating_sub(bytes);
        let is_much = saved >= 500_000;
        match shape {
            Shape::Everything | Shape::SlimBase => {
                // By the lesson's own figures: 1.5 GB on a base of 900 MB, 400 MB on one of 120 MB.
                let (variant, lesson) = if shape == Shape::Everything {
                    (Variant::Full, 600_000_000)
                } else {
                    (Variant::Slim, 280_000_000)
                };
                let base = image
                    .and_then(|image| as_variant(image, variant))
                    .and_then(|image| base::size_of(&image).0.unpacked);
                let added = bytes.saturating_sub(base.unwrap_or_default().likely);
                format!("Adds {} to the base, the lesson's {}", size(added), size(lesson))
            }
            Shape::TwoStages if is_much => format!("A builder leaves {} behind here", size(saved)),
            Shape::TwoStages => "There is nothing here to leave behind".to_owned(),
            Shape::WithIgnoreFile if !self.has_listing && is_much => {
                format!("Assumed: {} of .git, tests and the like", size(saved))
            }
            Shape::WithIgnoreFile if self.kept_out_now >= 500_000 => {
                format!("Your ignore file keeps {} out of every line", size(self.kept_out_now))
            }
            Shape::WithIgnoreFile if is_much => {
                format!("An ignore file keeps {} out", size(saved))
            }
            Shape::WithIgnoreFile => "What is copied holds nothing that it keeps out".to_owned(),
        }
    }
}
