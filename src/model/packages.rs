//! Who installs what: package managers in RUN.

use crate::syntax::shell::Command;
use crate::text::TextRange;

/// A package manager.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is the manager it is named for")]
pub enum Manager {
    Apt,
    Apk,
    Dnf,
    Pip,
    Poetry,
    Uv,
    Pipenv,
    Npm,
    Yarn,
    Pnpm,
    Bundler,
    Composer,
    Go,
    Cargo,
    Maven,
    Gradle,
    Dotnet,
}

impl Manager {
    /// Whether it installs packages of the system rather than of a language.
    pub const fn is_of_system(self) -> bool {
        matches!(self, Self::Apt | Self::Apk | Self::Dnf)
    }
}

/// One command that installs packages. Its numbers are places in the command's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// Who installs.
    pub manager: Manager,
    /// Which of the step's commands it is.
    pub command: usize,
    /// The word that names the manager's program.
    pub program: usize,
    /// The word that says so: `install`, `ci`, `add`.
    pub verb: usize,
    /// Words that name packages, paths or URLs.
    pub packages: Vec<usize>,
    /// Words that name files with packages in them: `-r requirements.txt`, `-c constraints.txt`.
    pub manifests: Vec<usize>,
    /// Words that are options, values not among them.
    pub options: Vec<usize>,
}

impl Install {
    /// How people call it, and where that is written: `pip install`.
    pub fn name(&self, command: &Command) -> (String, TextRange) {
        let program = command.words.get(self.program).cloned().unwrap_or_default();
        let verb = command.words.get(self.verb).cloned().unwrap_or_default();
        let range = program.range.cover(verb.range);
        let program = program.text.rsplit('/').next().unwrap_or_default().to_owned();
        let name =
            if self.verb > self.program { format!("{program} {}", verb.text) } else { program };
        (name, range)
    }

    /// Whether the command has one of these options, `--name` or `--name=value`.
    pub fn has_option(&self, command: &Command, names: &[&str]) -> bool {
        self.options
            .iter()
            .filter_map(|&at| command.words.get(at))
            .any(|word| names.contains(&word.text.split('=').next().unwrap_or_default()))
    }

    /// The value of an option, behind it or behind its `=`.
    pub fn option_value<'c>(&self, command: &'c Command, names: &[&str]) -> Option<&'c str> {
        self.options.iter().find_map(|&at| {
            let word = command.words.get(at)?;
            match word.text.split_once('=') {
                Some((name, value)) => names.contains(&name).then_some(value),
                None if names.contains(&word.text.as_str()) => {
                    Some(command.words.get(at + 1)?.text.as_str())
                }
                None => None,
            }
        })
    }

    /// Whether it needs the project's own files: `.`, `-e .`, a local path, an archive.
    pub fn reads_source(&self, command: &Command) -> bool {
        let is_local = |text: &str| {
            text.starts_with(['.', '/']) || text.ends_with(".whl") || text.ends_with(".tar.gz")
        };
        let packages = self.packages.iter().filter_map(|&at| command.words.get(at));
        packages.map(|word| word.text.as_str()).any(is_local)
            || self.has_option(command, &["-e", "--editable", "--find-links", "-f"])
    }

    /// The files that the manager reads before it knows what to install, as the command or the manager names them.
    pub fn manifest_files(&self, command: &Command) -> Vec<String> {
        let named: Vec<String> = self
            .manifests
            .iter()
            .filter_map(|&at| command.words.get(at))
            .map(|w| w.text.clone())
            .collect();
        let usual: &[&str] = match self.manager {
            Manager::Poetry => &["pyproject.toml", "poetry.lock"],
            Manager::Uv if self.packages.is_empty() && named.is_empty() => {
                &["pyproject.toml", "uv.lock"]
            }
            Manager::Pipenv => &["Pipfile", "Pipfile.lock"],
            Manager::Npm if self.packages.is_empty() => &["package.json", "package-lock.json"],
            Manager::Yarn if self.packages.is_empty() => &["package.json", "yarn.lock"],
            Manager::Pnpm if self.packages.is_empty() => &["package.json", "pnpm-lock.yaml"],
            Manager::Bundler => &["Gemfile", "Gemfile.lock"],
            Manager::Composer => &["composer.json", "composer.lock"],
            Manager::Go => &["go.mod", "go.sum"],
            _ => &[],
        };
        named.into_iter().chain(usual.iter().map(|&name| name.to_owned())).collect()
    }
}

/// The installs among `commands`.
pub(super) fn installs(commands: &[Command]) -> Vec<Install> {
    commands.iter().enumerate().filter_map(|(at, command)| install(at, command)).collect()
}

