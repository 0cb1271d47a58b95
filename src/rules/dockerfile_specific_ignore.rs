//! A Dockerfile with a name of its own may have an ignore file of its own.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::{Model, leave_out};
use crate::text::TextRange;

pub(super) const RULE: Rule = Rule {
    id: "dockerfile-specific-ignore",
    title: "Another ignore file may count",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[Section::flask("Building and Testing")],
    check,
};

/// What the name of a Dockerfile for one use begins with.
const START: &str = "Dockerfile.";
/// No file has a longer name.
const LONGEST: usize = 255;

fn check(model: &Model, report: &mut Report) {
    let Some(range) = own_name(model.text()).filter(|_| leave_out::folder(model).is_some()) else {
        return;
    };
    let name = range.of(model.text());
    let message = format!(
        "With `-f {name}` Docker looks for `{name}.dockerignore` first; `.dockerignore` counts only where that one does not exist."
    );
    report.at(&RULE, range, message).advice(format!(
        "One `.dockerignore` for all Dockerfiles is easier to keep. Write a `{name}.dockerignore` where this image needs another list."
    ));
}

/// The first `Dockerfile.prod` in a comment.
fn own_name(text: &str) -> Option<TextRange> {
    let (mut is_comment, mut seen) = (false, 0);
    text.match_indices(START).find_map(|(at, _)| {
        let between = &text[seen..at];
        let line = between.rfind('\n').map(|end| &between[end + 1..]);
        if let Some(line) = line.or((seen == 0).then_some(between)) {
            is_comment = line.trim_start().starts_with('#');
        }
        seen = at;
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
        let rest = text.as_bytes()[at..].iter().take(LONGEST).take_while(|byte| is_part(byte));
        let name = text[at..at + rest.count()].trim_end_matches('.');
        let is_own = name.len() > START.len() && !name.ends_with(".dockerignore");
        (is_own && is_comment).then(|| TextRange::new(at, at + name.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn a_name_of_its_own() {
        check(
            &RULE,
            "\
# docker build -f Dockerfile.prod -t web .
#                 ^^^^^^^^^^^^^^^ With `-f Dockerfile.prod` Docker looks for `Dockerfile.prod.dockerignore` first
FROM a
COPY . .
",
        );
    }

    #[test]
    fn silent_without_a_name_or_a_folder() {
        silent(&RULE, "# Dockerfile\nFROM a\nCOPY . .\n");
        silent(&RULE, "# The Dockerfile. It builds\nFROM a\nCOPY . .\n");
        silent(&RULE, "# Dockerfile.prod.dockerignore is read\nFROM a\nCOPY . .\n");
        silent(&RULE, "# Dockerfile.prod\nFROM a\nCOPY main.py .\n");
        silent(&RULE, "FROM a\nCOPY . .\nRUN cat Dockerfile.prod\n");
    }
}
