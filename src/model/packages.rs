//! Who installs what: package managers in RUN, read by the table of managers.

use super::managers::Row;
use super::wrappers::{is_in, parts, plain_name, program};
use super::{Act, Manager, Step};
use crate::syntax::Word;
use crate::syntax::shell::{Command, base_name};
use crate::text::TextRange;

/// One command that installs packages. Its numbers are places in the command's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Install {
    /// Who installs.
    pub manager: Manager,
    /// Which of the step's commands it is.
    pub command: usize,
    /// The word that names the manager's program.
    pub program: usize,
    /// The last word of the order: `install`, `ci`, `add`.
    pub verb: usize,
    /// The order in words: `install`, `pip install`; empty where the program alone says it.
    pub order: &'static str,
    /// Words that name packages, paths or URLs.
    pub packages: Vec<usize>,
    /// Words that name files with packages in them: `-r requirements.txt`, `-c constraints.txt`.
    pub manifests: Vec<usize>,
    /// Words that are options, values not among them.
    pub options: Vec<usize>,
}

/// A package as a command names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Package<'c> {
    /// All of it, version and extras too.
    pub word: &'c Word,
    /// Its name; the whole text of a path or an address.
    pub name: &'c str,
    /// What is asked of its version: `1.2`, `^4`, `latest`.
    pub version: Option<&'c str>,
}

impl Package<'_> {
    /// Whether it is a path, an archive or an address rather than a name.
    pub fn is_local(&self) -> bool {
        is_path(&self.word.text)
    }
}

/// What a command of a package manager does besides installing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    manager: Manager,
    act: Act,
    command: usize,
}

impl Install {
    /// How people call it, and where that is written: `pip install`.
    pub fn name(&self, command: &Command) -> (String, TextRange) {
        let program = command.words.get(self.program).cloned().unwrap_or_default();
        let range = command.words.get(self.verb).map_or(program.range, |verb| verb.range);
        let mut name = base_name(&program.text).to_owned();
        if !self.order.is_empty() {
            name = format!("{name} {}", self.order);
        }
        (name, program.range.cover(range))
    }

    /// Whether the command has one of these options, `--name` or `--name=value`. Short ones of the system's managers
    /// may stand together: `-yq`.
    pub fn has_option(&self, command: &Command, names: &[&str]) -> bool {
        self.options.iter().filter_map(|&at| command.words.get(at)).any(|word| {
            let text = word.text.as_str();
            let end = text.bytes().position(|byte| byte == b'=').unwrap_or(text.len());
            let name = &text[..end];
            names.iter().any(|one| *one == name || self.is_among(name, one))
        })
    }

    /// The same for a list of options from the table of managers.
    pub fn has_any(&self, command: &Command, options: &str) -> bool {
        !self.options.is_empty()
            && parts(options, b' ').any(|one| !one.is_empty() && self.has_option(command, &[one]))
    }

    /// Whether the short option `one` stands among others: `-q` in `-yq`.
    fn is_among(&self, name: &str, one: &str) -> bool {
        let letters = name.strip_prefix('-').filter(|rest| !rest.starts_with('-'));
        let letter = one.strip_prefix('-').filter(|rest| rest.len() == 1);
        self.manager.is_of_system()
            && letters.zip(letter).is_some_and(|(all, one)| all.contains(one))
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

    /// The packages that it names, with what is asked of their versions.
    pub fn packages<'c>(&self, command: &'c Command) -> Vec<Package<'c>> {
        let pins = self.manager.row().pins;
        let words = self.packages.iter().filter_map(|&at| command.words.get(at));
        let package = |word: &'c Word| {
            let text = word.text.as_str();
            // A scope's name begins with `@`.
            let pin = text.char_indices().skip(1).find(|(_, c)| pins.contains(*c));
            match pin.filter(|_| !is_path(text)) {
                Some((at, _)) => {
                    let version = text[at..].trim_start_matches(|c| pins.contains(c)).trim();
                    let name = text[..at].split('[').next().unwrap_or_default().trim();
                    Package { word, name, version: Some(version).filter(|text| !text.is_empty()) }
                }
                None => Package { word, name: text, version: None },
            }
        };
        words.map(package).collect()
    }

    /// Whether it needs the project's own files: `.`, `-e .`, a local path, an archive.
    pub fn reads_source(&self, command: &Command) -> bool {
        let is_local = |text: &str| {
            text.starts_with(['.', '/']) || text.ends_with(".whl") || text.ends_with(".tar.gz")
        };
        let packages = self.packages.iter().filter_map(|&at| command.words.get(at));
        packages.map(|word| word.text.as_str()).any(is_local)
            || self.has_option(command, &["-e", "--editable", "--find-links", "-f", "--path"])
    }

    /// The files that the manager reads before it knows what to install, as the command or the manager names them.
    pub fn manifest_files(&self, command: &Command) -> Vec<String> {
        let named = self.manifests.iter().filter_map(|&at| command.words.get(at));
        let mut files: Vec<String> = named
            .map(|word| {
                // `--requirement=a.txt` and `-ra.txt` are one word.
                let glued = word.text.get(2..).filter(|_| word.text.starts_with('-'));
                let value = word.text.split_once('=').map(|(_, value)| value).or(glued);
                value.unwrap_or(&word.text).to_owned()
            })
            .collect();
        let lists = self.manager.row().lists;
        if files.is_empty() && self.packages.is_empty() && !lists.is_empty() {
            files.extend(lists.split(' ').map(str::to_owned));
        }
        files
    }
}

