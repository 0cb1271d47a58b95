//! What is wrong and why. One file a rule, its lesson beside it.

mod apt_lists_left;
mod apt_recommends;
mod copy_source_before_install;
mod copy_whole_context;
mod delete_in_later_layer;
mod dev_mode_env;
mod dev_reload_flag;
mod dev_web_server;
mod docker_hub_base_image;
mod eol_base_image;
mod expose_missing;
mod full_base_image;
mod healthcheck_missing;
#[cfg(any(feature = "cli", test))]
pub mod lessons;
mod pip_cache_in_image;
mod pip_target_script_not_on_path;
mod python_output_buffered;
mod runs_as_root;
mod secret_in_env_or_arg;
mod shell_form_cmd;
mod single_stage_build;
mod single_worker;
mod syntax_error;
#[cfg(test)]
pub(crate) mod testing;
mod unpinned_base_image;
mod wheels_without_dependencies;

use crate::finding::{DOCKERFILE, Finding, Fix, Severity};
use crate::model::Model;
use crate::text::TextRange;

/// What mending a finding buys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Buys {
    /// The container starts at all.
    Starts,
    /// Fewer rights, fewer secrets, fewer packages to patch.
    Security,
    /// A smaller image.
    Size,
    /// Less to do again after a change.
    RebuildTime,
    /// A program that keeps answering.
    Stability,
}

impl Buys {
    /// The word on the page.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Starts => "it starts",
            Self::Security => "security",
            Self::Size => "size",
            Self::RebuildTime => "rebuild time",
            Self::Stability => "stability",
        }
    }
}

/// Whether a rule's findings carry a fix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixes {
    /// Every finding does.
    Always,
    /// Where the text allows it.
    Sometimes,
    /// None does; they carry advice.
    Never,
}

/// A section of one of the two lessons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Section {
    /// `docker-for-production` or `flask-for-production`.
    pub lesson: &'static str,
    /// The section's title in the lesson.
    pub title: &'static str,
}

impl Section {
    /// A section of the lesson "Docker for Production".
    pub const fn docker(title: &'static str) -> Self {
        Self { lesson: "docker-for-production", title }
    }

    /// A section of the lesson "Dockerizing the Backend Framework for Production Environment".
    pub const fn flask(title: &'static str) -> Self {
        Self { lesson: "flask-for-production", title }
    }

    /// The lesson's name for people.
    pub fn lesson_name(self) -> &'static str {
        if self.lesson == "docker-for-production" {
            "Docker for Production"
        } else {
            "Flask for Production"
        }
    }
}

/// One rule. Its long text is the Markdown file beside it (see [`crate::lesson`]).
#[derive(Debug)]
pub struct Rule {
    /// Kebab-case, the smell: "allow pip-cache-in-image" reads.
    pub id: &'static str,
    /// The consequence, at most eight words; also the lesson's heading.
    pub title: &'static str,
    /// How much it usually matters.
    pub severity: Severity,
    /// Whether findings carry a fix.
    pub fixes: Fixes,
    /// What mending it buys.
    pub buys: &'static [Buys],
    /// Ids of other tools for the same thing.
    pub aliases: &'static [&'static str],
    /// Where the lessons teach it, most telling first; empty for a rule outside the two lessons.
    pub taught: &'static [Section],
    /// Reads the model, reports findings. Sees nothing else.
    pub check: fn(&Model, &mut Report),
}

/// The sink that a check writes to.
#[derive(Debug, Default)]
pub struct Report {
    findings: Vec<Finding>,
}

impl Report {
    /// Something at a token.
    pub fn at(
        &mut self,
        rule: &Rule,
        range: TextRange,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(rule, range, false, message.into())
    }

    /// Something that is not there: `offset` is where its line would start.
    pub fn missing(
        &mut self,
        rule: &Rule,
        offset: usize,
        message: impl Into<String>,
    ) -> &mut Finding {
        self.push(rule, TextRange::at(offset), true, message.into())
    }

    fn push(
        &mut self,
        rule: &Rule,
        range: TextRange,
        missing: bool,
        message: String,
    ) -> &mut Finding {
        self.findings.push(Finding {
            rule: rule.id,
            severity: rule.severity,
            file: DOCKERFILE,
            range,
            missing,
            message,
            fix: None,
            advice: None,
        });
        let last = self.findings.len() - 1;
        &mut self.findings[last]
    }
}

impl Finding {
    /// The same finding with another severity than its rule's usual one.
    pub const fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    /// With a change that mends it, if there is one.
    pub fn fix(&mut self, fix: impl Into<Option<Fix>>) -> &mut Self {
        self.fix = fix.into();
        self
    }

    /// With what to do by hand.
    pub fn advice(&mut self, text: impl Into<String>) -> &mut Self {
        self.advice = Some(text.into());
        self
    }
}

/// Every rule, sorted by id.
pub const RULES: &[Rule] = &[
    apt_lists_left::RULE,
    apt_recommends::RULE,
    copy_source_before_install::RULE,
    copy_whole_context::RULE,
    delete_in_later_layer::RULE,
    dev_mode_env::RULE,
    dev_reload_flag::RULE,
    dev_web_server::RULE,
    docker_hub_base_image::RULE,
    eol_base_image::RULE,
    expose_missing::RULE,
    full_base_image::RULE,
    healthcheck_missing::RULE,
    pip_cache_in_image::RULE,
    pip_target_script_not_on_path::RULE,
    python_output_buffered::RULE,
    runs_as_root::RULE,
    secret_in_env_or_arg::RULE,
    shell_form_cmd::RULE,
    single_stage_build::RULE,
    single_worker::RULE,
    syntax_error::RULE,
    unpinned_base_image::RULE,
    wheels_without_dependencies::RULE,
];

/// The rule called `id`.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// Whether the rule `id` only notes a fact: its findings are neither counted nor scored.
pub fn is_note(id: &str) -> bool {
    id == "docker-hub-base-image"
}

/// Runs every rule. Findings come sorted by file, place and rule, so that the order of rules is nothing.
pub fn check_all(model: &Model) -> Vec<Finding> {
    check_with(RULES, model)
}

fn check_with<'r>(rules: impl IntoIterator<Item = &'r Rule>, model: &Model) -> Vec<Finding> {
    let mut report = Report::default();
    for rule in rules {
        (rule.check)(model, &mut report);
    }
    let mut findings = report.findings;
    findings.sort_unstable_by(|a, b| {
        (a.file, a.range, a.rule, &a.message).cmp(&(b.file, b.range, b.rule, &b.message))
    });
    findings
}

#[cfg(test)]
mod tests {
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

    fn found(text: &str) -> Vec<Finding> {
        let (file, input) = (parse(text), Input::new(text));
        check_all(&Model::build(&file, &input))
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
            assert_eq!(check_with(RULES.iter().rev(), &model), check_all(&model));
        }
    }

    #[test]
    fn what_is_declared_fixable_is() {
        let lessons = LESSONS.iter().filter_map(|(_, text)| Lesson::parse(text).ok());
        let texts: Vec<String> = lessons
            .flat_map(|lesson| [lesson.before, lesson.after].concat())
            .filter_map(|(name, text)| (name == DOCKERFILE).then_some(text))
            .chain(FILES.map(str::to_owned))
            // A slip of the keys is what a syntax error's fix is for.
            .chain(["FORM debian:12\n".to_owned()])
            .collect();
        assert!(texts.len() > RULES.len());
        let found: Vec<Finding> = texts.iter().flat_map(|text| found(text)).collect();
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
}
