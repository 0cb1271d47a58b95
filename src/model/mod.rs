//! What a Dockerfile means; the only thing a rule may ask.

mod copies;
mod eol;
mod ignore;
mod images;
mod launch;
pub(crate) mod layers;
mod obstacles;
pub(crate) mod order;
mod packages;
mod place;
mod scope;
pub(crate) mod secrets;
mod server;
pub(crate) mod split;
mod stages;
pub(crate) mod user;
mod words;

pub use copies::is_within;
pub use eol::{AS_OF, Ended};
pub use ignore::{IgnoreFile, Verdict};
pub use images::{DefaultUser, Family, Image};
pub use launch::{Launch, is_wrapper};
pub use packages::{Install, Manager};
pub use scope::is_platform_arg;
pub use server::Server;
pub(crate) use stages::is_build_tool;
pub use stages::{Base, Mount, Stage, Step, Variable};

use std::cell::OnceCell;
use std::collections::BTreeSet;

use crate::input::{Choices, DOCKERIGNORE, Given, Input};
use crate::syntax::shell::Command;
use crate::syntax::{File, Kind, Pair, SyntaxError};
use crate::text::{LineIndex, TextRange};
use scope::History;

/// A Dockerfile with everything that is known about it.
#[derive(Debug)]
pub struct Model<'a> {
    input: &'a Input,
    file: &'a File,
    lines: LineIndex,
    stages: Vec<Stage<'a>>,
    /// ARGs before the first FROM.
    globals: History,
    target: Option<usize>,
    ignore: Option<IgnoreFile>,
    /// Where the final image last installs with apt in a RUN without an update.
    last_bare_install: OnceCell<Option<usize>>,
    /// The stages of the final image, by place.
    final_stages: OnceCell<BTreeSet<usize>>,
    newline: OnceCell<&'static str>,
}

impl<'a> Model<'a> {
    /// Reads the meaning of `file`, which must be the parse of the input's Dockerfile.
    pub fn build(file: &'a File, input: &'a Input) -> Self {
        let (globals, stages) = stages::build(file);
        let named = input.target.as_deref().and_then(|target| stages::find(&stages, target));
        let target = named.or_else(|| stages.len().checked_sub(1));
        let ignore = input.text(DOCKERIGNORE).map(IgnoreFile::parse);
        Self {
            input,
            file,
            lines: LineIndex::new(&input.dockerfile),
            stages,
            globals,
            target,
            ignore,
            last_bare_install: OnceCell::new(),
            final_stages: OnceCell::new(),
            newline: OnceCell::new(),
        }
    }

