//! What a Dockerfile means; the only thing a rule may ask.

mod caches;
mod copies;
mod eol;
mod exec_form;
mod expand;
mod facts;
mod files;
mod graph;
mod ignore;
mod images;
mod launch;
pub(crate) mod layers;
pub(crate) mod leave_out;
mod managers;
mod obstacles;
pub(crate) mod order;
mod packages;
mod place;
mod programs;
mod scope;
pub(crate) mod secrets;
mod server;
mod shells;
pub(crate) mod split;
mod stages;
mod tools;
pub(crate) mod user;
mod watch;
mod words;
mod wrappers;

pub use copies::is_within;
pub use eol::{AS_OF, Ended};
pub use exec_form::{ShellNeed, is_builtin};
pub use facts::{DefaultUser, Family, Tool};
pub use files::{Change, FileChange};
pub use ignore::{IgnoreFile, Verdict};
pub use images::Image;
pub use launch::Launch;
pub use managers::{Act, Manager};
pub(crate) use packages::is_build_tool;
pub use packages::{Install, Package};
pub use programs::{Ran, own_program, own_words, program_and_verb};
pub use scope::{Origin, Setting, is_platform_arg};
pub use server::{Purpose, Server};
pub use stages::{Base, Mount, Stage, Step, User, Variable};
pub use watch::DevOption;
pub(crate) use wrappers::is_in;
pub use wrappers::is_wrapper;

use std::cell::OnceCell;

use crate::input::{Choices, DOCKERIGNORE, Given, Input};
use crate::syntax::{File, Keyword, Kind, Pair, SyntaxError, Word};
use crate::text::{LineIndex, TextRange};
use graph::Graph;
use programs::Index;
use scope::Scopes;
use stages::{Built, Names};

/// A Dockerfile with everything that is known about it.
#[derive(Debug)]
pub struct Model<'a> {
    input: &'a Input,
    file: &'a File,
    lines: LineIndex,
    stages: Vec<Stage<'a>>,
    index: Index,
    names: Names,
    scopes: Scopes<'a>,
    target: Option<usize>,
    ignore: Option<IgnoreFile>,
    /// Where the final image last installs with apt in a RUN without an update.
    last_bare_install: OnceCell<Option<usize>>,
    graph: OnceCell<Graph>,
    /// Where each item of the file begins.
    starts: OnceCell<Vec<usize>>,
    newline: OnceCell<&'static str>,
    is_small: OnceCell<bool>,
}

impl<'a> Model<'a> {
    /// Reads the meaning of `file`, which must be the parse of the input's Dockerfile.
    pub fn build(file: &'a File, input: &'a Input) -> Self {
        let Built { stages, names, scopes, index } = stages::build(file, input);
        let chosen = input.target.as_deref().and_then(|target| {
            let by_number = || target.parse().ok().filter(|&index: &usize| index < stages.len());
            stages::by_name(&names, target).or_else(by_number)
        });
        let target = chosen.or_else(|| stages.len().checked_sub(1));
        let ignore = input.text(DOCKERIGNORE).map(IgnoreFile::parse);
        Self {
            input,
            file,
            lines: LineIndex::new(&input.dockerfile),
            stages,
            index,
            names,
            scopes,
            target,
            ignore,
            last_bare_install: OnceCell::new(),
            graph: OnceCell::new(),
            starts: OnceCell::new(),
            newline: OnceCell::new(),
            is_small: OnceCell::new(),
        }
    }

    /// What is written, comments with it.
    pub const fn file(&self) -> &'a File {
        self.file
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

    /// Whether the final stage is only the last by chance: it is named for development, and nobody chose it.
    pub fn is_for_development(&self) -> bool {
        self.input.target.is_none() && self.final_stage().is_some_and(Stage::is_for_development)
    }

    /// The stage and the step that hold a place in the file.
    pub fn holder(&self, range: TextRange) -> Option<(&Stage<'a>, &Step<'a>)> {
        let after = self.stages.partition_point(|one| one.from.range.start <= range.start);
        let stage = self.stages.get(after.checked_sub(1)?)?;
        let after = stage.steps.partition_point(|one| one.instruction.range.start <= range.start);
        let step = stage.steps.get(after.checked_sub(1)?)?;
        step.instruction.range.contains(range).then_some((stage, step))
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
    pub fn final_steps(&self) -> impl DoubleEndedIterator<Item = (&Stage<'a>, &Step<'a>)> {
        self.final_chain().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }

    /// All steps of all stages.
    pub fn steps(&self) -> impl Iterator<Item = (&Stage<'a>, &Step<'a>)> {
        self.stages.iter().flat_map(|stage| stage.steps.iter().map(move |step| (stage, step)))
    }

    /// The steps of all stages that have one of these keywords. Rules that look at a few keywords pass over the
    /// others here, where they are small, and not one large step after another.
    pub fn steps_of<'s>(
        &'s self,
        keywords: &'s [Keyword],
    ) -> impl Iterator<Item = (&'s Stage<'a>, &'s Step<'a>)> {
        let wanted = self.index.keywords.iter().filter(|(keyword, ..)| keywords.contains(keyword));
        wanted.filter_map(|&(_, stage, step)| {
            let stage = self.stages.get(stage)?;
            Some((stage, stage.steps.get(step)?))
        })
    }

    /// All RUN.
    pub fn run_steps(&self) -> impl Iterator<Item = (&Stage<'a>, &Step<'a>)> {
        self.steps_of(&[Keyword::Run])
    }

    /// All COPY and ADD.
    pub fn copy_steps(&self) -> impl Iterator<Item = (&Stage<'a>, &Step<'a>)> {
        self.steps_of(&[Keyword::Copy, Keyword::Add])
    }

