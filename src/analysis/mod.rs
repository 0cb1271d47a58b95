//! The facade: text and context in, plain data out. All that the page and the command line see.

pub mod figures;
pub mod folder;
mod judgement;
mod mistaken;
pub mod rebuild;
mod tokens;

use std::collections::BTreeMap;

pub use judgement::top_three;
pub use mistaken::unwrap;

use crate::estimate::{Estimate, Tables, estimate, saving};
use crate::finding::Finding;
use crate::input::Input;
use crate::model::{Base, Model, Stage};
use crate::rewrite::{Rewrite, rewrite_watched};
use crate::rules::{Checked, FIRST, RULES, Rule, check};
use crate::syntax::{Kind, parse};
use crate::text::{LineIndex, TextRange};

/// Weighing what a rule buys reads the whole file again: so many bytes may be read for it in one rewrite.
const WEIGH_STEPS_UP_TO: usize = 256 * 1024;

/// The colour classes of the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// FROM, RUN, AS.
    Keyword,
    /// `# ...`, parser directives.
    Comment,
    /// Quoted text.
    String,
    /// `--from`, and options in commands.
    Flag,
    /// `$NAME`, `${NAME}`.
    Variable,
    /// `&&`, `|`, `\` at a line's end.
    Operator,
    /// What a heredoc holds.
    Heredoc,
}

/// A coloured piece of the Dockerfile. Tokens are sorted and disjoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where, in bytes.
    pub range: TextRange,
    /// Which colour.
    pub kind: TokenKind,
}

/// One line of the lessons' checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Use slim base.
    SlimBase,
    /// Multi-stage builds.
    MultiStage,
    /// Non-root user.
    NonRoot,
    /// Layer caching.
    LayerCaching,
    /// Health checks.
    HealthCheck,
    /// `.dockerignore`.
    Dockerignore,
    /// Run with production server.
    ProductionCommand,
}

/// How far a [`Goal`] is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Met.
    Done,
    /// Not met.
    NotDone,
    /// Another file has to be given to tell.
    NeedsFile,
    /// The file has nothing that it could be about (no server, no install).
    NotApplicable,
}

/// One line of the checklist with the rules behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which line.
    pub goal: Goal,
    /// How far.
    pub progress: Progress,
    /// Ids of the rules that belong to it; a click on the line filters by them.
    pub rules: &'static [&'static str],
}

/// 0 to 100, with what each finding costs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// 0 to 100.
    pub points: u32,
    /// A to F.
    pub grade: char,
    /// Rule id and points, most costly first.
    pub costs: Vec<(&'static str, u32)>,
}

/// What a text that was pasted really is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistaken {
    /// A Dockerfile inside a Markdown fence or behind `$` prompts: it can be stripped.
    Wrapped,
    /// A compose file.
    Compose,
    /// pip's requirements.
    Requirements,
    /// An ignore file.
    Dockerignore,
    /// npm's package.json.
    PackageJson,
    /// Not text at all.
    Binary,
    /// Text, but not one line of a Dockerfile.
    Prose,
}

/// All that there is to say about an input. The same input gives an equal analysis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analysis {
    /// The text that was analysed.
    pub text: String,
    /// Its lines.
    pub lines: LineIndex,
    /// Its colours.
    pub tokens: Vec<Token>,
    /// Sorted by place.
    pub findings: Vec<Finding>,
    /// What a comment in the file silences, sorted by place; it counts for nothing.
    pub suppressed: Vec<Finding>,
    /// The lessons' checklist, always all seven, in the lessons' order.
    pub checklist: Vec<Check>,
    /// Behind the checklist.
    pub score: Score,
    /// The text looks like something else.
    pub mistaken: Option<Mistaken>,
    /// The file holds a value that looks like a secret, so it should not be shared.
    pub has_secret: bool,
}

/// The full rewrite and what it weighs: dearer than [`Analysis`], so it is its own step.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Proposal {
    /// All fixes together.
    pub rewrite: Rewrite,
    /// What the rewritten image weighs.
    pub estimate: Estimate,
    /// How many bytes each rule's steps take off the likely total; negative where they add some.
    pub savings: BTreeMap<&'static str, i64>,
    /// The stages of the rewritten file, in order, with what the final stage takes from them.
    pub stages: Vec<StageBox>,
    /// The base of the final image where nothing is known of it but what the learner says.
    pub private_base: Option<String>,
    /// Whether the final image is made from one that Docker Hub serves.
    pub is_on_docker_hub: bool,
    /// The names of the stages of the file as it is, where there are several.
    pub targets: Vec<String>,
}

/// One stage, for the stage picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageBox {
    /// Its name, or "final stage".
    pub name: String,
    /// Its base image or the stage it builds on.
    pub base: String,
    /// Whether it is the stage that ships.
    pub is_final: bool,
    /// Paths that later stages copy from it.
    pub copied: Vec<String>,
    /// The user it ends with; `None` where nothing sets one.
    pub user: Option<String>,
}

impl Analysis {
    /// Reads and judges `input`.
    pub fn of(input: &Input) -> Self {
        Self::by(RULES, input)
    }

