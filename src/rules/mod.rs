//! What is wrong and why. One file a rule, its lesson beside it.

mod add_for_local_files;
mod alpine_base_advanced;
mod apk_cache_left;
mod app_files_owned_by_root;
mod apt_in_script;
mod apt_lists_left;
mod apt_recommends;
mod apt_update_alone;
mod archive_copied_then_extracted;
mod archive_left_in_layer;
mod arg_in_from_without_default;
mod bash_syntax_in_sh;
mod broken_json_list;
mod build_cache_lost;
mod build_tools_in_final_stage;
mod cd_instead_of_workdir;
mod certificate_check_off;
mod chmod_after_copy;
mod command_without_effect;
mod copy_from_empty_stage;
mod copy_ignored_file;
mod copy_into_root_folder;
mod copy_source_before_install;
mod copy_whole_context;
mod credential_file_copied;
mod curl_saves_error_page;
mod daemon_in_background;
mod debug_tools_in_image;
mod delete_in_later_layer;
mod description_without_name;
mod destination_without_slash;
mod dev_dependencies_installed;
mod dev_mode_env;
mod dev_reload_flag;
mod dev_web_server;
mod directive_not_heeded;
mod docker_hub_base_image;
mod dockerfile_specific_ignore;
mod dockerignore_exception_order;
mod dockerignore_misses_junk;
mod dockerignore_root_only_pattern;
mod duplicate_env_key;
mod duplicate_stage_name;
mod ecs_uses_task_healthcheck;
mod empty_continuation_line;
mod env_file_in_image;
mod env_without_equals;
mod eol_base_image;
mod expose_host_mapping;
mod expose_missing;
mod expose_protocol_casing;
mod fixed_platform;
mod flask_env_not_set;
mod from_as_casing;
mod frontend_dev_server;
mod frontend_env_too_late;
mod full_base_image;
mod group_drops_others;
mod healthcheck_missing;
mod healthcheck_options;
mod healthcheck_tool_missing;
mod impossible_port;
mod install_asks_for_yes;
mod invalid_image_name;
#[cfg(any(feature = "cli", test))]
pub mod lessons;
mod lock_file_ignored;
mod loopback_bind;
mod maintainer_instruction;
mod missing_dockerignore;
mod mixed_keyword_case;
mod named_user_in_scratch;
mod node_cache_left;
mod nothing_to_start;
mod numbered_stage;
mod overridden_instruction;
mod pip_cache_in_image;
mod pip_target_script_not_on_path;
mod pipe_hides_failure;
mod plain_http_download;
mod port_mismatch;
mod privileged_step_after_user;
mod python_output_buffered;
mod redundant_platform;
mod relative_workdir;
mod reserved_stage_name;
mod rpm_cache_left;
mod runs_as_root;
mod runtime_config_baked;
mod script_piped_to_shell;
mod secret_in_command;
mod secret_in_env_or_arg;
mod shell_form_cmd;
mod shell_missing_for_run;
mod shell_state_lost;
mod shell_syntax_in_exec_form;
mod single_stage_build;
mod single_worker;
mod source_outside_context;
mod stage_name_casing;
mod stage_not_built_yet;
mod stage_runtime_mismatch;
mod sudo_in_run;
mod suppress;
mod syntax_error;
mod system_upgrade;
#[cfg(test)]
pub(crate) mod testing;
mod undeclared_arg_in_from;
mod undefined_variable;
mod ungraceful_stop_signal;
mod unknown_stage;
mod unpinned_base_image;
mod unpinned_go_tool;
mod unpinned_node_package;
mod unpinned_python_package;
mod unused_stage;
mod user_created_not_used;
mod useradd_fills_lastlog;
mod useradd_on_alpine;
mod volume_on_system_folder;
mod wheels_without_dependencies;
mod whole_filesystem_copied;
mod world_writable_files;

use crate::finding::{DOCKERFILE, Finding, Fix, Origin, Phase, Severity};
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

