//! The lesson's "Image Size Comparison": its four approaches, with what the learner's own file weighs in each shape.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::context::Listing;
use super::format::size;
use super::packages::{Added, Packages};
use super::variants::{Variant, as_variant};
use super::walk::{Walked, walk};
use super::{Basis, Bytes, Part, Tables, apt, base, context, pip};
use crate::input::Input;
use crate::model::{Act, IgnoreFile, Image, Manager, Model};
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

/// So many system packages, and looks at files, count.
const MOST_SYSTEM: usize = 1000;
const MOST_LOOKUPS: usize = 500_000;

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
pub fn approaches(input: &Input, tables: Tables) -> Vec<Approach> {
    let file = crate::syntax::parse(&input.dockerfile);
    let model = Model::build(&file, input);
    let Some(walked) = walk(&model, tables) else { return Vec::new() };
    let now = shape_now(&model, walked.has_builder);
    let project = Project::of(&model, &walked, tables);
    let image = model.final_image().map(|(_, image)| image);
    let total = walked.layers.iter().map(|layer| layer.size).sum();
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
    tables: Tables,
    /// Installed packages of the language, and what else the final image holds; `None` while there is no table.
    packages: Option<Bytes>,
    /// What the package manager's cache would keep.
    cache: Bytes,
    /// System packages that the file installs anywhere.
    system: BTreeSet<String>,
    /// Whether apt's lists are fetched.
    has_lists: bool,
    /// What the final stage's base is for apt.
    ground: apt::Ground,
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
    fn of(model: &Model<'_>, walked: &Walked, tables: Tables) -> Self {
        let part = |part: Part| -> Option<Bytes> {
            walked.layers.iter().filter(|layer| layer.part == part).map(|layer| layer.size).sum()
        };
        let packages = part(Part::Dependencies);
        // A builder leaves it behind, as it does a cache.
        let own = walked.layers.iter().filter(|layer| layer.note == super::run_python::COMPILED);
        let compiled = own.filter_map(|layer| layer.size).sum::<Bytes>();
        let minus = |all: Bytes, one: Bytes| Bytes {
            low: all.low.saturating_sub(one.low),
            likely: all.likely.saturating_sub(one.likely),
            high: all.high.saturating_sub(one.high),
        };
        let installs =
            || model.steps().flat_map(|(_, step)| step.installs.iter().map(move |one| (step, one)));
        let is_node = installs().any(|(_, install)| install.manager == Manager::Npm);
        let mut system = BTreeSet::new();
        for (step, install) in installs().filter(|(_, install)| install.manager.is_of_system()) {
            let words = step
                .command_of(install)
                .map(|command| super::run::words(command, &install.packages));
            system.extend(words.into_iter().flatten().take(MOST_SYSTEM).map(str::to_owned));
            if system.len() > MOST_SYSTEM {
                break;
            }
        }
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
        let has_lists =
            model.steps().any(|(_, step)| step.does(Manager::Apt, Act::Update).is_some());
        let input = model.input();
        let usual = IgnoreFile::parse(USUALLY_IGNORED);
        let own = model.ignore_file().filter(|file| !file.is_empty());
        let lookups = Cell::new(MOST_LOOKUPS);
        let may = |count: usize| {
            let rest = lookups.get().checked_sub(count);
            lookups.set(rest.unwrap_or(0));
            rest.is_some()
        };
        let taken = |ignore: Option<&IgnoreFile>, lines: &[Vec<&str>]| -> Bytes {
            let (listing, hides_git) =
                (Listing::through(input, ignore), context::hides_git(ignore));
            let one = |sources: &Vec<&str>| {
                context::taken_from(input, listing.as_ref(), hides_git, sources, &may).size
            };
            lines.iter().map(one).sum()
        };
        let everything: &[Vec<&str>] = if lines.is_empty() { &[] } else { &[vec!["."]] };
        let copied = taken(own, &lines);
        let mut python = Added::default();
        if !is_node {
            python = Packages::default().merge(tables.python, &walked.python);
        }
        Self {
            tables,
            packages: packages
                .zip(part(Part::Other))
                .map(|(packages, other)| packages + minus(other, compiled)),
            cache: compiled
                + if is_node {
                    packages.unwrap_or_default().percent(40, 100, 150)
                } else {
                    pip::weigh(&python, false, pip::Form::Cache)
                },
            system,
            has_lists,
            ground: walked.ground,
            everything: taken(own, everything),
            copied,
            kept: taken(own.or(Some(&usual)), &lines),
            kept_out_now: taken(None, &lines).likely.saturating_sub(copied.likely),
            has_listing: model.input().context.is_some(),
            knows_packages: is_node || !python.is_partial,
        }
    }

    /// What it weighs in `shape`; `None` where the base is not known as such.
    fn weigh(&self, shape: Shape, image: &Image) -> Option<Bytes> {
        let variant = if shape == Shape::Everything { Variant::Full } else { Variant::Slim };
        let (base, _) = base::size_of(&as_variant(image, variant)?);
        let leftovers = matches!(shape, Shape::Everything | Shape::SlimBase);
        let ground = self.ground.as_variant(variant, image.official() == Some("python"));
        let lists = if self.has_lists { ground.lists(self.tables)?.0 } else { Bytes::default() };
        let extra = if leftovers { self.cache + lists } else { Bytes::default() };
        let files = match shape {
            Shape::Everything | Shape::SlimBase => self.everything,
            Shape::TwoStages => self.copied,
            Shape::WithIgnoreFile => self.kept,
        };
        Some(base.unpacked? + self.packages? + self.system(ground, leftovers)? + extra + files)
    }

    fn system(&self, ground: apt::Ground, with_build_tools: bool) -> Option<Bytes> {
        let packages: Vec<&str> = self
            .system
            .iter()
            .map(String::as_str)
            .filter(|name| with_build_tools || !apt::is_build_tool(name))
            .collect();
        let added = apt::install(&mut Packages::default(), ground, self.tables, false, &packages);
        Some(ground.weigh(self.tables, &added)?.0 + apt::notes(&added))
    }

    fn basis(&self, shape: Shape, image: Option<&Image>, is_known: bool) -> Basis {
        let variant = if shape == Shape::Everything { Variant::Full } else { Variant::Slim };
        let Some(image) = image.and_then(|image| as_variant(image, variant)).filter(|_| is_known)
        else {
            let own = image.map(|image| base::size_of(image).0.basis);
            return match (own, image) {
                (Some(unknown @ Basis::Unknown { .. }), _) => unknown,
                _ if self.packages.is_none() => super::walk::loading(),
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
