//! The final stage installs compilers or development packages, or is an image to build with.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Fix, Phase};
use crate::model::split::libraries;
use crate::model::{Image, Model, Package, Stage, Step, is_build_tool, is_in};
use crate::syntax::Word;
use crate::syntax::shell::Command;
use crate::text::{EditSet, TextEdit};

pub(super) const RULE: Rule = Rule {
    id: "build-tools-in-final-stage",
    title: "Compilers end up in the final image",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size, Buys::Security],
    aliases: &[],
    taught: &[
        Section::docker("Complete Production Dockerfile"),
        Section::docker("Multi-Stage Builds"),
    ],
    check,
};

fn check(model: &Model, report: &mut Report) {
    // With one stage, `single-stage-build` says it.
    if model.stages().len() < 2 || model.is_for_development() {
        return;
    }
    let may_need = model.final_steps().any(|(_, step)| compiles(step));
    for (stage, step) in model.final_steps() {
        for (install, command) in step.installs().filter(|_| step.installs_build_tools()) {
            let packages = install.packages(command);
            let is_tool = |package: &&Package| is_build_tool(package.name);
            let tools: Vec<_> = packages.iter().filter(is_tool).collect();
            if let (true, Some(first)) = (install.manager.is_of_system(), tools.first()) {
                let all_go = tools.len() == packages.len();
                let edits =
                    if may_need { None } else { mend(model, stage, command, &tools, all_go) };
                say(first, tools.len(), edits, report);
            }
        }
    }
    image(model, report);
}

fn say(first: &Package, count: usize, edits: Option<EditSet>, report: &mut Report) {
    let others = match count {
        1 => String::new(),
        2 => " and one more package".to_owned(),
        count => format!(" and {} more packages", count - 1),
    };
    let verb = if count == 1 { "serves" } else { "serve" };
    let message = format!(
        "`{}`{others} only {verb} to build something; install that in the builder stage, and here only what runs.",
        first.name
    );
    let finding = report.at(&RULE, first.word.range, message);
    match edits {
        Some(edits) => finding.fix(
            Fix::new("Install only what runs", edits)
                .in_phase(Phase::Runtime)
                .assuming("Nothing is compiled in this stage or when the container runs, and no other library is missing."),
        ),
        None => finding.advice(
            "Build in an earlier stage and copy the result. Of a `-dev` package, install here the library that it belongs to: `libpq5` for `libpq-dev`.",
        ),
    };
}

/// Whether the step may need what compiles.
fn compiles(step: &Step) -> bool {
    step.builds() || step.installs.iter().any(|install| !install.manager.is_of_system())
}

/// The edits that take the tools away and put libraries in place of development packages, where each is known and
/// nothing in the stage may need them.
fn mend(
    model: &Model,
    stage: &Stage,
    command: &Command,
    tools: &[&Package],
    all_go: bool,
) -> Option<EditSet> {
    let place = |word: &Word| command.words.iter().position(|one| one.range == word.range);
    let (mut replaced, mut deleted) = (Vec::new(), Vec::new());
    for tool in tools {
        match libraries(model, stage, tool.name)? {
            "" => deleted.push(place(tool.word)?),
            library => replaced.push(TextEdit::replace(tool.word.range, library)),
        }
    }
    // apt with nothing to install would be left.
    if all_go && replaced.is_empty() {
        return None;
    }
    let mut edits = model.delete_words(&command.words, &deleted)?;
    edits.merge(&EditSet::new(replaced).ok()?).ok()?;
    Some(edits)
}

/// The final image is made to build with, and something else is started in it.
fn image(model: &Model, report: &mut Report) {
    let (Some((_, image)), Some(launch)) = (model.final_image(), model.launch()) else { return };
    let Some(instead) = to_run(image).filter(|_| !is_in("mvn gradle make", launch.program()))
    else {
        return;
    };
    let message = format!(
        "`{}` is an image to build with, and its compilers serve nobody once the app runs; use {instead} here.",
        image.text
    );
    report.at(&RULE, image.range, message).advice(format!(
        "Keep this image for the builder stage, and let the final stage start from {instead}."
    ));
}

/// What to run a program on that such an image built.
fn to_run(image: &Image) -> Option<&'static str> {
    match (image.official(), image.repository.as_str()) {
        (Some("maven" | "gradle"), _) => Some("`eclipse-temurin` with `-jre` in its tag"),
        (None, "nvidia/cuda") if image.has_variant("devel") => {
            Some("the same tag with `runtime` for `devel`")
        }
        (None, "dotnet/sdk") => Some("`dotnet/aspnet`"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    const BUILDER: &str = "FROM python:3.11-slim AS b\nRUN apt-get install -y gcc\n";

    #[test]
    fn points_at_the_first_package() {
        check(
            &RULE,
            "\
FROM python:3.11-slim AS b
FROM python:3.11-slim
RUN apt-get install -y curl gcc libpq-dev make
#                           ^^^ `gcc` and 2 more packages only serve to build something
RUN apt-get install -y libffi-dev
#                      ^^^^^^^^^^ `libffi-dev` only serves to build
",
        );
    }

    #[test]
    fn images_to_build_with() {
        check(
            &RULE,
            "\
FROM maven:3.9-eclipse-temurin-21 AS b
FROM maven:3.9-eclipse-temurin-21
#    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `maven:3.9-eclipse-temurin-21` is an image to build with
COPY --from=b /app.jar /
CMD [\"java\", \"-jar\", \"/app.jar\"]
",
        );
        no_fix(&RULE, "FROM a AS b\nFROM nvidia/cuda:12.2.0-devel-ubuntu22.04\nCMD [\"/app\"]\n");
    }

    #[test]
    fn installs_only_what_runs() {
        check_fix(
            &RULE,
            &format!(
                "{BUILDER}FROM python:3.11-slim\nRUN apt-get install -y gcc \\\n    libpq-dev \\\n    curl\n"
            ),
            &format!(
                "{BUILDER}FROM python:3.11-slim\nRUN apt-get install -y \\\n    libpq5 \\\n    curl\n"
            ),
        );
        check_fix(
            &RULE,
            "FROM a AS b\nFROM node:22-alpine\nRUN apk add build-base postgresql-dev\n",
            "FROM a AS b\nFROM node:22-alpine\nRUN apk add libpq\n",
        );
    }

    #[test]
    fn by_hand_where_a_library_is_unknown_or_something_is_built() {
        for lines in [
            "RUN apt-get install -y libxyz-dev",
            "RUN apt-get install -y gcc make",
            "RUN apt-get install -y gcc curl && pip install -r r.txt",
        ] {
            no_fix(&RULE, &format!("{BUILDER}FROM python:3.11-slim\n{lines}\n"));
        }
    }

    #[test]
    fn silent_where_they_are_gone_or_not_shipped() {
        for (why, text) in [
            ("one stage, told elsewhere", "FROM python:3.11-slim\nRUN apt-get install -y gcc\n"),
            ("a builder", "FROM a AS b\nRUN apt-get install gcc\nFROM a\nCOPY --from=b /a /a\n"),
            (
                "removed again",
                "FROM a AS b\nFROM a\nRUN apk add --virtual .b gcc && make && apk del .b\n",
            ),
            ("a stage for tests", "FROM a AS b\nFROM a AS test\nRUN apt-get install gcc\n"),
            ("git", "FROM a AS b\nFROM a\nRUN apt-get install git\n"),
            ("its work is to build", "FROM a AS b\nFROM maven:3.9\nCMD mvn verify\n"),
        ] {
            silent(&RULE, &format!("{text}# {why}\n"));
        }
    }
}
