//! What it weighs: every number with its basis, linux/amd64, decimal units. Nothing is invented.

pub mod format;

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

/// Weighs the final stage of `model`.
pub fn estimate(_model: &Model) -> Estimate {
    Estimate::default()
}
