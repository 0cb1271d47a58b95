//! Stages: who builds on whom, and the state in which each step runs.

use std::borrow::Cow;
use std::rc::Rc;

use super::images::Image;
use super::packages::{self, Install};
use super::scope::{self, History, is_platform_arg};
use crate::syntax::shell::{Command, Joined, Script};
use crate::syntax::{Body, File, Instruction, Keyword, Kind, Pair, Word};

/// What a stage starts from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A base image.
    Image(Image),
    /// An earlier stage, by its place.
    Stage(usize),
    /// Nothing at all.
    Scratch,
    /// The name needs a variable that the file gives no value.
    Unknown,
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
    pub(super) env: History,
    pub(super) args: History,
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

    /// The last step with this keyword.
    pub fn last_of(&self, keyword: Keyword) -> Option<&Step<'a>> {
        self.steps.iter().rev().find(|step| step.keyword() == keyword)
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
}

/// One instruction in its stage, with the state it runs in.
#[derive(Debug)]
pub struct Step<'a> {
    /// Its place in the stage, from 0.
    pub index: usize,
    /// The instruction.
    pub instruction: &'a Instruction,
    /// The folder it runs in; `None` where the base image decides.
    pub workdir: Option<Rc<str>>,
    /// What it runs, as simple commands; the exec form is one.
    commands: Cow<'a, [Command]>,
    /// The packages it installs.
    pub installs: Vec<Install>,
    /// What is mounted while it runs.
    pub mounts: Vec<Mount>,
}

impl<'a> Step<'a> {
    /// Its keyword.
    pub fn keyword(&self) -> Keyword {
        self.instruction.keyword.unwrap_or(Keyword::Run)
    }

    /// What RUN, CMD, ENTRYPOINT or HEALTHCHECK runs, as simple commands.
    pub fn commands(&self) -> &[Command] {
        &self.commands
    }

    /// The command that an install is.
    pub fn command_of(&self, install: &Install) -> Option<&Command> {
        self.commands.get(install.command)
    }

    /// Its installs, each with its command.
    pub fn installs(&self) -> impl Iterator<Item = (&Install, &Command)> {
        self.installs.iter().filter_map(|install| Some((install, self.command_of(install)?)))
    }

    /// Whether it compiles or bundles a program.
    pub fn builds(&self) -> bool {
        self.keyword() == Keyword::Run && self.commands.iter().any(is_build)
    }

    /// Whether it installs compilers or development packages and keeps them.
    pub fn installs_build_tools(&self) -> bool {
        let removes = self.commands.iter().any(|command| {
            let words = ["purge", "remove", "autoremove", "del"];
            command.arguments().iter().any(|word| words.contains(&word.text.as_str()))
        });
        let system = self.installs().filter(|(install, _)| install.manager.is_of_system());
        let mut packages = system.flat_map(|(install, command)| {
            install.packages.iter().filter_map(|&at| command.words.get(at))
        });
        !removes && packages.any(|word| is_build_tool(&word.text))
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
        self.script().is_some_and(|script| script.opaque.is_some())
    }

    /// Whether it deletes `path`, or everything in it, in the same layer.
    pub fn deletes(&self, path: &str) -> bool {
        let removes = |word: &Word| {
            let target =
                word.text.trim_end_matches('*').trim_end_matches('/').replace("/root/", "~/");
            let path = path.replace("/root/", "~/");
            !target.is_empty()
                && (path == target
                    || path.strip_prefix(&target).is_some_and(|rest| rest.starts_with('/')))
        };
        let mut removals = self.commands.iter().filter(|command| command.program() == "rm");
        removals.any(|command| command.arguments().iter().any(removes))
    }

    /// Whether a cache or a tmpfs is mounted on `path` or above it, so that nothing stays in the layer.
    pub fn mounts_over(&self, path: &str) -> bool {
        self.mounts.iter().any(|mount| {
            matches!(mount.kind.as_str(), "cache" | "tmpfs")
                && mount.target.as_deref().map(|target| target.trim_end_matches('/')).is_some_and(
                    |target| {
                        path == target
                            || path.strip_prefix(target).is_some_and(|rest| rest.starts_with('/'))
                    },
                )
        })
    }
}

