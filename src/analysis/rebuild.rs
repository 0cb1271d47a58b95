//! What a change costs: Docker keeps a layer until something that it was made from changes, then makes it and all after it anew.

use std::cell::Cell;

use crate::estimate::{Bytes, Estimate, Part, compressed};
use crate::input::{Input, REQUIREMENTS};
use crate::model::{Base, Manager, Model, Mount, Stage, Step, is_within};
use crate::syntax::{Keyword, parse};

/// So many steps of earlier stages are looked at for what is copied from them; behind that all of it counts as new.
const MOST_LOOKS: usize = 200_000;

/// What somebody changes before the next build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A file of the program itself.
    Code,
    /// The list of packages: `requirements.txt`, `package.json`.
    Packages,
    /// The base images: a new release came out.
    Base,
}

/// What one change makes Docker do again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuild {
    /// What was changed.
    pub change: Change,
    /// The file that is changed, where it has a name: `requirements.txt`.
    pub file: &'static str,
    /// 1-based lines of the RUN, COPY and ADD that run again, in every stage that the image needs.
    pub again: Vec<usize>,
    /// Those of them that install packages.
    pub installs: Vec<usize>,
    /// What has to be pushed to a registry again, compressed; `None` where it is not known.
    pub pushed: Option<Bytes>,
}

/// What each change costs the image of `input`, which weighs `estimate`. A change that reaches no line is left out.
pub fn rebuilds(input: &Input, estimate: &Estimate) -> Vec<Rebuild> {
    let file = parse(&input.dockerfile);
    let model = Model::build(&file, input);
    let lists = lists(&model);
    let name = lists.first().copied().unwrap_or_default();
    let all = [(Change::Code, ""), (Change::Packages, name), (Change::Base, "")];
    let looks = Cell::new(MOST_LOOKS);
    let mut out = Vec::new();
    for (change, file) in all {
        let build = Build { model: &model, lists: &lists, change, looks: &looks };
        out.extend(build.run(estimate, file));
    }
    out
}

