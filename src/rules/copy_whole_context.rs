//! `COPY . .` takes the whole folder, whatever lies in it.

use std::cell::LazyCell;

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Change, Fix, Phase};
use crate::input::{DOCKERIGNORE, Given};
use crate::model::{Model, Step, leave_out};
use crate::text::{EditSet, TextEdit};

const COMMENT: &str = "# .dockerignore keeps .git, .env and caches out of this copy.";

pub(super) const RULE: Rule = Rule {
    id: "copy-whole-context",
    title: "Everything in your folder reaches the image",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security, Buys::Size, Buys::RebuildTime],
    aliases: &["DF007"],
    taught: &[
        Section::docker(".dockerignore"),
        Section::docker("Development vs Production Dockerfile"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let list = LazyCell::new(|| leave_out::ignore_file(model));
    let has_gaps = !leave_out::missing(model).is_empty();
    for (step, source) in leave_out::shipped(model) {
        let (copy, given) = (step.copy_text(source), model.given(DOCKERIGNORE));
        if model.ignore_file().is_some_and(|file| !file.is_empty()) {
            if has_gaps {
                let message = format!(
                    "`{copy}` takes all that .dockerignore lets through, and the list has gaps; add what it lacks."
                );
                report
                    .at(&RULE, source.range, message)
                    .severity(Severity::Info)
                    .advice("The finding in .dockerignore adds the lines that the list lacks.");
            }
        } else if given.is_none() && names_it(model, step) {
            let message = "The comment names a .dockerignore; it was not given, so what it keeps out cannot be checked.";
            report
                .at(&RULE, source.range, message)
                .severity(Severity::Info)
                .advice("Give the .dockerignore too, and it is checked with the Dockerfile.");
        } else {
            let message = format!(
                "`{copy}` takes the whole folder and {}, so `.git`, `.env` and caches come along; add one.",
                what_is_missing(given)
            );
            let finding = report.at(&RULE, source.range, message);
            match given.and_then(Given::text) {
                Some(_) => {
                    finding.advice("Start with the lines `.git`, `**/.env` and `**/__pycache__`.")
                }
                None => finding.fix(add_ignore_file(model, step, &list)),
            };
        }
    }
}

fn what_is_missing(given: Option<&Given>) -> &'static str {
    match given {
        None => "no .dockerignore was given",
        Some(Given::Absent) => "there is no .dockerignore",
        Some(Given::Text(_)) => "no line of .dockerignore says anything",
    }
}

/// Whether the comment right above says that there is an ignore file.
fn names_it(model: &Model, step: &Step) -> bool {
    model.comment_above(step.instruction).contains(DOCKERIGNORE)
}

