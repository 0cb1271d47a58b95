//! Every lesson is true: its Before has the problem, its After does not, and the fix turns one into the other.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;

use drydock::analysis::Analysis;
use drydock::finding::{Change, DOCKERFILE, Finding, Fix};
use drydock::input::Input;
use drydock::lesson::Lesson;
use drydock::model::Model;
use drydock::rules::lessons::{LESSONS, lesson_text};
use drydock::rules::{RULES, Rule, check_all};
use drydock::syntax::parse;

fn lesson(rule: &Rule) -> Lesson {
    let text = lesson_text(rule.id).unwrap_or_else(|| panic!("{} has no lesson", rule.id));
    Lesson::parse(text).unwrap_or_else(|error| panic!("{}: {error}", rule.id))
}

fn findings(rule: &Rule, input: &Input) -> Vec<Finding> {
    let file = parse(&input.dockerfile);
    let mut found = check_all(&Model::build(&file, input));
    found.retain(|finding| finding.rule == rule.id);
    found
}

/// All files of `input` after `fix`, by name.
fn applied(fix: &Fix, input: &Input) -> BTreeMap<String, String> {
    let mut files = BTreeMap::from([(DOCKERFILE.to_owned(), input.dockerfile.clone())]);
    files.extend(
        input
            .files
            .iter()
            .map(|(name, given)| (name.clone(), given.text().unwrap_or_default().to_owned())),
    );
    for (name, change) in &fix.changes {
        let text = match change {
            Change::Edit(edits) => edits.apply(files.get(name).map_or("", String::as_str)),
            Change::Create(text) => text.clone(),
        };
        files.insert(name.clone(), text);
    }
    files
}

#[test]
fn every_rule_has_one() {
    let ids: Vec<_> = RULES.iter().map(|rule| rule.id).collect();
    let lessons: Vec<_> = LESSONS.iter().map(|(id, _)| *id).collect();
    assert_eq!(ids, lessons, "RULES and LESSONS name the same rules, in the same order");
}

#[test]
fn titles_and_sections_agree() {
    for rule in RULES {
        let lesson = lesson(rule);
        assert_eq!(lesson.title, rule.title, "{}", rule.id);
        let sources: Vec<_> = lesson.sources.iter().map(|source| source.text.as_str()).collect();
        for section in rule.taught {
            let source = format!("{}, section {}", section.lesson_name(), section.title);
            assert!(
                sources.contains(&source.as_str()),
                "{}: `{source}` is not in {sources:?}",
                rule.id
            );
        }
    }
}

#[test]
fn before_has_the_problem_once() {
    for rule in RULES {
        let found = findings(rule, &lesson(rule).project_before());
        assert_eq!(found.len(), 1, "{}: {found:#?}", rule.id);
    }
}

#[test]
fn the_fix_turns_before_into_after() {
    for rule in RULES {
        let lesson = lesson(rule);
        let before = lesson.project_before();
        let Some(fix) = findings(rule, &before).into_iter().find_map(|finding| finding.fix) else {
            continue;
        };
        let files = applied(&fix, &before);
        for (name, text) in &lesson.after {
            assert_eq!(files.get(name), Some(text), "{}: {name} after its fix", rule.id);
        }
        let known = |name: &String| lesson.after(name).is_some() || lesson.before(name).is_some();
        assert!(files.keys().all(known), "{}: After leaves out a file of the fix", rule.id);
    }
}

#[test]
fn after_has_no_lower_score() {
    let points = |input: &Input| Analysis::of(input).score.points;
    let mut lower = Vec::new();
    for rule in RULES {
        let lesson = lesson(rule);
        let (before, after) = (points(&lesson.project_before()), points(&lesson.project_after()));
        if after < before {
            lower.push((rule.id, before, after));
        }
    }
    assert_eq!(lower, []);
}

#[test]
fn after_is_clean() {
    for rule in RULES {
        let found = findings(rule, &lesson(rule).project_after());
        assert_eq!(found, [], "{}", rule.id);
    }
}

/// What the lessons get wrong, and what their pages here say instead: the page, and words of it.
const TAUGHT_HONESTLY: [(&str, &str, &[&str]); 20] = [
    (
        "the file that does not start",
        "Production Dockerfile",
        &["executable file not found in $PATH", "does not start"],
    ),
    (
        "wheels without dependencies",
        "Complete Production Dockerfile",
        &["--no-deps", "downloads the rest"],
    ),
    (
        "wheels left in a layer",
        "Complete Production Dockerfile",
        &["rm -rf /wheels", "removes nothing from the image"],
    ),
    (
        "ignore patterns that match at the top only",
        ".dockerignore",
        &["matches at the top only", "src/.env"],
    ),
    ("an ignore file that saves nothing there", ".dockerignore", &["saves nothing there"]),
    ("ECS and HEALTHCHECK", "Health Checks", &["ECS ignores `HEALTHCHECK`", "\"healthCheck\": {"]),
    (
        "FLASK_ENV since Flask 2.3",
        "Why set `FLASK_ENV=production`?",
        &["2.3 and later", "FLASK_DEBUG"],
    ),
    (
        "flask run",
        "Creating the Production Dockerfile",
        &["This is a development server", "gunicorn"],
    ),
    (
        "buster and Python 3.10",
        "Creating the Production Dockerfile",
        &["buster ended in June 2024", "Python 3.10 in October 2026"],
    ),
    (
        "where the two lessons disagree",
        "Key Differences: Development vs Production",
        &["no user", "no health check", "one stage"],
    ),
    ("and once more", "Common Mistakes", &["three mistakes of this list"]),
    (
        "one stage for Flask",
        "Dockerizing the Backend Framework for Production Environment",
        &["does not rule out two stages"],
    ),
    ("`as` in small letters", "Multi-Stage Builds", &["FROM … as builder", "same case"]),
    (":latest against itself", "Build and Test", &["`myapp:latest`", "mistake"]),
    (
        "one word for several sizes",
        "Image Size Comparison",
        &["2GB", "1GB+", "~900MB", "different things"],
    ),
    (
        "hundreds of megabytes of cache",
        "Why use `--no-cache-dir` with pip?",
        &["2.2 MB were measured"],
    ),
    (
        "`.` before, `./src` after",
        "Development vs Production Dockerfile",
        &["same program only if"],
    ),
    (".env before the system", "How Flask Reads Environment Variables", &["the other way round"]),
    (
        "pip's cache and later builds",
        "Why use `--no-cache-dir` with pip?",
        &["never finds the cache"],
    ),
    ("--chown", "Non-Root User", &["may rewrite its own code"]),
];

#[test]
fn what_the_lessons_get_wrong_is_taught_as_it_is() {
    for (what, title, words) in TAUGHT_HONESTLY {
        let pages = [
            include_str!("../src/lessons/docker-for-production.md"),
            include_str!("../src/lessons/flask-for-production.md"),
        ];
        let heading = format!("\n## {title}\n");
        let text = pages
            .iter()
            .find_map(|text| text.split_once(&heading))
            .unwrap_or_else(|| panic!("no page {title}"));
        let page = text.1.split("\n## ").next().unwrap_or_default();
        for word in words {
            assert!(page.contains(word), "{what}: `{word}` is not on the page {title}");
        }
    }
}
