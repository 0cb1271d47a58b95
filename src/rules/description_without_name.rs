//! A comment that Docker would list as a description, if it began with the name. Told only where the file asks for it.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::Model;
use crate::syntax::{Instruction, Keyword, Kind};
use crate::text::TextRange;

pub(super) const RULE: Rule = Rule {
    id: "description-without-name",
    title: "The description does not begin with the name",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &[CHECK],
    taught: &[],
    check,
};

/// What the file calls it in `# check=experimental=…`.
const CHECK: &str = "InvalidDefinitionDescription";

fn check(model: &Model, report: &mut Report) {
    let Some(first) = model.stages().first().filter(|_| is_asked_for(model.text())) else { return };
    above_from(model, first.from, report);
    for stage in model.stages() {
        if let Some(name) = stage.name {
            let comment = model.comment_above(stage.from);
            one(comment, &[&name.text], stage.from.keyword_word.range, report);
        }
        for step in stage.steps_of(&[Keyword::Arg]) {
            let Kind::Arg(pairs) = &step.instruction.kind else { continue };
            let names: Vec<&str> = pairs.iter().map(|pair| pair.key.text.as_str()).collect();
            let comment = model.comment_above(step.instruction);
            one(comment, &names, step.instruction.keyword_word.range, report);
        }
    }
}

/// The same for each ARG above the first FROM.
fn above_from(model: &Model, from: &Instruction, report: &mut Report) {
    let (mut at, mut comment) = (0, "");
    for line in model.text().get(..from.range.start).unwrap_or_default().split_inclusive('\n') {
        let text = line.trim_start();
        let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        if Keyword::parse(word) == Some(Keyword::Arg) {
            let name = rest.trim_start().split(|c: char| c == '=' || c.is_whitespace()).next();
            let start = at + line.len() - text.len();
            let range = TextRange::new(start, start + word.len());
            one(comment, &[name.unwrap_or_default()], range, report);
        }
        comment = if text.starts_with('#') { line } else { "" };
        at += line.len();
    }
}

/// `comment` stands right above an instruction that defines `names`.
fn one(comment: &str, names: &[&str], place: TextRange, report: &mut Report) {
    let last =
        comment.lines().next_back().unwrap_or_default().trim().trim_start_matches('#').trim();
    let first = last.split(' ').next().unwrap_or_default();
    if first.is_empty() || names.contains(&first) {
        return;
    }
    let name = names.first().copied().unwrap_or_default();
    let message = format!(
        "`docker build --call=outline` shows the comment above only if it begins with `{name}`."
    );
    report.at(&RULE, place, message).advice(format!(
        "Write `# {name} …`, or leave a blank line below a comment that describes something else."
    ));
}

/// Whether a line at the top switches the check on.
fn is_asked_for(text: &str) -> bool {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let mut values = lines
        .take_while(|line| line.starts_with('#'))
        .filter_map(|line| line.trim_start_matches('#').split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("check"))
        .flat_map(|(_, value)| value.split(';'))
        .filter_map(|option| option.trim().strip_prefix("experimental="));
    values.any(|value| value.split(',').any(|one| matches!(one.trim(), CHECK | "all")))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, no_fix, silent};
    use super::RULE;

    const ASKED: &str = "# check=experimental=InvalidDefinitionDescription\n";

    #[test]
    fn where_the_file_asks_for_it() {
        check(
            &RULE,
            "\
# check=error=true;experimental=InvalidDefinitionDescription

# the version
  ARG VERSION=1
# ^^^ `docker build --call=outline` shows the comment above only if it begins with `VERSION`.

# a comment
  FROM debian:12 AS build
# ^^^^ `docker build --call=outline` shows
# more
  ARG A=1
# ^^^ `docker build
",
        );
        no_fix(&RULE, &format!("{ASKED}\n# x\nARG A\nFROM a\n"));
    }

    #[test]
    fn silent_where_nobody_asks() {
        silent(&RULE, "# the version\nARG VERSION=1\nFROM debian:12\n");
        silent(&RULE, "# check=skip=InvalidDefinitionDescription\n# x\nARG A\nFROM a\n");
    }

    #[test]
    fn silent_where_it_is_a_description() {
        silent(&RULE, &format!("{ASKED}\n# A is good\nARG A\n# b too\nFROM a AS b\n"));
        silent(
            &RULE,
            &format!("{ASKED}\n# x\n\nARG A\n# y\n\nFROM a AS b\n#\nARG C\n# z\nRUN d\n"),
        );
        silent(&RULE, &format!("{ASKED}\n# x\nFROM a\n"));
    }
}
