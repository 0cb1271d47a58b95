//! The app writes into a folder that COPY gave to root.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{Family, Model, Stage, Step, is_in, is_within, user};
use crate::syntax::{Kind, Word};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "app-files-owned-by-root",
    title: "The app cannot write where it should",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[
        Section::docker("Production Dockerfile"),
        Section::docker("Complete Production Dockerfile"),
    ],
    check,
};

/// Names of folders and endings of files that a running app writes.
const FOLDERS: &str = "data instance log logs media storage tmp uploads";
const ENDINGS: &str = "db log sqlite sqlite3";
/// Nobody writes to more places; each is compared with all steps.
const MOST: usize = 20;

fn check(model: &Model, report: &mut Report) {
    let is_windows = model.final_image().is_some_and(|(_, i)| i.family() == Some(Family::Windows));
    let Some((_, _, Some(name))) = model.final_user().filter(|_| !is_windows) else { return };
    if user::is_root(&name) || name.is_empty() {
        return;
    }
    let mut paths = written(model);
    paths.retain(|path| !is_given_away(model, path));
    for (stage, step) in model.final_steps() {
        let (Some(_), None, Some(folder)) =
            (step.from_context(), step.instruction.flag("chown"), step.destination())
        else {
            continue;
        };
        let Some(path) = paths.iter().find(|path| is_within(path, &folder)) else { continue };
        let owner = if name.contains(':') { name.clone() } else { format!("{name}:{name}") };
        let message = format!(
            "The app runs as `{name}` and writes to `{path}`, but this COPY makes root the owner; add `--chown={owner}`."
        );
        let is_linked = step.instruction.flag("link").is_some();
        let finding = report.at(&RULE, step.instruction.keyword_word.range, message);
        if is_known(model, stage, step, &name) && !is_linked {
            let end = step.instruction.keyword_word.range.end;
            let edit = TextEdit::insert(end, format!(" --chown={owner}"));
            let fix = Fix::new(format!("Give the files to `{name}`"), edit.into());
            finding.fix(fix.in_phase(Phase::Runtime).assuming("The app may change its own files."));
        } else {
            finding.advice(format!(
                "Make the user above this line, then give it the folder: `RUN mkdir -p {path} && chown {owner} {path}`."
            ));
        }
        return;
    }
}

/// Paths that the app is seen to write: volumes, database files, folders for logs.
fn written(model: &Model) -> Vec<String> {
    let mut written = Vec::new();
    for (_, step) in model.final_steps() {
        let words: Vec<&Word> = match &step.instruction.kind {
            Kind::Volume(words) => {
                written.extend(words.iter().filter_map(|word| step.absolute(&word.text)));
                continue;
            }
            Kind::Env(pairs) => pairs.iter().filter_map(|pair| pair.value.as_ref()).collect(),
            Kind::Cmd(_) | Kind::Entrypoint(_) => {
                step.commands().iter().flat_map(|command| &command.words).collect()
            }
            _ => continue,
        };
        for word in words {
            let text = word.text.rsplit_once('=').map_or(word.text.as_str(), |(_, value)| value);
            let path = match text.split_once(":///") {
                Some((_, path)) => step.absolute(path),
                None => step.absolute(text).filter(|_| text.starts_with('/')),
            };
            let last = path.as_deref().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
            let ending = last.rsplit_once('.').map_or("", |(_, ending)| ending);
            if is_in(FOLDERS, last) || is_in(ENDINGS, ending) {
                written.extend(path);
            }
        }
    }
    written.truncate(MOST);
    written
}

/// Whether a RUN gives the path, or a folder around it, to somebody.
fn is_given_away(model: &Model, path: &str) -> bool {
    model.final_steps().any(|(_, step)| {
        step.commands().iter().any(|command| {
            let mut paths = command.arguments().iter().filter_map(|word| step.absolute(&word.text));
            is_in("chown chmod install", command.program())
                && paths.any(|given| is_within(path, &given) || is_within(&given, path))
        })
    })
}

/// Whether COPY can look the user up where it stands: by number, part of the base, or made above.
fn is_known(model: &Model, stage: &Stage, step: &Step, name: &str) -> bool {
    let name = name.split(':').next().unwrap_or_default();
    let is_of_base = model
        .root_image(stage)
        .is_some_and(|(_, image)| image.official() == Some("node") && name == "node");
    let is_above = |one: &Step| one.instruction.range.start < step.instruction.range.start;
    let makes = |one: &Step| {
        let mut made = one.commands().iter().filter_map(user::made_by);
        made.any(|made| made == name)
    };
    name.chars().all(|c| c.is_ascii_digit())
        || is_of_base
        || model.final_steps().any(|(_, one)| is_above(one) && makes(one))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn a_folder_that_the_app_writes() {
        check(
            &RULE,
            "\
FROM python:3.11
WORKDIR /app
  COPY . .
# ^^^^ The app runs as `web` and writes to `/app/data/shop.db`, but this COPY makes root the owner; add `--chown=web:web`.
ENV DATABASE_URL=sqlite:///data/shop.db
USER web
",
        );
    }

    #[test]
    fn gives_the_files_to_the_user() {
        for (lines, path) in [
            ("RUN useradd web\nCOPY src .\nVOLUME /app/uploads\nUSER web", "web:web"),
            ("COPY src .\nUSER 1000:1000\nCMD [\"app\", \"--log=/app/logs\"]", "1000:1000"),
        ] {
            let before = format!("FROM python:3.11\nWORKDIR /app\n{lines}\n");
            let after = before.replace("COPY", &format!("COPY --chown={path}"));
            check_fix(&RULE, &before, &after);
            silent(&RULE, &after);
        }
        no_fix(&RULE, "FROM a\nWORKDIR /app\nCOPY . .\nRUN useradd web\nVOLUME data\nUSER web\n");
    }

    #[test]
    fn silent_where_it_only_reads_or_may_write() {
        for (why, lines) in [
            ("nothing is written", "COPY . .\nUSER web"),
            ("given", "COPY --chown=web . .\nVOLUME /app/data\nUSER web"),
            (
                "given away later",
                "COPY . .\nRUN mkdir data && chown web data\nVOLUME /app/data\nUSER web",
            ),
            ("elsewhere", "COPY . .\nVOLUME /data\nUSER web"),
            ("root", "COPY . .\nVOLUME /app/data"),
            ("a builder's files", "COPY --from=b /a .\nVOLUME /app/data\nUSER web"),
        ] {
            silent(&RULE, &format!("FROM a\nWORKDIR /app\n{lines}\n# {why}\n"));
        }
    }
}
