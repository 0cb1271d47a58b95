//! Where one stage can become two: a builder that installs and compiles, and a stage that runs what it made.

mod compiled;
mod front;
mod libraries;
mod node;
mod python;
mod system;
#[cfg(test)]
mod tests;

pub use compiled::compiles_at_start;
pub use libraries::libraries;
pub use node::{is_for_development, needs_dev, prune, script_called};

use super::order::{held_up, install_first};
use super::user::is_root;
use super::wrappers::is_in;
use super::{Act, Family, Install, Manager, Model, Stage, Step, is_within};
use crate::syntax::shell::Command;
use crate::syntax::{Kind, Transfer};
use crate::text::{EditSet, TextEdit, TextRange};

const BUILDER: &str = "builder";
/// Nobody writes longer stages by hand, and steps are compared with each other here.
const MOST_STEPS: usize = 300;
const MOST_BYTES: usize = 100_000;

/// The second stage of what is not split for anybody: which file is copied differs from project to project.
const TEMPLATES: [(Manager, &str); 5] = [
    (
        Manager::Maven,
        "Name this stage `builder`. Copy `pom.xml` and run `mvn -B dependency:go-offline` above the source. Then add a stage: `FROM eclipse-temurin:21-jre`, `COPY --from=builder /app/target/app.jar /app.jar`, `CMD [\"java\", \"-jar\", \"/app.jar\"]`, with your folder, your jar and your version of Java.",
    ),
    (
        Manager::Gradle,
        "Name this stage `builder`, and build with `./gradlew bootJar`. Then add a stage: `FROM eclipse-temurin:21-jre`, `COPY --from=builder /app/build/libs/app.jar /app.jar`, `CMD [\"java\", \"-jar\", \"/app.jar\"]`, with your folder, your jar and your version of Java.",
    ),
    (
        Manager::Dotnet,
        "Name this stage `builder`, and let it end with `dotnet publish -c Release -o /out`. Then add a stage: `FROM mcr.microsoft.com/dotnet/aspnet:8.0`, `COPY --from=builder /out /app`, `CMD [\"dotnet\", \"/app/app.dll\"]`, with your version and your dll.",
    ),
    (
        Manager::Bundler,
        "Name this stage `builder`, and set `BUNDLE_WITHOUT=development:test` in it. Then add a stage from the same version with `-slim`: `COPY --from=builder /usr/local/bundle /usr/local/bundle`, then your source, and the libraries that gems need when they run.",
    ),
    (
        Manager::Composer,
        "Name a stage `builder` that runs `composer install --no-dev`. Let the final stage copy the result, `COPY --from=builder /app/vendor ./vendor`, then your source; it needs neither Composer nor git.",
    ),
];

