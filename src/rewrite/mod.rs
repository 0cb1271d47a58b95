//! What to change: all fixes together, a phase a pass, to a fixed point.

mod sameness;

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::{Applicability, Change, DOCKERFILE, Finding, Fix, Origin, Phase};
use crate::input::{Given, Input};
use crate::model::Model;
use crate::rules;
use crate::syntax::{File, parse, second_reader};
use crate::text::EditSet;

/// After so many passes nothing is left to do, or two fixes undo each other; a test holds that it is the former.
const MOST_PASSES: usize = 10;

/// Which fixes a rewrite takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Only fixes that are safe.
    Safe,
    /// Those to be checked first as well.
    All,
}

/// A fix that was applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The rule's id.
    pub rule: &'static str,
    /// What it did, as an order.
    pub title: String,
    /// Whether somebody has to look first.
    pub applicability: Applicability,
    /// What must be true for the program to stay the same.
    pub assumes: Vec<String>,
}

/// A finding that was not mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The rule's id.
    pub rule: &'static str,
    /// Why, or what to do by hand.
    pub reason: String,
}

/// The rewritten project.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rewrite {
    /// The Dockerfile's new text.
    pub dockerfile: String,
    /// Other files that are new or changed, by name.
    pub files: BTreeMap<String, String>,
    /// What was done, in order.
    pub applied: Vec<Step>,
    /// What was left, with the reason.
    pub skipped: Vec<Skipped>,
    /// The input with the rewritten files in place of its own.
    pub input: Input,
}

/// Applies every fix that `level` and the input's choices allow, again and again, until nothing is left to do.
pub fn rewrite(input: &Input, level: Level) -> Rewrite {
    rewrite_watched(input, |finding| allows(level, input, finding), &mut |_, _| {})
}

/// Applies every fix of one rule.
pub fn rewrite_rule(input: &Input, rule: &str) -> Rewrite {
    rewrite_watched(input, |finding| finding.rule == rule, &mut |_, _| {})
}

/// `input` with one fix applied.
pub fn apply(input: &Input, fix: &Fix) -> Input {
    let mut pass = Pass::default();
    // One fix alone meets nothing.
    let merged = pass.add(fix);
    debug_assert!(merged, "a fix meets itself");
    pass.apply(input)
}

/// Is told each rule whose fixes were applied, and can ask for the input as it is afterwards.
pub(crate) type Watch<'w> = dyn FnMut(&'static str, &dyn Fn() -> Input) + 'w;

/// [`rewrite`], which tells `watch` what it does.
pub(crate) fn rewrite_watched(
    input: &Input,
    allowed: impl Fn(&Finding) -> bool,
    watch: &mut Watch<'_>,
) -> Rewrite {
    let mut current = input.clone();
    let mut applied = Vec::new();
    let mut refused = Refused::new();
    let mut told = Refused::new();
    let mut findings = check(&current);
    let mut passes = 0;
    while passes < MOST_PASSES {
        for one in findings.iter().filter(|one| one.fix.is_none() && one.origin != Origin::Note) {
            told.extend(one.advice.clone().map(|reason| (one.rule, reason)));
        }
        let taken: Vec<_> = findings
            .iter()
            .filter(|finding| allowed(finding) && !refused.contains_key(finding.rule))
            .filter_map(|finding| Some((finding.rule, finding.fix.as_ref()?)))
            .collect();
        let Some(phase) = taken.iter().map(|(_, fix)| fix.phase).min() else { break };
        if let Some(why) = harm(&current, &taken, phase) {
            refuse(&current, &taken, phase, &why, &mut refused);
            continue;
        }
        let (next, steps) = one_pass(&current, &taken, phase, watch);
        applied.extend(steps);
        // What did harm before may do none now.
        refused.clear();
        passes += 1;
        current = next;
        findings = check(&current);
    }
    let files = current.files.iter().filter(|(name, given)| input.files.get(*name) != Some(given));
    Rewrite {
        dockerfile: current.dockerfile.clone(),
        files: files
            .filter_map(|(name, given)| Some((name.clone(), given.text()?.to_owned())))
            .collect(),
        applied,
        skipped: findings
            .iter()
            .filter_map(|finding| skipped(finding, &allowed, &refused, &told))
            .collect(),
        input: current,
    }
}

/// The rules whose fixes are left out of a rewrite, each with the reason.
type Refused = BTreeMap<&'static str, String>;