/// Finds a stage by name, in any case, or by number.
pub(super) fn find(stages: &[Stage<'_>], name: &str) -> Option<usize> {
    let by_name = stages
        .iter()
        .position(|stage| stage.name.is_some_and(|n| n.text.eq_ignore_ascii_case(name)));
    by_name.or_else(|| name.parse().ok().filter(|&index| index < stages.len()))
}

/// The global ARGs and the stages of `file`.
pub(super) fn build(file: &File) -> (History, Vec<Stage<'_>>) {
    let mut globals = History::default();
    let mut builder = Builder::default();
    for instruction in file.instructions() {
        match &instruction.kind {
            Kind::From { image, alias, .. } => {
                builder.stage(instruction, image, alias.as_ref(), &globals);
            }
            Kind::Arg(pairs) if builder.stages.is_empty() => {
                for pair in pairs {
                    let value = pair.value.as_ref().and_then(|value| {
                        scope::expand(value, &|name| {
                            globals.before(name, usize::MAX).map(|v| v.map(str::to_owned))
                        })
                    });
                    globals.set(&pair.key.text, 0, value);
                }
            }
            Kind::Broken => {}
            _ => builder.step(instruction, file.escape),
        }
    }
    (globals, builder.stages)
}

#[derive(Default)]
struct Builder<'a> {
    stages: Vec<Stage<'a>>,
    names: std::collections::BTreeMap<String, usize>,
    workdir: Option<Rc<str>>,
    /// The folder that each finished stage ends in.
    workdirs: Vec<Option<Rc<str>>>,
}

impl<'a> Builder<'a> {
    fn stage(
        &mut self,
        from: &'a Instruction,
        image: &'a Word,
        name: Option<&'a Word>,
        globals: &History,
    ) {
        if !self.stages.is_empty() {
            self.workdirs.push(self.workdir.take());
        }
        let base = self.base(image, globals);
        self.workdir = match &base {
            Base::Stage(parent) => self.workdirs.get(*parent).cloned().flatten(),
            Base::Scratch => Some("/".into()),
            Base::Image(image) => image.official().and_then(official_workdir).map(Into::into),
            Base::Unknown => None,
        };
        let index = self.stages.len();
        let (env, args) = (History::default(), History::default());
        self.stages.push(Stage { index, from, image, name, base, steps: Vec::new(), env, args });
        if let Some(name) = name {
            // Docker takes the first of two stages with one name.
            self.names.entry(name.text.to_ascii_lowercase()).or_insert(index);
        }
    }

    fn base(&self, image: &Word, globals: &History) -> Base {
        let lookup = |name: &str| match globals.before(name, usize::MAX) {
            None if is_platform_arg(name) => Some(None),
            value => value.map(|value| value.map(str::to_owned)),
        };
        match scope::expand(image, &lookup).filter(|text| !text.is_empty()) {
            None => Base::Unknown,
            Some(text) if text == "scratch" => Base::Scratch,
            Some(text) => match self.names.get(&text.to_ascii_lowercase()) {
                Some(&index) => Base::Stage(index),
                None => Base::Image(Image::parse(&text, &image.text, image.range)),
            },
        }
    }

    fn step(&mut self, instruction: &'a Instruction, escape: char) {
        let Some(stage) = self.stages.last_mut() else { return };
        let index = stage.steps.len();
        let set = match &instruction.kind {
            Kind::Env(pairs) => Some((&mut stage.env, pairs)),
            Kind::Arg(pairs) => Some((&mut stage.args, pairs)),
            _ => None,
        };
        if let Some((history, pairs)) = set {
            for pair in pairs {
                let value = pair.value.as_ref().filter(|value| value.is_literal());
                history.set(&pair.key.text, index, value.map(|value| value.text.clone()));
            }
        }
        let commands = commands(instruction);
        let installs = if matches!(instruction.kind, Kind::Run(_)) {
            packages::installs(&commands)
        } else {
            Vec::new()
        };
        let workdir = self.workdir.clone();
        if let Kind::Workdir(path) = &instruction.kind {
            self.workdir = join(workdir.as_deref(), path, escape);
        }
        stage.steps.push(Step {
            index,
            instruction,
            workdir,
            commands,
            installs,
            mounts: mounts(instruction),
        });
    }
}