    /// The stage that the chain of `FROM name` below `stage` begins with; itself where it builds on no other.
    pub fn root(&self, stage: &Stage<'_>) -> Option<&Stage<'a>> {
        self.stages.get(stage.root)
    }

    /// The image that `stage` starts from in the end, with the stage that names it.
    pub fn root_image(&self, stage: &Stage<'_>) -> Option<(&Stage<'a>, &Image)> {
        let root = self.root(stage)?;
        match &root.base {
            Base::Image(image) => Some((root, image)),
            _ => None,
        }
    }

    /// The global ARG whose default is all of the image's name in `FROM $X`.
    pub fn base_arg(&self, stage: &Stage<'_>) -> Option<&Setting<'a>> {
        let name = stage.image.text.strip_prefix('$')?;
        let name = name.strip_prefix('{').and_then(|name| name.strip_suffix('}')).unwrap_or(name);
        self.scopes.global_called(name)
    }

    /// How many stages name the global ARG in their FROM.
    pub fn stages_from_arg(&self, arg: &Setting<'_>) -> usize {
        let name = &arg.pair.key.text;
        let written = [format!("${name}"), format!("${{{name}")];
        let names_it =
            |stage: &&Stage<'_>| written.iter().any(|one| stage.image.text.contains(one));
        self.stages.iter().filter(names_it).count()
    }

    /// The image that the final stage starts from in the end, with the stage that names it.
    pub fn final_image(&self) -> Option<(&Stage<'a>, &Image)> {
        self.root_image(self.final_stage()?)
    }

    /// What system the stage runs on: by its image's name, else by the commands it uses.
    pub fn family(&self, stage: &Stage<'_>) -> Option<Family> {
        self.stages.get(stage.index)?.family
    }

    /// What `name` is worth at the end of the final image, with the pair that sets it.
    pub fn final_env(&self, name: &str) -> Option<Variable<'a>> {
        let setting = self.scopes.env(self.final_stage()?.scope(usize::MAX), name)?;
        Some(Variable { pair: setting.pair, value: setting.value().map(str::to_owned) })
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

    fn value_of(&self, stage: &Stage<'_>, step: &Step<'_>, pair: &'a Pair) -> Variable<'a> {
        let value = pair.value.as_ref().and_then(|value| self.expand(stage, step.index, value));
        Variable { pair, value }
    }

    /// `word` with variables filled in as they stand just before step `step` of `stage`; `None` where one is unknown.
    pub fn expand(&self, stage: &Stage<'_>, step: usize, word: &Word) -> Option<String> {
        self.scopes.expand(stage.scope(step), word)
    }

    /// `word` of a FROM with global ARGs filled in; `None` where one is unknown.
    pub fn expand_global(&self, word: &Word) -> Option<String> {
        self.scopes.expand_global(word)
    }

    /// The ENV value of `name` just before step `step` of `stage`: not set, set to something unknown, or a value.
    pub fn env(&self, stage: &Stage<'_>, step: usize, name: &str) -> Option<Option<String>> {
        let setting = self.scopes.env(stage.scope(step), name)?;
        Some(setting.value().map(str::to_owned))
    }

    /// What a RUN sees in `name`, ARGs with it, just before step `step` of `stage`: not set, set to something unknown, or a value.
    pub fn variable(&self, stage: &Stage<'_>, step: usize, name: &str) -> Option<Option<String>> {
        let setting = self.scopes.get(stage.scope(step), name)?;
        Some(setting.value().map(str::to_owned))
    }

    /// Who sets `name` as step `step` of `stage` would see it. A global ARG that the stage does not declare is told as
    /// [`Origin::Global`], and is worth nothing there.
    pub fn setting(&self, stage: &Stage<'_>, step: usize, name: &str) -> Option<&Setting<'a>> {
        let own = self.scopes.get(stage.scope(step), name);
        own.or_else(|| self.scopes.global_called(name))
    }

    /// Who the step runs as: what USER says, else what is known of the base image.
    pub fn user_at(&self, stage: &Stage<'_>, step: &Step<'_>) -> DefaultUser {
        match (&step.user, self.root(stage).map(|root| &root.base)) {
            (User::Named(name), _) if user::is_root(name) => DefaultUser::Root,
            (User::Named(_), _) => DefaultUser::NonRoot,
            (User::OfBase, Some(Base::Image(image))) => image.default_user(),
            (User::OfBase, Some(Base::Scratch)) => DefaultUser::Root,
            _ => DefaultUser::Unknown,
        }
    }

    /// Whether a later step of the final image installs with apt and has no update of its own.
    pub fn installs_without_update_after(&self, step: &Step<'_>) -> bool {
        let last = self.last_bare_install.get_or_init(|| {
            let bare = |step: &Step<'_>| {
                step.installs.iter().any(|install| install.manager == Manager::Apt)
                    && step.does(Manager::Apt, Act::Update).is_none()
            };
            let mut steps = self.final_steps().map(|(_, step)| step);
            steps.rfind(|step| bare(step)).map(|step| step.instruction.range.start)
        });
        last.is_some_and(|last| last > step.instruction.range.start)
    }

    /// Who the final image runs as: the last USER in its chain, variables filled in, with the step that says so.
    pub fn final_user(&self) -> Option<(&Stage<'a>, &Step<'a>, Option<String>)> {
        let mut users = self.final_steps().rev();
        users.find_map(|(stage, step)| match &step.instruction.kind {
            Kind::User(word) => Some((stage, step, self.expand(stage, step.index, word))),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests;
