//! STOPSIGNAL with a signal that no program can answer.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, is_in};
use crate::syntax::Kind;

pub(super) const RULE: Rule = Rule {
    id: "ungraceful-stop-signal",
    title: "The app cannot finish its work",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["tally/no-ungraceful-stopsignal"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.final_steps() {
        let Kind::Stopsignal(word) = &step.instruction.kind else { continue };
        let name = word.text.to_ascii_uppercase();
        let name = name.strip_prefix("SIG").unwrap_or(&name);
        if is_in("KILL 9 STOP 19", name) {
            let message = format!(
                "No program can catch `{}`: it ends in the middle of a request or a write. Docker's own choice, `SIGTERM`, lets it finish.",
                word.text
            );
            let fix = Fix::new("Delete the line", model.remove(step.instruction).into());
            report
                .at(&RULE, word.range, message)
                .fix(fix.assuming("The program ends when it gets `SIGTERM`, as most do."));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_signal() {
        check(
            &RULE,
            "FROM a\nSTOPSIGNAL SIGKILL\n#          ^^^^^^^ No program can catch `SIGKILL`\n",
        );
        check(&RULE, "FROM a\nSTOPSIGNAL 9\n#          ^ No program can catch `9`\n");
    }

    #[test]
    fn leaves_it_to_docker() {
        check_fix(&RULE, "FROM a\nSTOPSIGNAL kill\nCMD b\n", "FROM a\nCMD b\n");
    }

    #[test]
    fn silent_for_signals_that_can_be_caught() {
        silent(&RULE, "FROM a\nSTOPSIGNAL SIGQUIT\nSTOPSIGNAL SIGINT\nSTOPSIGNAL $S\n");
    }
}
