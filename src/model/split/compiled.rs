//! Go and Rust in two stages: the builder compiles, and the final stage takes the program and runs it on a small Debian or Alpine.

use super::system::FETCHERS;
use super::{App, BUILDER, Draft, Split, err, is_within};
use crate::model::wrappers::is_in;
use crate::model::{Change, Family, Launch, Model, Stage, Step};
use crate::syntax::shell::Command;
use crate::syntax::{Kind, Word};
use crate::text::TextEdit;

/// The releases that a final stage starts from where the file names none. A program runs on the release that it was
/// built on and on newer ones.
const DEBIAN: &str = "trixie";
const ALPINE: &str = "3.22";
/// Folders that every shell looks for programs in.
const ON_PATH: &str = "/usr/local/bin /usr/bin /bin /usr/local/sbin /usr/sbin /sbin";
/// What a program made by `go run` is called.
const PROGRAM: &str = "/usr/local/bin/app";

/// The program that the image starts: where the builder makes it, and where the final stage has it.
struct Product {
    from: String,
    to: String,
}

/// Whether the image compiles its program whenever it starts: `go run`, `cargo run`.
pub fn compiles_at_start(model: &Model) -> bool {
    model.launch().is_some_and(|launch| {
        is_in("go cargo", launch.program())
            && launch.arguments().first().is_some_and(|word| word.text == "run")
    })
}

/// The two stages of a Go program, or the reason why there are none.
pub(super) fn go(model: &Model, stage: &Stage<'_>) -> Result<Split, String> {
    let (launch, started) = started(model)?;
    let runs = started == "go" && launch.words.get(1).is_some_and(|word| word.text == "run");
    let last = last_work(stage, "go").max(if runs { last_copy(stage) } else { None });
    let Some(last) = last else { return err("Nothing is compiled here that a builder could do.") };
    let mut draft = draft(model, stage, last);
    let product = if runs {
        compile(&mut draft, &launch)?
    } else {
        product(stage, &launch, last, "/go/bin")?
    };
    let step = stage.steps.get(last);
    let is_off = |text: &str| text == "CGO_ENABLED=0";
    let builds = |command: &&Command| is_go(command, "build") || is_go(command, "install");
    let build = draft.builder().iter().find(|step| step.commands().iter().any(|one| builds(&one)));
    let assigned = build.is_some_and(|step| {
        let mut words = step.commands().iter().flat_map(|command| &command.assignments);
        words.any(|word| is_off(&word.text))
            || step.commands().iter().any(|one| one.words.iter().any(|word| is_off(&word.text)))
    });
    let needs_c = draft.builder().iter().any(Step::installs_build_tools)
        || model.input().text("go.mod").is_some_and(|text| text.contains("go-sqlite3"));
    let mut is_static = assigned;
    if !assigned {
        match step.and_then(|step| model.variable(stage, step.index, "CGO_ENABLED")) {
            Some(Some(value)) if value == "0" => is_static = true,
            Some(_) => {}
            None if needs_c => {}
            None => {
                is_static = true;
                if let Some(place) = build.or(step) {
                    let line = ["ENV CGO_ENABLED=0".to_owned()];
                    if runs {
                        draft.made.splice(0..0, line);
                    } else {
                        draft.edits.push(model.insert_above(place.instruction, &line));
                    }
                }
                draft.assumes.push(
                    "No package of the program needs C code, as `go-sqlite3` does.".to_owned(),
                );
            }
        }
    }
    modules(&mut draft);
    finish(draft, &product, is_static)
}

/// The two stages of a Rust program, or the reason why there are none.
pub(super) fn cargo(model: &Model, stage: &Stage<'_>) -> Result<Split, String> {
    let (launch, started) = started(model)?;
    if started == "cargo" {
        return err(
            "`cargo run` compiles when the container starts. Build with `cargo build --release`, and start the program in `target/release`.",
        );
    }
    let Some(last) = last_work(stage, "cargo") else {
        return err("Nothing is compiled here that a builder could do.");
    };
    let mut draft = draft(model, stage, last);
    let product = product(stage, &launch, last, "/usr/local/cargo/bin")?;
    if product.from.contains("/debug/") {
        return err(
            "The program is built for debugging; build it with `cargo build --release` first.",
        );
    }
    draft.assumes.push(
        "The program needs no library of the system besides those that the file installs, such as OpenSSL."
            .to_owned(),
    );
    finish(draft, &product, false)
}

fn draft<'m, 'a>(model: &'m Model<'a>, stage: &'m Stage<'a>, last: usize) -> Draft<'m, 'a> {
    let mut draft = Draft::new(model, stage, last);
    draft.app = App::Left;
    draft
}

