//! There is no .dockerignore, and a folder is copied.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::input::{DOCKERIGNORE, Given};
use crate::model::{Model, leave_out};

pub(super) const RULE: Rule = Rule {
    id: "missing-dockerignore",
    title: "Nothing keeps junk out of the build",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::RebuildTime, Buys::Size, Buys::Security],
    aliases: &["DF033"],
    taught: &[Section::docker("Common Mistakes"), Section::docker(".dockerignore")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let is_none = matches!(model.given(DOCKERIGNORE), Some(Given::Absent));
    // Where the whole folder reaches the image, `copy-whole-context` says so at each copy.
    if !is_none || !leave_out::shipped(model).is_empty() {
        return;
    }
    let Some((step, source)) = leave_out::folder(model) else { return };
    let message = match step.whole_context() {
        Some(_) => "There is no .dockerignore, so any change in the folder, even in `.git`, repeats the build from here; add one.".to_owned(),
        None => format!(
            "There is no .dockerignore, so caches and a forgotten `.env` in `{}` come along; add one.",
            source.text
        ),
    };
    let (text, assumption) = leave_out::ignore_file(model);
    let mut fix = Fix::create("Add a .dockerignore", DOCKERIGNORE, text);
    if let Some(sentence) = assumption {
        fix = fix.assuming(sentence);
    }
    report.at(&RULE, source.range, message).fix(fix);
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_input, fixed_file, silent, silent_input};
    use super::RULE;
    use crate::input::{DOCKERIGNORE, Given, Input};

    fn without(dockerfile: &str) -> Input {
        let mut input = Input::new(dockerfile);
        input.files.insert(DOCKERIGNORE.to_owned(), Given::Absent);
        input
    }

    #[test]
    fn a_folder_and_no_list() {
        check_input(
            &RULE,
            &without(
                "FROM a\nCOPY a.txt .\nCOPY ./src /app\n#    ^^^^^ There is no .dockerignore, so caches and a forgotten `.env` in `./src`\n",
            ),
        );
        check_input(
            &RULE,
            &without(
                "FROM a AS b\nCOPY . .\n#    ^ There is no .dockerignore, so any change\nFROM a\nCOPY --from=b /bin/app /app\n",
            ),
        );
    }

    #[test]
    fn adds_the_list() {
        let text = fixed_file(&RULE, &without("FROM a\nCOPY src /app\n"), DOCKERIGNORE);
        assert!(
            text.is_some_and(|text| text.starts_with(".git\n") && text.contains("\n**/.env\n"))
        );
    }

    #[test]
    fn silent_where_no_folder_is_copied() {
        silent_input(&RULE, &without("FROM a\nCOPY main.py Makefile ./\n"));
        silent_input(&RULE, &without("FROM a AS b\nFROM a\nCOPY --from=b /src /src\n"));
        silent_input(&RULE, &without("FROM a\nRUN make\n"));
    }

    #[test]
    fn silent_where_it_is_only_not_given_or_said_already() {
        silent(&RULE, "FROM a\nCOPY src /app\n");
        silent_input(&RULE, &without("FROM a\nCOPY . .\n"));
        silent_input(&RULE, &Input::new("FROM a\nCOPY src .\n").with_file(DOCKERIGNORE, "a"));
    }
}
