//! A `.env` file is copied into the image.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::input::DOCKERIGNORE;
use crate::model::{Model, Step, leave_out};
use crate::text::{EditSet, TextEdit};

pub(super) const RULE: Rule = Rule {
    id: "env-file-in-image",
    title: "Your .env file is in the image",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security],
    aliases: &["CIS-DI-0010"],
    taught: &[
        Section::docker(".dockerignore"),
        Section::flask("How Flask Reads Environment Variables"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (stage, step, at) in model.copied_first(is_env) {
        let source = step.from_context().and_then(|transfer| transfer.sources.get(at));
        let Some(source) = source.filter(|_| model.ships(stage, step)) else { continue };
        let message = format!(
            "`{}` becomes part of the image, and everybody who has the image can read it; give its values when the container starts.",
            source.text
        );
        let fix = removal(model, step, at).map(|edits| {
            Fix::new(format!("Do not copy `{}`", source.text), edits).assuming(
                "The container gets these values where it starts, for example with `docker run --env-file .env`.",
            )
        });
        let finding = report.at(&RULE, source.range, message);
        match fix {
            Some(fix) => finding.fix(fix),
            None => finding.advice("Another line uses the file. A build step gets it with `RUN --mount=type=secret`, the app gets its values when the container starts."),
        };
    }
    in_the_context(model, report);
}

/// A file that the context's list shows, and that `COPY . .` takes along.
fn in_the_context(model: &Model, report: &mut Report) {
    let Some(files) = &model.input().context else { return };
    let is_sent = |path: &str| {
        is_env(path) && model.ignore_file().is_none_or(|file| !file.verdict(path).is_ignored)
    };
    let Some(found) = files.iter().find(|file| is_sent(&file.path)) else { return };
    let name = found.path.rsplit('/').next().unwrap_or_default();
    let fix = match model.ignore_text() {
        Some(text) => {
            let newline = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
            let edit = TextEdit::insert(text.len(), format!("{newline}**/{name}\n"));
            Fix::in_file(format!("Add `**/{name}` to .dockerignore"), DOCKERIGNORE, edit.into())
        }
        None => Fix::create("Add a .dockerignore", DOCKERIGNORE, leave_out::ignore_file(model).0),
    };
    let fix = fix.assuming("The container gets these values where it starts.");
    for (step, source) in leave_out::shipped(model) {
        let message = format!(
            "`{}` takes `{}` from your folder into the image, where everybody can read it; add `**/{name}` to .dockerignore.",
            step.copy_text(source),
            found.path
        );
        report.at(&RULE, source.range, message).severity(Severity::Warning).fix(fix.clone());
    }
}

/// `.env`, `.env.production`; not one that shows how such a file looks.
fn is_env(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let shows = ["dist", "example", "sample", "schema", "template"];
    name.strip_prefix(".env")
        .and_then(|rest| if rest.is_empty() { Some("") } else { rest.strip_prefix('.') })
        .is_some_and(|kind| kind.split('.').all(|part| !shows.contains(&part)))
}

/// The edits that copy everything but the source `at`, where no other line names such a file.
fn removal(model: &Model, step: &Step, at: usize) -> Option<EditSet> {
    let transfer = step.transfer()?;
    let own = step.instruction.range;
    let mut others = model.steps().filter(|(_, step)| step.instruction.range != own);
    if others.any(|(_, step)| model.source(step.instruction).contains(".env")) {
        return None;
    }
    if transfer.sources.len() == 1 {
        return Some(model.remove(step.instruction).into());
    }
    let mut words = transfer.sources.clone();
    words.push(transfer.destination.clone());
    model.delete_words(&words, &[at])
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        check, check_fix, check_input, fixed_file, no_fix, silent, silent_input,
    };
    use super::RULE;
    use crate::input::{ContextFile, DOCKERIGNORE, Input};

    fn with_files(ignore: &str, paths: &[&str]) -> Input {
        let file = |path: &&str| ContextFile { path: (*path).to_owned(), bytes: 9 };
        let mut input = Input::new(
            "FROM a\nCOPY . .\n#    ^ `COPY . .` takes `src/.env.local` from your folder into the image\n",
        )
        .with_file(DOCKERIGNORE, ignore);
        input.context = Some(paths.iter().map(file).collect());
        input
    }

    #[test]
    fn copied_by_name() {
        check(
            &RULE,
            "\
FROM a
COPY .env .
#    ^^^^ `.env` becomes part of the image
COPY app.py config/.env.production /app/
#           ^^^^^^^^^^^^^^^^^^^^^^ `config/.env.production` becomes
",
        );
        check(
            &RULE,
            "FROM a AS b\nCOPY .env /app/.env\n#    ^^^^ `.env` becomes\nFROM a\nCOPY --from=b /app /app\n",
        );
    }

    #[test]
    fn copied_with_the_folder() {
        check_input(&RULE, &with_files(".env\n", &[".env", "src/.env.local"]));
        assert_eq!(
            fixed_file(&RULE, &with_files("a", &["src/.env.local"]), DOCKERIGNORE).as_deref(),
            Some("a\n**/.env.local\n")
        );
        silent_input(&RULE, &with_files("**/.env*", &[".env", "src/.env.local"]));
        silent_input(&RULE, &with_files("a", &["src/main.py", ".env.example"]));
    }

    #[test]
    fn copies_all_but_the_file() {
        check_fix(&RULE, "FROM a\nCOPY .env .\nCMD a\n", "FROM a\nCMD a\n");
        check_fix(&RULE, "FROM a\nCOPY a .env ./\n", "FROM a\nCOPY a ./\n");
        no_fix(&RULE, "FROM a\nCOPY .env .\nRUN . ./.env && make\n");
        no_fix(&RULE, "FROM a\nCOPY .env .\nCMD uvicorn a:b --env-file .env\n");
    }

    #[test]
    fn silent_on_what_is_no_secret_or_does_not_ship() {
        for line in ["COPY .env.example .", "COPY .envrc .", "COPY env .", "COPY . ."] {
            silent(&RULE, &format!("FROM a\n{line}\n"));
        }
        silent(
            &RULE,
            "FROM node:22 AS web\nWORKDIR /web\nCOPY .env.production ./\nFROM nginx:1.27\nCOPY --from=web /web/dist /d\n",
        );
    }
}