/// The process that the image starts, and the word that it starts with.
fn started<'m>(model: &'m Model<'_>) -> Result<(Launch<'m>, String), String> {
    let launch = model.launch().filter(|launch| !launch.is_compound);
    let word =
        launch.as_ref().and_then(|launch| launch.words.first()).map(|word| word.text.clone());
    match (launch, word) {
        (Some(launch), Some(word)) if !word.contains('$') => Ok((launch, word)),
        _ => err(
            "The file does not say plainly which program the image starts, so it is not known what to copy into a final stage.",
        ),
    }
}

fn is_go(command: &Command, order: &str) -> bool {
    command.program() == "go" && command.words.get(1).is_some_and(|word| word.text == order)
}

/// The last step in which the tool does something, or files of the build are put into place.
fn last_work(stage: &Stage<'_>, tool: &str) -> Option<usize> {
    let mut last: Option<usize> = None;
    for step in &stage.steps {
        if matches!(step.instruction.kind, Kind::Run(_)) {
            let works = step.commands().iter().any(|command| command.program() == tool);
            let places =
                || step.commands().iter().any(|one| is_in("cp mv strip upx", one.program()));
            if works || (last.is_some() && places()) {
                last = Some(step.index);
            }
        }
    }
    last
}

fn last_copy(stage: &Stage<'_>) -> Option<usize> {
    stage.steps.iter().rfind(|step| step.from_context().is_some()).map(|step| step.index)
}

/// The program that the command starts, as a file of the builder.
fn product(
    stage: &Stage<'_>,
    launch: &Launch<'_>,
    last: usize,
    bin: &str,
) -> Result<Product, String> {
    let word = launch.words.first().map_or("", |word| word.text.as_str());
    if word.contains('/') {
        // It starts in the last folder that is set.
        let path = launch.step.absolute(word);
        return match path.filter(|path| !is_within(path, "/usr/bin") && !is_within(path, "/bin")) {
            Some(path) => Ok(Product { from: path.clone(), to: path }),
            None => err("It is not known in which folder the program lies; set WORKDIR first."),
        };
    }
    for step in stage.steps.get(..=last).unwrap_or_default() {
        let made = step.files().into_iter().find(|file| {
            file.change == Change::Made
                && file
                    .path
                    .rsplit_once('/')
                    .is_some_and(|(folder, name)| name == word && is_in(ON_PATH, folder))
        });
        let named =
            step.commands().iter().find_map(|command| output(step, command)).filter(|path| {
                path.rsplit_once('/')
                    .is_some_and(|(folder, name)| name == word && is_in(ON_PATH, folder))
            });
        if let Some(path) = made.map(|file| file.path).or(named) {
            return Ok(Product { from: path.clone(), to: path });
        }
    }
    let installs = |command: &Command| {
        is_in("go cargo", command.program())
            && command.words.get(1).is_some_and(|word| word.text == "install")
    };
    let steps = stage.steps.get(..=last).unwrap_or_default();
    if steps.iter().any(|step| step.commands().iter().any(installs)) {
        return Ok(Product { from: format!("{bin}/{word}"), to: format!("/usr/local/bin/{word}") });
    }
    Err(format!(
        "It is not known where the build puts `{word}`; start the program by its path first."
    ))
}

/// What `go build -o` names.
fn output(step: &Step<'_>, command: &Command) -> Option<String> {
    let at = command.words.iter().position(|word| word.text == "-o")?;
    step.absolute(&command.words.get(at + 1).filter(|_| is_go(command, "build"))?.text)
}

/// Compiles in the builder what `go run` compiles at every start.
fn compile(draft: &mut Draft<'_, '_>, launch: &Launch<'_>) -> Result<Product, String> {
    let is_source = |word: &&Word| {
        word.is_literal() && (word.text.starts_with('.') || word.text.ends_with(".go"))
    };
    let sources: Vec<&Word> = launch.words.iter().skip(2).take_while(is_source).collect();
    let (Some(first), Some(last)) = (launch.words.first(), sources.last()) else {
        return err("`go run` has options here; build the program with `go build` first.");
    };
    if !launch.is_in_place() || launch.other.is_some() {
        return err(
            "`go run` stands in two instructions; build the program with `go build` first.",
        );
    }
    let names: Vec<&str> = sources.iter().map(|word| word.text.as_str()).collect();
    draft.made.push(format!("RUN go build -o {PROGRAM} {}", names.join(" ")));
    let text = if launch.is_exec { format!("\"{PROGRAM}\"") } else { PROGRAM.to_owned() };
    draft.edits.push(TextEdit::replace(first.range.cover(last.range), text));
    Ok(Product { from: PROGRAM.to_owned(), to: PROGRAM.to_owned() })
}