/// Rules that only tell a fact.
const NOTES: [&str; 4] = [
    "docker-hub-base-image",
    "dockerfile-specific-ignore",
    "ecs-uses-task-healthcheck",
    "flask-env-not-set",
];

impl Rule {
    /// Where it comes from.
    pub fn origin(&self) -> Origin {
        if NOTES.contains(&self.id) {
            Origin::Note
        } else if self.taught.is_empty() {
            Origin::Practice
        } else {
            Origin::Lesson
        }
    }
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
            title: rule.title,
            origin: rule.origin(),
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

/// The rules that the page knows at once, before its second piece brings the others: all that
/// the first example shows, so that its list does not grow under a hand.
pub const FIRST: &[Rule] = &[
    copy_source_before_install::RULE,
    copy_whole_context::RULE,
    dev_reload_flag::RULE,
    docker_hub_base_image::RULE,
    env_file_in_image::RULE,
    expose_missing::RULE,
    full_base_image::RULE,
    healthcheck_missing::RULE,
    pip_cache_in_image::RULE,
    python_output_buffered::RULE,
    runs_as_root::RULE,
    single_stage_build::FIRST,
    syntax_error::RULE,
    unpinned_base_image::RULE,
];

/// Every rule, sorted by id.
pub const RULES: &[Rule] = &[
    add_for_local_files::RULE,
    alpine_base_advanced::RULE,
    apk_cache_left::RULE,
    app_files_owned_by_root::RULE,
    apt_in_script::RULE,
    apt_lists_left::RULE,
    apt_recommends::RULE,
    apt_update_alone::RULE,
    archive_copied_then_extracted::RULE,
    archive_left_in_layer::RULE,
    arg_in_from_without_default::RULE,
    bash_syntax_in_sh::RULE,
    broken_json_list::RULE,
    build_cache_lost::RULE,
    build_tools_in_final_stage::RULE,
    cd_instead_of_workdir::RULE,
    certificate_check_off::RULE,
    chmod_after_copy::RULE,
    command_without_effect::RULE,
    copy_from_empty_stage::RULE,
    copy_ignored_file::RULE,
    copy_into_root_folder::RULE,
    copy_source_before_install::RULE,
    copy_whole_context::RULE,
    credential_file_copied::RULE,
    curl_saves_error_page::RULE,
    daemon_in_background::RULE,
    debug_tools_in_image::RULE,
    delete_in_later_layer::RULE,
    description_without_name::RULE,
    destination_without_slash::RULE,
    dev_dependencies_installed::RULE,
    dev_mode_env::RULE,
    dev_reload_flag::RULE,
    dev_web_server::RULE,
    directive_not_heeded::RULE,
    docker_hub_base_image::RULE,
    dockerfile_specific_ignore::RULE,
    dockerignore_exception_order::RULE,
    dockerignore_misses_junk::RULE,
    dockerignore_root_only_pattern::RULE,
    duplicate_env_key::RULE,
    duplicate_stage_name::RULE,
    ecs_uses_task_healthcheck::RULE,
    empty_continuation_line::RULE,
    env_file_in_image::RULE,
    env_without_equals::RULE,
    eol_base_image::RULE,
    expose_host_mapping::RULE,
    expose_missing::RULE,
    expose_protocol_casing::RULE,
    fixed_platform::RULE,
    flask_env_not_set::RULE,
    from_as_casing::RULE,
    frontend_dev_server::RULE,
    frontend_env_too_late::RULE,
    full_base_image::RULE,
    group_drops_others::RULE,
    healthcheck_missing::RULE,
    healthcheck_options::RULE,
    healthcheck_tool_missing::RULE,
    impossible_port::RULE,
    install_asks_for_yes::RULE,
    invalid_image_name::RULE,
    lock_file_ignored::RULE,
    loopback_bind::RULE,
    maintainer_instruction::RULE,
    missing_dockerignore::RULE,
    mixed_keyword_case::RULE,
    named_user_in_scratch::RULE,
    node_cache_left::RULE,
    nothing_to_start::RULE,
    numbered_stage::RULE,
    overridden_instruction::RULE,
    pip_cache_in_image::RULE,
    pip_target_script_not_on_path::RULE,
    pipe_hides_failure::RULE,
    plain_http_download::RULE,
    port_mismatch::RULE,
    privileged_step_after_user::RULE,
    python_output_buffered::RULE,
    redundant_platform::RULE,
    relative_workdir::RULE,
    reserved_stage_name::RULE,
    rpm_cache_left::RULE,
    runs_as_root::RULE,
    runtime_config_baked::RULE,
    script_piped_to_shell::RULE,
    secret_in_command::RULE,
    secret_in_env_or_arg::RULE,
    shell_form_cmd::RULE,
    shell_missing_for_run::RULE,
    shell_state_lost::RULE,
    shell_syntax_in_exec_form::RULE,
    single_stage_build::RULE,
    single_worker::RULE,
    source_outside_context::RULE,
    stage_name_casing::RULE,
    stage_not_built_yet::RULE,
    stage_runtime_mismatch::RULE,
    sudo_in_run::RULE,
    syntax_error::RULE,
    system_upgrade::RULE,
    undeclared_arg_in_from::RULE,
    undefined_variable::RULE,
    ungraceful_stop_signal::RULE,
    unknown_stage::RULE,
    unpinned_base_image::RULE,
    unpinned_go_tool::RULE,
    unpinned_node_package::RULE,
    unpinned_python_package::RULE,
    unused_stage::RULE,
    user_created_not_used::RULE,
    useradd_fills_lastlog::RULE,
    useradd_on_alpine::RULE,
    volume_on_system_folder::RULE,
    wheels_without_dependencies::RULE,
    whole_filesystem_copied::RULE,
    world_writable_files::RULE,
];

/// The rule called `id`.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.id == id)
}

