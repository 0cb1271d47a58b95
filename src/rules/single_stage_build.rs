//! One stage both builds and runs, so what was needed to build stays in the image.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::finding::{Change, Finding, Fix, Origin, Phase};
use crate::model::split::{self, Split};
use crate::model::{Install, Model, Stage, Step};
use crate::syntax::Keyword;

pub(super) const RULE: Rule = Rule {
    id: "single-stage-build",
    title: "Build tools stay in the image",
    severity: Severity::Warning,
    fixes: Fixes::Sometimes,
    buys: &[Buys::Size, Buys::Security],
    aliases: &["DF011"],
    taught: &[Section::docker("Multi-Stage Builds"), Section::docker("Image Size Comparison")],
    check,
};

/// The same without the two stages as its fix: working them out is code that the page need not have at once. What
/// `notice` reports names this one, for whoever names `RULE` has all that it leads to.
pub(super) const FIRST: Rule = Rule { check: notice, ..RULE };

fn check(model: &Model, report: &mut Report) {
    let before = report.findings.len();
    notice(model, report);
    let (Some(finding), Some(stage)) = (report.findings.get_mut(before), model.final_stage())
    else {
        return;
    };
    let split = if is_box(stage) {
        Err("Nothing of yours is copied and nothing is started, so what the image needs is not known; write the two stages by hand.".to_owned())
    } else {
        split::split(model, stage)
    };
    if finding.origin != Origin::Note {
        offer(finding, split);
    } else if installs_for_python(stage) {
        finding.advice = None;
        offer(finding, split);
    }
}

fn notice(model: &Model, report: &mut Report) {
    let [stage] = model.stages() else { return };
    if stage.is_for_development()
        || !(stage.steps.iter().any(makes_something) || split::compiles_at_start(model))
        || is_workshop(model, stage)
    {
        return;
    }
    let place = model.line_start(stage.from);
    if !leaves_tools(model, stage) {
        // Whoever runs pip as root leaves bytecode of Python's own modules and of pip's in the layer.
        let (title, message) = if installs_for_python(stage) {
            (
                "One stage works, two are smaller",
                "Nothing is compiled here, so one stage works. In a builder, though, pip leaves the compiled files of Python and its own behind. The lessons disagree about it.",
            )
        } else {
            (
                "One stage is enough here",
                "One stage is fine for this install: nothing is compiled here, so a builder would save next to nothing. The lessons disagree about it.",
            )
        };
        let advice = "Leave it, unless a package starts to need a compiler.";
        let finding =
            report.missing(&FIRST, place, message).severity(Severity::Info).advice(advice);
        (finding.origin, finding.title) = (Origin::Note, title);
        return;
    }
    let message = "This file has one stage, so what was needed to install or build stays in the image; \
                   install in a builder and copy the result.";
    report.missing(&FIRST, place, message);
}

/// Gives the finding the two stages as its fix, or the reason why there are none as its advice.
pub(super) fn offer(finding: &mut Finding, split: Result<Split, String>) {
    let split = match split {
        Ok(split) => split,
        Err(reason) => {
            finding.advice(reason);
            return;
        }
    };
    let mut fix = Fix::new(split.title, split.edits).in_phase(Phase::Stages);
    for sentence in split.assumes {
        fix = fix.assuming(sentence);
    }
    for (name, text) in split.files {
        fix = fix.and(name, Change::Create(text));
    }
    finding.fix(fix);
}

fn installs_for_python(stage: &Stage<'_>) -> bool {
    stage.steps.iter().any(|step| step.installs.iter().any(|one| one.manager.is_of_python()))
}

/// Whether the stage holds nothing but packages.
fn is_box(stage: &Stage<'_>) -> bool {
    let own = [Keyword::Copy, Keyword::Add, Keyword::Cmd, Keyword::Entrypoint];
    stage.steps_of(&own).next().is_none()
}

/// Whether the image is there for its tools, or for others to build on: nothing is built or started in it.
fn is_workshop(model: &Model, stage: &Stage<'_>) -> bool {
    let is_onbuild = |step: &Step| step.keyword() == Keyword::Onbuild;
    let brings_app = |step: &Step| {
        step.builds() || step.installs.iter().any(|install| !install.manager.is_of_system())
    };
    stage.steps.iter().any(is_onbuild)
        || (model.launch().is_none() && !stage.steps.iter().any(brings_app))
}

/// Whether the step installs packages of a language, compiles, or brings what compiles.
fn makes_something(step: &Step<'_>) -> bool {
    let of_language = |install: &Install| !install.manager.is_of_system();
    step.installs.iter().any(of_language) || step.builds() || step.installs_build_tools()
}