/// Downloads modules above the copy of the source, where nothing does so yet.
fn modules(draft: &mut Draft<'_, '_>) {
    let builder = draft.builder();
    let downloads = |command: &Command| is_go(command, "mod") || is_go(command, "get");
    if builder.iter().any(|step| step.commands().iter().any(downloads)) || is_vendored(draft) {
        return;
    }
    let first = builder.iter().find(|step| step.from_context().is_some());
    let Some(copy) = first.filter(|step| step.whole_context().is_some()) else { return };
    let is_local = |text: &str| text.contains("=> .") || text.contains("=> /");
    if draft.model.input().text("go.mod").is_some_and(is_local) {
        return;
    }
    let Some(to) = copy.transfer().map(|transfer| transfer.destination.text.as_str()) else {
        return;
    };
    let Some(folder) = copy
        .destination()
        .filter(|folder| copy.workdir.as_deref() == Some(folder.trim_end_matches('/')))
    else {
        return;
    };
    debug_assert!(folder.starts_with('/'), "a destination is absolute");
    let to = to.trim_end_matches('/');
    let lines = [format!("COPY go.mod go.sum* {to}/"), "RUN go mod download".to_owned()];
    draft.edits.push(draft.model.insert_above(copy.instruction, &lines));
    draft
        .assumes
        .push("The project is a Go module, and `go.mod` names no folder beside it.".to_owned());
}

/// Whether the modules lie in the project, so that the build downloads none.
fn is_vendored(draft: &Draft<'_, '_>) -> bool {
    let is_it = |text: &str| text.contains("-mod=vendor");
    let says_so = |step: &Step<'_>| {
        let flags = draft.model.variable(draft.stage, step.index, "GOFLAGS").flatten();
        flags.as_deref().is_some_and(is_it)
            || step
                .commands()
                .iter()
                .any(|one| one.words.iter().chain(&one.assignments).any(|word| is_it(&word.text)))
    };
    let mut files = draft.model.input().context.iter().flatten();
    files.any(|file| file.path == "vendor/modules.txt") || draft.builder().iter().any(says_so)
}

fn finish(mut draft: Draft<'_, '_>, product: &Product, is_static: bool) -> Result<Split, String> {
    let (model, stage) = (draft.model, draft.stage);
    let Some((_, image)) = model.root_image(stage) else {
        return err("The base image is not known.");
    };
    let base = match (model.family(stage), image.suite()) {
        (Some(Family::Alpine), _) => {
            let version = image.tag.as_deref().and_then(|tag| tag.split_once("alpine"));
            let version = version.map_or("", |(_, version)| version);
            format!("alpine:{}", if version.is_empty() { ALPINE } else { version })
        }
        (Some(Family::Debian), Some(suite)) => format!("debian:{suite}-slim"),
        (Some(Family::Debian), None) => format!("debian:{DEBIAN}-slim"),
        _ => return err("It is not known on which system this image is built."),
    };
    if !is_static
        && base.starts_with("alpine:")
        && draft.builder().iter().any(Step::installs_build_tools)
        && model.family(stage) != Some(Family::Alpine)
    {
        return err("The program needs libraries of another system.");
    }
    if base.starts_with("debian:") {
        let certificates = "/etc/ssl/certs/ca-certificates.crt";
        draft.lines.push(format!("COPY --from={BUILDER} {certificates} {certificates}"));
    }
    // The project's files stay where the program may look for them.
    for step in draft.builder() {
        let Some(transfer) = step.from_context().filter(|transfer| !draft.brings_lists(transfer))
        else {
            continue;
        };
        if holds_more_than_source(model, step)
            && !transfer.sources.iter().all(|word| is_source(&word.text))
        {
            draft.lines.push(
                "# What the program reads beside itself; delete this line if that is nothing."
                    .to_owned(),
            );
            draft.lines.push(model.source(step.instruction).to_owned());
        }
    }
    draft.lines.push(format!("COPY --from={BUILDER} {} {}", product.from, product.to));
    let fetches = |step: &Step| {
        step.installs().any(|(install, command)| {
            install.packages(command).iter().any(|package| is_in(FETCHERS, package.name))
        })
    };
    if draft.builder().iter().any(fetches) {
        draft.assumes.push(
            "The program itself starts neither `git` nor another tool of the build.".to_owned(),
        );
    }
    draft.finish("Compile in a builder, and copy the program into a small image", Some(&base))
}

/// Folders and files that hold nothing but source.
fn is_source(name: &str) -> bool {
    let name = name.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    is_in(
        "cmd internal pkg src vendor build.rs rust-toolchain rust-toolchain.toml .cargo crates",
        name,
    ) || name.ends_with(".go")
        || name.ends_with(".rs")
}

/// Whether what the step copies may hold files that the program reads; where the folder's files were given, by those.
fn holds_more_than_source(model: &Model, step: &Step<'_>) -> bool {
    let Some(files) = &model.input().context else { return true };
    if step.whole_context().is_none() {
        return true;
    }
    files.iter().any(|file| {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        let is_of_project = is_in(
            "go.mod go.sum go.work Cargo.toml Cargo.lock Dockerfile .dockerignore .gitignore Makefile LICENSE",
            name,
        );
        !(is_of_project
            || is_source(name)
            || name.ends_with(".md")
            || file.path.starts_with(".git/")
            || file.path.starts_with("vendor/")
            || file.path.starts_with("target/"))
    })
}