/// The files that list the packages of the project, the usual one first.
fn lists(model: &Model<'_>) -> Vec<&'static str> {
    let mut found = Vec::new();
    for (stage, step) in model.steps() {
        for install in &step.installs {
            if install.manager.is_of_system() || !model.is_needed(stage) {
                continue;
            }
            let names = if install.manager == Manager::Pip {
                REQUIREMENTS
            } else {
                install.manager.row().lists
            };
            for name in names.split_whitespace() {
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
    }
    found
}

/// What of a stage is made anew: from which step on, and whether anything at all.
#[derive(Clone, Copy)]
struct Made {
    first: usize,
    is_new: bool,
}

/// One build after one change.
struct Build<'m, 'a> {
    model: &'m Model<'a>,
    lists: &'m [&'static str],
    change: Change,
    looks: &'m Cell<usize>,
}

impl<'a> Build<'_, 'a> {
    fn run(&self, estimate: &Estimate, file: &'static str) -> Option<Rebuild> {
        let mut made: Vec<Made> = Vec::new();
        let (mut again, mut installs, mut shipped) = (Vec::new(), Vec::new(), Vec::new());
        for stage in self.model.stages() {
            let from = self.made(stage, &made);
            made.push(from);
            if !self.model.is_needed(stage) {
                continue;
            }
            for step in stage.steps.get(from.first..).unwrap_or_default() {
                if !matches!(step.keyword(), Keyword::Run | Keyword::Copy | Keyword::Add) {
                    continue;
                }
                let line = self.model.lines().line(step.instruction.range.start);
                again.push(line);
                if !step.installs.is_empty() {
                    installs.push(line);
                }
                if self.model.is_in_final(stage) {
                    shipped.push(line);
                }
            }
        }
        if again.is_empty() && self.change != Change::Base {
            return None;
        }
        let mut pushed = Some(Bytes::default());
        for layer in &estimate.layers {
            let bytes = match layer.part {
                Part::Base if self.change == Change::Base => {
                    estimate.base.as_ref().and_then(|base| base.compressed)
                }
                Part::Base => continue,
                _ if shipped.binary_search(&layer.line).is_ok() => compressed(layer),
                _ => continue,
            };
            pushed = pushed.zip(bytes).map(|(sum, bytes)| sum + bytes);
        }
        Some(Rebuild { change: self.change, file, again, installs, pushed })
    }

    /// What of `stage` is made anew, from what is known of the stages before it.
    fn made(&self, stage: &Stage<'a>, earlier: &[Made]) -> Made {
        let is_new = match stage.base {
            Base::Stage(parent) => earlier.get(parent).is_some_and(|made| made.is_new),
            Base::Scratch => false,
            Base::Image(_) | Base::Unknown => self.change == Change::Base,
        };
        if is_new {
            return Made { first: 0, is_new };
        }
        let changes = |step: &Step<'a>| self.reaches(step, earlier);
        let first = stage.steps.iter().position(changes);
        Made { first: first.unwrap_or(stage.steps.len()), is_new: first.is_some() }
    }

    /// Whether the change reaches the step itself.
    fn reaches(&self, step: &Step<'a>, earlier: &[Made]) -> bool {
        if let Some(transfer) = step.from_context() {
            return transfer.sources.iter().any(|word| self.takes(&word.text));
        }
        if let (Some(stage), Some(transfer)) = (self.model.stage_copied(step), step.transfer()) {
            let sources = transfer.sources.iter();
            return sources.into_iter().any(|word| self.differs(stage, &word.text, earlier));
        }
        step.mounts.iter().any(|mount| self.is_mounted(mount, earlier))
    }

    fn is_mounted(&self, mount: &Mount, earlier: &[Made]) -> bool {
        if mount.kind != "bind" {
            return false;
        }
        let source = mount.source.as_deref().unwrap_or(".");
        match (&mount.from, self.model.stage_of_mount(mount)) {
            (None, _) => self.takes(source),
            (Some(_), Some(stage)) => self.differs(stage, source, earlier),
            (Some(_), None) => false,
        }
    }

    /// Whether a path of the build context is or holds what was changed.
    fn takes(&self, source: &str) -> bool {
        let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let is_everything = matches!(name, "" | "." | "*");
        let before = name.split(['*', '?', '[']).next().unwrap_or_default();
        let is_list = self.lists.iter().any(|list| {
            *list == name
                || (before.len() < name.len() && !before.is_empty() && list.starts_with(before))
                || (*list == REQUIREMENTS && name.starts_with("requirements"))
        });
        match self.change {
            Change::Code => is_everything || (!is_list && may_be_code(name)),
            Change::Packages => is_everything || is_list,
            Change::Base => false,
        }
    }

    /// Whether `path` of an earlier stage holds something else than before. Docker compares what is copied by its content.
    fn differs(&self, stage: &Stage<'a>, path: &str, earlier: &[Made]) -> bool {
        let mut stage = stage;
        loop {
            let Some(made) = earlier.get(stage.index).filter(|made| made.is_new) else {
                return false;
            };
            let new = stage.steps.get(made.first..).unwrap_or_default();
            let Some(rest) = self.looks.get().checked_sub(new.len() + 1) else { return true };
            self.looks.set(rest);
            if new.iter().any(|step| self.writes(step, path)) {
                return true;
            }
            match stage.base {
                Base::Stage(parent) => {
                    let Some(parent) = self.model.stages().get(parent) else { return false };
                    stage = parent;
                }
                _ => return self.change == Change::Base,
            }
        }
    }

    /// Whether a step that runs again may leave something else at `path`.
    fn writes(&self, step: &Step<'a>, path: &str) -> bool {
        let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let holds_packages =
            matches!(name, "node_modules" | "venv" | ".venv" | "site-packages" | "vendor");
        match step.keyword() {
            Keyword::Run => !step.installs.is_empty() || !holds_packages,
            Keyword::Copy | Keyword::Add if self.change == Change::Code && holds_packages => false,
            Keyword::Copy | Keyword::Add => match step.destination() {
                Some(to) => {
                    let path = if path.starts_with('/') { path } else { &format!("/{path}") };
                    is_within(&to, path) || is_within(path, &to)
                }
                None => true,
            },
            _ => false,
        }
    }
}

/// Whether a file or folder of that name may hold the program: folders do, and files by their ending.
fn may_be_code(name: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "c", "cc", "cjs", "cpp", "cs", "css", "go", "h", "html", "java", "js", "jsx", "kt", "mjs",
        "php", "py", "rb", "rs", "svelte", "swift", "ts", "tsx", "vue",
    ];
    match name.trim_start_matches('.').rsplit_once('.') {
        Some((_, ending)) => ENDINGS.contains(&ending) || ending == "*",
        None => !name.starts_with('.') && name.chars().any(char::is_lowercase) || name == "*",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::weigh;
    use crate::estimate::Tables;
    use crate::input::ContextFile;

    /// What runs again after each change: "code 3 4 (installs 4)", and megabytes to push.
    fn costs(dockerfile: &str) -> Vec<String> {
        let mut input = Input::new(dockerfile).with_file(REQUIREMENTS, "flask\n");
        input.context = Some(vec![ContextFile { path: "main.py".to_owned(), bytes: 10_000_000 }]);
        let estimate = weigh(&input, Tables::built_in());
        let mut out = Vec::new();
        for one in rebuilds(&input, &estimate) {
            let name = match one.change {
                Change::Code => "code",
                Change::Packages => one.file,
                Change::Base => "base",
            };
            out.push(format!("{name} {:?} installs {:?}", one.again, one.installs));
        }
        out
    }

    #[test]
    fn a_copy_above_the_install_repeats_it() {
        let all = costs(
            "FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n",
        );
        assert_eq!(
            all,
            [
                "code [3, 4] installs [4]",
                "requirements.txt [3, 4] installs [4]",
                "base [3, 4] installs [4]",
            ]
        );
    }

    #[test]
    fn the_list_first_keeps_the_install() {
        let all = costs(
            "FROM python:3.11-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        );
        assert_eq!(
            all,
            [
                "code [5] installs []",
                "requirements.txt [3, 4, 5] installs [4]",
                "base [3, 4, 5] installs [4]",
            ]
        );
    }

    #[test]
    fn a_stage_hands_on_only_what_differs() {
        let file = "FROM python:3.11 AS builder\nCOPY requirements.txt .\nRUN pip install --prefix=/opt/venv -r requirements.txt\nCOPY . /src\n\
            FROM python:3.11-slim\nCOPY --from=builder /opt/venv /opt/venv\nCOPY src/ .\n";
        let all = costs(file);
        assert_eq!(all[0], "code [4, 7] installs []");
        assert_eq!(all[1], "requirements.txt [2, 3, 4, 6, 7] installs [3]");
        let built = "FROM node:20 AS builder\nCOPY package*.json .\nRUN npm ci\nCOPY . .\nRUN npm run build\n\
            FROM nginx\nCOPY --from=builder /dist /usr/share/nginx/html\n";
        assert_eq!(costs(built)[0], "code [4, 5, 7] installs []");
    }

    #[test]
    fn stages_that_nobody_needs_cost_nothing() {
        assert_eq!(
            costs("FROM a AS unused\nCOPY . .\nFROM b\nCOPY nginx.conf /etc/\n"),
            ["base [4] installs []"]
        );
    }

    #[test]
    fn what_is_pushed_is_what_ships_and_is_new() {
        let input = |text: &str| {
            let mut input = Input::new(text).with_file(REQUIREMENTS, "flask\n");
            let file = ContextFile { path: "main.py".to_owned(), bytes: 10_000_000 };
            input.context = Some(vec![file]);
            input
        };
        let pushed = |text: &str| {
            let input = input(text);
            let estimate = weigh(&input, Tables::built_in());
            let all = rebuilds(&input, &estimate);
            all.iter().map(|one| one.pushed.map_or(0, |bytes| bytes.likely)).collect::<Vec<_>>()
        };
        let before = pushed(
            "FROM python:3.11-slim\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\n",
        );
        let after = pushed(
            "FROM python:3.11-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\n",
        );
        assert_eq!(after[0], 4_000_000, "10 MB of files at 40 %");
        assert!(before[0] > after[0], "{before:?} {after:?}");
        assert!(before[2] > 40_000_000, "a new base is pushed too: {before:?}");
    }
}
