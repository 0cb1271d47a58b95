//! The lesson texts, compiled in: for the command line and for tests. The page loads the same files later.

/// Every lesson by rule id, in Markdown (see [`crate::lesson`]), sorted by id.
pub const LESSONS: &[(&str, &str)] = &[
    ("apt-lists-left", include_str!("apt_lists_left.md")),
    ("apt-recommends", include_str!("apt_recommends.md")),
    ("copy-source-before-install", include_str!("copy_source_before_install.md")),
    ("copy-whole-context", include_str!("copy_whole_context.md")),
    ("delete-in-later-layer", include_str!("delete_in_later_layer.md")),
    ("dev-mode-env", include_str!("dev_mode_env.md")),
    ("dev-reload-flag", include_str!("dev_reload_flag.md")),
    ("dev-web-server", include_str!("dev_web_server.md")),
    ("docker-hub-base-image", include_str!("docker_hub_base_image.md")),
    ("eol-base-image", include_str!("eol_base_image.md")),
    ("expose-missing", include_str!("expose_missing.md")),
    ("full-base-image", include_str!("full_base_image.md")),
    ("healthcheck-missing", include_str!("healthcheck_missing.md")),
    ("pip-cache-in-image", include_str!("pip_cache_in_image.md")),
    ("pip-target-script-not-on-path", include_str!("pip_target_script_not_on_path.md")),
    ("python-output-buffered", include_str!("python_output_buffered.md")),
    ("runs-as-root", include_str!("runs_as_root.md")),
    ("secret-in-env-or-arg", include_str!("secret_in_env_or_arg.md")),
    ("shell-form-cmd", include_str!("shell_form_cmd.md")),
    ("single-stage-build", include_str!("single_stage_build.md")),
    ("single-worker", include_str!("single_worker.md")),
    ("syntax-error", include_str!("syntax_error.md")),
    ("unpinned-base-image", include_str!("unpinned_base_image.md")),
    ("wheels-without-dependencies", include_str!("wheels_without_dependencies.md")),
];

/// The lesson of the rule `id`, in Markdown.
pub fn lesson_text(id: &str) -> Option<&'static str> {
    LESSONS.iter().find(|(name, _)| *name == id).map(|&(_, text)| text)
}
