//! Stages: who builds on whom, and the state in which each step runs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::caches::Traces;
use super::copies;
use super::facts::Family;
use super::files::absolute;
use super::images::Image;
use super::packages::{self, Install};
use super::programs::Index;
use super::scope::{NOTHING, Origin, Scopes, Version};
use super::shells;
use super::wrappers::is_in;
use crate::input::Input;
use crate::syntax::shell::{Command, Script, is_shell};
use crate::syntax::{Body, File, Instruction, Keyword, Kind, Pair, Transfer, Word};

/// What a stage starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A base image.
    Image(Box<Image>),
    /// An earlier stage, by its place.
    Stage(usize),
    /// Nothing at all.
    Scratch,
    /// The name needs a variable that the file gives no value.
    Unknown,
}

/// Who a step runs as.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum User {
    /// Nothing sets one: the base image decides.
    #[default]
    OfBase,
    /// A variable decides that the file gives no value.
    Unknown,
    /// What USER says, group and all.
    Named(Rc<str>),
}

/// FROM and everything up to the next FROM.
#[derive(Debug)]
pub struct Stage<'a> {
    /// Its place in the file, from 0.
    pub index: usize,
    /// Its FROM.
    pub from: &'a Instruction,
    /// The image as it is written.
    pub image: &'a Word,
    /// The name behind AS.
    pub name: Option<&'a Word>,
    /// What it starts from.
    pub base: Base,
    /// What follows, broken lines left out.
    pub steps: Vec<Step<'a>>,
    /// The stage that its chain of `FROM name` begins with.
    pub(super) root: usize,
    /// What system it runs on, as far as its image and its commands tell.
    pub(super) family: Option<Family>,
    /// What its last step leaves.
    pub(super) end: State<'a>,
}

impl<'a> Stage<'a> {
    /// Its last instruction, FROM where there is nothing else.
    pub fn last(&self) -> &'a Instruction {
        self.steps.last().map_or(self.from, |step| step.instruction)
    }

    /// Whether its name says that it is never released.
    pub fn is_for_development(&self) -> bool {
        let names =
            ["dev", "develop", "development", "test", "tests", "testing", "debug", "local", "ci"];
        self.name.is_some_and(|name| names.contains(&name.text.to_ascii_lowercase().as_str()))
    }

    /// The steps that have one of these keywords.
    pub fn steps_of<'s>(&'s self, keywords: &'s [Keyword]) -> impl Iterator<Item = &'s Step<'a>> {
        self.steps.iter().filter(|step| keywords.contains(&step.keyword))
    }

    /// The last step with this keyword.
    pub fn last_of(&self, keyword: Keyword) -> Option<&Step<'a>> {
        self.steps.iter().rev().find(|step| step.keyword() == keyword)
    }

    /// The variables just before step `step`, or at the end where there is none.
    pub(super) fn scope(&self, step: usize) -> Version {
        self.steps.get(step).map_or(self.end.scope, |step| step.scope)
    }
}

/// A pair of ENV with its value, variables filled in.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    /// Where it is set.
    pub pair: &'a Pair,
    /// `None` where the value depends on something unknown.
    pub value: Option<String>,
}

/// `RUN --mount=type=cache,target=/root/.cache`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mount {
    /// `bind` where nothing else is said.
    pub kind: String,
    /// Where it appears.
    pub target: Option<String>,
    /// What is mounted, seen from where it comes from.
    pub source: Option<String>,
    /// The stage or image it comes from.
    pub from: Option<String>,
    /// The name of a secret, an SSH agent or a cache.
    pub id: Option<String>,
}

/// What is in force at a place.
#[derive(Clone, Debug, Default)]
pub(super) struct State<'a> {
    workdir: Option<Rc<str>>,
    user: User,
    shell: Option<&'a [Word]>,
    pub(super) scope: Version,
}

/// One instruction in its stage, with the state it runs in.
#[derive(Debug)]
pub struct Step<'a> {
    /// Its place in the stage, from 0.
    pub index: usize,
    keyword: Keyword,
    /// The instruction.
    pub instruction: &'a Instruction,
    /// The folder it runs in; `None` where the base image decides.
    pub workdir: Option<Rc<str>>,
    /// Who it runs as; USER itself counts for what follows.
    pub user: User,
    /// What SHELL says; `None` where nothing does, which is `/bin/sh -c`.
    pub shell: Option<&'a [Word]>,
    /// Whether PowerShell, `cmd` or another program that is no Unix shell reads its text.
    is_foreign: bool,
    /// The variables that are set before it.
    scope: Version,
    /// What it runs, as simple commands; the exec form is one.
    commands: Cow<'a, [Command]>,
    /// The packages it installs.
    pub installs: Vec<Install>,
    /// What else its package managers do.
    pub(super) jobs: Vec<packages::Job>,
    /// What is mounted while it runs.
    pub mounts: Vec<Mount>,
    /// What its commands delete and export.
    pub(super) traces: Traces,
    /// Where COPY or ADD puts things, from `/`.
    pub(super) target: Option<String>,
    /// What COPY or ADD takes from the build context.
    pub(super) from_context: Option<&'a Transfer>,
}

