//! What the command line takes from the lesson beside each rule.

use std::collections::BTreeSet;

use crate::analysis::Analysis;
use crate::finding::Applicability;
use crate::lesson::Lesson;
use crate::rules::lessons::lesson_text;
use crate::rules::{Fixes, Rule};

/// The lesson of the rule `id`.
pub(super) fn lesson(id: &str) -> Option<Lesson> {
    Lesson::parse(lesson_text(id)?).ok()
}

/// Why the rule `id` matters, as its lesson's file says it: reading all of the lesson would take longer than the check.
pub(super) fn why(id: &str) -> Option<&'static str> {
    let (_, section) = lesson_text(id)?.split_once("\n## Why\n")?;
    section.split("\n## ").next()
}

/// How far the fixes of `rule` can be trusted ("safe", "ask", "advice"), as the example in its lesson shows it.
pub(super) fn applicability(rule: &Rule, lesson: &Lesson) -> Vec<&'static str> {
    let analysis = Analysis::of(&lesson.project_before());
    let fixes = analysis
        .findings
        .iter()
        .filter(|finding| finding.rule == rule.id)
        .filter_map(|finding| finding.fix.as_ref().map(|fix| fix.applicability));
    let mut words: Vec<_> =
        fixes.collect::<BTreeSet<_>>().into_iter().map(Applicability::as_str).collect();
    if rule.fixes != Fixes::Always {
        words.push("advice");
    }
    words
}
