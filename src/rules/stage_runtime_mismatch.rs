//! What was built for one system or version is copied to another.

use super::{Buys, Fixes, Report, Rule, Section, Severity};
use crate::model::{Act, Base, Family, Image, Manager, Model, Stage, Step};
use crate::syntax::Word;

pub(super) const RULE: Rule = Rule {
    id: "stage-runtime-mismatch",
    title: "The copied program may not run here",
    severity: Severity::Warning,
    fixes: Fixes::Never,
    buys: &[Buys::Starts],
    aliases: &[],
    taught: &[Section::docker("Multi-Stage Builds"), Section::docker("Production Dockerfile")],
    check,
};

/// Parts of paths where packages lie that belong to one version of their language.
const PACKAGES: [&str; 8] = [
    "site-packages",
    "dist-packages",
    "venv",
    "/.local",
    "/usr/local/lib/",
    "/usr/local/bundle",
    "node_modules",
    "vendor/bundle",
];
/// Nobody copies more often; what is copied is compared with all that its stage does.
const MOST: usize = 100;
/// Debian's releases, oldest first.
const SUITES: [&str; 6] = ["stretch", "buster", "bullseye", "bookworm", "trixie", "forky"];

fn check(model: &Model, report: &mut Report) {
    let Some(last) = model.final_stage() else { return };
    let here = model.root_image(last).map(|(_, image)| image);
    let copies =
        model.final_steps().filter_map(|(_, step)| Some((step, model.stage_copied(step)?)));
    for (step, from) in copies.take(MOST) {
        let Some(transfer) = step.transfer() else { continue };
        let Some((_, there)) = model.root_image(from) else { continue };
        let is_package = |word: &&Word| PACKAGES.iter().any(|part| word.text.contains(part));
        let mut words = transfer.sources.iter().chain([&transfer.destination]);
        let packages = words.find(is_package);
        let source = transfer.sources.first();
        let Some(word) = packages.or(source) else { continue };
        let reason = match here {
            Some(here) if packages.is_some() => path(&transfer.destination.text, here)
                .or_else(|| version(there, here))
                .or_else(|| system(there, here)),
            _ if is_glibc_program(from, there, step) => {
                program(model, last, here).or_else(|| here.and_then(|here| suite(there, here)))
            }
            _ => None,
        };
        if let Some(reason) = reason {
            let is_node = word.text.contains("node_modules");
            let severity = if is_node { Severity::Info } else { Severity::Warning };
            report.at(&RULE, word.range, reason).severity(severity).advice(
                "Let both stages start from the same image, or from variants of the same version and the same Debian release.",
            );
        }
    }
}

/// The packages go where another Python would look.
fn path(destination: &str, here: &Image) -> Option<String> {
    let folder = destination.split('/').find(|part| part.starts_with("python3."))?;
    let (language, runs) = here.language()?;
    let mut numbers = runs?.split('.');
    let (major, minor) = (numbers.next()?, numbers.next()?);
    (language == "python" && folder != format!("python{major}.{minor}")).then(|| {
        format!("`{folder}` in this path is not where the Python {major}.{minor} of this stage looks for packages; change them together.")
    })
}

/// The packages are for another version of the language.
fn version(there: &Image, here: &Image) -> Option<String> {
    let ((language, Some(built)), (other, Some(runs))) = (there.language()?, here.language()?)
    else {
        return None;
    };
    let (name, parts) = match language {
        "python" => ("Python", 2),
        "ruby" => ("Ruby", 2),
        "node" => ("Node.js", 1),
        _ => return None,
    };
    let branch = |version: &str| {
        let mut numbers = version.split('.');
        let first: Vec<_> = numbers.by_ref().take(parts).map(str::to_owned).collect();
        (first.len() == parts).then(|| first.join("."))
    };
    let (built, runs) = (branch(built)?, branch(runs)?);
    (language == other && built != runs).then(|| {
        format!("These packages were installed for {name} {built}, and this stage runs {name} {runs}, which may not find or load them.")
    })
}

/// The packages are for another C library, or for a newer one.
fn system(there: &Image, here: &Image) -> Option<String> {
    match (there.family()?, here.family()?) {
        (Family::Debian, Family::Alpine) | (Family::Alpine, Family::Debian) => Some(format!(
            "These packages were installed on `{}`, which has another C library than `{}`; their compiled parts do not load here.",
            there.text, here.text
        )),
        _ => suite(there, here),
    }
}

/// What was built on a newer Debian needs its C library.
fn suite(there: &Image, here: &Image) -> Option<String> {
    let place = |image: &Image| SUITES.iter().position(|suite| Some(*suite) == image.suite());
    (place(there)? > place(here)?).then(|| {
        format!(
            "This was built on Debian {}, and needs a newer C library than Debian {} has here.",
            there.suite().unwrap_or_default(),
            here.suite().unwrap_or_default()
        )
    })
}

