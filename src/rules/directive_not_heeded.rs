//! `# syntax=`, `# check=` or `# escape=` where Docker takes it for a comment.

use super::unknown_stage::is_slip;
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::Model;
use crate::syntax::Item;

pub(super) const RULE: Rule = Rule {
    id: "directive-not-heeded",
    title: "Docker takes this line for a comment",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &["tally/syntax-directive-typo"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for item in &model.file().items {
        // Below an instruction, a comment may talk about anything.
        let range = match item {
            Item::Instruction(_) => return,
            Item::Directive(_) => continue,
            Item::Comment(range) => *range,
        };
        let text = range.of(model.text()).trim_start_matches('#').trim();
        let Some((name, value)) = text.split_once('=') else { continue };
        let (name, value) = (name.trim(), value.trim());
        if value.is_empty() || value.contains(' ') {
            continue;
        }
        let meant = ["syntax", "check", "escape"].into_iter().find(|one| is_slip(name, one));
        let Some(meant) = meant else { continue };
        let is_right = name.eq_ignore_ascii_case(meant);
        let is_meant = is_right || (meant == "syntax" && value.contains("docker"));
        if is_right {
            let message = format!(
                "`# {meant}=` counts only above all other comments and blank lines, so Docker does not heed it here."
            );
            report.at(&RULE, range, message).advice("Move the line to the very top of the file.");
        } else if is_meant {
            let message = format!(
                "Docker knows no `{name}`; with `{meant}`, this line would choose how the file is read."
            );
            report
                .at(&RULE, range, message)
                .advice(format!("Write `# {meant}={value}` as the first line."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, silent};
    use super::RULE;
    use crate::input::Input;

    #[test]
    fn points_at_the_line() {
        for (top, line, says) in [
            ("# Web\n", "# syntax=docker/dockerfile:1", "`# syntax=` counts only above"),
            ("\n", "# check=error=true", "`# check=` counts only above"),
            ("", "# sytnax=docker/dockerfile:1", "Docker knows no `sytnax`"),
        ] {
            let text = format!("{top}{line}\nFROM a\n");
            let found = findings(&RULE, &Input::new(&text));
            assert_eq!(found.len(), 1, "{top}");
            assert_eq!(found[0].range.of(&text), line);
            assert!(found[0].message.starts_with(says), "{found:?}");
        }
    }

    #[test]
    fn silent_at_the_top_and_for_other_comments() {
        for text in [
            "# syntax=docker/dockerfile:1\n# check=skip=all\nFROM a\n",
            "# build with DOCKER_BUILDKIT=1\n# tag=x\nFROM a\n",
            "FROM a\n# syntax=docker/dockerfile:1\n",
            "# the check = all of it\nFROM a\n",
        ] {
            silent(&RULE, text);
        }
    }
}
