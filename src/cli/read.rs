//! Reads the files that the arguments name: the only use of the disk.
#![expect(clippy::disallowed_methods, reason = "the command line reads files")]

use std::fs;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use super::args::Project;
use crate::input::{DOCKERIGNORE, Input, PACKAGE_JSON, REQUIREMENTS};
use crate::model::Model;
use crate::syntax::parse;

/// What reading came to: the inputs in the order given, and a line about each file that could not be read.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    /// Each Dockerfile: its name as it was given, and what is known of it.
    pub(super) read: Vec<(String, Input)>,
    /// "name: reason", one line each.
    pub(super) failed: Vec<String>,
}

impl Inputs {
    /// Reads all of `project`. A file beside the Dockerfiles that cannot be read counts as not given.
    pub(super) fn of(project: &Project) -> Self {
        let mut reader = Reader::default();
        let beside = [
            (DOCKERIGNORE, &project.dockerignore),
            (REQUIREMENTS, &project.requirements),
            (PACKAGE_JSON, &project.package_json),
        ];
        let mut context = Input { target: project.target.clone(), ..Input::default() };
        context.choices.bases.extend(project.base.iter().cloned());
        for (name, path) in beside {
            if let Some(text) = path.as_deref().and_then(|path| reader.text(path)) {
                context = context.with_file(name, text);
            }
        }
        for path in &project.beside {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
            if let (Some(name), Some(text)) = (name, reader.text(path)) {
                context = context.with_file(&name, text);
            }
        }
        let mut read = Vec::new();
        for path in &project.files {
            let Some(dockerfile) = reader.text(path) else { continue };
            let input = Input { dockerfile, ..context.clone() };
            let name = path.display().to_string();
            match project.target.as_deref().filter(|target| !has_stage(&input, target)) {
                Some(target) => reader.failed.push(format!("{name}: no stage is called {target}")),
                None => read.push((name, input)),
            }
        }
        Self { read, failed: reader.failed }
    }
}

/// Whether `target` is a stage of the Dockerfile, by its name or its number from 0.
fn has_stage(input: &Input, target: &str) -> bool {
    let file = parse(&input.dockerfile);
    let model = Model::build(&file, input);
    model.stages().iter().any(|stage| {
        stage.name.is_some_and(|name| name.text.eq_ignore_ascii_case(target))
            || target.parse() == Ok(stage.index)
    })
}

#[derive(Default)]
struct Reader {
    stdin_is_spent: bool,
    failed: Vec<String>,
}

impl Reader {
    fn text(&mut self, path: &Path) -> Option<String> {
        let text = self.bytes(path).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|error| {
                let at = error.utf8_error().valid_up_to();
                format!("it is not UTF-8 text (byte {} does not belong there)", at + 1)
            })
        });
        text.map_err(|reason| self.failed.push(format!("{}: {reason}", path.display()))).ok()
    }

    fn bytes(&mut self, path: &Path) -> Result<Vec<u8>, String> {
        if path.as_os_str() != "-" {
            return fs::read(path).map_err(|error| reason(&error));
        }
        if self.stdin_is_spent {
            return Err("standard input can be read only once".to_owned());
        }
        self.stdin_is_spent = true;
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes).map_err(|error| reason(&error))?;
        Ok(bytes)
    }
}

/// Why reading or writing failed, for people.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "there is no such file".to_owned(),
        ErrorKind::PermissionDenied => "there is no permission to read it".to_owned(),
        ErrorKind::IsADirectory => "it is a directory, not a file".to_owned(),
        _ => error.to_string(),
    }
}
