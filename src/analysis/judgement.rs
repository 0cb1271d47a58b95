//! The lessons' checklist, and the score behind it.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Check, Goal, Progress, Score};
use crate::finding::{Finding, Origin, Severity};
use crate::input::{DOCKERIGNORE, Given};
use crate::model::{Base, Model};
use crate::rules::rule;
use crate::syntax::Keyword;

/// The rules behind each goal, in the lessons' order.
const GOALS: [(Goal, &[&str]); 7] = [
    (Goal::SlimBase, &["full-base-image"]),
    (Goal::MultiStage, &["single-stage-build", "build-tools-in-final-stage"]),
    (Goal::NonRoot, &["runs-as-root", "user-created-not-used", "named-user-in-scratch"]),
    (Goal::LayerCaching, &["copy-source-before-install"]),
    (Goal::HealthCheck, &["healthcheck-missing", "healthcheck-tool-missing"]),
    (
        Goal::Dockerignore,
        &[
            "copy-whole-context",
            "missing-dockerignore",
            "dockerignore-misses-junk",
            "dockerignore-root-only-pattern",
            "dockerignore-exception-order",
        ],
    ),
    (
        Goal::ProductionCommand,
        &[
            "dev-reload-flag",
            "dev-mode-env",
            "dev-web-server",
            "frontend-dev-server",
            "pip-target-script-not-on-path",
            "loopback-bind",
            "daemon-in-background",
            "shell-form-cmd",
        ],
    ),
];

/// All seven goals with how far each is met.
pub(super) fn checklist(model: &Model, findings: &[Finding]) -> Vec<Check> {
    let progress = |goal, rules: &[&str]| {
        let mut own = findings.iter().filter(|finding| rules.contains(&finding.rule));
        let is_open = own.any(|finding| finding.origin != Origin::Note);
        match goal {
            Goal::Dockerignore => dockerignore(model),
            _ if model.final_stage().is_none() => Progress::NotApplicable,
            _ if is_open => Progress::NotDone,
            _ if has_subject(model, goal) => Progress::Done,
            _ => Progress::NotApplicable,
        }
    };
    GOALS
        .iter()
        .map(|&(goal, rules)| Check { goal, progress: progress(goal, rules), rules })
        .collect()
}

fn dockerignore(model: &Model) -> Progress {
    match model.given(DOCKERIGNORE) {
        None => Progress::NeedsFile,
        Some(Given::Text(_)) if model.ignore_file().is_some_and(|file| !file.is_empty()) => {
            Progress::Done
        }
        Some(_) => Progress::NotDone,
    }
}

/// Whether the file has anything that the goal is about.
fn has_subject(model: &Model, goal: Goal) -> bool {
    match goal {
        Goal::SlimBase => model.final_image().is_some(),
        Goal::MultiStage => model.stages().len() > 1,
        Goal::LayerCaching => model.steps().any(|(_, step)| !step.installs.is_empty()),
        Goal::HealthCheck => {
            model.final_steps().any(|(_, step)| step.keyword() == Keyword::Healthcheck)
        }
        Goal::ProductionCommand => model.launch().is_some(),
        Goal::NonRoot => model.final_stage().is_some_and(|stage| stage.base != Base::Unknown),
        Goal::Dockerignore => true,
    }
}

/// What the worst finding of a rule costs.
const fn cost(severity: Severity) -> u32 {
    match severity {
        Severity::Error => 25,
        Severity::Warning => 8,
        Severity::Info => 2,
    }
}

/// 100 less what each rule's findings cost: the worst one in full, each of the next three a point.
/// Notes and matters of taste cost nothing. Taking a finding away can only raise it.
pub(super) fn score(findings: &[Finding]) -> Score {
    let mut by_rule: BTreeMap<&'static str, (u32, u32)> = BTreeMap::new();
    for finding in findings {
        let is_taste = finding.origin == Origin::Practice && finding.severity == Severity::Info;
        if is_taste || finding.origin == Origin::Note {
            continue;
        }
        let (worst, number) = by_rule.entry(finding.rule).or_default();
        *worst = (*worst).max(cost(finding.severity));
        *number += 1;
    }
    let costs =
        by_rule.into_iter().map(|(rule, (worst, number))| (rule, worst + (number - 1).min(3)));
    let mut costs: Vec<_> = costs.collect();
    costs.sort_unstable_by_key(|&(rule, cost)| (Reverse(cost), rule));
    let points = 100_u32.saturating_sub(costs.iter().map(|(_, cost)| cost).sum());
    // One warning costs 8, so a file that runs as root or has no pinned base is never an A.
    let grade = match points {
        93.. => 'A',
        80.. => 'B',
        60.. => 'C',
        35.. => 'D',
        _ => 'F',
    };
    Score { points, grade, costs }
}

/// The three findings that matter most, each of another rule: what does not work or leaks first, then by what mending
/// them buys.
pub fn top_three<'f>(findings: impl Iterator<Item = &'f Finding>) -> Vec<&'f Finding> {
    let urgency = |finding: &Finding| {
        let buys = rule(finding.rule).and_then(|rule| rule.buys.first());
        (Reverse(finding.severity), finding.origin != Origin::Lesson, buys, finding.range.start)
    };
    let mut sorted: Vec<&Finding> = findings.filter(|one| one.origin != Origin::Note).collect();
    sorted.sort_unstable_by_key(|finding| urgency(finding));
    let mut top: Vec<&Finding> = Vec::new();
    for finding in sorted {
        if top.len() < 3 && top.iter().all(|one| one.rule != finding.rule) {
            top.push(finding);
        }
    }
    top
}