/// `npm run build`, `go build`, `cargo build`, `mvn package` and their like.
fn is_build(command: &Command) -> bool {
    let has =
        |words: &[&str]| command.arguments().iter().any(|word| words.contains(&word.text.as_str()));
    match command.program() {
        "npm" | "yarn" | "pnpm" | "bun" => has(&["build"]),
        "go" | "cargo" => has(&["build", "install"]),
        "mvn" | "mvnw" => has(&["package", "install", "verify"]),
        "gradle" | "gradlew" => has(&["build", "bootJar", "assemble", "shadowJar"]),
        "dotnet" => has(&["publish", "build"]),
        "make" | "cmake" | "gcc" | "g++" | "javac" => true,
        name if name.starts_with("python") => {
            command.words.windows(2).any(|w| w[0].text == "-m" && w[1].text == "build")
        }
        _ => false,
    }
}

/// Packages of the system that only a build needs.
pub(crate) fn is_build_tool(package: &str) -> bool {
    let name = package.split('=').next().unwrap_or_default();
    let tools = [
        "gcc",
        "g++",
        "make",
        "cmake",
        "build-essential",
        "cargo",
        "rustc",
        "musl-dev",
        "linux-headers",
        "pkg-config",
        "build-base",
        "clang",
        "autoconf",
        "automake",
        "libtool",
    ];
    tools.contains(&name) || name.ends_with("-dev") || name.ends_with("-devel")
}

/// The folder that an official image starts in, where it is known.
fn official_workdir(name: &str) -> Option<&'static str> {
    match name {
        "golang" => Some("/go"),
        "php" | "wordpress" => Some("/var/www/html"),
        "python" | "node" | "debian" | "ubuntu" | "alpine" | "ruby" | "rust" | "nginx"
        | "busybox" => Some("/"),
        _ => None,
    }
}

/// WORKDIR `path` in the folder `from`; `None` where that cannot be told.
fn join(from: Option<&str>, path: &Word, escape: char) -> Option<Rc<str>> {
    if !path.is_literal() || escape == '`' {
        return None;
    }
    join_text(from, &path.text).map(Into::into)
}

/// `path` seen from the folder `from`, cleaned of `.` and `..`; `None` where the folder is needed and not known.
pub(super) fn join_text(from: Option<&str>, path: &str) -> Option<String> {
    let full = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", from?) };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(format!("/{}", parts.join("/")))
}

fn commands(instruction: &Instruction) -> Cow<'_, [Command]> {
    match instruction.body() {
        Some(Body::Shell(script)) => Cow::Borrowed(&script.commands),
        Some(Body::Exec(words)) if !words.is_empty() => Cow::Owned(vec![Command {
            range: words
                .iter()
                .map(|word| word.range)
                .reduce(crate::text::TextRange::cover)
                .unwrap_or_default(),
            assignments: Vec::new(),
            words: words.clone(),
            redirects: Vec::new(),
            joined: Joined::First,
            depth: 0,
        }]),
        _ => Cow::Borrowed(&[]),
    }
}

fn mounts(instruction: &Instruction) -> Vec<Mount> {
    let values = instruction
        .flags
        .iter()
        .filter(|flag| flag.name == "mount")
        .filter_map(|flag| flag.value.as_ref());
    values
        .map(|value| {
            let option = |names: &[&str]| {
                let mut options = value.text.split(',').filter_map(|option| option.split_once('='));
                options.find(|(name, _)| names.contains(name)).map(|(_, value)| value.to_owned())
            };
            Mount {
                kind: option(&["type"]).unwrap_or_else(|| "bind".to_owned()),
                target: option(&["target", "dst", "destination"]),
                source: option(&["source", "src"]),
                from: option(&["from"]),
            }
        })
        .collect()
}
