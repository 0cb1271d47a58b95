//! `USER name:group`, which leaves out the other groups that the user was put into.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, own_words};
use crate::syntax::{Kind, Word};
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "group-drops-others",
    title: "The user loses its other groups",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["tally/user-explicit-group-drops-supplementary-groups"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let Some((_, step, _)) = model.final_user() else { return };
    let Kind::User(word) = &step.instruction.kind else { return };
    let Some((name, group)) = word.text.split_once(':').filter(|_| word.is_literal()) else {
        return;
    };
    let mut commands = model.final_steps().flat_map(|(_, step)| step.run_commands()).map(own_words);
    if !commands.any(|words| adds_to_group(words, name, group)) {
        return;
    }
    let message = format!(
        "With `:{group}` behind it, `{name}` is in that one group only, and not in the others it was put into; write `USER {name}`."
    );
    let finding = report.at(&RULE, word.range, message);
    if word.range.of(model.text()) == word.text {
        let edit = TextEdit::replace(word.range, name);
        let fix = Fix::new(format!("Write `USER {name}`"), edit.into());
        finding.fix(fix.assuming(format!("`{group}` is the first group of `{name}`.")));
    } else {
        finding.advice("Leave the group out; Docker takes all groups of the user then.");
    }
}

/// Whether the command puts the user `name` into a group besides `group`.
fn adds_to_group(words: &[Word], name: &str, group: &str) -> bool {
    let Some((program, arguments)) = words.split_first() else { return false };
    let names = |text: &str| arguments.iter().any(|word| word.text == text);
    match program.text.rsplit('/').next().unwrap_or_default() {
        "usermod" | "useradd" => {
            let is_list = |word: &Word| {
                let letters = word.text.strip_prefix('-').unwrap_or_default();
                letters == "-groups" || (!letters.starts_with('-') && letters.contains('G'))
            };
            names(name) && arguments.iter().any(is_list)
        }
        "gpasswd" => names(name) && names("-a"),
        "adduser" | "addgroup" => {
            let is_other = |word: &Word| word.text != name && word.text != group;
            let is_pair =
                arguments.len() == 2 && !arguments.iter().any(|w| w.text.starts_with('-'));
            is_pair && names(name) && arguments.iter().any(is_other)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_user() {
        check(
            &RULE,
            "\
FROM debian:12
RUN useradd app && usermod -aG video app
USER app:app
#    ^^^^^^^ With `:app` behind it, `app` is in that one group only
",
        );
    }

    #[test]
    fn leaves_the_group_out() {
        for line in ["useradd -m -G video app", "gpasswd -a app video", "addgroup app video"] {
            check_fix(
                &RULE,
                &format!("FROM a\nRUN {line}\nUSER app:app\n"),
                &format!("FROM a\nRUN {line}\nUSER app\n"),
            );
        }
        no_fix(&RULE, "FROM a\nRUN usermod -aG video app\nUSER \"app:app\"\n");
    }

    #[test]
    fn silent_where_there_are_no_others() {
        for text in [
            "FROM a\nRUN useradd -g app app\nUSER app:app\n",
            "FROM a\nRUN usermod -aG video other\nUSER app:app\n",
            "FROM a\nRUN usermod -aG video app\nUSER app\n",
            "FROM a\nRUN addgroup -S app && adduser -S -G app app\nUSER app:app\n",
            "FROM a\nRUN usermod -aG video app\nUSER 1000:1000\n",
        ] {
            silent(&RULE, text);
        }
    }
}
