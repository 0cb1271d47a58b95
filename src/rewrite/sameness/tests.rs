//! What the check of sameness sees and what it lets pass.

use super::*;
use crate::input::{DOCKERIGNORE, Input, PACKAGE_JSON, REQUIREMENTS};
use crate::rewrite::apply;
use crate::rules;
use crate::syntax::parse;

/// Files as people write them: the lessons' examples, and the fixtures.
#[expect(clippy::disallowed_methods, reason = "the fixtures are files")]
fn inputs() -> Vec<Input> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut inputs = Vec::new();
    let folders = ["tests/fixtures", "tests/good", "tests/images/apps"];
    for folder in folders.iter().filter_map(|folder| std::fs::read_dir(root.join(folder)).ok()) {
        for entry in folder.flatten() {
            let read = |name: &str| std::fs::read_to_string(entry.path().join(name)).ok();
            let Some(text) = read("Dockerfile") else { continue };
            let mut input = Input::new(text);
            for name in [DOCKERIGNORE, REQUIREMENTS, PACKAGE_JSON] {
                if let Some(text) = read(name) {
                    input = input.with_file(name, text);
                }
            }
            inputs.push(input);
        }
    }
    for lesson in rules::lessons::LESSONS {
        let lesson = crate::lesson::Lesson::parse(lesson.1).expect("a lesson");
        let mut input = Input::default();
        for (name, text) in lesson.before {
            if name == crate::finding::DOCKERFILE {
                input.dockerfile = text;
            } else {
                input = input.with_file(&name, text);
            }
        }
        inputs.push(input);
    }
    inputs
}

#[test]
fn a_fix_changes_only_what_its_rule_may() {
    for input in inputs() {
        let file = parse(&input.dockerfile);
        for finding in rules::check_all(&Model::build(&file, &input)) {
            let Some(fix) = &finding.fix else { continue };
            let why = differs(&input, &apply(&input, fix), &[finding.rule]);
            assert_eq!(why, None, "{} of\n{}", finding.rule, input.dockerfile);
        }
    }
}

#[test]
fn the_table_names_rules() {
    for (id, _) in MAY_CHANGE {
        assert!(rules::RULES.iter().any(|rule| rule.id == *id), "{id}");
    }
    assert!(MAY_CHANGE.is_sorted_by_key(|(id, _)| *id));
}

/// [`difference`] of two inputs.
fn differs(before: &Input, after: &Input, rules: &[&str]) -> Option<String> {
    let files = [parse(&before.dockerfile), parse(&after.dockerfile)];
    difference(&Model::build(&files[0], before), &Model::build(&files[1], after), rules)
}

/// What is told of two files, where nothing may change.
fn told(before: &str, after: &str) -> String {
    differs(&Input::new(before), &Input::new(after), &[]).unwrap_or_default()
}

const APP: &str = "\
# my app
FROM python:3.11 AS app
ARG PORT=80
WORKDIR /app
ENV MODE=a
COPY . .
RUN pip install -r requirements.txt && python -m compileall .
EXPOSE 80
LABEL a=b
USER me
CMD [\"python\", \"app.py\"]
";

#[test]
fn each_aspect_is_watched() {
    for (old, new, expected) in [
        (
            "app.py",
            "other.py",
            "The container would start `python other.py` and not `python app.py`.",
        ),
        ("WORKDIR /app", "WORKDIR /srv", "The container would no longer start in `/app`."),
        ("MODE=a", "MODE=b", "`MODE` would have another value in the container."),
        ("COPY . .", "COPY src src", "`.` would no longer be copied to `/app/`."),
        ("EXPOSE 80\n", "", "`EXPOSE 80` would be gone."),
        ("PORT=80", "PORT=81", "`ARG PORT=80` would be gone."),
        ("a=b", "a=c", "`LABEL a=b` would be gone."),
        (" && python -m compileall .", "", "`python compileall` would no longer run."),
        ("USER me\n", "", "The container would not run as `me`."),
        (" AS app", "", "The stage `app` would be gone."),
        (
            "python:3.11",
            "python:3.12",
            "The image would start from `python:3.12` and not from `python:3.11`.",
        ),
        ("# my app\n", "", "The comment `# my app` would be gone."),
        (
            "COPY . .\nRUN pip",
            "USER me\nCOPY . .\nRUN pip",
            "`RUN pip install -r requirements.txt && python -m compileall …` would not run as root.",
        ),
    ] {
        assert_eq!(told(APP, &APP.replace(old, new)), expected, "{old} -> {new}");
    }
}

#[test]
fn what_may_be_added() {
    for (old, new) in [
        ("FROM", "FROM debian:12 AS other\nFROM"),
        ("EXPOSE 80", "EXPOSE 80 443\nHEALTHCHECK CMD true\nENV PYTHONUNBUFFERED=1"),
        ("RUN pip install", "RUN pip --python /opt/venv/bin/python install --no-cache-dir"),
        ("MODE=a", "MODE=a PATH=/opt/venv/bin:$PATH"),
        ("COPY . .", "COPY --chown=me . ."),
        ("COPY . .", "COPY requirements.txt ./\nCOPY . ."),
    ] {
        assert_eq!(told(APP, &APP.replace(old, new)), "", "{old} -> {new}");
    }
}

#[test]
fn an_ignore_file_hides_nothing_that_is_copied_by_name() {
    let input = Input::new("FROM a\nCOPY .env.sample docs/ ./\n");
    let hidden = |text: &str| {
        differs(&input, &input.clone().with_file(DOCKERIGNORE, text), &[]).unwrap_or_default()
    };
    assert_eq!(hidden(".env*\n"), "The ignore file would hide `.env.sample`, which is copied.");
    assert_eq!(hidden("docs/\n"), "The ignore file would hide `docs/`, which is copied.");
    assert_eq!(hidden(".env*\n!.env.sample\n*.md\n"), "");
}