/// Where the program's own words start, behind `sudo`, `env`, and `python -m`.
fn program(command: &Command) -> Option<(usize, &str)> {
    let mut at = 0;
    loop {
        let word = command.words.get(at)?;
        let name = word.text.rsplit('/').next().unwrap_or_default();
        let next = || command.words.get(at + 1).map(|word| word.text.as_str());
        match name {
            "sudo" | "env" | "exec" | "time" | "nice" => at += 1,
            _ if name.starts_with("python") && next() == Some("-m") => at += 2,
            "corepack" => at += 1,
            _ => return Some((at, name)),
        }
    }
}

fn install(index: usize, command: &Command) -> Option<Install> {
    let (at, name) = program(command)?;
    let (manager, verbs): (Manager, &[&str]) = match name {
        "apt-get" | "apt" | "aptitude" => (Manager::Apt, &["install"]),
        "apk" => (Manager::Apk, &["add"]),
        "yum" | "dnf" | "microdnf" => (Manager::Dnf, &["install"]),
        "poetry" => (Manager::Poetry, &["install"]),
        "uv" => (Manager::Uv, &["sync", "pip"]),
        "pipenv" => (Manager::Pipenv, &["install", "sync"]),
        "npm" => (Manager::Npm, &["install", "i", "ci", "add"]),
        "yarn" => (Manager::Yarn, &["install", "add"]),
        "pnpm" => (Manager::Pnpm, &["install", "i", "add"]),
        "bundle" => (Manager::Bundler, &["install"]),
        "composer" => (Manager::Composer, &["install"]),
        "go" => (Manager::Go, &["mod"]),
        _ if is_pip(name) => (Manager::Pip, &["install", "wheel", "download"]),
        _ => return None,
    };
    let mut reader = Install {
        manager,
        command: index,
        program: at,
        verb: usize::MAX,
        packages: Vec::new(),
        manifests: Vec::new(),
        options: Vec::new(),
    };
    let mut words = command.words.iter().enumerate().skip(at + 1);
    while let Some((at, word)) = words.next() {
        let text = word.text.as_str();
        if text.starts_with('-') && text.len() > 1 {
            reader.options.push(at);
            let name = text.split('=').next().unwrap_or_default();
            if names_manifest(manager, name) {
                let value = if text.contains('=') { Some((at, word)) } else { words.next() };
                reader.manifests.extend(value.map(|(at, _)| at));
            } else if takes_value(manager, name) && !text.contains('=') {
                words.next();
            }
        } else if reader.verb == usize::MAX {
            if !verbs.contains(&text) {
                return None;
            }
            reader.verb = at;
        } else if !(manager == Manager::Uv && text == "install") {
            reader.packages.push(at);
        }
    }
    // `yarn` alone installs.
    if reader.verb == usize::MAX && manager == Manager::Yarn {
        reader.verb = at;
    }
    (reader.verb != usize::MAX).then_some(reader)
}

/// pip, pip3, pip3.11.
fn is_pip(name: &str) -> bool {
    name.strip_prefix("pip")
        .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '.'))
}

fn names_manifest(manager: Manager, option: &str) -> bool {
    matches!(manager, Manager::Pip | Manager::Uv)
        && matches!(option, "-r" | "--requirement" | "-c" | "--constraint" | "--requirements")
}

fn takes_value(manager: Manager, option: &str) -> bool {
    let options: &[&str] = match manager {
        Manager::Pip | Manager::Uv => &[
            "-e",
            "--editable",
            "-t",
            "--target",
            "--prefix",
            "--root",
            "--src",
            "-d",
            "--dest",
            "-w",
            "--wheel-dir",
            "-f",
            "--find-links",
            "-i",
            "--index-url",
            "--extra-index-url",
            "--trusted-host",
            "--python",
            "--python-version",
            "--platform",
            "--abi",
            "--implementation",
            "--cache-dir",
            "--proxy",
            "--timeout",
            "--retries",
            "--no-binary",
            "--only-binary",
            "--progress-bar",
            "--log",
            "--upgrade-strategy",
            "--cert",
            "--group",
            "--extra",
            "-p",
        ],
        Manager::Apt => &["-o", "-t", "--target-release", "-c"],
        Manager::Apk => &["-t", "--virtual", "-X", "--repository", "-p", "--root"],
        Manager::Poetry => {
            &["--only", "--with", "--without", "-C", "--directory", "-E", "--extras"]
        }
        Manager::Npm | Manager::Pnpm => {
            &["--prefix", "-C", "--dir", "--filter", "--registry", "--cache"]
        }
        Manager::Yarn => &["--cwd", "--registry", "--cache-folder"],
        _ => &[],
    };
    options.contains(&option)
}