    /// The Dockerfile's text.
    pub fn text(&self) -> &'a str {
        &self.input.dockerfile
    }

    /// Its lines.
    pub const fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// What Docker refuses while reading.
    pub fn syntax_errors(&self) -> &'a [SyntaxError] {
        &self.file.errors
    }

    /// The character that continues its lines.
    pub const fn escape(&self) -> char {
        self.file.escape
    }

    /// What the learner decided.
    pub const fn choices(&self) -> &'a Choices {
        &self.input.choices
    }

    /// What is known beside the Dockerfile.
    pub const fn input(&self) -> &'a Input {
        self.input
    }

    /// What is known of the file `name` beside the Dockerfile; `None` where nothing was said.
    pub fn given(&self, name: &str) -> Option<&'a Given> {
        self.input.files.get(name)
    }

    /// The ignore file, where one was given.
    pub const fn ignore_file(&self) -> Option<&IgnoreFile> {
        self.ignore.as_ref()
    }

    /// All stages, top to bottom.
    pub fn stages(&self) -> &[Stage<'a>] {
        &self.stages
    }

    /// The stage that ships: the chosen target, else the last.
    pub fn final_stage(&self) -> Option<&Stage<'a>> {
        self.stages.get(self.target?)
    }

    /// Whether `stage` is part of the image that ships.
    pub fn is_in_final(&self, stage: &Stage<'_>) -> bool {
        let chain = || self.final_chain().iter().map(|stage| stage.index).collect();
        self.final_stages.get_or_init(chain).contains(&stage.index)
    }

    /// Whether the final stage is only the last by chance: it is named for development, and nobody chose it.
    pub fn is_for_development(&self) -> bool {
        self.input.target.is_none() && self.final_stage().is_some_and(Stage::is_for_development)
    }

    /// Whether a stage outside the final image builds on `stage` too, so that a change would reach it.
    pub fn is_shared(&self, stage: &Stage<'a>) -> bool {
        let mut others = self.stages.iter().filter(|other| !self.is_in_final(other));
        others.any(|other| self.chain(other).iter().any(|one| one.index == stage.index))
    }

    /// The stage and the step that hold a place in the file.
    pub fn holder(&self, range: TextRange) -> Option<(&Stage<'a>, &Step<'a>)> {
        self.steps().find(|(_, step)| step.instruction.range.contains(range))
    }

    /// The stages that the final image is made of, its root first.
    pub fn final_chain(&self) -> Vec<&Stage<'a>> {
        self.final_stage().map(|stage| self.chain(stage)).unwrap_or_default()
    }

    /// The stages that `stage` is made of through `FROM name`, its root first.
    pub fn chain<'s>(&'s self, stage: &'s Stage<'a>) -> Vec<&'s Stage<'a>> {
        let mut chain = vec![stage];
        // A stage can build on an earlier one only, so this ends.
        while let Some(Base::Stage(parent)) = chain.last().map(|stage| &stage.base) {
            chain.extend(self.stages.get(*parent));
        }
        chain.reverse();
        chain
    }

    /// The steps of the image that ships, in the order they are run.
    pub fn final_steps(&self) -> impl Iterator<Item = (&Stage<'a>, &Step<'a>)> {
        self.final_chain()
            .into_iter()
            .flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }

    /// All steps of all stages.
    pub fn steps(&self) -> impl Iterator<Item = (&Stage<'a>, &Step<'a>)> {
        self.stages.iter().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }

    /// The image that `stage` starts from in the end, with the stage that names it.
    pub fn root_image(&self, stage: &Stage<'a>) -> Option<(&Stage<'a>, &Image)> {
        let mut root = self.stages.get(stage.index)?;
        while let Base::Stage(parent) = root.base {
            root = self.stages.get(parent)?;
        }
        match &root.base {
            Base::Image(image) => Some((root, image)),
            _ => None,
        }
    }

    /// The image that the final stage starts from in the end, with the stage that names it.
    pub fn final_image(&self) -> Option<(&Stage<'a>, &Image)> {
        self.root_image(self.final_stage()?)
    }

    /// What system the stage runs on: by its image's name, else by the commands it uses.
    pub fn family(&self, stage: &Stage<'a>) -> Option<Family> {
        self.root_image(stage).and_then(|(_, image)| image.family()).or_else(|| {
            let programs = self
                .chain(stage)
                .into_iter()
                .flat_map(|stage| &stage.steps)
                .flat_map(Step::commands);
            programs.map(Command::program).find_map(|program| match program {
                "apt-get" | "apt" | "useradd" => Some(Family::Debian),
                "apk" => Some(Family::Alpine),
                "yum" | "dnf" | "microdnf" => Some(Family::RedHat),
                _ => None,
            })
        })
    }

    /// What `name` is worth at the end of the final image, with the pair that sets it.
    pub fn final_env(&self, name: &str) -> Option<Variable<'a>> {
        self.final_chain().into_iter().rev().find_map(|stage| {
            stage.steps.iter().rev().find_map(|step| {
                let Kind::Env(pairs) = &step.instruction.kind else { return None };
                let pair = pairs.iter().rev().find(|pair| pair.key.text == name)?;
                Some(self.value_of(stage, step, pair))
            })
        })
    }

    /// Every ENV pair that reaches the final image, in order.
    pub fn final_variables(&self) -> Vec<Variable<'a>> {
        let mut variables = Vec::new();
        for (stage, step) in self.final_steps() {
            if let Kind::Env(pairs) = &step.instruction.kind {
                variables.extend(pairs.iter().map(|pair| self.value_of(stage, step, pair)));
            }
        }
        variables
    }

    fn value_of(&self, stage: &Stage<'a>, step: &Step<'a>, pair: &'a Pair) -> Variable<'a> {
        let value = pair.value.as_ref().and_then(|value| self.expand(stage, step.index, value));
        Variable { pair, value }
    }

    /// `word` with variables filled in as they stand just before step `step` of `stage`; `None` where one is unknown.
    pub fn expand(
        &self,
        stage: &Stage<'a>,
        step: usize,
        word: &crate::syntax::Word,
    ) -> Option<String> {
        scope::expand(word, &|name| self.variable(stage, step, name))
    }

    /// The ENV value of `name` just before step `step` of `stage`: not set, set to something unknown, or a value.
    pub fn env(&self, stage: &Stage<'a>, step: usize, name: &str) -> Option<Option<String>> {
        let mut before = step;
        for one in self.chain(stage).into_iter().rev() {
            if let Some(value) = one.env.before(name, before) {
                return Some(value.map(str::to_owned));
            }
            before = usize::MAX;
        }
        None
    }

    /// What a RUN sees in `name`, ARGs with it, just before step `step` of `stage`: not set, set to something unknown, or a value.
    pub fn variable(&self, stage: &Stage<'a>, step: usize, name: &str) -> Option<Option<String>> {
        let arg = || stage.args.before(name, step).map(|value| value.map(str::to_owned));
        // A global ARG that is declared again without a default keeps its global default.
        self.env(stage, step, name).or_else(|| match arg() {
            Some(None) => self
                .globals
                .before(name, usize::MAX)
                .map(|value| value.map(str::to_owned))
                .or(Some(None)),
            value => value,
        })
    }

    /// Whether a later step of the final image installs with apt and has no update of its own.
    pub fn installs_without_update_after(&self, step: &Step<'_>) -> bool {
        let last = self.last_bare_install.get_or_init(|| {
            let bare = |step: &Step<'_>| {
                step.installs.iter().any(|install| install.manager == Manager::Apt)
                    && self.runs(step, "apt-get", "update").is_none()
                    && self.runs(step, "apt", "update").is_none()
            };
            self.final_steps()
                .filter(|(_, step)| bare(step))
                .map(|(_, step)| step.instruction.range.start)
                .last()
        });
        last.is_some_and(|last| last > step.instruction.range.start)
    }

    /// Who the final image runs as: the last USER in its chain, variables filled in, with the step that says so.
    pub fn final_user(&self) -> Option<(&Stage<'a>, &Step<'a>, Option<String>)> {
        let users = self.final_steps().filter_map(|(stage, step)| match &step.instruction.kind {
            Kind::User(word) => Some((stage, step, self.expand(stage, step.index, word))),
            _ => None,
        });
        users.last()
    }
}
