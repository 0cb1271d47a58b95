//! A file that is copied, and a RUN that does nothing but change its rights.

use super::{Buys, Fixes, Report, Rule, Severity};
use crate::finding::Fix;
use crate::model::{Model, Step, own_words};
use crate::syntax::Word;
use crate::text::{EditSet, TextEdit};

pub(super) const RULE: Rule = Rule {
    id: "chmod-after-copy",
    title: "The file is stored twice for its rights",
    severity: Severity::Info,
    fixes: Fixes::Always,
    buys: &[Buys::Size],
    aliases: &["tally/prefer-copy-chmod"],
    taught: &[],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut before: Option<&Step> = None;
    for (_, step) in model.final_steps() {
        let (copy, chmod) = (before.replace(step), chmod(step));
        let (Some(copy), Some((mode, path))) = (copy, chmod) else { continue };
        let place = copied_to(copy);
        if place.is_none() || place != step.absolute(&path.text) {
            continue;
        }
        let message = format!(
            "Changing `{}` writes it into a second layer; `{} --chmod={mode}` gives it its rights at once.",
            path.text,
            copy.keyword().as_str()
        );
        let place = copy.instruction.keyword_word.range.end;
        let flag = TextEdit::insert(place, format!(" --chmod={mode}"));
        let Ok(edits) = EditSet::new([flag, model.remove(step.instruction)]) else { continue };
        let fix = Fix::new("Give the rights while copying", edits);
        report
            .at(&RULE, step.instruction.arguments, message)
            .fix(fix.assuming("BuildKit builds the image, as it does since Docker 23."));
    }
}

/// The mode and the file of a RUN that is one chmod.
fn chmod<'s>(step: &'s Step) -> Option<(&'s str, &'s Word)> {
    let [command] = step.run_commands() else { return None };
    let [program, mode, path] = own_words(command) else { return None };
    let mode = match mode.text.as_str() {
        "+x" | "a+x" | "755" | "0755" => "755",
        text if text.len() < 5 && text.bytes().all(|byte| byte.is_ascii_digit()) => text,
        _ => return None,
    };
    let is_plain = step.mounts.is_empty() && step.instruction.heredocs.is_empty();
    (program.text == "chmod" && is_plain).then_some((mode, path))
}

/// The place of the one file that the step copies from the context.
fn copied_to(step: &Step) -> Option<String> {
    let transfer = step.from_context().filter(|_| step.instruction.flag("chmod").is_none())?;
    let [source] = transfer.sources.as_slice() else { return None };
    let name = source.text.rsplit('/').next()?;
    let is_file =
        source.is_literal() && name.contains('.') && !name.contains(['*', '?']) && name != ".";
    let to = &transfer.destination.text;
    let is_folder = to.ends_with('/') || to == ".";
    let place = if is_folder { format!("{to}/{name}") } else { to.clone() };
    step.absolute(&place).filter(|_| is_file)
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, silent};
    use super::RULE;

    #[test]
    fn points_at_the_command() {
        check(
            &RULE,
            "\
FROM debian:12
WORKDIR /app
COPY docker/start.sh ./
RUN chmod +x start.sh
#   ^^^^^^^^^^^^^^^^^ Changing `start.sh` writes it into a second layer
",
        );
    }

    #[test]
    fn gives_the_rights_while_copying() {
        check_fix(
            &RULE,
            "FROM a\nCOPY start.sh /start.sh\nRUN chmod 0550 /start.sh\nCMD x\n",
            "FROM a\nCOPY --chmod=0550 start.sh /start.sh\nCMD x\n",
        );
    }

    #[test]
    fn silent_where_it_is_not_the_same_file_or_not_alone() {
        for text in [
            "FROM a\nCOPY a.sh /a.sh\nRUN chmod +x /b.sh\n",
            "FROM a\nCOPY a.sh /a.sh\nRUN chmod +x /a.sh && /a.sh\n",
            "FROM a\nCOPY a.sh /a.sh\nUSER app\nRUN chmod +x /a.sh\n",
            "FROM a\nCOPY bin /bin\nRUN chmod +x /bin\n",
            "FROM a\nCOPY --chmod=644 a.sh /a.sh\nRUN chmod +x /a.sh\n",
            "FROM a\nCOPY a.sh /a.sh\nRUN chmod g+s /a.sh\n",
            "FROM a\nCOPY a.sh a.sh\nRUN chmod +x a.sh\n",
        ] {
            silent(&RULE, text);
        }
    }
}
