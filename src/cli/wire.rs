//! The JSON that `--format json` prints: types of its own, so that the engine's can change without breaking readers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::place::Place;
use crate::analysis::Analysis;
use crate::estimate::{BaseSize, Basis, Bytes, Estimate, Layer};
use crate::finding::{DOCKERFILE, Finding, Fix};
use crate::input::Input;
use crate::rewrite::{Rewrite, Skipped, Step};
use crate::rules::{Rule, rule};

/// Raised when a reader of the old form would misread the new one.
pub(super) const SCHEMA: u32 = 1;

/// `check`: one file's findings.
#[derive(Serialize)]
pub(super) struct CheckLine<'a> {
    schema: u32,
    file: &'a str,
    score: u32,
    grade: char,
    findings: Vec<FindingWire<'a>>,
    suppressed: Vec<FindingWire<'a>>,
}

#[derive(Serialize)]
struct FindingWire<'a> {
    rule: &'static str,
    severity: &'static str,
    aliases: &'static [&'static str],
    message: &'a str,
    /// Only where the finding is about another file than the Dockerfile.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'static str>,
    range: RangeWire,
    lesson: Option<LessonWire>,
    missing: bool,
    fix: Option<FixWire<'a>>,
    advice: Option<&'a str>,
}

#[derive(Serialize)]
struct RangeWire {
    start: PointWire,
    end: PointWire,
}

#[derive(Serialize)]
struct PointWire {
    line: usize,
    column: usize,
}

#[derive(Serialize)]
struct LessonWire {
    title: &'static str,
    source: &'static str,
    section: &'static str,
}

#[derive(Serialize)]
struct FixWire<'a> {
    title: &'a str,
    applicability: &'static str,
}

impl<'a> CheckLine<'a> {
    pub(super) fn new(file: &'a str, input: &Input, analysis: &'a Analysis) -> Self {
        let wires = |findings: &'a [Finding]| {
            findings.iter().map(|finding| FindingWire::new(finding, input, analysis)).collect()
        };
        Self {
            schema: SCHEMA,
            file,
            score: analysis.score.points,
            grade: analysis.score.grade,
            findings: wires(&analysis.findings),
            suppressed: wires(&analysis.suppressed),
        }
    }
}

impl<'a> FindingWire<'a> {
    fn new(finding: &'a Finding, input: &Input, analysis: &Analysis) -> Self {
        let place = Place::of(finding, input, analysis);
        let rule = rule(finding.rule);
        Self {
            rule: finding.rule,
            severity: finding.severity.as_str(),
            aliases: rule.map_or(&[], |rule| rule.aliases),
            message: &finding.message,
            file: (finding.file != DOCKERFILE).then_some(finding.file),
            range: RangeWire {
                start: PointWire { line: place.start.line, column: place.start.column },
                end: PointWire { line: place.end.line, column: place.end.column },
            },
            lesson: rule.and_then(LessonWire::of),
            missing: finding.missing,
            fix: finding.fix.as_ref().map(FixWire::of),
            advice: finding.advice.as_deref(),
        }
    }
}

impl LessonWire {
    fn of(rule: &Rule) -> Option<Self> {
        let section = rule.taught.first()?;
        Some(Self { title: rule.title, source: section.lesson, section: section.title })
    }
}

impl<'a> FixWire<'a> {
    fn of(fix: &'a Fix) -> Self {
        Self { title: &fix.title, applicability: fix.applicability.as_str() }
    }
}

/// `fix`: one file's rewrite.
#[derive(Serialize)]
pub(super) struct FixLine<'a> {
    schema: u32,
    file: &'a str,
    text: &'a str,
    applied: Vec<StepWire<'a>>,
    skipped: Vec<SkippedWire<'a>>,
    files: &'a BTreeMap<String, String>,
}

#[derive(Serialize)]
struct StepWire<'a> {
    rule: &'static str,
    title: &'a str,
    applicability: &'static str,
    assumes: &'a [String],
}