fn add_ignore_file(model: &Model, step: &Step, list: &(String, Option<&str>)) -> Fix {
    let comment = TextEdit::insert(
        model.line_start(step.instruction),
        format!("{COMMENT}{}", model.newline()),
    );
    let edits = if names_it(model, step) { EditSet::default() } else { EditSet::from(comment) };
    let (text, assumption) = list;
    let fix = Fix::new("Add a .dockerignore", edits)
        .in_phase(Phase::Runtime)
        .and(DOCKERIGNORE, Change::Create(text.clone()));
    match assumption {
        Some(sentence) => fix.assuming(*sentence),
        None => fix,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{
        check, check_fix, check_input, findings, no_fix, silent, silent_input,
    };
    use super::{COMMENT, RULE};
    use crate::finding::{Applicability, Change, Severity};
    use crate::input::{DOCKERIGNORE, Given, Input};

    /// The ignore file that the fix creates.
    fn created(dockerfile: &str) -> String {
        match &findings(&RULE, &Input::new(dockerfile))[0].fix.as_ref().unwrap().changes
            [DOCKERIGNORE]
        {
            Change::Create(text) => text.clone(),
            Change::Edit(_) => String::new(),
        }
    }

    #[test]
    fn the_whole_folder_and_no_list() {
        check(
            &RULE,
            "\
FROM python:3.11
COPY . .
#    ^ `COPY . .` takes the whole folder and no
ADD --chown=a:b ./ /app
#               ^^ `ADD ./ /app` takes the whole folder
COPY main.py * /app/
#            ^ `COPY * /app/` takes
",
        );
        let mut input = Input::new(
            "FROM a\nCOPY . .\n#    ^ `COPY . .` takes the whole folder and there is no\n",
        );
        input.files.insert(DOCKERIGNORE.to_owned(), Given::Absent);
        check_input(&RULE, &input);
    }

    #[test]
    fn softer_where_there_is_a_list_and_silent_where_it_is_whole() {
        let text =
            "FROM a\nCOPY . .\n#    ^ `COPY . .` takes all that .dockerignore lets through\n";
        let input = Input::new(text).with_file(DOCKERIGNORE, ".git\n");
        check_input(&RULE, &input);
        assert_eq!(findings(&RULE, &input)[0].severity, Severity::Info);
        let whole = ".git\n**/.env\n**/.env.*\n";
        silent_input(&RULE, &Input::new("FROM a\nCOPY . .\n").with_file(DOCKERIGNORE, whole));
        let text = format!("FROM a\n{COMMENT}\nCOPY . .\n#    ^ The comment names\n");
        check(&RULE, &text);
        assert_eq!(findings(&RULE, &Input::new(text))[0].severity, Severity::Info);
        let empty =
            Input::new("FROM a\nCOPY . .\n#    ^ `COPY . .` takes the whole folder and no line\n");
        check_input(&RULE, &empty.with_file(DOCKERIGNORE, "# nothing\n"));
    }

    #[test]
    fn stages_count_where_they_are_copied_on() {
        silent(&RULE, "FROM a AS b\nWORKDIR /src\nCOPY . .\nFROM a\nCOPY --from=b /src/bin /bin\n");
        check(
            &RULE,
            "FROM a AS b\nWORKDIR /src\nCOPY . .\n#    ^ `COPY . .` takes\nFROM a\nCOPY --from=b /src /app\n",
        );
    }

    #[test]
    fn silent_where_it_is_not_the_whole_context() {
        for (why, line) in [
            ("another stage", "COPY --from=b . ."),
            ("one folder", "COPY ./src ."),
            ("one file", "COPY main.py ."),
            ("a download", "ADD https://example.org/a.tar.gz /"),
        ] {
            silent(&RULE, &format!("FROM a AS b\nFROM a\n# {why}\n{line}\n"));
        }
    }

    #[test]
    fn adds_the_list_and_says_so() {
        check_fix(
            &RULE,
            "FROM a\n# All\nCOPY --chown=x . .\n",
            &format!("FROM a\n# All\n{COMMENT}\nCOPY --chown=x . .\n"),
        );
        no_fix(&RULE, &format!("FROM a\n{COMMENT}\nCOPY . .\n"));
        let fix = findings(&RULE, &Input::new("FROM a\nCOPY . .\n"))[0].fix.clone();
        assert_eq!(fix.map(|fix| fix.applicability), Some(Applicability::Safe));
    }

    #[test]
    fn the_list_hides_nothing_that_is_named() {
        let has = |text: &str, line: &str| created(text).lines().any(|one| one == line);
        for (text, line) in [
            ("COPY . .\nCOPY tests/ t/", "tests/"),
            ("COPY . .\nRUN pytest tests/unit", "tests/"),
            ("COPY . .\nCMD [\"serve\", \"docs\"]", "docs/"),
            ("COPY . .\nCOPY CHANGES.md .", "*.md"),
            ("COPY . .\nCOPY .env.production .", "**/.env"),
            ("COPY . .\nCOPY .git .git", ".git"),
            ("FROM node:22\nCOPY . .\nCMD [\"node\", \"a.js\"]", "**/node_modules"),
        ] {
            assert!(has("FROM a\nCOPY . .\n", line));
            assert!(!has(&format!("FROM a\n{text}\n"), line), "{text}");
        }
        assert!(has("FROM a\nCOPY . .\nCOPY README.md .\n", "*.md"));
        assert!(has("FROM node:22\nRUN npm ci\nCOPY . .\n", "**/node_modules"));
    }

    #[test]
    fn asks_where_the_build_may_need_what_is_left_out() {
        for run in ["RUN npm ci && npm run build", "RUN pip install ."] {
            let text = format!("FROM a\nCOPY . .\n{run}\n");
            let fix = findings(&RULE, &Input::new(text))[0].fix.clone();
            assert_eq!(fix.map(|fix| fix.applicability), Some(Applicability::Ask));
        }
    }
}
