//! chmod 777: every user and every program may change the files.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, Step, own_words};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "world-writable-files",
    title: "Anyone in the container may change files",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Security],
    aliases: &["DF034"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.final_steps() {
        for word in modes(step).into_iter().filter(|word| is_for_all(&word.text)) {
            let message = format!(
                "`{}` lets every user and every program write here; give the files to the user that needs them instead.",
                word.text
            );
            report.at(&RULE, word.range, message).advice(
                "Use `COPY --chown=user`, or `chown user` for a folder that the app writes to. `755` lets all read and one write.",
            );
        }
    }
}

/// The words that say who may do what: of chmod in RUN, of `--chmod`.
fn modes<'s>(step: &'s Step) -> Vec<&'s Word> {
    let mut modes = Vec::new();
    for words in step.run_commands().iter().map(own_words) {
        if words.first().is_some_and(|word| word.text == "chmod") {
            modes.extend(words.iter().skip(1).find(|word| !word.text.starts_with('-')));
        }
    }
    modes.extend(step.instruction.flag("chmod").and_then(|flag| flag.value.as_ref()));
    modes
}

/// Whether a mode lets everybody write, without the bit that keeps a shared folder safe.
fn is_for_all(mode: &str) -> bool {
    if mode.bytes().all(|byte| byte.is_ascii_digit()) {
        let is_sticky = mode.len() == 4 && mode.starts_with(['1', '3', '5', '7']);
        return !is_sticky && mode.ends_with(['2', '3', '6', '7']);
    }
    let gives = |part: &str| {
        let (who, what) = part.split_once(['+', '=']).unwrap_or_default();
        who.contains(['a', 'o']) && what.contains('w') && !what.contains('t')
    };
    mode.split(',').any(gives)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_mode() {
        check(
            &RULE,
            "\
FROM debian:12
RUN mkdir /data && chmod -R 777 /data
#                           ^^^ `777` lets every user
RUN chmod u=rw,o+w /x
#         ^^^^^^^^ `u=rw,o+w` lets
COPY --chmod=0666 a /a
#            ^^^^ `0666` lets
",
        );
        no_fix(&RULE, "FROM debian:12\nRUN chmod a+rwx /data\n");
    }

    #[test]
    fn silent_where_one_owner_or_group_writes() {
        for mode in ["755", "775", "0644", "700", "u+w", "g+w", "g=u", "+x", "a+rx", "o-w", "$MODE"]
        {
            silent(&RULE, &format!("FROM debian:12\nRUN chmod {mode} /data\n"));
        }
    }

    #[test]
    fn silent_for_a_shared_folder_like_tmp() {
        silent(&RULE, "FROM debian:12\nRUN chmod 1777 /tmp && chmod a+rwxt /shared\n");
    }

    #[test]
    fn silent_in_a_builder() {
        silent(
            &RULE,
            "FROM debian:12 AS b\nRUN chmod 777 /x\nFROM debian:12\nCOPY --from=b /x /x\n",
        );
    }
}
