//! COPY from a folder that the build cannot see.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::Model;

pub(super) const RULE: Rule = Rule {
    id: "source-outside-context",
    title: "The build cannot see this file",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["add_src_invalid"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, _, word) in model.copied(|path| wrong(path).is_some()) {
        let Some(message) = wrong(&word.text) else { continue };
        report.at(&RULE, word.range, message).advice(
            "Build from a folder that holds both: `docker build -f sub/Dockerfile .`. Or hand the other one over with `--build-context` and name it behind `--from`.",
        );
    }
}

/// Why the build does not see the path.
fn wrong(path: &str) -> Option<String> {
    if leaves(path) {
        Some(format!(
            "A build sees its own folder and nothing above, so `{path}` means the same path without `../`."
        ))
    } else if path.starts_with('~') {
        Some(format!("Docker knows no home folder, so `{path}` is a path with a `~` in its name."))
    } else if path.starts_with("/home/") || path.starts_with("/Users/") {
        Some(format!(
            "`/` is the folder that the build was given, not your disk, so `{path}` is not found."
        ))
    } else {
        None
    }
}

/// Whether the path goes above the folder that it starts in.
fn leaves(path: &str) -> bool {
    let mut depth = 0_i32;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_path() {
        check(
            &RULE,
            "\
FROM debian:12
COPY ../shared /shared
#    ^^^^^^^^^ A build sees its own folder
ADD ~/.bashrc /root/
#   ^^^^^^^^^ Docker knows no home folder
COPY /home/me/app /app/
#    ^^^^^^^^^^^^ `/` is the folder that the build was given
",
        );
        no_fix(&RULE, "FROM a\nCOPY a/../../b /b\n");
    }

    #[test]
    fn silent_inside_of_it() {
        silent(&RULE, "FROM a\nCOPY a/../b ./c /d ..e /x/\nCOPY --from=b ../x /home/y /z/\n");
    }
}
