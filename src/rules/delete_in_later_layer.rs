//! What an earlier layer holds stays in the image, whatever a later RUN deletes or hands to another owner.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::layers::{self, Leftover};
use crate::model::{Change, Model};
use crate::syntax::Keyword;
use crate::syntax::shell::Command;

pub(super) const RULE: Rule = Rule {
    id: "delete-in-later-layer",
    title: "Deleted files still add to the image",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size],
    aliases: &[],
    taught: &[
        Section::docker("Complete Production Dockerfile"),
        Section::docker("Image Size Comparison"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut last = None;
    for leftover in model.leftovers() {
        let (step, file) = (leftover.step, &leftover.file);
        let Some(command) = file.command.and_then(|at| step.commands().get(at)) else { continue };
        let is_recursive = layers::is_recursive(command);
        let counts = match file.change {
            Change::Deleted => is_recursive || !layers::is_small(&file.path),
            _ => is_recursive && leftover.earlier.transfer().is_some(),
        };
        // One word about a command is enough.
        if !counts || last.replace(command.range) == Some(command.range) {
            continue;
        }
        if file.change == Change::Deleted {
            deletion(model, &leftover, command, report);
        } else {
            change(command, report);
        }
    }
}

fn deletion(model: &Model, leftover: &Leftover, command: &Command, report: &mut Report) {
    let (earlier, word) = (leftover.earlier, leftover.file.word);
    let options = command.arguments().iter().filter(|word| word.text.starts_with('-'));
    let options = options.fold(String::new(), |text, word| text + &word.text + " ");
    let instead = if earlier.keyword() == Keyword::Run {
        "delete them in the RUN that makes them"
    } else {
        "mount them for this RUN instead of copying them"
    };
    let message = format!(
        "`{} {options}{}` only hides files that an earlier layer still holds; {instead}.",
        command.program(),
        word.text
    );
    let finding = report.at(&RULE, command.range, message);
    match layers::mount_instead(model, leftover) {
        Some(edits) => {
            finding.fix(
                Fix::new(format!("Mount `{}` for this RUN", word.text), edits)
                    .in_phase(Phase::Order),
            );
        }
        None if earlier.keyword() == Keyword::Run => {
            finding.advice(
                "Make, use and delete the files in one RUN; then no layer ever holds them.",
            );
        }
        None => {
            finding.advice("Copy only what the image keeps. What one RUN needs for a moment it gets with `RUN --mount=type=bind`.");
        }
    }
}

fn change(command: &Command, report: &mut Report) {
    let name = command.program();
    let what = if name == "chown" { "owner" } else { "mode" };
    let message = format!(
        "`{name} -R` stores every file a second time; give the {what} with `COPY --{name}` instead."
    );
    report.at(&RULE, command.range, message).advice(format!("Write `--{name}` on the COPY that brings the files; a user has to be made above it. A folder that the app writes to can be changed by itself, without `-R`."));
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, fixed, no_fix, silent};
    use super::RULE;

    #[test]
    fn what_was_copied_is_only_hidden() {
        check(
            &RULE,
            "\
FROM a AS base
COPY big.tar.gz /tmp/
FROM base
WORKDIR /app
COPY --from=b /w ./wheels
RUN pip install wheels/* && rm -rf wheels
#                           ^^^^^^^^^^^^^ `rm -rf wheels` only hides files that an earlier layer still holds; mount
RUN tar xf /tmp/big.tar.gz && rm /tmp/big.tar.gz
#                             ^^^^^^^^^^^^^^^^^^ `rm /tmp/big.tar.gz` only hides
",
        );
    }

    #[test]
    fn what_was_downloaded_is_only_hidden() {
        check(
            &RULE,
            "\
FROM a
RUN curl -o /tmp/x.tgz https://example.org/x.tgz
RUN tar xf /tmp/x.tgz
RUN rm -f /tmp/x.tgz
#   ^^^^^^^^^^^^^^^^ `rm -f /tmp/x.tgz` only hides files that an earlier layer still holds; delete them in the RUN
",
        );
    }

    #[test]
    fn a_new_owner_is_a_second_copy() {
        check(
            &RULE,
            "\
FROM a
WORKDIR /app
COPY . .
RUN useradd app && chown -R app:app /app
#                  ^^^^^^^^^^^^^^^^^^^^^ `chown -R` stores every file a second time; give the owner with `COPY --chown` instead.
RUN chmod -R g+w .
#   ^^^^^^^^^^^^^^ `chmod -R` stores every file a second time; give the mode
",
        );
        no_fix(&RULE, "FROM a\nCOPY . /app\nRUN chown -R app /app\n");
    }

    #[test]
    fn mounts_the_wheels() {
        check_fix(
            &RULE,
            "FROM a AS b\nFROM a\n# Wheels\nCOPY --from=b /build/wheels /wheels\nRUN --network=none pip install /wheels/* \\\n    && rm -rf /wheels\nCMD x\n",
            "FROM a AS b\nFROM a\n# Wheels\nRUN --mount=type=bind,from=b,source=/build/wheels,target=/wheels --network=none pip install /wheels/*\nCMD x\n",
        );
        check_fix(
            &RULE,
            "FROM a\nCOPY wheels/ /tmp/wheels/\nRUN pip install /tmp/wheels/* && rm -rf /tmp/wheels /root/.cache && echo\n",
            "FROM a\nRUN --mount=type=bind,source=wheels/,target=/tmp/wheels pip install /tmp/wheels/* && rm -rf /root/.cache && echo\n",
        );
        let text = "FROM a\nCOPY --from=b /w /w\nRUN pip install /w/* && rm -r /w/*\n";
        silent(&RULE, &fixed(&RULE, text).unwrap());
    }

    #[test]
    fn by_hand_where_more_may_look_at_it() {
        for (why, lines) in [
            ("another RUN", "RUN ls /wheels\nRUN pip install /wheels/* && rm -rf /wheels"),
            ("another program", "RUN /wheels/setup && rm -rf /wheels"),
            ("in its own RUN", "RUN pip install /wheels/*\nRUN rm -rf /wheels"),
            ("not a chain", "RUN pip install /wheels/* ; rm -rf /wheels"),
        ] {
            no_fix(&RULE, &format!("FROM a\nCOPY wheels /wheels\n{lines}\n# {why}\n"));
        }
    }

    #[test]
    fn silent_where_nothing_stays_behind() {
        for (why, lines) in [
            ("made and deleted at once", "RUN curl -o /x https://example.org && rm /x"),
            ("deleted already", "RUN curl -o /x https://example.org && rm /x\nRUN rm -f /x"),
            ("a cache mount", "COPY a /w/a\nRUN --mount=type=cache,target=/w rm -rf /w/a"),
            ("something else", "COPY a /a\nRUN rm -rf /b"),
            ("a few bytes", "COPY requirements.txt /tmp/\nRUN rm /tmp/requirements.txt"),
            ("one mode", "COPY a.sh /a.sh\nRUN chmod +x /a.sh"),
            ("not recursive", "COPY a.sh /a.sh\nRUN chmod -rwx /a.sh"),
            ("not copied", "COPY . /app\nRUN chown -R app /data"),
            ("unknown", "COPY a /a\nRUN rm -rf $DIR"),
        ] {
            silent(&RULE, &format!("FROM a\n{lines}\n# {why}\n"));
        }
        silent(&RULE, "FROM a AS b\nCOPY w /w\nRUN rm -rf /w\nFROM a\nCOPY --from=b /a /a\n");
    }
}
