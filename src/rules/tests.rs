//! What holds for all rules.

use super::lessons::LESSONS;
use super::*;
use crate::input::Input;
use crate::lesson::Lesson;
use crate::syntax::parse;

/// The lessons' own five files.
const FILES: [&str; 5] = [
    include_str!("../../tests/fixtures/lesson-a-dev/Dockerfile"),
    include_str!("../../tests/fixtures/lesson-a-prod/Dockerfile"),
    include_str!("../../tests/fixtures/lesson-a-complete/Dockerfile"),
    include_str!("../../tests/fixtures/lesson-b-dev/Dockerfile"),
    include_str!("../../tests/fixtures/lesson-b-prod/Dockerfile"),
];

fn found_in(input: &Input) -> Vec<Finding> {
    let file = parse(&input.dockerfile);
    check_all(&Model::build(&file, input))
}

#[test]
fn ids_are_sorted_and_name_the_smell() {
    assert!(RULES.windows(2).all(|pair| pair[0].id < pair[1].id), "sorted, each once");
    let modules = include_str!("mod.rs");
    for rule in RULES {
        let is_kebab = rule.id.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        assert!(is_kebab, "{} is not kebab-case", rule.id);
        let stem = rule.id.replace('-', "_");
        assert!(modules.contains(&format!("mod {stem};")), "{} is not in {stem}.rs", rule.id);
        let is_order = ["no-", "avoid-", "use-"].iter().any(|start| rule.id.starts_with(start));
        assert!(!is_order, "{}: name the smell, so that \"allow {0}\" reads", rule.id);
    }
}

#[test]
fn behind_a_last_line_that_goes_on_nothing_is_added() {
    for text in ["FROM python:3.11\nCMD a b \\\n", "FROM python:3.11\nRUN <<EOF\npip install a\n"] {
        let after = crate::rewrite::rewrite(&Input::new(text), crate::rewrite::Level::All);
        assert_eq!(after.dockerfile.replace("-slim", ""), text, "a tag may change, lines may not");
        assert!(after.applied.iter().all(|step| step.rule == "full-base-image"), "{text}");
    }
}

#[test]
fn titles_are_short_sentences() {
    for rule in RULES {
        let words = rule.title.split_whitespace().count();
        assert!((3..=8).contains(&words), "{}: {words} words", rule.title);
        assert!(rule.title.starts_with(char::is_uppercase), "{}", rule.title);
        assert!(!rule.title.ends_with('.'), "{}", rule.title);
        assert!(!rule.buys.is_empty(), "{} buys nothing", rule.id);
    }
}

#[test]
fn the_order_of_rules_is_nothing() {
    for text in FILES {
        let (file, input) = (parse(text), Input::new(text));
        let model = Model::build(&file, &input);
        assert_eq!(check(RULES.iter().rev(), &model), check(RULES, &model));
    }
}

#[test]
fn what_is_declared_fixable_is() {
    let lessons = LESSONS.iter().filter_map(|(_, text)| Lesson::parse(text).ok());
    // Which registry to take images from, only the learner knows.
    let mut chosen = Input::new("FROM debian:12\n");
    chosen.choices.registry = Some("public.ecr.aws/docker/library/".to_owned());
    let inputs: Vec<Input> = lessons
        .flat_map(|lesson| [lesson.project_before(), lesson.project_after()])
        .chain(FILES.map(Input::new))
        // A slip of the keys is what a syntax error's fix is for.
        .chain([Input::new("FORM debian:12\n"), chosen])
        .collect();
    assert!(inputs.len() > RULES.len());
    let found: Vec<Finding> = inputs.iter().flat_map(found_in).collect();
    for rule in RULES {
        let mut own = found.iter().filter(|finding| finding.rule == rule.id);
        match rule.fixes {
            Fixes::Always => assert!(own.all(|one| one.fix.is_some()), "{}", rule.id),
            Fixes::Never => assert!(own.all(|one| one.fix.is_none()), "{}", rule.id),
            Fixes::Sometimes => assert!(own.any(|one| one.fix.is_some()), "{}", rule.id),
        }
    }
    let mute = found.iter().find(|finding| finding.fix.is_none() && finding.advice.is_none());
    assert_eq!(mute, None, "neither fix nor advice");
    let long = found.iter().find(|one| one.message.split_whitespace().count() > 30);
    assert_eq!(long, None, "over 30 words");
}
