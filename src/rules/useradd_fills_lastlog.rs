//! useradd with a large number makes a login record that fills the disk.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, own_words};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "useradd-fills-lastlog",
    title: "A large user number fills the disk",
    severity: Severity::Warning,
    fixes: Fixes::Always,
    buys: &[Buys::Size, Buys::Starts],
    aliases: &["DL3046", "DF064"],
    taught: &[],
    check,
};

/// The longest number, in digits, whose login record stays small.
const SHORT: usize = 5;

fn check(model: &Model, report: &mut Report) {
    for ran in model.commands_of("useradd") {
        let Some((program, arguments)) = own_words(ran.command).split_first() else { continue };
        if let Some(number) = large_number(arguments) {
            let edits = model.add_option(ran.step, program, "--no-log-init");
            report.at(&RULE, number.range, MESSAGE).fix(Fix::new("Add `--no-log-init`", edits));
        }
    }
}

const MESSAGE: &str = "`useradd` keeps a login record with room for every number up to this one, which Docker stores as gigabytes of zeros; add `--no-log-init`.";

/// The word with a number of more than [`SHORT`] digits, where the login record is not left out.
fn large_number(arguments: &[Word]) -> Option<&Word> {
    let mut found = None;
    let mut is_next = false;
    for word in arguments {
        let text = word.text.as_str();
        let short = text.strip_prefix('-').filter(|short| !short.starts_with('-'));
        if text == "--no-log-init" || short.is_some_and(|short| short.contains('l')) {
            return None;
        }
        let digits = text.trim_start_matches("--uid=").trim_start_matches("-u");
        let is_value = is_next || digits.len() < text.len();
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        if is_value && is_number && digits.len() > SHORT {
            found = Some(word);
        }
        is_next = text == "--uid" || short.is_some_and(|short| short.ends_with('u'));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_number() {
        check(
            &RULE,
            "\
FROM debian:12
RUN useradd -m -u 1009510000 app
#                 ^^^^^^^^^^ `useradd` keeps a login record
RUN /usr/sbin/useradd --uid=100000 -G x web
#                     ^^^^^^^^^^^^ `useradd` keeps
",
        );
    }

    #[test]
    fn leaves_the_record_out() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN useradd -mu 1009510000 app\n",
            "FROM debian:12\nRUN useradd --no-log-init -mu 1009510000 app\n",
        );
    }

    #[test]
    fn silent_with_a_small_number_or_without_the_record() {
        for line in [
            "useradd -u 10001 app",
            "useradd -m app",
            "useradd -u $ID app",
            "useradd -l -u 1009510000 app",
            "useradd -rlm -u 1009510000 app",
            "useradd --no-log-init --uid 1009510000 app",
            "adduser -u 1009510000 app",
        ] {
            silent(&RULE, &format!("FROM debian:12\nRUN {line}\n"));
        }
    }
}