impl<'a> Step<'a> {
    /// Its keyword.
    pub const fn keyword(&self) -> Keyword {
        self.keyword
    }

    /// What RUN, CMD, ENTRYPOINT or HEALTHCHECK runs, as simple commands. What `sh -c "…"` runs follows it, except
    /// in CMD and ENTRYPOINT.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The same for RUN alone.
    pub fn run_commands(&self) -> &[Command] {
        if self.keyword == Keyword::Run { &self.commands } else { &[] }
    }

    /// The command that an install is.
    pub fn command_of(&self, install: &Install) -> Option<&Command> {
        self.commands.get(install.command)
    }

    /// Its installs, each with its command.
    pub fn installs(&self) -> impl Iterator<Item = (&Install, &Command)> {
        self.installs.iter().filter_map(|install| Some((install, self.command_of(install)?)))
    }

    /// Its shell text, if it has one.
    pub fn script(&self) -> Option<&'a Script> {
        match self.instruction.body()? {
            Body::Shell(script) => Some(script),
            Body::Exec(_) => None,
        }
    }

    /// Whether a part of its shell text could not be read.
    pub fn is_opaque(&self) -> bool {
        self.script().is_some_and(|script| self.is_foreign || script.opaque.is_some())
    }

    /// Whether a pipe fails with its first command: the shell is told `pipefail`, by SHELL or in the script.
    pub fn has_pipefail(&self) -> bool {
        let is_it = |word: &Word| word.text == "pipefail";
        self.shell.is_some_and(|shell| shell.iter().any(is_it))
            || self.commands.iter().any(|command| command.words.iter().any(is_it))
    }

    /// The name of the shell that reads its text: `sh`, `bash`, `powershell`.
    pub fn shell_name(&self) -> &str {
        let first = self.shell.and_then(<[Word]>::first);
        let name = first.map_or("sh", |word| word.text.rsplit(['/', '\\']).next().unwrap_or("sh"));
        name.strip_suffix(".exe").unwrap_or(name)
    }
}

/// Stages by their names in lower case.
pub(super) type Names = BTreeMap<String, usize>;

/// The stage called `name`, in any case.
pub(super) fn by_name(names: &Names, name: &str) -> Option<usize> {
    names.get(&name.to_ascii_lowercase()).copied()
}

/// What [`build`] makes of a file.
pub(super) struct Built<'a> {
    pub(super) stages: Vec<Stage<'a>>,
    pub(super) names: Names,
    pub(super) scopes: Scopes<'a>,
    pub(super) index: Index,
}

/// The stages of `file`, their names, all variables, and what is looked up by name.
pub(super) fn build<'a>(file: &'a File, input: &'a Input) -> Built<'a> {
    let source = input.dockerfile.as_str();
    let mut builder = Builder {
        source,
        input,
        escape: file.escape,
        scopes: Scopes::new(file, source),
        globals: NOTHING,
        stages: Vec::new(),
        names: Names::new(),
        index: Index::default(),
        state: State::default(),
    };
    for instruction in file.instructions() {
        match &instruction.kind {
            Kind::From { image, alias, .. } => builder.stage(instruction, image, alias.as_ref()),
            Kind::Arg(pairs) if builder.stages.is_empty() => {
                builder.globals = builder.scopes.set(builder.globals, pairs, Origin::Global);
            }
            Kind::Broken => {}
            _ => builder.step(instruction),
        }
    }
    builder.end_stage();
    let Builder { stages, names, scopes, index, .. } = builder;
    Built { stages, names, scopes, index }
}

struct Builder<'a> {
    source: &'a str,
    input: &'a Input,
    escape: char,
    scopes: Scopes<'a>,
    globals: Version,
    stages: Vec<Stage<'a>>,
    names: Names,
    index: Index,
    state: State<'a>,
}

impl<'a> Builder<'a> {
    fn end_stage(&mut self) {
        let end = std::mem::take(&mut self.state);
        let Some(stage) = self.stages.last_mut() else { return };
        stage.end = end;
        if stage.family.is_none() {
            let mut programs =
                stage.steps.iter().flat_map(|step| step.commands.iter()).map(Command::program);
            stage.family = programs.find_map(Family::of_program);
        }
    }

    fn stage(&mut self, from: &'a Instruction, image: &'a Word, name: Option<&'a Word>) {
        self.end_stage();
        let index = self.stages.len();
        let mut base = self.base(image);
        let platform = from.flag("platform").and_then(|flag| flag.value.as_ref());
        if let Base::Image(image) = &mut base {
            image.is_for_windows = platform.is_some_and(|word| word.text.starts_with("windows"));
        }
        let (mut root, mut family) = (index, None);
        match &base {
            Base::Stage(parent) => {
                if let Some(parent) = self.stages.get(*parent) {
                    (root, family) = (parent.root, parent.family);
                    self.state = parent.end.clone();
                }
            }
            Base::Scratch => self.state.workdir = Some("/".into()),
            Base::Image(image) => {
                self.state.workdir = image.workdir().map(Into::into);
                family = image.family();
            }
            Base::Unknown => {}
        }
        let (steps, end) = (Vec::new(), State::default());
        self.stages.push(Stage { index, from, image, name, base, steps, root, family, end });
        if let Some(name) = name {
            // Docker takes the last of two stages with one name.
            self.names.insert(name.text.to_ascii_lowercase(), index);
        }
    }