/// Whether something stays behind that a builder would keep away: compilers, the full image's tools, build leftovers.
fn leaves_tools(model: &Model, stage: &Stage<'_>) -> bool {
    // Astral's images are Python's with uv, which only the install needs.
    let is_full = model
        .root_image(stage)
        .is_some_and(|(_, image)| image.is_full() || image.repository == "astral-sh/uv");
    is_full
        || split::compiles_at_start(model)
        || stage.steps.iter().any(split::installs_manager)
        || stage.steps.iter().any(|step| step.builds() || step.installs_build_tools())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, check_fix, no_fix, silent};
    use super::RULE;

    #[test]
    fn dependencies_on_a_full_image() {
        check(
            &RULE,
            "# < This file has one stage\nFROM python:3.11\nRUN pip install -r requirements.txt\n",
        );
    }

    #[test]
    fn softer_where_nothing_is_compiled() {
        check(
            &RULE,
            "# < Nothing is compiled here\nFROM python:3.11-slim\nRUN pip install -r requirements.txt\n",
        );
        check(&RULE, "# < One stage is fine\nFROM node:22-slim\nRUN npm ci\n");
        let poetry =
            "FROM python:3.11-slim\nRUN pip install poetry==2\nRUN poetry install --no-root\n";
        check(&RULE, &format!("# < This file has one stage\n{poetry}"));
    }

    #[test]
    fn compilers_on_a_slim_image() {
        check(
            &RULE,
            "# < This file has one stage\nFROM python:3.11-slim\nRUN apt-get update && apt-get install -y gcc\nRUN pip install -r requirements.txt\n",
        );
    }

    #[test]
    fn a_program_that_is_compiled_at_every_start() {
        check(
            &RULE,
            "# < This file has one stage\nFROM golang:1.24-alpine\nCOPY . .\nCMD go run .\n",
        );
        no_fix(&RULE, "FROM rust:1\nCOPY . .\nCMD [\"cargo\", \"run\"]\n");
    }

    #[test]
    fn silent_with_stages_or_without_a_build() {
        silent(
            &RULE,
            "FROM python:3.11 AS b\nRUN pip install x\nFROM python:3.11-slim\nCOPY --from=b /a /a\n",
        );
        silent(&RULE, "FROM python:3.11\nCOPY . .\n");
        silent(&RULE, "FROM debian:12\nRUN apt-get update && apt-get install -y curl\n");
        silent(&RULE, "FROM scratch\nCOPY app /\n");
    }

    #[test]
    fn silent_on_tools_and_bases() {
        silent(&RULE, "FROM debian:12\nRUN apt-get install -y build-essential git\n");
        silent(&RULE, "FROM python:3.11\nONBUILD COPY . .\nRUN pip install -U pip\n");
    }

    #[test]
    fn splits_where_the_packages_are_installed() {
        check_fix(
            &RULE,
            "\
# Web
FROM python:3.11

WORKDIR /app
ENV A=1

# Packages first
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt

COPY . .

CMD [\"uvicorn\", \"main:app\"]
",
            "\
# Web
FROM python:3.11 AS builder

WORKDIR /app
ENV A=1

RUN python -m venv --without-pip /opt/venv
# Packages first
COPY requirements.txt .
RUN pip --python /opt/venv/bin/python install --no-cache-dir -r requirements.txt

FROM python:3.11
WORKDIR /app
ENV A=1
ENV PATH=\"/opt/venv/bin:$PATH\"
COPY --from=builder /opt/venv /opt/venv

COPY . .

CMD [\"uvicorn\", \"main:app\"]
",
        );
    }

    #[test]
    fn keeps_the_name_of_the_stage_that_ships() {
        check_fix(
            &RULE,
            "FROM python:3.11 AS web\nRUN pip install flask\nCMD flask run\n",
            "FROM python:3.11 AS builder\nRUN python -m venv --without-pip /opt/venv\nRUN pip --python /opt/venv/bin/python install flask\n\nFROM python:3.11 AS web\nENV PATH=\"/opt/venv/bin:$PATH\"\nCOPY --from=builder /opt/venv /opt/venv\nCMD flask run\n",
        );
    }

    #[test]
    fn stays_away_where_it_is_not_sure() {
        for (why, run) in [
            ("the project itself is installed", "RUN pip install ."),
            ("another folder", "RUN pip install --target=/deps -r requirements.txt"),
            ("several commands", "RUN pip install -r requirements.txt && python setup.py install"),
            (
                "a library that is not known",
                "RUN apt-get update && apt-get install -y libxyz-dev\nRUN pip install -r requirements.txt",
            ),
            ("another user", "USER app\nRUN pip install -r requirements.txt"),
            ("the source is copied first", "COPY . .\nRUN pip install -r requirements.txt"),
            ("another manager", "RUN npm ci"),
            ("a shell that cannot be read", "RUN pip install -r requirements.txt; echo 'x"),
        ] {
            no_fix(&RULE, &format!("FROM python:3.11\n{run}\nCMD [\"uvicorn\"]\n# {why}\n"));
        }
        no_fix(
            &RULE,
            "FROM acme/python:3.11\nRUN apt-get install gcc\nRUN pip install -r requirements.txt\n",
        );
    }
}
