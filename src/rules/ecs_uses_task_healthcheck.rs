//! Amazon ECS does not run the image's health check.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::Model;
use crate::syntax::{Body, Instruction, Keyword, Kind, json_string};

pub(super) const RULE: Rule = Rule {
    id: "ecs-uses-task-healthcheck",
    title: "ECS does not look at this check",
    severity: Severity::Info,
    fixes: Fixes::Never,
    buys: &[Buys::Stability],
    aliases: &[],
    taught: &[Section::docker("Health Checks"), Section::docker("Common Mistakes")],
    check,
};

fn check(model: &Model, report: &mut Report) {
    let mut steps = model.final_steps().map(|(_, step)| step.instruction);
    let last = steps.rfind(|one| one.keyword == Some(Keyword::Healthcheck));
    let Some(instruction) = last.filter(|_| is_for_ecs(model)) else { return };
    let Kind::Healthcheck(Some(body)) = &instruction.kind else { return };
    let message = "Amazon ECS does not look at the image's health check; it runs only the one in the task definition, so write it there as well.";
    report.at(&RULE, instruction.keyword_word.range, message).advice(format!(
        "Add to the container in the task definition: `{}`",
        block(model, instruction, body)
    ));
}

/// Whether the file speaks of ECS, or starts from an image in Amazon's registry.
fn is_for_ecs(model: &Model) -> bool {
    let speaks = || {
        let mut words = model.text().split(|c: char| !c.is_ascii_alphanumeric());
        words.any(|word| matches!(word, "ECS" | "ecs" | "Fargate"))
    };
    let images = model.final_image();
    let is_in_ecr = images.is_some_and(|(_, image)| {
        image.registry.as_deref().is_some_and(|host| host.contains(".dkr.ecr."))
    });
    is_in_ecr || speaks()
}

/// The same check for the task definition, on one line.
fn block(model: &Model, instruction: &Instruction, body: &Body) -> String {
    let command = match body {
        Body::Exec(words) => {
            let words: Vec<_> = words.iter().map(|word| json_string(&word.text)).collect();
            format!("[\"CMD\", {}]", words.join(", "))
        }
        Body::Shell(script) => {
            let text = script.range.of(model.text()).replace(model.escape(), " ");
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            format!("[\"CMD-SHELL\", {}]", json_string(&text))
        }
    };
    let number = |name: &str, usual: u32| {
        let value = instruction.flag_value(name).unwrap_or_default().trim_end_matches('s');
        value.parse().unwrap_or(usual)
    };
    format!(
        "\"healthCheck\": {{\"command\": {command}, \"interval\": {}, \"timeout\": {}, \"retries\": {}, \"startPeriod\": {}}}",
        number("interval", 30),
        number("timeout", 3),
        number("retries", 3),
        number("start-period", 5)
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, silent};
    use super::RULE;
    use crate::input::Input;

    fn advice(text: &str) -> String {
        findings(&RULE, &Input::new(text))[0].advice.clone().unwrap_or_default()
    }

    #[test]
    fn points_at_the_instruction() {
        check(
            &RULE,
            "\
FROM a
# Health check for ECS
  HEALTHCHECK CMD true
# ^^^^^^^^^^^ Amazon ECS does not look at the image's health check
",
        );
    }

    #[test]
    fn writes_the_block_for_the_task_definition() {
        let text = "FROM 1.dkr.ecr.us-east-1.amazonaws.com/app:1\nHEALTHCHECK --interval=10s --retries=2 \\\n    CMD python -c \"print('a')\" || exit 1\n";
        assert!(advice(text).ends_with(
            r#"`"healthCheck": {"command": ["CMD-SHELL", "python -c \"print('a')\" || exit 1"], "interval": 10, "timeout": 3, "retries": 2, "startPeriod": 5}`"#
        ));
        assert!(
            advice("# ecs\nFROM a\nHEALTHCHECK CMD [\"/check\", \"-q\"]\n")
                .contains(r#"["CMD", "/check", "-q"]"#)
        );
    }

    #[test]
    fn silent_elsewhere() {
        silent(&RULE, "FROM a\nHEALTHCHECK CMD true\n");
        silent(&RULE, "# specs of ECSTASY\nFROM a\nHEALTHCHECK CMD true\n");
        silent(&RULE, "# ECS\nFROM a\nHEALTHCHECK CMD true\nHEALTHCHECK NONE\n");
        silent(&RULE, "# ECS\nFROM a\n");
    }
}
