//! An archive that is copied, and unpacked by a later RUN.

use super::add_for_local_files::may_be_archive;
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, own_words};
use crate::syntax::Word;
use crate::syntax::shell::base_name;

pub(super) const RULE: Rule = Rule {
    id: "archive-copied-then-extracted",
    title: "The archive stays beside its contents",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Size],
    aliases: &["DL3010", "DF067"],
    taught: &[],
    check,
};

/// From so many archives on, no more are followed.
const MOST: usize = 100;

fn check(model: &Model, report: &mut Report) {
    let mut copied: Vec<&Word> = Vec::new();
    for (_, step) in model.final_steps() {
        for words in step.run_commands().iter().map(own_words) {
            let is_tar = words.first().is_some_and(|word| word.text == "tar");
            let extracts = words.iter().skip(1).any(|word| is_extract(&word.text));
            for word in words.iter().skip(1).filter(|_| is_tar && extracts) {
                let is_it = |source: &&Word| base_name(&source.text) == base_name(&word.text);
                let Some(at) = copied.iter().position(is_it) else { continue };
                let source = copied.swap_remove(at);
                let message = format!(
                    "`{}` stays in the image beside what `tar` unpacks from it; `ADD` unpacks it while it copies.",
                    source.text
                );
                report.at(&RULE, source.range, message).advice(
                    "Write `ADD archive.tar.gz /folder/` in place of both lines, or mount the archive into the `RUN`: `--mount=type=bind`.",
                );
            }
        }
        let sources = step.from_context().map_or(&[][..], |transfer| &transfer.sources);
        let is_archive = |word: &&Word| may_be_archive(&word.text) && word.is_literal();
        copied.extend(sources.iter().filter(is_archive).take(MOST.saturating_sub(copied.len())));
    }
}

/// `x`, `xzf`, `-xf`, `--extract`.
fn is_extract(word: &str) -> bool {
    let letters = word.strip_prefix('-').unwrap_or(word);
    word == "--extract"
        || (letters.starts_with('x')
            || word.starts_with('-') && !word.starts_with("--") && letters.contains('x'))
            && !word.contains('.')
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_archive() {
        check(
            &RULE,
            "\
FROM debian:12
COPY dist/app.tar.gz /tmp/
#    ^^^^^^^^^^^^^^^ `dist/app.tar.gz` stays in the image
RUN cd /opt && tar -xzf /tmp/app.tar.gz
",
        );
        no_fix(&RULE, "FROM a\nCOPY a.tgz /\nRUN tar xf a.tgz && rm a.tgz\n");
    }

    #[test]
    fn silent_where_add_would_not_do() {
        for text in [
            "FROM a\nADD a.tgz /\nCOPY b.zip /\nRUN unzip b.zip\n",
            "FROM b AS c\nFROM a\nCOPY --from=c /a.tgz /\nRUN tar xf /a.tgz\n",
            "FROM a\nCOPY a.tgz /\nRUN tar tf a.tgz && tar xf b.tgz\n",
            "FROM a AS b\nCOPY a.tgz /\nRUN tar xf a.tgz\nFROM a\nCOPY --from=b /a /a\n",
        ] {
            silent(&RULE, text);
        }
    }
}
