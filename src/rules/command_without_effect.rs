//! Commands that mean something on a running machine, not in a step of a build.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::model::{Model, is_in, own_program, own_words};
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

/// Programs that start services, and the folder of scripts that do.
const STARTERS: &str = "service systemctl rc-service invoke-rc.d";
const SCRIPTS: &str = "/etc/init.d/";

fn check(model: &Model, report: &mut Report) {
    let scripts =
        model.steps_with(SCRIPTS).into_iter().filter_map(|(_, step)| step.run_commands().last());
    let is_script = |command: &&Command| {
        own_words(command).first().is_some_and(|word| word.text.starts_with(SCRIPTS))
    };
    // What comes behind in the same step may use the service.
    let starters = model.commands_of(STARTERS).filter(|ran| ran.next().is_none());
    for command in starters.map(|ran| ran.command).chain(scripts.filter(is_script)) {
        let words = own_words(command);
        let starts = words.iter().any(|word| is_in("start restart enable", &word.text));
        if starts && command.depth == 0 {
            report
                .at(&RULE, command.range, "A layer holds files, not programs that run: this service ends with the step, and no container starts it again.")
                .severity(Severity::Warning)
                .advice("Start it with `CMD`, in the foreground. A second service, such as a database, gets a container of its own.");
        }
    }
    for ran in model.commands_of(OTHERS) {
        let Some(word) = own_words(ran.command).first() else { continue };
        if ran.command.depth == 0 && ran.command.words.len() < 4 && !is_piped(ran.next()) {
            let message = format!(
                "A build step has nobody to look at it and no machine of its own, so `{}` does nothing for the image.",
                own_program(ran.command)
            );
            report
                .at(&RULE, word.range, message)
                .advice("Take it out; to look around, run `docker run --rm -it` with the image.");
        }
    }
}

fn is_piped(next: Option<&Command>) -> bool {
    next.is_some_and(|next| next.joined == crate::syntax::shell::Joined::Pipe)
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
