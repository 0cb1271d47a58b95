//! What every ARG and ENV is worth at every instruction: versions of one tree that share what they have in common.

use std::borrow::Cow;

use super::expand;
use crate::syntax::{File, Kind, Pair, Word};

/// Who gives a variable its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Docker itself: `TARGETARCH` and its like.
    Platform,
    /// An ARG above the first FROM. A stage sees it only after an ARG of its own.
    Global,
    /// ARG.
    Arg,
    /// ENV.
    Env,
}

/// Where a variable is set, and to what.
#[derive(Clone, Debug)]
pub struct Setting<'a> {
    /// Who gives the value.
    pub origin: Origin,
    /// The pair that sets it.
    pub pair: &'a Pair,
    /// `None` where the value is not in the file.
    pub(super) value: Option<Cow<'a, str>>,
    /// The ENV that an ARG of the same name hides: only that one reaches the image.
    hidden: usize,
}

impl Setting<'_> {
    /// `None` where the value is not in the file.
    pub fn value(&self) -> Option<&str> {
        self.value.as_deref()
    }

    /// Whether it is an ARG above the first FROM that only a build gives a value.
    fn is_undecided(&self) -> bool {
        self.origin == Origin::Global
            && self.pair.value.is_none()
            && !is_platform_arg(&self.pair.key.text)
    }
}

/// What is set at one place of the file.
pub(super) type Version = usize;

/// Nothing is set.
pub(super) const NOTHING: Version = 0;

/// The settings of all names at all places.
///
/// A version is the root of a binary tree over the bits of a name's number. A new version copies the one path that
/// changes and shares the rest, so that a file of many lines takes little more room than its settings.
#[derive(Debug)]
pub(super) struct Scopes<'a> {
    source: &'a str,
    escape: char,
    names: Vec<&'a str>,
    bits: u32,
    /// Two children each; on the last level settings, counted from 1. Nought is no child, so the first node is none.
    nodes: Vec<[usize; 2]>,
    settings: Vec<Setting<'a>>,
    globals: Version,
}

impl<'a> Scopes<'a> {
    /// For the variables that `file` sets; `source` is its text.
    pub(super) fn new(file: &'a File, source: &'a str) -> Self {
        let mut names: Vec<&str> = Vec::new();
        for instruction in file.instructions() {
            if let Kind::Arg(pairs) | Kind::Env(pairs) = &instruction.kind {
                names.extend(pairs.iter().map(|pair| pair.key.text.as_str()));
            }
        }
        names.sort_unstable();
        names.dedup();
        Self {
            source,
            escape: file.escape,
            bits: usize::BITS - names.len().leading_zeros(),
            names,
            nodes: vec![[0, 0]],
            settings: Vec::new(),
            globals: NOTHING,
        }
    }

    /// The version after `pairs` of an ARG or ENV, of which every value but an ARG's sees what is set before.
    pub(super) fn set(&mut self, version: Version, pairs: &'a [Pair], origin: Origin) -> Version {
        let mut after = version;
        for pair in pairs {
            let Ok(number) = self.names.binary_search(&pair.key.text.as_str()) else { continue };
            let before = if origin == Origin::Env { version } else { after };
            let old = self.find(after, number);
            let setting = match (&pair.value, origin) {
                (Some(word), _) => {
                    Setting { origin, pair, value: self.value(before, word, origin), hidden: 0 }
                }
                // It declares a name that has its value already, or gets one from outside.
                (None, Origin::Arg) if old != 0 => continue,
                (None, Origin::Arg) if is_platform_arg(&pair.key.text) => {
                    Setting { origin: Origin::Platform, pair, value: None, hidden: 0 }
                }
                (None, Origin::Arg) => {
                    let value = self.global(number).and_then(|global| global.value.clone());
                    Setting { origin, pair, value, hidden: 0 }
                }
                (None, _) => Setting { origin, pair, value: None, hidden: 0 },
            };
            let hidden = if origin == Origin::Arg { self.env_of(old) } else { 0 };
            self.settings.push(Setting { hidden, ..setting });
            after = self.put(after, number, self.settings.len());
        }
        if origin == Origin::Global {
            self.globals = after;
        }
        after
    }