/// The two stages as edits, and what must be true for the program to stay the same.
#[derive(Debug)]
pub struct Split {
    /// What it does, as an order.
    pub title: &'static str,
    /// The edits of the Dockerfile.
    pub edits: EditSet,
    /// A sentence each.
    pub assumes: Vec<String>,
    /// The files that come with it: name and text.
    pub files: Vec<(&'static str, String)>,
}

/// How the two stages of the only `stage` would look, or the reason why it is not split, in sentences.
pub fn split(model: &Model, stage: &Stage<'_>) -> Result<Split, String> {
    if stage.steps.len() > MOST_STEPS || model.text().len() > MOST_BYTES {
        return err("This stage is too long to be split for you.");
    }
    if !model.syntax_errors().is_empty() {
        return err(
            "Docker cannot read a line of this file; mend that first, then the stages can be split.",
        );
    }
    let image = model.root_image(stage).map(|(_, image)| image);
    if model.family(stage) == Some(Family::Windows) {
        return err(
            "Windows images are not rewritten here. Write a builder by hand: build in an `sdk` image, and copy the result into the image that runs it.",
        );
    }
    if stage.steps.iter().any(Step::is_opaque) {
        return err(
            "A part of the shell text cannot be read, so the stages are not split for you.",
        );
    }
    if stage.steps.iter().any(|step| !step.instruction.heredocs.is_empty()) {
        return err("A heredoc stands in this file; write the two stages by hand.");
    }
    let is_numbered = |step: &Step<'_>| {
        let from = step.instruction.flag_value("from");
        from.is_some_and(|from| from.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if stage.steps.iter().any(is_numbered) {
        return err("`--from` names a stage by a number that no other stage has; mend that first.");
    }
    match image.and_then(|image| image.official()) {
        Some("python") => python::split(model, stage),
        Some("node") => match front::served(model) {
            Some(served) => front::split(model, stage, &served),
            None => node::split(model, stage),
        },
        Some("golang") => compiled::go(model, stage),
        Some("rust") => compiled::cargo(model, stage),
        _ if image.is_some_and(|image| image.repository == "astral-sh/uv") => {
            python::split(model, stage)
        }
        _ => Err(by_hand(stage, image.is_none_or(|image| image.official().is_some())).to_owned()),
    }
}

/// What to write where no recipe fits: the second stage, in the words of what builds here.
fn by_hand(stage: &Stage<'_>, is_known: bool) -> &'static str {
    let has = |manager: Manager| {
        stage.steps.iter().any(|step| {
            step.installs.iter().any(|install| install.manager == manager)
                || step.does(manager, Act::Build).is_some()
        })
    };
    let template = TEMPLATES.iter().find(|(manager, _)| has(*manager)).map(|(_, text)| *text);
    template.unwrap_or(if is_known {
        "Write a builder by hand: install and build there, and copy only what runs into the final stage."
    } else {
        "There is no recipe for this base image. Say which known image it is made from, or write a builder by hand."
    })
}

fn err<T>(reason: &str) -> Result<T, String> {
    Err(reason.to_owned())
}

/// What becomes of a step of the builder in the final stage.
enum Fate {
    /// The builder alone needs it.
    Builder,
    /// Both stages do it.
    Both,
    /// The final stage alone needs it.
    Final,
    /// The final stage does this instead.
    Instead(String),
}

/// How the files of the project come into the final stage.
#[derive(PartialEq, Eq)]
enum App {
    /// They are copied below the split, as they were.
    Below,
    /// With the folder that holds them, which the builder changed.
    Folder(String),
    /// They do not: only what was made of them.
    Left,
    /// The same, and nothing but a web server runs there.
    Served,
}

/// A split that is being written.
struct Draft<'m, 'a> {
    model: &'m Model<'a>,
    stage: &'m Stage<'a>,
    /// The last step that the builder does.
    last: usize,
    /// Names of the files that list packages.
    manifests: Vec<String>,
    app: App,
    /// Steps that both stages do.
    both: Vec<usize>,
    /// Whether the builder may work as another user than root.
    may_change_user: bool,
    /// Changes above and below the split.
    edits: Vec<TextEdit>,
    /// Lines that end the builder.
    made: Vec<String>,
    /// Lines behind those that the final stage has from the builder.
    lines: Vec<String>,
    assumes: Vec<String>,
}

impl<'m, 'a> Draft<'m, 'a> {
    fn new(model: &'m Model<'a>, stage: &'m Stage<'a>, last: usize) -> Self {
        let mut draft = Self {
            model,
            stage,
            last,
            manifests: Vec::new(),
            app: App::Below,
            both: Vec::new(),
            may_change_user: false,
            edits: Vec::new(),
            made: Vec::new(),
            lines: Vec::new(),
            assumes: Vec::new(),
        };
        for step in draft.builder() {
            for (install, command) in step.installs() {
                draft.manifests.extend(install.manifest_files(command));
            }
        }
        draft
    }

    /// The steps that the builder does.
    fn builder(&self) -> &'m [Step<'a>] {
        self.stage.steps.get(..=self.last).unwrap_or_default()
    }

    /// Lets the final stage take the folder that the app lies in from the builder, where sources are copied above the
    /// split. `Err` where that can be helped first, or where they lie in no folder of their own.
    fn take_folder(&mut self) -> Result<(), String> {
        let copies =
            |step: &&Step| step.from_context().is_some_and(|transfer| !self.brings_lists(transfer));
        let reads = |step: &Step| step.installs().any(|(one, command)| one.reads_source(command));
        let Some(source) = self.builder().iter().find(copies) else {
            return if self.builder().iter().any(reads) {
                err(
                    "An install reads files that are not copied here by name; write the two stages by hand.",
                )
            } else {
                Ok(())
            };
        };
        if held_up(self.stage)
            .iter()
            .any(|held| install_first(self.model, self.stage, held).is_ok())
        {
            return err(
                "The source is copied before the install. Mend that first; then the stages can be split for you.",
            );
        }
        // The folder that the work is done in, else the one that the source is copied to.
        let to = source.destination();
        let workdir = self.builder().last().and_then(|step| step.workdir.as_deref());
        let inside = |folder: &&str| to.as_deref().is_some_and(|to| is_within(to, folder));
        let folder = workdir.filter(|folder| *folder != "/").filter(inside).or(to.as_deref());
        match folder.filter(|folder| *folder != "/") {
            Some(folder) => {
                self.app = App::Folder(folder.trim_end_matches('/').to_owned());
                Ok(())
            }
            _ => err("The app lies in no folder of its own; set one with WORKDIR first."),
        }
    }

    /// Whether nothing is copied but the files that name the packages.
    fn brings_lists(&self, transfer: &Transfer) -> bool {
        let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let is_list = |source: &str| {
            let source = name(source);
            let start = source.split('*').next().unwrap_or_default();
            self.manifests.iter().any(|file| {
                let file = name(file);
                file == source || (start.len() > 2 && file.starts_with(start))
            }) || is_in(
                ".npmrc .yarnrc .yarnrc.yml .python-version npm-shrinkwrap.json pnpm-workspace.yaml",
                &source,
            )
        };
        transfer.sources.iter().all(|source| is_list(&source.text))
    }

    /// What becomes of `step`.
    fn fate(&self, step: &Step<'_>) -> Result<Fate, String> {
        let is_in_app = |path: &str| match &self.app {
            App::Folder(folder) => is_within(path, folder),
            _ => false,
        };
        match &step.instruction.kind {
            Kind::User(_) | Kind::Cmd(_) | Kind::Entrypoint(_) if self.app == App::Served => {
                Ok(Fate::Builder)
            }
            Kind::Label(_)
            | Kind::Expose(_)
            | Kind::Stopsignal(_)
            | Kind::Cmd(_)
            | Kind::Entrypoint(_)
            | Kind::Healthcheck(_)
            | Kind::Maintainer(_) => Ok(Fate::Final),
            _ if self.app == App::Served => Ok(Fate::Builder),
            Kind::Workdir(_) | Kind::Env(_) | Kind::Arg(_) | Kind::Shell(_) => Ok(Fate::Both),
            Kind::Copy(transfer) | Kind::Add(transfer) => {
                let to = step.destination();
                let name = transfer.destination.text.trim_end_matches('/').rsplit('/').next();
                let is_tool = |text: &str| {
                    is_in("uv uvx poetry pnpm", text.rsplit('/').next().unwrap_or_default())
                };
                match step.from_context() {
                    Some(_) if self.brings_lists(transfer) => Ok(Fate::Builder),
                    Some(_) if self.app == App::Left => Ok(Fate::Builder),
                    Some(_) if to.is_some_and(|to| is_in_app(&to)) => Ok(Fate::Builder),
                    None if name.is_some_and(is_tool)
                        || transfer.sources.iter().all(|source| is_tool(&source.text)) =>
                    {
                        Ok(Fate::Builder)
                    }
                    _ => Ok(Fate::Both),
                }
            }
            Kind::Run(_) if self.both.contains(&step.index) => Ok(Fate::Both),
            Kind::Run(_) => system::fate(self, step),
            Kind::User(word) if self.may_change_user || is_root(&word.text) => Ok(Fate::Both),
            Kind::User(_) => err("The install runs as another user; write the two stages by hand."),
            _ => Err(format!(
                "`{}` stands before the install; decide by hand which stage needs it.",
                step.keyword().as_str()
            )),
        }
    }

    /// The split as edits. `base` is the image of the final stage, where that is another one.
    fn finish(mut self, title: &'static str, base: Option<&str>) -> Result<Split, String> {
        let (model, stage) = (self.model, self.stage);
        if base.is_none() {
            own_arg(model, stage)?;
        }
        self.edits.push(name_builder(model, stage)?);
        let mut lines = std::mem::take(&mut self.made);
        lines.push(String::new());
        if let Some((range, line)) = description(model, stage) {
            self.edits.push(TextEdit::delete(range));
            lines.push(line);
        }
        // The name that the one stage had goes to the stage that ships.
        let platform = stage.from.flag("platform").filter(|flag| {
            // Where the builder crosses over to another machine, the final stage is made for that one.
            flag.value.as_ref().is_some_and(crate::syntax::Word::is_literal)
        });
        let platform = platform.map_or("", |flag| flag.range.of(model.text()));
        let blank = if platform.is_empty() { "" } else { " " };
        lines.push(match (base, stage.name) {
            (None, _) => model.source(stage.from).to_owned(),
            (Some(base), None) => format!("FROM {platform}{blank}{base}"),
            (Some(base), Some(name)) => format!("FROM {platform}{blank}{base} AS {}", name.text),
        });
        for step in self.builder() {
            match self.fate(step)? {
                Fate::Builder => {}
                Fate::Both => lines.push(model.source(step.instruction).to_owned()),
                Fate::Instead(line) => lines.push(line),
                Fate::Final => {
                    let end = model.line_end(step.instruction);
                    let all = TextRange::new(model.head(step.instruction), end);
                    lines.push(all.of(model.text()).trim_end().to_owned());
                    self.edits.push(TextEdit::delete(all));
                }
            }
        }
        lines.append(&mut self.lines);
        let Some(last) = self.builder().last() else {
            return err("Nothing is installed or built here.");
        };
        self.edits.push(model.insert_below(last.instruction, &lines));
        let edits = EditSet::new(self.edits).map_err(|_| {
            "The lines of the install stand too close together to be edited.".to_owned()
        })?;
        Ok(Split { title, edits, assumes: self.assumes, files: Vec::new() })
    }
}

/// `Err` where an ARG holds the whole name of a full image: both stages would have to keep it.
fn own_arg(model: &Model, stage: &Stage<'_>) -> Result<(), String> {
    let image = model.root_image(stage).filter(|(_, image)| image.is_full());
    match model.base_arg(stage).filter(|_| image.is_some()) {
        Some(arg) => Err(format!(
            "`{0}` holds the whole name of the image, and two stages would share it. Write a second ARG for the final stage above the first FROM, such as `ARG RUNTIME`, and split by hand; or keep one stage, and give `{0}` the slim image.",
            arg.pair.key.text
        )),
        None => Ok(()),
    }
}

/// `# name what it is` above FROM, which Docker shows for the stage of that name: the line, and its text.
fn description(model: &Model, stage: &Stage<'_>) -> Option<(TextRange, String)> {
    let name = &stage.name?.text;
    let above = model.comment_above(stage.from);
    let at = above.trim_end().rfind('\n').map_or(0, |at| at + 1);
    let line = above.get(at..)?.trim_end();
    let is_it = line.trim_start_matches(['#', ' ', '\t']).split_whitespace().next() == Some(name);
    let end = model.line_start(stage.from);
    is_it.then(|| (TextRange::new(end - above.len() + at, end), line.to_owned()))
}

fn name_builder(model: &Model, stage: &Stage<'_>) -> Result<TextEdit, String> {
    match stage.name {
        Some(name) if name.text.eq_ignore_ascii_case(BUILDER) => {
            err("The stage that ships is called `builder`; rename it first.")
        }
        _ if !model.is_free_name(BUILDER) => {
            err("Something is taken from an image called `builder`; rename that first.")
        }
        Some(name) => Ok(TextEdit::replace(name.range, BUILDER)),
        None => {
            let word = if model.is_small() { "as" } else { "AS" };
            Ok(TextEdit::insert(stage.image.range.end, format!(" {word} {BUILDER}")))
        }
    }
}

/// Whether the install brings a package manager and nothing else: `pip install poetry`, `npm install -g pnpm`.
fn brings_tools(install: &Install, command: &Command) -> bool {
    const TOOLS: &str = "pip setuptools wheel poetry poetry-core poetry-plugin-export pipenv uv virtualenv npm pnpm \
        yarn corepack";
    let packages = install.packages(command);
    let is_tool = |name: &str| TOOLS.split_whitespace().any(|tool| tool == name);
    !packages.is_empty()
        && install.manifests.is_empty()
        && packages.iter().all(|package| is_tool(package.name))
}

/// Whether the step installs a manager of Python packages besides pip, which then stays in the image.
pub fn installs_manager(step: &Step) -> bool {
    step.installs().any(|(install, command)| {
        install.manager == Manager::Pip
            && install
                .packages(command)
                .iter()
                .any(|package| is_in("poetry pipenv uv", package.name))
    })
}

/// Deletes `poetry run` or `uv run` before the program that the image starts. `Ok(None)` where there is none.
fn without_runner(model: &Model) -> Result<Option<TextEdit>, String> {
    let Some(launch) = model.launch() else { return Ok(None) };
    let first = launch.words.first().map_or("", |word| word.text.as_str());
    if !is_in("poetry uv uvx pipenv pdm", first.rsplit('/').next().unwrap_or_default()) {
        return Ok(None);
    }
    let mut next = 2;
    while let Some(word) = launch.words.get(next).filter(|word| word.text.starts_with('-')) {
        let has_value = is_in(
            "--group --extra --with --env-file --package -p --python --only-group --directory -C",
            &word.text,
        );
        next += 1 + usize::from(has_value);
    }
    let is_run = launch.words.get(1).is_some_and(|word| word.text == "run");
    let (Some(start), Some(word)) = (launch.words.first(), launch.words.get(next)) else {
        return Err(by_itself(first));
    };
    let is_one = launch.step_of(start).instruction.range == launch.step_of(word).instruction.range;
    if !is_run || !is_one || !launch.is_in_place() {
        return Err(by_itself(first));
    }
    // uv starts Python for a file of Python's.
    let python = match (word.text.ends_with(".py"), launch.is_exec) {
        (false, _) => "",
        (true, true) => "\"python\", ",
        (true, false) => "python ",
    };
    let range = TextRange::new(start.range.start, word.range.start);
    Ok(Some(TextEdit::replace(range, python)))
}

fn by_itself(program: &str) -> String {
    format!(
        "The command needs `{program}`, which stays in the builder; start the program itself first, such as `uvicorn main:app`."
    )
}