#[derive(Serialize)]
struct SkippedWire<'a> {
    rule: &'static str,
    reason: &'a str,
}

impl<'a> FixLine<'a> {
    pub(super) fn new(file: &'a str, rewrite: &'a Rewrite) -> Self {
        let step = |step: &'a Step| StepWire {
            rule: step.rule,
            title: &step.title,
            applicability: step.applicability.as_str(),
            assumes: &step.assumes,
        };
        let skipped =
            |skipped: &'a Skipped| SkippedWire { rule: skipped.rule, reason: &skipped.reason };
        Self {
            schema: SCHEMA,
            file,
            text: &rewrite.dockerfile,
            applied: rewrite.applied.iter().map(step).collect(),
            skipped: rewrite.skipped.iter().map(skipped).collect(),
            files: &rewrite.files,
        }
    }
}

/// `size`: one file's image as it is and after the full rewrite.
#[derive(Serialize)]
pub(super) struct SizeLine<'a> {
    schema: u32,
    file: &'a str,
    before: EstimateWire<'a>,
    after: EstimateWire<'a>,
}

#[derive(Serialize)]
struct EstimateWire<'a> {
    base: Option<BaseWire<'a>>,
    total: Option<BytesWire>,
    pull: Option<BytesWire>,
    layers: Vec<LayerWire<'a>>,
}

#[derive(Serialize)]
struct BaseWire<'a> {
    image: &'a str,
    basis: &'static str,
    date: Option<&'static str>,
    /// Where a measured number is written down, what an estimated one follows from, why an unknown one is.
    source: &'a str,
}

#[derive(Serialize)]
struct BytesWire {
    low: u64,
    likely: u64,
    high: u64,
}

#[derive(Serialize)]
struct LayerWire<'a> {
    line: usize,
    instruction: &'static str,
    low: Option<u64>,
    likely: Option<u64>,
    high: Option<u64>,
    basis: &'static str,
    note: &'a str,
}

impl<'a> SizeLine<'a> {
    pub(super) fn new(file: &'a str, before: &'a Estimate, after: &'a Estimate) -> Self {
        Self {
            schema: SCHEMA,
            file,
            before: EstimateWire::of(before),
            after: EstimateWire::of(after),
        }
    }
}

impl<'a> EstimateWire<'a> {
    fn of(estimate: &'a Estimate) -> Self {
        Self {
            base: estimate.base.as_ref().map(BaseWire::of),
            total: estimate.total.map(BytesWire::of),
            pull: estimate.pull.map(BytesWire::of),
            layers: estimate.layers.iter().map(LayerWire::of).collect(),
        }
    }
}

impl<'a> BaseWire<'a> {
    fn of(base: &'a BaseSize) -> Self {
        let (date, source) = match &base.basis {
            Basis::Measured { date, source } => (Some(*date), *source),
            Basis::Estimated { why } | Basis::Unknown { why } => (None, why.as_str()),
        };
        Self { image: &base.image, basis: basis_word(&base.basis), date, source }
    }
}

impl BytesWire {
    const fn of(bytes: Bytes) -> Self {
        Self { low: bytes.low, likely: bytes.likely, high: bytes.high }
    }
}

impl<'a> LayerWire<'a> {
    fn of(layer: &'a Layer) -> Self {
        Self {
            line: layer.line,
            instruction: layer.instruction,
            low: layer.size.map(|size| size.low),
            likely: layer.size.map(|size| size.likely),
            high: layer.size.map(|size| size.high),
            basis: basis_word(&layer.basis),
            note: &layer.note,
        }
    }
}

const fn basis_word(basis: &Basis) -> &'static str {
    match basis {
        Basis::Measured { .. } => "measured",
        Basis::Estimated { .. } => "estimated",
        Basis::Unknown { .. } => "unknown",
    }
}