/// Reads what the package managers among `commands` do.
pub(super) fn read(commands: &[Command], installs: &mut Vec<Install>, jobs: &mut Vec<Job>) {
    for (index, command) in commands.iter().enumerate() {
        let at = program(&command.words);
        let name = command.words.get(at).map_or("", |word| plain_name(&word.text));
        if let Some(row) = Row::of_program(name) {
            read_one(row, command, index, at, installs, jobs);
        }
    }
}

fn read_one(
    row: &'static Row,
    command: &Command,
    index: usize,
    program: usize,
    installs: &mut Vec<Install>,
    jobs: &mut Vec<Job>,
) {
    let mut install = Install {
        manager: row.manager,
        command: index,
        program,
        verb: program,
        order: "",
        packages: Vec::new(),
        manifests: Vec::new(),
        options: Vec::new(),
    };
    let mut places = Vec::new();
    let mut words = command.words.iter().enumerate().skip(program + 1);
    while let Some((at, word)) = words.next() {
        let text = word.text.as_str();
        if !text.starts_with('-') || text.len() == 1 {
            places.push(at);
            continue;
        }
        install.options.push(at);
        let (name, has_value) = match text.split_once('=') {
            Some((name, _)) => (name, true),
            None => (text, false),
        };
        let short = text.get(..2).filter(|_| text.len() > 2 && !text.starts_with("--"));
        if is_in(row.list_options, name) {
            let value = if has_value { Some((at, word)) } else { words.next() };
            install.manifests.extend(value.map(|(at, _)| at));
        } else if short.is_some_and(|short| is_in(row.list_options, short)) {
            install.manifests.push(at);
        } else if !has_value && is_in(row.values, name) {
            words.next();
        }
    }
    let texts: Vec<&str> =
        places.iter().filter_map(|&at| command.words.get(at)).map(|w| w.text.as_str()).collect();
    for (act, orders) in row.acts {
        // The first of a kind says it all.
        let is_known = || jobs.iter().any(|job| job.manager == row.manager && job.act == act);
        if row.order(orders, &texts).is_some() && !is_known() {
            jobs.push(Job { manager: row.manager, act, command: index });
        }
    }
    // `yarn` and `bundle` alone install.
    let is_bare = places.is_empty() && matches!(row.manager, Manager::Yarn | Manager::Bundler);
    let order = match row.order(row.install, &texts) {
        Some(order) => order,
        None if is_bare => "",
        None => return,
    };
    install.order = order;
    // Among goals, the order may stand anywhere, and none of the others is a package.
    let last = texts.iter().position(|text| *text == order).filter(|_| row.has_goals);
    let count = last.map_or_else(|| order.split_whitespace().count(), |at| at + 1);
    install.verb = count.checked_sub(1).and_then(|last| places.get(last)).map_or(program, |at| *at);
    if !row.has_goals {
        install.packages = places.split_off(count);
    }
    installs.push(install);
}

/// Whether it is a path, an archive or an address.
fn is_path(text: &str) -> bool {
    text.starts_with(['.', '/', '~'])
        || text.contains("://")
        || text.ends_with(".whl")
        || text.ends_with(".tar.gz")
}

impl Step<'_> {
    /// The first command by which the manager does `act`.
    pub fn does(&self, manager: Manager, act: Act) -> Option<&Command> {
        let job = self.jobs.iter().find(|job| job.manager == manager && job.act == act)?;
        self.commands().get(job.command)
    }

    /// Whether it compiles or bundles a program.
    pub fn builds(&self) -> bool {
        self.jobs.iter().any(|job| job.act == Act::Build)
            || (self.keyword() == crate::syntax::Keyword::Run
                && self.commands().iter().any(|command| {
                    is_in("make cmake gcc g++ javac tsc", super::own_program(command))
                        || command
                            .words
                            .windows(2)
                            .any(|w| w[0].text == "-m" && w[1].text == "build")
                }))
    }

    /// Whether it installs compilers or development packages and keeps them.
    pub fn installs_build_tools(&self) -> bool {
        let of_system = |install: &Install| install.manager.is_of_system();
        let removes = self.jobs.iter().any(|job| job.act == Act::Remove);
        !removes
            && self.installs().filter(|(install, _)| of_system(install)).any(
                |(install, command)| {
                    install.packages(command).iter().any(|package| is_build_tool(package.name))
                },
            )
    }
}

/// Packages of the system that only a build needs.
pub(crate) fn is_build_tool(package: &str) -> bool {
    let name = package.split('=').next().unwrap_or_default();
    let tools = "gcc g++ make cmake build-essential cargo rustc musl-dev linux-headers pkg-config build-base clang \
        autoconf automake libtool";
    is_in(tools, name) || name.ends_with("-dev") || name.ends_with("-devel")
}
