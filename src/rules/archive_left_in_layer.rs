//! An archive that a step downloads and unpacks, and leaves lying beside what was in it.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Change, Model, Step, is_in, is_within};

pub(super) const RULE: Rule = Rule {
    id: "archive-left-in-layer",
    title: "The unpacked archive stays as well",
    severity: Severity::Info,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size],
    aliases: &["tarSomethingRmTheSomething"],
    taught: &[],
    check,
};

const ENDINGS: [&str; 8] =
    [".tar.gz", ".tgz", ".tar.xz", ".tar.bz2", ".tar", ".zip", ".deb", ".rpm"];

fn check(model: &Model, report: &mut Report) {
    for (_, step) in model.final_steps() {
        // Longer than anybody writes, and too long to look through for each archive.
        if step.commands().len() > 1000 {
            continue;
        }
        let files = step.files();
        // The first stands for all of its step.
        let left = files.iter().find(|file| {
            let is_archive = file.change == Change::Fetched && file.command.is_some();
            is_archive
                && ENDINGS.iter().any(|end| file.path.ends_with(end))
                && unpacks(step, name_of(&file.path))
                && !step.mounts_over(&file.path)
                && !files.iter().any(|other| {
                    other.change == Change::Deleted && is_within(&file.path, &other.path)
                })
        });
        let Some(file) = left else { continue };
        let name = name_of(&file.path);
        let message = format!(
            "`{name}` is unpacked, and then stays in this layer beside its own content; delete it in the same RUN."
        );
        let finding = report.at(&RULE, file.word.range, message);
        let is_plain = !file.path.contains(|c: char| c.is_whitespace() || "'\"*?$`(".contains(c));
        match model.append(step, &format!("rm {}", file.path)).filter(|_| is_plain) {
            Some(edits) => finding.fix(Fix::new("Delete the archive in the same RUN", edits).assuming("Nothing reads the archive later.")),
            None => finding.advice("End the RUN with `rm` and the archive, or pipe the download into `tar`, so that no file is written."),
        };
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or_default()
}

/// Whether a command of the step unpacks the file called `name`, and no `rm` names it or a pattern.
fn unpacks(step: &Step, name: &str) -> bool {
    let mut is_unpacked = false;
    for command in step.commands() {
        let words = command.arguments();
        let names_it = words.iter().any(|word| name_of(&word.text) == name);
        match command.program() {
            "rm" if names_it || words.iter().any(|word| word.text.contains('*')) => return false,
            "mv" | "cp" if names_it => return false,
            program => {
                is_unpacked |= names_it && is_in("tar bsdtar unzip dpkg apt apt-get rpm", program);
            }
        }
    }
    is_unpacked
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_archive() {
        check(
            &RULE,
            "\
FROM debian:12
RUN curl -fsSL https://a.b/c.tgz -o /tmp/c.tgz && tar xzf /tmp/c.tgz -C /opt
#                                   ^^^^^^^^^^ `c.tgz` is unpacked, and then stays
",
        );
    }

    #[test]
    fn deletes_it_in_the_same_step() {
        let after =
            "FROM a\nWORKDIR /x\nRUN wget https://a.b/c.zip && unzip c.zip && rm /x/c.zip\n";
        check_fix(&RULE, "FROM a\nWORKDIR /x\nRUN wget https://a.b/c.zip && unzip c.zip\n", after);
        silent(&RULE, after);
        no_fix(&RULE, "FROM a\nRUN curl -o /c.tgz https://a.b/c; tar xf /c.tgz || true\n");
    }

    #[test]
    fn silent_where_it_goes_or_is_not_unpacked() {
        for run in [
            "curl -o /t/c.tgz https://a.b/c && tar xf /t/c.tgz && rm -rf /t",
            "cd /t && wget https://a.b/c.tgz && tar xf c.tgz && rm c.tgz",
            "cd /t && wget https://a.b/c.tgz && tar xf c.tgz && rm *.tgz",
            "wget -P /t https://a.b/c.tgz",
            "curl -f https://a.b/c.tgz | tar xz",
            "--mount=type=tmpfs,target=/t curl -o /t/c.tgz https://a.b/c && tar xf /t/c.tgz",
        ] {
            silent(&RULE, &format!("FROM a\nWORKDIR /x\nRUN {run}\n"));
        }
    }
}
