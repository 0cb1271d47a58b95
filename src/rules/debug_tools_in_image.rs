//! Editors, debuggers and network tools in the image that is released.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, Step, is_in};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "debug-tools-in-image",
    title: "Tools for debugging are in the image",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Security, Buys::Size],
    aliases: &["tally/php/no-xdebug-in-final-image"],
    taught: &[],
    check,
};

/// Packages of the system that somebody at a keyboard uses.
const TOOLS: &str = "dnsutils emacs gdb htop iputils-ping less ltrace man-db nano net-tools \
    nmap php-xdebug php83-xdebug screen strace tcpdump telnet tmux vim vim-tiny";

fn check(model: &Model, report: &mut Report) {
    if model.is_for_development() {
        return;
    }
    for (_, step) in model.final_steps() {
        if let Some(word) = xdebug(step) {
            report
                .at(&RULE, word.range, "Xdebug slows every request down and lets a debugger in; an image for production does without it.")
                .severity(Severity::Warning)
                .advice("Install it in a stage of its own that builds on this one: `FROM … AS dev`.");
        }
        for (install, command) in step.installs().filter(|(one, _)| one.manager.is_of_system()) {
            let packages = install.packages(command);
            let is_tool =
                |at: &usize| command.words.get(*at).is_some_and(|word| is_in(TOOLS, &word.text));
            let tools: Vec<usize> = install.packages.iter().copied().filter(is_tool).collect();
            let Some(first) = tools.first().and_then(|&at| command.words.get(at)) else { continue };
            let message = format!(
                "`{}` is for somebody at a keyboard; the app does not need it, and an intruder is glad of it.",
                first.text
            );
            let finding = report.at(&RULE, first.range, message);
            let edits = model.delete_words(&command.words, &tools);
            match edits.filter(|_| tools.len() < packages.len()) {
                Some(edits) => finding.fix(
                    Fix::new("Leave the tools out", edits)
                        .assuming("Neither the app nor its scripts call these tools."),
                ),
                None => finding.advice("Leave it out. `docker debug`, or a second container beside this one, brings tools when you need them."),
            };
        }
    }
}

/// `pecl install xdebug`, `docker-php-ext-enable xdebug`.
fn xdebug<'s>(step: &'s Step) -> Option<&'s Word> {
    let programs = "pecl pie docker-php-ext-enable docker-php-ext-install install-php-extensions";
    let mut commands = step.commands().iter().filter(|command| is_in(programs, command.program()));
    commands.find_map(|command| {
        command
            .arguments()
            .iter()
            .find(|word| word.text.split(['-', '/']).any(|part| part == "xdebug"))
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_tool() {
        check(
            &RULE,
            "\
FROM php:8.3
RUN apt-get update && apt-get install -y vim libpq5 nano
#                                        ^^^ `vim` is for somebody at a keyboard
RUN pecl install xdebug-3.3.2
#                ^^^^^^^^^^^^ Xdebug slows every request down
",
        );
    }

    #[test]
    fn leaves_them_out() {
        check_fix(
            &RULE,
            "FROM debian:12\nRUN apt-get install -y vim libpq5 nano\n",
            "FROM debian:12\nRUN apt-get install -y libpq5\n",
        );
        no_fix(&RULE, "FROM debian:12\nRUN apt-get install -y vim\n");
    }

    #[test]
    fn silent_in_other_stages_and_for_what_an_app_calls() {
        silent(&RULE, "FROM debian:12 AS b\nRUN apt-get install -y gdb\nFROM debian:12\n");
        silent(&RULE, "FROM debian:12 AS dev\nRUN apt-get install -y gdb\n");
        silent(&RULE, "FROM debian:12\nRUN apt-get install -y curl git procps libpq5\n");
    }
}