/// What rules say about a file, each sorted by file, place and rule, so that the order of rules is nothing.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Checked {
    /// What they say.
    pub findings: Vec<Finding>,
    /// What a comment of the file silences.
    pub suppressed: Vec<Finding>,
}

/// The file ends in the middle of the instruction at `start`: a new line behind it would become a part of it.
fn wait_for_the_last_line(start: usize, findings: &mut [Finding]) {
    for finding in findings {
        let adds_lines = |fix: &Fix| {
            let is_structure = matches!(fix.phase, Phase::Order | Phase::Stages | Phase::Runtime);
            fix.edits().is_some_and(|edits| {
                edits.iter().any(|edit| {
                    edit.range.end >= start || (is_structure && edit.text.contains('\n'))
                })
            })
        };
        if finding.rule != "syntax-error" && finding.fix.as_ref().is_some_and(adds_lines) {
            finding.fix = None;
            finding.advice = Some(
                "Finish the last line of the file first; then this can be changed for you."
                    .to_owned(),
            );
        }
    }
}

/// What every rule says, comments heeded.
pub fn check_all(model: &Model) -> Vec<Finding> {
    check(RULES, model).findings
}

/// Runs some of the rules.
pub fn check<'r>(rules: impl IntoIterator<Item = &'r Rule>, model: &Model) -> Checked {
    let rules: Vec<&Rule> = rules.into_iter().collect();
    let mut report = Report::default();
    for rule in &rules {
        (rule.check)(model, &mut report);
    }
    let mut findings = report.findings;
    if let Some(last) = model.file().instructions().last().filter(|last| last.is_open) {
        wait_for_the_last_line(last.range.start, &mut findings);
    }
    findings.sort_unstable_by(|a, b| {
        (a.file, a.range, a.rule, &a.message).cmp(&(b.file, b.range, b.rule, &b.message))
    });
    let suppressed = suppress::suppress(model, &rules, &mut findings);
    Checked { findings, suppressed }
}

#[cfg(test)]
mod tests;