    /// The same with the rules alone that the page knows at once.
    pub fn first(input: &Input) -> Self {
        Self::by(FIRST, input)
    }

    fn by(rules: &[Rule], input: &Input) -> Self {
        let file = parse(&input.dockerfile);
        let model = Model::build(&file, input);
        let Checked { findings, suppressed } = check(rules, &model);
        Self {
            text: input.dockerfile.clone(),
            lines: model.lines().clone(),
            tokens: tokens::tokens(&input.dockerfile, &file),
            checklist: judgement::checklist(&model, &findings),
            score: judgement::score(&findings),
            mistaken: mistaken::mistaken(&input.dockerfile, &file),
            has_secret: findings.iter().chain(&suppressed).any(shows_secret),
            findings,
            suppressed,
        }
    }
}

/// Whether it is about a value that looks like a secret.
fn shows_secret(finding: &Finding) -> bool {
    matches!(finding.rule, "secret-in-env-or-arg" | "secret-in-command")
}

impl Proposal {
    /// Rewrites `input` with every fix that its choices do not leave out, and weighs the result.
    pub fn of(input: &Input, tables: Tables) -> Self {
        let mut savings = BTreeMap::new();
        let mut budget = WEIGH_STEPS_UP_TO;
        let mut weigh = |input: &dyn Fn() -> Input, length: usize| {
            budget = budget.checked_sub(length)?;
            Some(self::weigh(&input(), tables))
        };
        let length = input.dockerfile.len();
        let mut before = weigh(&|| input.clone(), length);
        let allowed = |finding: &Finding| {
            finding.fix.is_some() && !input.choices.without.contains(finding.rule)
        };
        let rewrite = rewrite_watched(input, allowed, &mut |rule, now| {
            let after = weigh(now, length);
            let both = before.as_ref().zip(after.as_ref());
            if let Some(saved) = both.and_then(|(before, after)| saving(before, after)) {
                *savings.entry(rule).or_default() += saved.likely;
            }
            before = after;
        });
        let file = parse(&rewrite.dockerfile);
        let model = Model::build(&file, &rewrite.input);
        let stages = model.stages().iter().map(|stage| stage_box(&model, stage)).collect();
        let estimate = estimate(&model, tables);
        let private_base = model.final_image().and_then(|(_, image)| {
            (image.is_told || image.family().is_none()).then(|| image.text.clone())
        });
        let is_on_docker_hub =
            model.final_image().is_some_and(|(_, image)| image.is_on_docker_hub());
        let targets = names(input);
        Self { rewrite, estimate, savings, stages, private_base, is_on_docker_hub, targets }
    }
}

/// The names of the stages, where there are several.
fn names(input: &Input) -> Vec<String> {
    let file = parse(&input.dockerfile);
    let mut names = Vec::new();
    for one in file.instructions() {
        if let Kind::From { alias: Some(alias), .. } = &one.kind {
            names.push(alias.text.clone());
        }
    }
    if names.len() < 2 { Vec::new() } else { names }
}

/// What the image that `input` builds weighs.
pub fn weigh(input: &Input, tables: Tables) -> Estimate {
    let file = parse(&input.dockerfile);
    estimate(&Model::build(&file, input), tables)
}

fn stage_box(model: &Model, stage: &Stage<'_>) -> StageBox {
    let is_final = model.final_stage().is_some_and(|last| last.index == stage.index);
    let name = stage.name.map(|name| name.text.clone());
    let user = stage.steps.iter().rev().find_map(|step| match &step.instruction.kind {
        Kind::User(user) => Some(user.text.clone()),
        _ => None,
    });
    let copied =
        model.steps().filter(|(_, step)| copies_from(step.instruction.flag_value("from"), stage));
    let sources = copied.filter_map(|(_, step)| match &step.instruction.kind {
        Kind::Copy(transfer) => Some(transfer.sources.iter().map(|source| source.text.clone())),
        _ => None,
    });
    StageBox {
        name: name.unwrap_or_else(|| {
            if is_final { "final stage".to_owned() } else { format!("stage {}", stage.index) }
        }),
        base: match &stage.base {
            Base::Image(image) => image.text.clone(),
            Base::Scratch => "scratch".to_owned(),
            Base::Stage(_) | Base::Unknown => stage.image.text.clone(),
        },
        is_final,
        copied: sources.flatten().collect(),
        user,
    }
}

/// Whether `--from=from` names `stage`.
fn copies_from(from: Option<&str>, stage: &Stage<'_>) -> bool {
    from.is_some_and(|from| {
        stage.name.is_some_and(|name| name.text.eq_ignore_ascii_case(from))
            || from.parse() == Ok(stage.index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_counts_in_env_and_command_and_where_it_is_silenced() {
        for line in [
            "ENV DB_PASSWORD=hunter22",
            "RUN curl -u me:hunter22 example.org",
            "# drydock ignore=secret-in-env-or-arg for tests\nENV DB_PASSWORD=hunter22",
        ] {
            assert!(Analysis::of(&Input::new(format!("FROM a:1\n{line}\n"))).has_secret, "{line}");
        }
        assert!(!Analysis::of(&Input::new("FROM a:1\nENV DB_PASSWORD=\n")).has_secret);
    }
}
