//! ADD where COPY does.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::Keyword;
use crate::text::TextEdit;

pub(super) const RULE: Rule = Rule {
    id: "add-for-local-files",
    title: "ADD may do more than copy",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Stability],
    aliases: &["DL3020", "CIS-DI-0009", "DF006"],
    taught: &[],
    check,
};

/// What only ADD can do.
const FLAGS: [&str; 3] = ["checksum", "keep-git-dir", "unpack"];

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.steps_of(&[Keyword::Add]) {
        let Some(transfer) = step.from_context() else { continue };
        let instruction = step.instruction;
        let is_special = FLAGS.iter().any(|name| instruction.flag(name).is_some());
        if is_special || transfer.sources.iter().any(|word| may_be_archive(&word.text)) {
            continue;
        }
        let word = &instruction.keyword_word;
        let is_small = word.text.starts_with('a');
        let edit = TextEdit::replace(word.range, if is_small { "copy" } else { "COPY" });
        report.at(&RULE, word.range, MESSAGE).fix(Fix::new("Write `COPY`", edit.into()));
    }
}

const MESSAGE: &str = "`ADD` also downloads and unpacks; for files of your own, `COPY` does what it says and nothing else.";

/// Whether ADD could unpack it: it looks like an archive, or the text does not tell.
pub(super) fn may_be_archive(source: &str) -> bool {
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let endings = [".tgz", ".gz", ".tbz", ".tbz2", ".bz2", ".txz", ".xz", ".tzst", ".zst"];
    let is_open = name.ends_with('*') && name.len() > 1;
    is_open
        || source.contains('$')
        || name.contains(".tar")
        || endings.iter().any(|one| name.ends_with(one))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_word() {
        check(
            &RULE,
            "\
FROM debian:12 AS build
  ADD . /app
# ^^^ `ADD` also downloads and unpacks
FROM debian:12
  ADD --chown=app a.zip src/ /app/
# ^^^ `ADD` also downloads
",
        );
    }

    #[test]
    fn writes_copy() {
        check_fix(&RULE, "FROM a\nADD [\"a b\", \"/c\"]\n", "FROM a\nCOPY [\"a b\", \"/c\"]\n");
        check_fix(&RULE, "from a\nadd *.py /c/\n", "from a\ncopy *.py /c/\n");
    }

    #[test]
    fn silent_where_add_is_needed() {
        for line in [
            "ADD rootfs.tar.xz /",
            "ADD app.tgz /app",
            "ADD app* /app/",
            "ADD $FILE /app/",
            "ADD https://example.org/a /a",
            "ADD git@example.org:a/b.git /a",
            "ADD --unpack=true a /a",
            "ADD --checksum=sha256:ab https://example.org/a /a",
            "ADD <<EOF /a\nx\nEOF",
            "COPY a /a",
        ] {
            silent(&RULE, &format!("FROM a\n{line}\n"));
        }
    }
}
