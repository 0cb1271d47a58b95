//! A front end in two stages: the builder makes its files once, and nginx serves them on the port that they had.

use super::{App, BUILDER, Draft, Split, err, node};
use crate::input::{DOCKERIGNORE, PACKAGE_JSON};
use crate::model::leave_out;
use crate::model::wrappers::{is_in, program};
use crate::model::{Launch, Model, Purpose, Stage, Step};
use crate::syntax::{Kind, Word};
use crate::text::{TextEdit, TextRange};

/// nginx as a user of its own, by its makers.
const NGINX: &str = "nginxinc/nginx-unprivileged:stable";
/// What tells nginx where to listen, beside the Dockerfile.
const SETTINGS: &str = "nginx.conf";

/// The server of a front end that the image starts.
#[derive(Debug)]
pub(super) struct Served {
    /// The folder of the built files, seen from the app's; `None` where that is not known.
    folder: Option<String>,
    /// Whether a path without a file leads to the start page.
    falls_back: bool,
    port: Option<u16>,
}

/// What serves the front end, where the image starts a program that does nothing else.
pub(super) fn served(model: &Model) -> Option<Served> {
    let launch = model.launch()?;
    let inner = inner(model, &launch);
    let launch = inner.as_ref().unwrap_or(&launch);
    let server = launch.server()?;
    let is_file_server = is_in("serve http-server", server.name);
    if server.purpose != Purpose::Frontend && !is_file_server {
        return None;
    }
    if is_in("next nuxt json-server ng ember webpack webpack-dev-server", launch.program()) {
        return None;
    }
    let folder = if is_file_server {
        let mut words = launch.arguments().iter().map(|word| word.text.as_str());
        let mut folder = None;
        while let Some(word) = words.next() {
            if is_in("-l -p -a --listen --port -c --config", word) {
                words.next();
            } else if !word.starts_with('-') {
                folder = Some(word.trim_start_matches("./").trim_end_matches('/').to_owned());
            }
        }
        folder
    } else {
        let folder = match launch.program() {
            "react-scripts" => "build",
            "gatsby" => "public",
            _ => "dist",
        };
        Some(folder.to_owned())
    };
    let named = launch.option_value(&["--port", "-p", "-l", "--listen"]);
    let exposed = match model.exposed().as_slice() {
        [(port, Some(_))] => Some(*port),
        _ => None,
    };
    Some(Served {
        folder: folder.filter(|folder| !folder.is_empty() && !folder.starts_with(['/', '.'])),
        falls_back: !is_file_server || launch.has_option(&["-s", "--single"]),
        port: match named {
            Some(text) => text.rsplit(':').next().and_then(|port| port.parse().ok()),
            None => exposed.or(Some(server.port)),
        },
    })
}

/// The command that a script of package.json stands for, with what the image's command adds to it.
fn inner<'m>(model: &Model, launch: &Launch<'m>) -> Option<Launch<'m>> {
    let script = node::script(model, launch)?.rsplit("&&").next()?;
    let words =
        script.split_whitespace().skip_while(|word| word.contains('=') || *word == "cross-env");
    let added = launch.words.iter().map(|word| word.text.as_str());
    let added = added.skip_while(|word| *word != "--").skip(1);
    let words: Vec<Word> =
        words.chain(added).map(|word| Word { text: word.to_owned(), ..Word::default() }).collect();
    let program = program(&words);
    (!words.is_empty()).then(|| Launch { words, program, ..launch.clone() })
}