    fn base(&self, image: &Word) -> Base {
        let text = self.scopes.expand_global(image).filter(|text| !text.is_empty());
        // An ARG that has no default may leave a name without its middle.
        let is_name = |text: &String| {
            image.is_literal()
                || !(text.starts_with(['/', ':', '@']) || text.ends_with(['/', ':', '@']))
        };
        let Some(text) = text.filter(is_name) else { return Base::Unknown };
        if text == "scratch" {
            return Base::Scratch;
        }
        if let Some(index) = by_name(&self.names, &text) {
            return Base::Stage(index);
        }
        let own = Image::parse(&text, image.range.of(self.source), image.range);
        Base::Image(Box::new(match self.input.choices.bases.get(&text) {
            Some(known) if own.official().is_none() => own.made_from(known),
            _ => own,
        }))
    }

    fn step(&mut self, instruction: &'a Instruction) {
        let Some(stage) = self.stages.last_mut() else { return };
        let State { workdir, user, shell, scope } = self.state.clone();
        match &instruction.kind {
            Kind::Env(pairs) => self.state.scope = self.scopes.set(scope, pairs, Origin::Env),
            Kind::Arg(pairs) => self.state.scope = self.scopes.set(scope, pairs, Origin::Arg),
            Kind::Shell(words) => self.state.shell = Some(words),
            Kind::User(word) => {
                let user = self.scopes.expand(scope, word).filter(|user| !user.is_empty());
                self.state.user = user.map_or(User::Unknown, |user| User::Named(user.into()));
            }
            Kind::Workdir(path) => {
                // A backtick as escape means Windows, whose paths are not read.
                let path = self.scopes.expand(scope, path).filter(|_| self.escape == '\\');
                let path = path.and_then(|path| join(workdir.as_deref(), &path));
                self.state.workdir = path.map(Into::into);
            }
            _ => {}
        }
        let target = match &instruction.kind {
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                let path = self.scopes.expand(scope, &transfer.destination);
                path.and_then(|path| absolute(workdir.as_deref(), &path))
            }
            _ => None,
        };
        let is_foreign = match shell {
            Some(words) => !words.iter().any(|word| is_shell(&word.text)),
            None => stage.family.map_or(self.escape == '`', |family| family == Family::Windows),
        };
        let commands = match instruction.body() {
            Some(Body::Shell(_)) if is_foreign => Cow::Borrowed(&[] as &[Command]),
            _ => shells::commands(instruction, self.source),
        };
        let (mut installs, mut jobs) = (Vec::new(), Vec::new());
        if matches!(instruction.kind, Kind::Run(_)) {
            packages::read(&commands, &mut installs, &mut jobs);
        }

        let mounts = mounts(instruction);
        let traces = Traces::of(&commands, &mounts);
        let index = stage.steps.len();
        stage.steps.push(Step {
            index,
            keyword: instruction.keyword.unwrap_or(Keyword::Run),
            instruction,
            workdir,
            user,
            shell,
            is_foreign,
            scope,
            commands,
            installs,
            jobs,
            mounts,
            traces,
            target,
            from_context: copies::from_context(instruction),
        });
        if let Some(step) = stage.steps.last() {
            self.index.add(stage.index, step);
        }
    }
}

/// `path` seen from the folder `from`, cleaned of `.` and `..`; `None` where the folder is needed and not known.
pub(super) fn join(from: Option<&str>, path: &str) -> Option<String> {
    let from = if path.starts_with('/') { "" } else { from? };
    let mut full = String::with_capacity(from.len() + path.len() + 1);
    for part in from.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => full.truncate(full.rfind('/').unwrap_or(0)),
            part => {
                full.push('/');
                full.push_str(part);
            }
        }
    }
    if full.is_empty() {
        full.push('/');
    }
    Some(full)
}

fn mounts(instruction: &Instruction) -> Vec<Mount> {
    let mut mounts = Vec::new();
    for flag in instruction.flags.iter().filter(|flag| flag.name == "mount") {
        let option = |names: &str| {
            let pair = flag.options.iter().find(|pair| is_in(names, &pair.key.text));
            pair.and_then(|pair| pair.value.as_ref()).map(|value| value.text.clone())
        };
        mounts.push(Mount {
            kind: option("type").unwrap_or_else(|| "bind".to_owned()),
            target: option("target dst destination"),
            source: option("source src"),
            from: option("from"),
            id: option("id"),
        });
    }
    mounts
}