    /// The setting of `name`, whoever made it.
    pub(super) fn get(&self, version: Version, name: &str) -> Option<&Setting<'a>> {
        let number = self.names.binary_search(&name).ok()?;
        self.setting(self.find(version, number))
    }

    /// The ENV of `name`, which is what reaches the image.
    pub(super) fn env(&self, version: Version, name: &str) -> Option<&Setting<'a>> {
        let number = self.names.binary_search(&name).ok()?;
        self.setting(self.env_of(self.find(version, number)))
    }

    /// The ARG above the first FROM that sets `name`.
    pub(super) fn global_called(&self, name: &str) -> Option<&Setting<'a>> {
        self.get(self.globals, name)
    }

    /// `word` with the variables of a version filled in; `None` where one is unknown, as those of a base image are.
    pub(super) fn expand(&self, version: Version, word: &Word) -> Option<String> {
        self.fill(version, word, None).map(Cow::into_owned)
    }

    /// `word` of a FROM, which sees global ARGs and what Docker knows of platforms.
    pub(super) fn expand_global(&self, word: &Word) -> Option<String> {
        self.fill(self.globals, word, Some("")).map(Cow::into_owned)
    }

    fn value(&self, version: Version, word: &'a Word, origin: Origin) -> Option<Cow<'a, str>> {
        self.fill(version, word, if origin == Origin::Global { Some("") } else { None })
    }

    fn fill<'w>(
        &self,
        version: Version,
        word: &'w Word,
        unset: Option<&'static str>,
    ) -> Option<Cow<'w, str>> {
        if word.is_literal() {
            return Some(Cow::Borrowed(&word.text));
        }
        let lookup = |name: &str| match self.get(version, name) {
            None if unset.is_some() && is_platform_arg(name) => Some(None),
            // Without `--build-arg` it is not set.
            Some(one) if one.is_undecided() => None,
            setting => setting.map(Setting::value),
        };
        let raw = word.range.of(self.source);
        expand::expand(raw, self.escape, unset, &lookup).map(Cow::Owned)
    }

    fn global(&self, number: usize) -> Option<&Setting<'a>> {
        self.setting(self.find(self.globals, number))
    }

    fn setting(&self, at: usize) -> Option<&Setting<'a>> {
        self.settings.get(at.checked_sub(1)?)
    }

    fn env_of(&self, at: usize) -> usize {
        match self.setting(at) {
            Some(setting) if setting.origin != Origin::Env => setting.hidden,
            _ => at,
        }
    }

    fn node(&self, at: usize) -> [usize; 2] {
        self.nodes.get(at).copied().unwrap_or_default()
    }

    fn find(&self, version: Version, number: usize) -> usize {
        (0..self.bits).rev().fold(version, |at, bit| self.node(at)[number >> bit & 1])
    }

    fn put(&mut self, version: Version, number: usize, setting: usize) -> Version {
        let (root, mut old) = (self.nodes.len(), version);
        for bit in (0..self.bits).rev() {
            let mut node = self.node(old);
            let side = number >> bit & 1;
            old = node[side];
            node[side] = if bit == 0 { setting } else { self.nodes.len() + 1 };
            self.nodes.push(node);
        }
        root
    }
}

/// Names that BuildKit fills in by itself; what they are worth is not in the file.
pub fn is_platform_arg(name: &str) -> bool {
    let part = name.strip_prefix("TARGET").or_else(|| name.strip_prefix("BUILD"));
    matches!(part, Some("PLATFORM" | "OS" | "OSVERSION" | "ARCH" | "VARIANT"))
        || name == "TARGETSTAGE"
}