/// Whether what is copied is a program that the stage compiled for its own C library.
fn is_glibc_program(from: &Stage, there: &Image, copy: &Step) -> bool {
    let names = |text: &str| {
        from.steps.iter().any(|step| {
            let mut words =
                step.commands().iter().flat_map(|c| c.assignments.iter().chain(&c.words));
            words.any(|word| word.text.contains(text))
        })
    };
    let is_target = copy
        .transfer()
        .is_some_and(|transfer| transfer.sources.iter().any(|word| word.text.contains("/target/")));
    there.family() == Some(Family::Debian)
        && is_target
        && from.steps.iter().any(|step| step.does(Manager::Cargo, Act::Build).is_some())
        && !names("musl")
        && !names("crt-static")
}

/// The image has no C library that such a program could use.
fn program(model: &Model, last: &Stage, here: Option<&Image>) -> Option<String> {
    let root = model.final_chain().next().unwrap_or(last);
    let is_static = root.base == Base::Scratch
        || here.is_some_and(|image| image.repository.starts_with("distroless/static"));
    let is_alpine = here.and_then(Image::family) == Some(Family::Alpine);
    (is_static || is_alpine).then(|| {
        format!(
            "The program was built for Debian's C library, which `{}` does not have, so it does not start; build it for musl, or use a Debian image here.",
            root.image.text
        )
    })
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, findings, silent};
    use super::RULE;
    use crate::finding::Severity;
    use crate::input::Input;

    fn python(there: &str, here: &str) -> String {
        format!(
            "FROM python:{there} AS b\nRUN python -m venv /opt/venv\nFROM python:{here}\nCOPY --from=b /opt/venv /opt/venv\n"
        )
    }

    #[test]
    fn another_version_or_system() {
        check(
            &RULE,
            &format!(
                "{}#             ^^^^^^^^^ These packages were installed for Python 3.12, and this stage runs Python 3.11",
                python("3.12-slim", "3.11.4-slim")
            ),
        );
        check(
            &RULE,
            &format!(
                "{}#             ^^^^^^^^^ These packages were installed on `python:3.11`, which has another C library",
                python("3.11", "3.11-alpine")
            ),
        );
        check(
            &RULE,
            &format!(
                "{}#             ^^^^^^^^^ This was built on Debian trixie, and needs",
                python("3.11-slim-trixie", "3.11-slim-bookworm")
            ),
        );
    }

    #[test]
    fn a_path_of_another_python() {
        let text = "FROM python:3.12 AS b\nFROM python:3.12-slim\n";
        let line = "COPY --from=b /deps /usr/local/lib/python3.11/site-packages\n";
        check(
            &RULE,
            &format!(
                "{text}{line}#                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ `python3.11` in this path is not where the Python 3.12"
            ),
        );
        silent(&RULE, &format!("{text}{}", line.replace("3.11", "3.12")));
    }

    #[test]
    fn programs_without_their_library() {
        let rust = "FROM rust:1.80 AS b\nWORKDIR /src\nRUN cargo build --release\n";
        check(
            &RULE,
            &format!(
                "{rust}FROM alpine:3.20\nCOPY --from=b /src/target/release/app /app\n#             ^^^^^^^^^^^^^^^^^^^^^^^ The program was built for Debian's C library, which `alpine:3.20`\n"
            ),
        );
        silent(
            &RULE,
            &format!("{rust}FROM debian:12\nCOPY --from=b /src/target/release/app /app\n"),
        );
        let musl = rust.replace("--release", "--release --target x86_64-unknown-linux-musl");
        silent(&RULE, &format!("{musl}FROM scratch\nCOPY --from=b /src/target/release/app /app\n"));
    }

    #[test]
    fn softer_where_only_a_few_packages_break() {
        let text = "FROM node:22 AS b\nFROM node:22-alpine\nCOPY --from=b /app/node_modules /app/node_modules\n";
        assert_eq!(findings(&RULE, &Input::new(text))[0].severity, Severity::Info);
    }

    #[test]
    fn silent_where_it_runs() {
        silent(&RULE, &python("3.11", "3.11-slim"));
        silent(&RULE, &python("3.11-slim-bookworm", "3.11-slim-trixie"));
        silent(&RULE, &python("3", "3.11"));
        for (why, text) in [
            (
                "static",
                "FROM golang:1.23 AS b\nRUN go build -o /app .\nFROM scratch\nCOPY --from=b /app /app\n",
            ),
            (
                "files",
                "FROM node:22 AS b\nRUN npm run build\nFROM nginx:1.27-alpine\nCOPY --from=b /app/dist /d\n",
            ),
            (
                "jars",
                "FROM maven:3.9 AS b\nFROM eclipse-temurin:21-jre-alpine\nCOPY --from=b /app.jar /app.jar\n",
            ),
            (
                "a program",
                "FROM golang:1.23 AS b\nFROM alpine:3.20\nCOPY --from=b /app /usr/local/bin/app\n",
            ),
            (
                "unknown",
                "FROM org/build:1 AS b\nFROM python:3.11-alpine\nCOPY --from=b /opt/venv /opt/venv\n",
            ),
        ] {
            silent(&RULE, &format!("{text}# {why}\n"));
        }
    }
}