/// What speaks against a pass: a line that cannot be read, or a program that is not the same.
fn harm(current: &Input, taken: &[(&'static str, &Fix)], phase: Phase) -> Option<String> {
    let (next, steps) = one_pass(current, taken, phase, &mut |_, _| {});
    let (old, new) = (parse(&current.dockerfile), parse(&next.dockerfile));
    if !is_sound(&old, &new) {
        return Some("The change would make a line that Docker cannot read.".to_owned());
    }
    let rules: Vec<_> = steps.iter().map(|step| step.rule).collect();
    sameness::difference(&Model::build(&old, current), &Model::build(&new, &next), &rules)
}

/// Finds the rules that do harm by themselves; where none does, all of the pass are left out.
fn refuse(
    current: &Input,
    taken: &[(&'static str, &Fix)],
    phase: Phase,
    why: &str,
    refused: &mut Refused,
) {
    let before = refused.len();
    let rules: BTreeSet<_> =
        taken.iter().filter(|(_, fix)| fix.phase == phase).map(|(rule, _)| *rule).collect();
    for rule in &rules {
        let own: Vec<_> = taken.iter().filter(|(one, _)| one == rule).copied().collect();
        if let Some(why) = harm(current, &own, phase) {
            refused.insert(rule, why);
        }
    }
    if refused.len() == before {
        refused.extend(rules.iter().map(|rule| (*rule, why.to_owned())));
    }
}

/// Whether what is new in `new` can be read, by a second reader as by ours.
fn is_sound(old: &File, new: &File) -> bool {
    let mut known = BTreeSet::new();
    for instruction in old.instructions() {
        known.insert(instruction.logical.text.as_str());
    }
    let mut written = new.instructions().filter(|one| !known.contains(one.logical.text.as_str()));
    new.errors.len() <= old.errors.len() && written.all(second_reader::agrees)
}

fn allows(level: Level, input: &Input, finding: &Finding) -> bool {
    let Some(fix) = &finding.fix else { return false };
    let trusted = level == Level::All || fix.applicability == Applicability::Safe;
    trusted && !input.choices.without.contains(finding.rule)
}

fn check(input: &Input) -> Vec<Finding> {
    let file = parse(&input.dockerfile);
    rules::check_all(&Model::build(&file, input))
}

fn one_pass(
    current: &Input,
    taken: &[(&'static str, &Fix)],
    phase: Phase,
    watch: &mut Watch<'_>,
) -> (Input, Vec<Step>) {
    let mut pass = Pass::default();
    let mut steps: Vec<Step> = Vec::new();
    // Rule by rule, so that what a rule buys can be weighed at once.
    let mut turn: Vec<_> = taken.iter().filter(|(_, fix)| fix.phase == phase).enumerate().collect();
    turn.sort_unstable_by_key(|(at, (rule, _))| (*rule, *at));
    for of_rule in turn.chunk_by(|(_, a), (_, b)| a.0 == b.0) {
        let before = steps.len();
        for (_, (rule, fix)) in of_rule {
            // What another rule's fix brings already is one step; where it meets one it waits for the next pass.
            if !pass.brings(fix) && pass.add(fix) {
                steps.push(Step {
                    rule,
                    title: fix.title.clone(),
                    applicability: fix.applicability,
                    assumes: fix.assumes.clone(),
                });
            }
        }
        if let Some(step) = steps.get(before) {
            watch(step.rule, &|| pass.apply(current));
        }
    }
    (pass.apply(current), steps)
}

fn skipped(
    finding: &Finding,
    allowed: &dyn Fn(&Finding) -> bool,
    refused: &Refused,
    told: &Refused,
) -> Option<Skipped> {
    let reason = match (&finding.fix, refused.get(finding.rule)) {
        (Some(_), Some(why)) => why.clone(),
        (Some(fix), None) if !allowed(finding) => format!("Left out: {}.", fix.title),
        (Some(_), None) => "Another change stands in the same place.".to_owned(),
        // Another fix may have made little of it; why it was not mended itself is still worth a word.
        (None, _) => match told.get(finding.rule).filter(|_| finding.origin == Origin::Note) {
            Some(reason) => reason.clone(),
            None => finding.advice.clone()?,
        },
    };
    Some(Skipped { rule: finding.rule, reason })
}

/// The changes of one pass: fixes that do not meet.
#[derive(Default)]
struct Pass {
    edits: BTreeMap<String, EditSet>,
    created: BTreeMap<String, String>,
}

impl Pass {
    /// Whether the files that `fix` creates, if that is all it does, are created already.
    fn brings(&self, fix: &Fix) -> bool {
        fix.changes.iter().all(|(name, change)| match change {
            Change::Edit(_) => false,
            Change::Create(text) => self.created.get(name) == Some(text),
        })
    }

    /// Takes all changes of `fix`, or none where one of them meets an earlier one.
    fn add(&mut self, fix: &Fix) -> bool {
        let meets = fix.changes.iter().any(|(name, change)| match change {
            Change::Edit(new) => self.edits.get(name).is_some_and(|old| old.meets(new)),
            Change::Create(text) => self.created.get(name).is_some_and(|old| old != text),
        });
        if meets {
            return false;
        }
        for (name, change) in &fix.changes {
            match change {
                Change::Edit(new) => {
                    let merged = self.edits.entry(name.clone()).or_default().merge(new);
                    debug_assert!(merged.is_ok(), "it was looked at before");
                }
                Change::Create(text) => drop(self.created.insert(name.clone(), text.clone())),
            }
        }
        true
    }

    fn apply(&self, input: &Input) -> Input {
        let mut next = input.clone();
        for (name, edits) in &self.edits {
            if name == DOCKERFILE {
                next.dockerfile = edits.apply(&input.dockerfile);
            } else if let Some(text) = input.text(name) {
                next.files.insert(name.clone(), Given::Text(edits.apply(text)));
            }
        }
        for (name, text) in &self.created {
            next.files.insert(name.clone(), Given::Text(text.clone()));
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reason_stays_when_another_fix_makes_little_of_a_finding() {
        let text = "FROM python:3.12\nRUN pip install gunicorn\nCMD [\"/usr/local/bin/gunicorn\", \"app:app\"]\n";
        let after = rewrite(&Input::new(text), Level::All);
        assert!(after.dockerfile.starts_with("FROM python:3.12-slim\n"), "{}", after.dockerfile);
        let left = after.skipped.iter().find(|one| one.rule == "single-stage-build");
        let reason = left.map(|one| one.reason.as_str()).unwrap_or_default();
        assert!(reason.starts_with("The command names a program by its full path"), "{reason}");
    }
}
