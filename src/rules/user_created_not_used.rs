//! A user is made, and nothing runs as it.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::{DefaultUser, Model, user};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "user-created-not-used",
    title: "The new user is never used",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security],
    aliases: &[],
    taught: &[Section::docker("Non-Root User")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let is_root = match model.final_user() {
        Some((_, _, last)) => last.is_some_and(|last| user::is_root(&last)),
        None => user::base_user(model) != DefaultUser::NonRoot,
    };
    if !is_root || user::gives_up_root(model) {
        return;
    }
    let Some((word, name)) = made(model) else { return };
    let message = format!(
        "`{name}` is made here but nothing runs as it, so the app still runs as root; add `USER {name}` before the command."
    );
    let finding = report.at(&RULE, word.range, message);
    // It may only own files, and an entry script may change to it.
    if owns_files(model, &name) {
        finding.severity(Severity::Info);
    }
    match user::run_as(model) {
        Ok(edits) if user::name(model) == name => {
            let fix = Fix::new(format!("Run as `{name}`"), edits).in_phase(Phase::Runtime);
            finding.fix(fix.assuming(format!("The program only writes where `{name}` may write.")))
        }
        Ok(_) => finding.advice(format!("End with `USER {name}`.")),
        Err(reason) => finding.advice(reason),
    };
}

/// The last user that the final image makes, with the word that names it.
fn made<'m>(model: &'m Model<'_>) -> Option<(&'m Word, String)> {
    let mut commands = model.final_steps().rev().flat_map(|(_, step)| step.commands().iter().rev());
    commands.find_map(|command| {
        let name = user::made_by(command)?;
        Some((command.arguments().iter().rfind(|word| word.text == name)?, name))
    })
}

fn owns_files(model: &Model, name: &str) -> bool {
    let is_owner = |text: &str| text.split(':').any(|part| part == name);
    model.final_steps().any(|(_, step)| {
        step.instruction.flag_value("chown").is_some_and(is_owner)
            || step.commands().iter().any(|command| {
                command.program() == "chown"
                    && command.arguments().iter().any(|word| is_owner(&word.text))
            })
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, findings, no_fix, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    const CMD: &str = "CMD [\"uvicorn\", \"main:app\"]\n";

    #[test]
    fn points_at_the_name() {
        check(
            &RULE,
            "\
FROM python:3.11
RUN groupadd web && useradd -r -g web web
#                                     ^^^ `web` is made here but nothing runs as it
CMD [\"uvicorn\", \"main:app\"]
",
        );
    }

    #[test]
    fn softer_where_it_owns_files() {
        let text = format!("FROM python:3.11\nRUN useradd web\nCOPY --chown=web:web . .\n{CMD}");
        assert_eq!(findings(&RULE, &Input::new(text))[0].severity, Severity::Info);
    }

    #[test]
    fn runs_as_the_user() {
        let before = format!("FROM python:3.11\nRUN useradd -m web\nCOPY . .\n{CMD}");
        let after = before.replace("CMD", "USER web\nCMD");
        check_fix(&RULE, &before, &after);
        silent(&RULE, &after);
        no_fix(&RULE, "FROM python:3.11\nRUN useradd web\nCMD [\"/start.sh\"]\n");
    }

    #[test]
    fn silent_where_it_is_used_or_dropped_to() {
        for (why, lines) in [
            ("used", "RUN useradd web\nUSER web"),
            ("another is used", "RUN useradd web\nUSER 1000"),
            ("by variable", "ARG U\nRUN useradd web\nUSER $U"),
            ("gosu", "RUN useradd web && apt-get install gosu\nENTRYPOINT [\"/entry.sh\"]"),
            ("none made", "RUN groupadd web"),
        ] {
            silent(&RULE, &format!("FROM python:3.11\n{lines}\n# {why}\n"));
        }
        silent(&RULE, "FROM python:3.11 AS b\nRUN useradd web\nFROM python:3.11\n");
        silent(&RULE, "FROM cgr.dev/chainguard/python\nRUN adduser web\n");
    }
}
