//! A variable of a front end is set where its build does not see it.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::Fix;
use crate::model::{Act, Manager, Model, Step, is_in};
use crate::syntax::{Keyword, Kind, Pair};
use crate::text::{EditSet, TextRange};

pub(super) const RULE: Rule = Rule {
    id: "frontend-env-too-late",
    title: "The front end never sees this value",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[Section::flask("Environment Variables: Runtime vs Build-Time")],
    check,
};

const PREFIXES: [&str; 3] = ["NEXT_PUBLIC_", "REACT_APP_", "VITE_"];

fn check(model: &Model, report: &mut Report) {
    if !PREFIXES.iter().any(|prefix| model.text().contains(prefix)) {
        return;
    }
    let builds: Vec<_> = model.run_steps().filter(|(_, step)| builds_pages(step)).collect();
    let Some((builder, build)) = builds.last() else { return };
    let chain: Vec<_> = model.chain(builder).iter().map(|stage| stage.index).collect();
    let (mut early, mut late) = (Vec::new(), Vec::new());
    for (stage, step) in model.steps_of(&[Keyword::Env, Keyword::Arg]) {
        let (Kind::Env(pairs) | Kind::Arg(pairs)) = &step.instruction.kind else { continue };
        for pair in pairs.iter().filter(|pair| is_of_pages(&pair.key.text)) {
            // The build sees what stands above it, in its stage or one that it builds on.
            let is_above = step.instruction.range.start < build.instruction.range.start;
            if is_above && chain.binary_search(&stage.index).is_ok() {
                early.push(pair.key.text.as_str());
            } else if builds.len() == 1 {
                late.push((step, pair));
            }
        }
    }
    early.sort_unstable();
    for (step, pair) in late {
        let name = &pair.key.text;
        if early.binary_search(&name.as_str()).is_ok() {
            continue;
        }
        let message = format!(
            "`{name}` is written into the JavaScript files while they are built, and this line comes too late for that; set it above the build."
        );
        let finding = report.at(&RULE, pair.range, message);
        match earlier(model, build, step, pair) {
            Some(edits) => finding.fix(
                Fix::new(format!("Set `{name}` above the build"), edits)
                    .assuming("The value may be the same wherever this image runs."),
            ),
            None => finding.advice(format!("Write `ARG {name}` above the RUN that builds, and give the value with `--build-arg`.")),
        };
    }
}

fn is_of_pages(name: &str) -> bool {
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Whether the step makes the files of a front end.
fn builds_pages(step: &Step) -> bool {
    let managers = [Manager::Npm, Manager::Yarn, Manager::Pnpm, Manager::Bun];
    managers.iter().any(|manager| step.does(*manager, Act::Build).is_some())
        || step.commands().iter().any(|command| {
            let has = |list: &str| command.words.iter().any(|word| is_in(list, &word.text));
            has("build") && has("vite next ng react-scripts vue-cli-service")
        })
}

/// The edits that move the variable above the build. What Next.js also reads when it runs stays where it is.
fn earlier(model: &Model, build: &Step, step: &Step, pair: &Pair) -> Option<EditSet> {
    let is_one = matches!(&step.instruction.kind, Kind::Arg(pairs) if pairs.len() == 1);
    let text = match &pair.value {
        Some(value) if !value.is_literal() => return None,
        Some(value) => TextRange::new(pair.key.range.start, value.range.end).of(model.text()),
        None => pair.key.range.of(model.text()),
    };
    // `ENV NAME value` has no sign between the two.
    let text = if text.contains('=') { text.to_owned() } else { text.replacen(' ', "=", 1) };
    let mut edits = vec![model.insert_above(build.instruction, &[format!("ARG {text}")])];
    if is_one {
        edits.push(model.remove(step.instruction));
    } else if !pair.key.text.starts_with("NEXT_PUBLIC_") {
        edits.extend(model.delete_pair(step.instruction, pair)?.iter().cloned());
    }
    EditSet::new(edits).ok()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    const BUILD: &str = "FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\n";
    const SERVE: &str = "FROM nginx:1.27\nCOPY --from=build /app/dist /usr/share/nginx/html\n";

    #[test]
    fn set_where_the_files_are_served() {
        check(
            &RULE,
            &format!(
                "{BUILD}RUN npm run build\n{SERVE}ENV A=b VITE_API=https://a.example\n#       ^^^^^^^^^^^^^^^^^^^^^^^^^^ `VITE_API` is written into the JavaScript files\n"
            ),
        );
        check(
            &RULE,
            &format!(
                "{BUILD}RUN npm run build\nARG REACT_APP_X\n#   ^^^^^^^^^^^ `REACT_APP_X` is\n{SERVE}"
            ),
        );
    }

    #[test]
    fn sets_it_above_the_build() {
        check_fix(
            &RULE,
            &format!("{BUILD}RUN npm run build\n{SERVE}ENV VITE_API=https://a.example\n"),
            &format!("{BUILD}ARG VITE_API=https://a.example\nRUN npm run build\n{SERVE}"),
        );
        check_fix(
            &RULE,
            &format!("{BUILD}RUN npm run build\nARG VITE_API\n{SERVE}"),
            &format!("{BUILD}ARG VITE_API\nRUN npm run build\n{SERVE}"),
        );
        let next = format!("{BUILD}RUN npx next build\n{SERVE}ENV NEXT_PUBLIC_A=b\n");
        let after = next.replace("RUN npx", "ARG NEXT_PUBLIC_A=b\nRUN npx");
        check_fix(&RULE, &next, &after);
        silent(&RULE, &after);
        no_fix(&RULE, &format!("{BUILD}RUN npm run build\n{SERVE}ENV VITE_API=$HOST\n"));
    }

    #[test]
    fn silent_where_the_build_sees_it_or_nothing_is_built() {
        silent(&RULE, &format!("{BUILD}ARG VITE_API\nRUN npm run build\n{SERVE}"));
        silent(
            &RULE,
            "FROM node:22 AS base\nENV VITE_A=b\nFROM base AS build\nRUN yarn build\nFROM nginx:1.27\n",
        );
        silent(
            &RULE,
            &format!("{BUILD}ENV VITE_API=a\nRUN npm run build\n{SERVE}ENV VITE_API=a\n"),
        );
        silent(&RULE, &format!("{SERVE}ENV VITE_API=a\n"));
        silent(&RULE, &format!("{BUILD}RUN npm run build\n{SERVE}ENV API=a PUBLIC_X=b\n"));
    }
}
