//! `ENV NAME value`, the old way.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Keyword, Kind, Pair};
use crate::text::{EditSet, TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "env-without-equals",
    title: "Old way of setting a variable",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Stability],
    aliases: &["LegacyKeyValueFormat", "DF082"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.steps_of(&[Keyword::Env, Keyword::Label]) {
        let (Kind::Env(pairs) | Kind::Label(pairs)) = &step.instruction.kind else { continue };
        let [Pair { key, value: Some(value), .. }] = pairs.as_slice() else { continue };
        let between = TextRange::new(key.range.end, value.range.start);
        if between.of(model.text()).starts_with('=') {
            continue;
        }
        let keyword = step.keyword().as_str();
        let message = format!(
            "`{keyword} {0} …` is the old way, in which all of the line is one value; write `{keyword} {0}=…`.",
            key.text
        );
        let finding = report.at(&RULE, key.range, message);
        let edits = quoted(value.range.of(model.text())).and_then(|text| {
            let equals = TextEdit::replace(between, "=");
            EditSet::new([equals, TextEdit::replace(value.range, text)]).ok()
        });
        match edits.filter(|_| between.of(model.text()).trim().is_empty()) {
            Some(edits) => finding.fix(Fix::new("Write `=`", edits)),
            None => finding
                .advice("Put `=` behind the name, and quotes around a value with blanks in it."),
        };
    }
}

/// The value as it is written behind `=`; `None` where quotes inside of it mean something else there.
fn quoted(value: &str) -> Option<String> {
    if value.contains(['"', '\'', '\\', '`', '\n']) {
        let inner = value.strip_prefix('"')?.strip_suffix('"')?;
        return (!inner.contains(['"', '\\', '`', '\n'])).then(|| value.to_owned());
    }
    Some(if value.contains(char::is_whitespace) {
        format!("\"{value}\"")
    } else {
        value.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_name() {
        check(
            &RULE,
            "\
FROM debian:12
ENV PORT 80
#   ^^^^ `ENV PORT …` is the old way
LABEL version 1
#     ^^^^^^^ `LABEL version …` is the old way
",
        );
    }

    #[test]
    fn writes_equals() {
        for (before, after) in [
            ("ENV PORT   80", "ENV PORT=80"),
            ("ENV GREETING hello world", "ENV GREETING=\"hello world\""),
            ("ENV P \"a b\"", "ENV P=\"a b\""),
            ("LABEL a $B/c", "LABEL a=$B/c"),
        ] {
            check_fix(&RULE, &format!("FROM a\n{before}\n"), &format!("FROM a\n{after}\n"));
        }
        no_fix(&RULE, "FROM a\nENV A it's 5\" wide\n");
        no_fix(&RULE, "FROM a\nENV A \\\n b\n");
    }

    #[test]
    fn silent_with_equals() {
        silent(&RULE, "FROM a\nENV A=1 B=2\nENV C=\nARG D\nARG E=1\n");
    }
}