/// The two stages, or the reason why there are none.
pub(super) fn split(model: &Model, stage: &Stage<'_>, served: &Served) -> Result<Split, String> {
    let is_runtime = |step: &&Step| {
        matches!(
            step.instruction.kind,
            Kind::Cmd(_)
                | Kind::Entrypoint(_)
                | Kind::Expose(_)
                | Kind::User(_)
                | Kind::Label(_)
                | Kind::Stopsignal(_)
        )
    };
    let (Some(folder), Some(port)) = (&served.folder, served.port) else {
        return err(
            "It is not known where the built files lie or on which port they are served; write a stage with nginx by hand.",
        );
    };
    if port < 1024 {
        return err(
            "The front end is served on a port below 1024, which nginx without root may not take; move it to one above first.",
        );
    }
    if let Some(file) = passes_on(model) {
        return Err(format!(
            "The development server passes requests on to another one, as `{file}` says; nginx has to do so too. Write a stage with nginx and its settings by hand."
        ));
    }
    if model.input().text(SETTINGS).is_some() {
        return err("The project has an `nginx.conf` already; write a stage with nginx by hand.");
    }
    let Some(last) = stage.steps.iter().rfind(|step| !is_runtime(step)) else {
        return err("Nothing is built here that nginx could serve.");
    };
    if stage.steps.iter().any(|step| matches!(step.instruction.kind, Kind::Healthcheck(_))) {
        return err(
            "The HEALTHCHECK may need a program that nginx's image has not; write that stage by hand.",
        );
    }
    let app = last.workdir.as_deref().filter(|app| *app != "/");
    let Some(app) = app else {
        return err("The app lies in no folder of its own; set one with WORKDIR first.");
    };
    if !stage.steps.iter().any(|step| step.from_context().is_some()) {
        return err("The source is not copied here, so nothing can be built.");
    }
    let mut draft = Draft::new(model, stage, last.index);
    draft.app = App::Served;
    if !stage.steps.iter().any(Step::builds) {
        draft.made.push(build_line(model)?);
        draft.assumes.push(format!("The script `build` puts its files into `{folder}`."));
    }
    for step in &stage.steps {
        if matches!(step.instruction.kind, Kind::Cmd(_) | Kind::Entrypoint(_) | Kind::User(_)) {
            draft.edits.push(TextEdit::delete(lines(model, step)));
        }
    }
    draft.lines.push(format!("COPY {SETTINGS} /etc/nginx/conf.d/default.conf"));
    draft.lines.push(format!("COPY --from={BUILDER} {app}/{folder} /usr/share/nginx/html"));
    if !stage.steps.iter().any(|step| matches!(step.instruction.kind, Kind::Expose(_))) {
        draft.lines.push(format!("EXPOSE {port}"));
    }
    draft.lines.push(format!(
        "HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 {}",
        model.escape()
    ));
    draft.lines.push(format!("    CMD curl -fsS -o /dev/null http://127.0.0.1:{port}/ || exit 1"));
    draft.assumes.push(
        "The front end is files alone: no server of Node.js makes pages or passes requests on."
            .to_owned(),
    );
    let mut split =
        draft.finish("Build the front end once, and serve its files with nginx", Some(NGINX))?;
    split.files.push((SETTINGS, settings(port, served.falls_back)));
    // What lies in the folder must not come over what the builder installs.
    if model.ignore_text().is_none() {
        let (text, assumption) = leave_out::ignore_file(model);
        split.files.push((DOCKERIGNORE, text));
        split.assumes.extend(assumption.map(str::to_owned));
    }
    Ok(split)
}

/// The file that tells a development server to pass requests on.
fn passes_on(model: &Model) -> Option<&'static str> {
    const FILES: [&str; 6] = [
        PACKAGE_JSON,
        "vite.config.js",
        "vite.config.ts",
        "vite.config.mjs",
        "vite.config.mts",
        "src/setupProxy.js",
    ];
    let is_key = |text: &str, at: usize| {
        let quotes = ['"', '\''];
        let rest = text[at..].trim_start_matches("proxy").trim_start_matches(quotes);
        let is_part = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        rest.trim_start().starts_with(':') && !text[..at].ends_with(is_part)
    };
    FILES.into_iter().find(|file| {
        let text = model.input().text(file).unwrap_or_default();
        let is_server = file.ends_with("Proxy.js") && !text.is_empty();
        is_server || text.match_indices("proxy").any(|(at, _)| is_key(text, at))
    })
}

/// The lines of a step with its comments, and with the blank lines above it where nothing stands below.
fn lines(model: &Model, step: &Step<'_>) -> TextRange {
    let end = model.line_end(step.instruction);
    let start = model.head(step.instruction);
    let is_last = model.text()[end..].trim().is_empty();
    let above = model.text()[..start].trim_end().len();
    let blank = model.text()[above..start].find('\n').map_or(start, |at| above + at + 1);
    TextRange::new(if is_last { blank } else { start }, end)
}

/// RUN that builds, in the words of the manager that starts the app.
fn build_line(model: &Model) -> Result<String, String> {
    let package = model.input().text(PACKAGE_JSON);
    if package.and_then(|text| node::script_called(text, "build")).is_none() {
        return err(
            "No step builds the front end, and package.json is not given or has no script `build`; write the stages by hand.",
        );
    }
    let launch = model.launch();
    let manager = launch.as_ref().map_or("npm", |launch| launch.program());
    Ok(format!("RUN {} run build", if is_in("yarn pnpm", manager) { manager } else { "npm" }))
}

/// nginx's settings for one site of files.
fn settings(port: u16, falls_back: bool) -> String {
    let files = if falls_back {
        "        # A path of the app itself leads to its start page.\n        try_files $uri $uri/ /index.html;\n"
    } else {
        "        try_files $uri $uri/ =404;\n"
    };
    format!(
        "server {{\n    listen {port};\n    root /usr/share/nginx/html;\n\n    location / {{\n{files}    }}\n}}\n"
    )
}
