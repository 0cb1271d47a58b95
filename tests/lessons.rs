//! Every lesson is true: its Before has the problem, its After does not, and the fix turns one into the other.
#![cfg(feature = "cli")]

use std::collections::BTreeMap;

use drydock::finding::{Change, DOCKERFILE, Finding, Fix, Severity};
use drydock::input::Input;
use drydock::lesson::Lesson;
use drydock::model::Model;
use drydock::rules::lessons::{LESSONS, lesson_text};
use drydock::rules::{RULES, Rule, check_all};
use drydock::syntax::parse;

/// The one rule whose After keeps a note: with an ignore file, `COPY . .` is fine but worth a look.
const STAYS_A_NOTE: &str = "copy-whole-context";

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
fn after_is_clean() {
    for rule in RULES {
        let found = findings(rule, &lesson(rule).project_after());
        let may_stay =
            |finding: &Finding| finding.rule == STAYS_A_NOTE && finding.severity == Severity::Info;
        assert!(found.iter().all(may_stay), "{}: {found:#?}", rule.id);
    }
}
