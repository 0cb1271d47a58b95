//! `apt-get update` leaves its package index in the layer it ran in.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::Model;

const LISTS: &str = "/var/lib/apt/lists";

pub(super) const RULE: Rule = Rule {
    id: "apt-lists-left",
    title: "The image keeps apt's package index",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size],
    aliases: &["DL3009", "DKL-DI-0005", "DF004"],
    taught: &[Section::docker("Complete Production Dockerfile")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.final_steps() {
        let Some(update) =
            model.runs(step, "apt-get", "update").or_else(|| model.runs(step, "apt", "update"))
        else {
            continue;
        };
        if step.deletes(LISTS) || step.mounts_over(LISTS) {
            continue;
        }
        let message = format!(
            "`{} update` leaves its package index in this layer; delete it at the end of the same RUN.",
            update.program()
        );
        let finding = report.at(&RULE, update.range, message);
        match model.append(step, &format!("rm -rf {LISTS}/*")) {
            // A later RUN that installs without an update of its own reads the index.
            Some(_) if model.installs_without_update_after(step) => {
                finding.advice("A later RUN installs without its own `apt-get update`. Give it one first, then delete the index here.");
            }
            Some(edits) => {
                finding.fix(Fix::new("Delete the index in the same RUN", edits));
            }
            None => {
                finding.advice(format!("Add `rm -rf {LISTS}/*` as the last command of this RUN."));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn index_stays_in_the_layer() {
        check(
            &RULE,
            "\
FROM debian:12
RUN apt-get update && apt-get install -y curl
#   ^^^^^^^^^^^^^^ `apt-get update` leaves its package index
",
        );
    }

    #[test]
    fn deletes_the_index_in_the_same_run() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN apt-get update \\\n # why\n && apt-get install -y curl\n",
            "FROM debian:12\nRUN apt-get update \\\n # why\n && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n",
        );
        check_fix(
            &RULE,
            "FROM debian:12\nRUN apt-get update # why\n",
            "FROM debian:12\nRUN apt-get update && rm -rf /var/lib/apt/lists/* # why\n",
        );
        check_fix(
            &RULE,
            "FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n",
            "FROM debian:12\nRUN <<EOF\napt-get update\napt-get install -y curl && rm -rf /var/lib/apt/lists/*\nEOF\n",
        );
    }

    #[test]
    fn silent_in_a_builder() {
        silent(
            &RULE,
            "FROM debian:12 AS b\nRUN apt-get update\nFROM debian:12\nCOPY --from=b /a /a\n",
        );
    }

    #[test]
    fn silent_when_the_index_is_deleted_or_mounted() {
        silent(&RULE, "FROM debian:12\nRUN apt-get update && rm -rf /var/lib/apt/lists/*\n");
        silent(&RULE, "FROM debian:12\nRUN apt-get update && rm -rf /var/lib/apt/lists\n");
        silent(
            &RULE,
            "FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt apt-get update\n",
        );
    }

    #[test]
    fn no_edit_where_the_end_means_something_else() {
        no_fix(&RULE, "FROM debian:12\nRUN apt-get update; apt-get install -y curl || true\n");
        no_fix(&RULE, "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n");
    }
}
