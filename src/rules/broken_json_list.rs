//! A list in brackets that is no JSON, so that Docker hands all of it to a shell.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::Model;
use crate::syntax::{Keyword, json_string};
use crate::text::{TextEdit, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "broken-json-list",
    title: "The list is not valid JSON",
    severity: Severity::Error,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &["tally/invalid-json-form", "CmdInvalidExecForm", "EntrypointInvalidExecForm"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    if model.escape() != '\\' {
        return;
    }
    for (_, step) in model.steps_of(&[Keyword::Run, Keyword::Cmd, Keyword::Entrypoint]) {
        let arguments = step.instruction.arguments;
        let text = arguments.of(model.text()).trim_end();
        if step.script().is_none() || !is_meant_as_list(text) {
            continue;
        }
        let list = List::read(text);
        let start = arguments.start;
        let message = format!(
            "{}; so this is no JSON list, and Docker gives all of it to a shell, which cannot run it.",
            list.wrong
        );
        let range = TextRange::new(start + list.at, start + list.end);
        let finding = report.at(&RULE, range, message);
        if list.is_clear {
            let words: Vec<_> = list.words.iter().map(|word| json_string(word)).collect();
            let whole = TextRange::new(start, start + text.len());
            let edit = TextEdit::replace(whole, format!("[{}]", words.join(", ")));
            finding.fix(
                Fix::new("Write it as JSON", edit.into())
                    .assuming("Each word between the quotes is one argument."),
            );
        } else {
            finding.advice("Write `[\"program\", \"argument\"]`: double quotes around each word, commas between them, one pair of brackets, `\\\\` for a backslash.");
        }
    }
}

/// Whether text in shell form was meant as a list, and is no test such as `[ -f x ]`.
pub(super) fn is_meant_as_list(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('[') else { return false };
    rest.starts_with(['"', '\'', '“', '”', '‘', '’'])
        || (rest.ends_with(']') && rest.contains(',') && !rest.contains(['&', '|', '[']))
}

/// A list as it was probably meant.
struct List<'t> {
    /// Where the first thing that JSON does not allow begins, in bytes of the text.
    at: usize,
    /// Where it ends.
    end: usize,
    /// What it is.
    wrong: &'static str,
    /// The words without their quotes.
    words: Vec<&'t str>,
    /// Whether the words are surely all.
    is_clear: bool,
}

impl<'t> List<'t> {
    fn read(text: &'t str) -> Self {
        let wrong = "Something in these brackets is not JSON";
        let mut list = List { at: 0, end: text.len(), wrong, words: Vec::new(), is_clear: false };
        if text.contains(['\\', '\n']) {
            return list;
        }
        let mut is_known = false;
        let mut note = |list: &mut Self, at: usize, end: usize, wrong: &'static str| {
            if !is_known {
                (list.at, list.end, list.wrong) = (at, end, wrong);
            }
            is_known = true;
        };
        let (mut at, mut is_apart) = (1, true);
        loop {
            at += text[at..].len() - text[at..].trim_start().len();
            let rest = &text[at..];
            let Some(c) = rest.chars().next() else {
                note(&mut list, at - 1, at, "The closing `]` is missing");
                break list.is_clear = true;
            };
            let behind = at + c.len_utf8();
            if c == ']' || c == ',' {
                if is_apart && (c == ',' || !list.words.is_empty()) {
                    note(&mut list, at, behind, "A comma has no word before or behind it");
                }
                (at, is_apart) = (behind, true);
                if c == ']' {
                    break list.is_clear = text[at..].trim().is_empty();
                }
                continue;
            }
            if !is_apart {
                note(&mut list, at, behind, "A comma is missing before this word");
            }
            is_apart = false;
            let close = match c {
                '"' => "\"",
                '\'' => "'",
                '“' | '”' => "”“\"",
                '‘' | '’' => "’‘'",
                _ => "",
            };
            if close.is_empty() {
                let ends = |c: char| c.is_whitespace() || ",]\"'".contains(c);
                let end = at + rest.find(ends).unwrap_or(rest.len());
                note(&mut list, at, end, "A word has no double quotes around it");
                list.words.push(&text[at..end]);
                at = end;
                continue;
            }
            let Some(length) = text[behind..].find(|c| close.contains(c)) else {
                note(&mut list, at, text.len(), "A quote is not closed");
                break;
            };
            let end = behind + length;
            let after = end + text[end..].chars().next().map_or(0, char::len_utf8);
            if c != '"' {
                note(&mut list, at, after, "JSON wants straight double quotes around a word");
            }
            list.words.push(&text[behind..end]);
            at = after;
        }
        list.is_clear &= !list.words.is_empty();
        list
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, fixed, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_what_is_wrong() {
        check(
            &RULE,
            "\
FROM debian:12
CMD [\"python\", 'app.py']
#              ^^^^^^^^ JSON wants straight double quotes around a word
ENTRYPOINT [\"a\" \"b\"]
#               ^ A comma is missing before this word
RUN [\"a\", \"b\"
#           ^ The closing `]` is missing
CMD [\"a\", \"b\",]
#             ^ A comma has no word
CMD [python, app.py]
#    ^^^^^^ A word has no double quotes
",
        );
    }

    #[test]
    fn writes_json() {
        for (before, after) in [
            ("['python', 'app.py']", "[\"python\", \"app.py\"]"),
            ("[\"a\" \"b c\"]", "[\"a\", \"b c\"]"),
            ("[“a”, “b”]", "[\"a\", \"b\"]"),
            ("[a,b,]", "[\"a\", \"b\"]"),
            ("[\"a\"", "[\"a\"]"),
        ] {
            check_fix(&RULE, &format!("FROM a\nCMD {before}\n"), &format!("FROM a\nCMD {after}\n"));
        }
        silent(&RULE, &fixed(&RULE, "FROM a\nCMD ['x']\n").unwrap());
    }

    #[test]
    fn by_hand_where_the_words_are_unclear() {
        no_fix(&RULE, "FROM a\nCMD [\"a\", \"b]\n");
        no_fix(&RULE, "FROM a\nCMD [\"a\"] # start\n");
        no_fix(&RULE, "FROM a\nCMD [\"C:\\a\"]\n");
    }

    #[test]
    fn silent_for_json_and_tests() {
        silent(&RULE, "FROM a\nCMD [\"a\", \"b\"]\nRUN [ -f x ]\nRUN [ \"$A\" = b ] && c [ , ]\n");
        silent(&RULE, "FROM a\nRUN [[ a = b ]]\nCMD []\nCMD a [b, c]\nHEALTHCHECK CMD [ -f x ]\n");
    }
}
