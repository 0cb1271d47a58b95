//! What it weighs: every number with its basis, linux/amd64, decimal units. Nothing is invented.

mod approaches;
mod apt;
mod base;
mod bytes;
mod context;
mod copy;
pub mod format;
mod leaves;
mod npm;
mod packages;
mod pip;
mod project;
mod run;
mod run_python;
mod tables;
mod variants;
mod walk;

pub use approaches::{Approach, approaches};
pub use tables::Tables;
pub use variants::{BaseRow, BaseTable, base_table};

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use crate::model::Model;
use crate::text::TextRange;

/// A number of bytes that is not known exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Bytes {
    /// It is hardly less.
    pub low: u64,
    /// The best guess.
    pub likely: u64,
    /// It is hardly more.
    pub high: u64,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Basis {
    /// Somebody measured it: on what day (ISO date), and where that is written down.
    Measured {
        /// ISO date.
        date: &'static str,
        /// Where it is written down.
        source: &'static str,
    },
    /// Derived from what is said here.
    Estimated {
        /// The reason, a sentence.
        why: String,
    },
    /// Nobody knows, and why.
    Unknown {
        /// The reason, a sentence.
        why: String,
    },
}

/// What a layer's bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The base image.
    Base,
    /// Packages of the system: apt, apk.
    System,
    /// Packages of the language: pip, npm.
    Dependencies,
    /// Package lists, download caches.
    Cache,
    /// The learner's own files.
    Files,
    /// Anything else.
    Other,
}

/// What one instruction adds to the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// 1-based line of the instruction.
    pub line: usize,
    /// The instruction's bytes in the file.
    pub range: TextRange,
    /// Its keyword, upper case.
    pub instruction: &'static str,
    /// What the bytes are.
    pub part: Part,
    /// Unpacked size; `None` where it is not known.
    pub size: Option<Bytes>,
    /// Where the number comes from.
    pub basis: Basis,
    /// What is in it, in a few words.
    pub note: String,
    /// The 1-based line whose layer still holds the bytes that this one seems to delete.
    pub kept_in: Option<usize>,
}

/// The base image as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseSize {
    /// The name in the file, arguments filled in.
    pub image: String,
    /// Unpacked, as Docker before 29 prints in `docker images`.
    pub unpacked: Option<Bytes>,
    /// Compressed, as it is pulled.
    pub compressed: Option<Bytes>,
    /// Where the numbers come from.
    pub basis: Basis,
}

/// What one image weighs.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Estimate {
    /// The base of the final stage; `None` for an empty file.
    pub base: Option<BaseSize>,
    /// One entry for each part of each instruction that adds bytes, top to bottom, base first.
    pub layers: Vec<Layer>,
    /// All of it unpacked; `None` where the base is unknown.
    pub total: Option<Bytes>,
    /// What has to be pulled: all of it compressed.
    pub pull: Option<Bytes>,
}

/// What a change takes off an image, in bytes; negative where it adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Saving {
    /// It is hardly less.
    pub low: i64,
    /// The best guess.
    pub likely: i64,
    /// It is hardly more.
    pub high: i64,
}

/// Weighs the final stage of `model`. Without tables, layers of packages are unknown, and so is the total.
pub fn estimate(model: &Model<'_>, tables: Tables) -> Estimate {
    walk::walk(model, tables).map(|walked| weighed(walked.base, walked.layers)).unwrap_or_default()
}

impl Estimate {
    /// What `docker images` of Docker 29 prints as DISK USAGE where images lie in containerd's store: unpacked plus compressed.
    pub fn disk_usage(&self) -> Option<Bytes> {
        self.total.zip(self.pull).map(|(unpacked, compressed)| unpacked + compressed)
    }
}

/// The sums of `layers` on `base`.
fn weighed(base: Option<BaseSize>, layers: Vec<Layer>) -> Estimate {
    let total = layers.iter().map(|layer| layer.size).sum();
    let mut pull = base.as_ref().and_then(|base| base.compressed);
    for layer in layers.iter().filter(|layer| layer.part != Part::Base) {
        pull = pull.zip(compressed(layer)).map(|(sum, one)| sum + one);
    }
    Estimate { base, layers, total, pull }
}

/// A layer as it is pulled. Python packages shrink to 0.27 to 0.67 of their size, Node packages to 0.22 to 0.34, measured by gzip in
/// eleven and seven projects on 2026-11-22; caches hold what is compressed already; the rest is a wide range.
pub fn compressed(layer: &Layer) -> Option<Bytes> {
    let (low, likely, high) = match layer.part {
        Part::Dependencies => (22, 31, 60),
        Part::System => (20, 33, 50),
        Part::Cache => (80, 100, 100),
        Part::Base | Part::Files | Part::Other => (10, 40, 100),
    };
    layer.size.map(|size| size.percent(low, likely, high))
}

/// What the change from `before` to `after` takes off; `None` where a layer that only one of them has is not known.
/// Layers that both have cancel out, so that what is not known about them does not widen the range.
pub fn saving(before: &Estimate, after: &Estimate) -> Option<Saving> {
    let (mut old, mut new) =
        (sorted(before).into_iter().peekable(), sorted(after).into_iter().peekable());
    let (mut removed, mut added) = (Some(Bytes::default()), Some(Bytes::default()));
    let plus = |sum: Option<Bytes>, layer: &Layer| sum.zip(layer.size).map(|(a, b)| a + b);
    loop {
        let order = match (old.peek(), new.peek()) {
            (Some(a), Some(b)) => compare(a, b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => break,
        };
        let gone = if order.is_le() { old.next() } else { None };
        let come = if order.is_ge() { new.next() } else { None };
        match (gone, come) {
            (Some(layer), None) => removed = plus(removed, layer),
            (None, Some(layer)) => added = plus(added, layer),
            _ => {}
        }
    }
    let (removed, added) = removed.zip(added)?;
    let minus = |a: u64, b: u64| signed(a).saturating_sub(signed(b));
    Some(Saving {
        low: minus(removed.low, added.high),
        likely: minus(removed.likely, added.likely),
        high: minus(removed.high, added.low),
    })
}

/// The layers in an order that goes by what is in them.
fn sorted(estimate: &Estimate) -> Vec<&Layer> {
    let mut layers: Vec<&Layer> = estimate.layers.iter().collect();
    layers.sort_unstable_by(|a, b| compare(a, b));
    layers
}

fn compare(a: &Layer, b: &Layer) -> Ordering {
    let key =
        |layer: &Layer| (layer.part, layer.size.map(|size| (size.likely, size.low, size.high)));
    key(a).cmp(&key(b)).then_with(|| a.note.cmp(&b.note))
}

fn signed(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
