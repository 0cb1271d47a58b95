//! Commands that mean something on a running machine, not in a step of a build.

use super::sudo_in_run::own_words;
use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, is_in};
use crate::syntax::shell::Command;

pub(super) const RULE: Rule = Rule {
    id: "command-without-effect",
    title: "Nothing of this lasts in the image",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &["DL3001", "DF060"],
    taught: &[],
    check,
};

/// Programs that only look, ask, or act on a running machine.
const OTHERS: &str = "dmesg free halt htop ifconfig less more nano poweroff ps reboot shutdown sysctl telnet top uptime vi vim";

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.run_steps() {
        let Some(script) = step.script() else {
            continue;
        };
        let last = script.commands.len().saturating_sub(1);
        for (at, command) in script.commands.iter().enumerate() {
            let Some(word) = own_words(command).first().filter(|_| command.depth == 0) else {
                continue;
            };
            let name = word.text.rsplit('/').next().unwrap_or_default();
            // What comes behind in the same step may use the service.
            if at == last && starts_service(command, &word.text) {
                report
                    .at(&RULE, command.range, "A layer holds files, not programs that run: this service ends with the step, and no container starts it again.")
                    .severity(Severity::Warning)
                    .advice("Start it with `CMD`, in the foreground. A second service, such as a database, gets a container of its own.");
            } else if is_in(OTHERS, name)
                && command.words.len() < 4
                && !is_piped(script.commands.get(at + 1))
            {
                let message = format!(
                    "A build step has nobody to look at it and no machine of its own, so `{name}` does nothing for the image."
                );
                report.at(&RULE, word.range, message).advice(
                    "Take it out; to look around, run `docker run --rm -it` with the image.",
                );
            }
        }
    }
}

fn is_piped(next: Option<&Command>) -> bool {
    next.is_some_and(|next| next.joined == crate::syntax::shell::Joined::Pipe)
}

/// `service x start`, `systemctl start x`, `/etc/init.d/x start`.
fn starts_service(command: &Command, program: &str) -> bool {
    let starts = own_words(command).iter().any(|word| is_in("start restart enable", &word.text));
    starts
        && (is_in("service systemctl rc-service invoke-rc.d", program)
            || program.starts_with("/etc/init.d/"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, silent};
    use super::RULE;

    #[test]
    fn points_at_what_does_not_last() {
        check(
            &RULE,
            "\
FROM debian:12
RUN apt-get update && service nginx start
#                     ^^^^^^^^^^^^^^^^^^^ A layer holds files, not programs that run
RUN top -b && a
#   ^^^ A build step has nobody to look at it
",
        );
    }

    #[test]
    fn silent_where_it_serves_the_step() {
        for run in [
            "RUN service mysql start && mysql -e x",
            "RUN apt-get install -y vim top",
            "RUN ps aux | grep x",
            "CMD service nginx start",
            "RUN sysctl -w a=b c=d",
        ] {
            silent(&RULE, &format!("FROM debian:12\n{run}\n"));
        }
    }
}
