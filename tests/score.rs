//! What the score promises: where a file never gets the top grade, which files rank above which, and that mending pays.

#![expect(clippy::disallowed_methods, reason = "fixtures are files")]

use std::fs;
use std::path::Path;

use drydock::analysis::{Analysis, Goal, Progress};
use drydock::finding::{Origin, Severity};
use drydock::input::{DOCKERIGNORE, Input};
use drydock::rewrite::apply;

const IGNORE: &str = ".git\n**/.env\n**/.env.*\n**/__pycache__\n**/*.py[co]\n.venv\nvenv\n";

/// A file with nothing to say about but what `change` makes of it.
fn changed(from: &str, to: &str) -> Input {
    let whole = "\
FROM python:3.12-slim AS builder
RUN python -m venv --without-pip /opt/venv
COPY requirements.txt .
RUN pip --python /opt/venv/bin/python install --no-cache-dir -r requirements.txt

FROM python:3.12-slim
WORKDIR /app
ENV PYTHONUNBUFFERED=1
ENV PATH=\"/opt/venv/bin:$PATH\"
RUN useradd --create-home appuser
COPY --from=builder /opt/venv /opt/venv
COPY . .
USER appuser
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 CMD python -c \"import urllib.request; urllib.request.urlopen('http://localhost:8000/health')\"
CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--workers\", \"2\"]
";
    assert!(whole.contains(from), "{from}");
    Input::new(whole.replacen(from, to, 1)).with_file(DOCKERIGNORE, IGNORE)
}

/// The Dockerfile of each folder of `group`, with the ignore file beside it.
fn files(group: &str) -> Vec<(String, Input)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(group);
    let folders = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = folders
        .map(|folder| {
            let mut input = Input::new(fs::read_to_string(folder.join("Dockerfile")).unwrap());
            if let Ok(text) = fs::read_to_string(folder.join(DOCKERIGNORE)) {
                input = input.with_file(DOCKERIGNORE, text);
            }
            (folder.file_name().unwrap().to_string_lossy().into_owned(), input)
        })
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files
}

fn points(input: &Input) -> u32 {
    Analysis::of(input).score.points
}

#[test]
fn some_things_never_get_the_top_grade() {
    assert_eq!(Analysis::of(&changed("", "")).score.grade, 'A');
    let last = "FROM python:3.12-slim\nWORKDIR";
    let cmd = "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--workers\", \"2\"]";
    for (why, from, to) in [
        ("nothing sets a user", "USER appuser\n", ""),
        ("the last user is root", "USER appuser\n", "USER appuser\nUSER root\n"),
        ("the last user is number 0", "USER appuser\n", "USER 0:0\n"),
        ("no version of the base", last, "FROM python\nWORKDIR"),
        ("any version of the base", last, "FROM python:latest\nWORKDIR"),
        ("a version that the build has to bring", last, "ARG V\nFROM python:$V\nWORKDIR"),
        ("no line can be built", "EXPOSE 8000", "EXPOS 8000"),
        ("nothing is started", cmd, ""),
        ("the list of words is broken", cmd, "CMD ['uvicorn', 'main:app']"),
        ("the server leaves at once", cmd, "CMD [\"gunicorn\", \"--daemon\", \"main:app\"]"),
        ("nobody reaches it", "\"--host\", \"0.0.0.0\"", "\"--host\", \"127.0.0.1\""),
        (
            "the health check has no program",
            "CMD python -c",
            "CMD curl -f http://localhost:8000/; true",
        ),
        ("a step needs root", "USER appuser\n", "USER appuser\nRUN apt-get install -y curl\n"),
    ] {
        let score = Analysis::of(&changed(from, to)).score;
        assert_ne!(score.grade, 'A', "{why}: {score:?}");
    }
    let cannot_start = files("fixtures").into_iter().find(|(name, _)| name == "lesson-a-prod");
    assert_ne!(Analysis::of(&cannot_start.unwrap().1).score.grade, 'A');
}

#[test]
fn development_files_rank_below_all_good_ones() {
    let mut good: Vec<_> =
        files("good").iter().map(|(name, input)| (points(input), name.clone())).collect();
    let fixtures = files("fixtures");
    let lesson = |name: &str| {
        let (_, input) = fixtures.iter().find(|(one, _)| one == name).unwrap();
        points(input)
    };
    for name in ["lesson-a-prod", "lesson-a-complete", "lesson-b-prod"] {
        good.push((lesson(name), name.to_owned()));
    }
    let worst = good.iter().min().unwrap();
    for name in ["lesson-a-dev", "lesson-b-dev"] {
        assert!(lesson(name) < worst.0, "{name} {} against {worst:?}", lesson(name));
    }
}

#[test]
fn mending_never_lowers_the_score() {
    for (name, input) in files("fixtures").into_iter().chain(files("good")) {
        let before = Analysis::of(&input);
        for finding in &before.findings {
            let Some(fix) = &finding.fix else { continue };
            let after = points(&apply(&input, fix));
            assert!(after >= before.score.points, "{} in {name}", finding.rule);
        }
    }
}

#[test]
fn notes_and_taste_cost_nothing() {
    for (name, input) in files("fixtures").into_iter().chain(files("good")) {
        let analysis = Analysis::of(&input);
        for (rule, _) in &analysis.score.costs {
            let mut own = analysis.findings.iter().filter(|one| one.rule == *rule);
            let counts = own.any(|one| match one.origin {
                Origin::Lesson => true,
                Origin::Practice => one.severity > Severity::Info,
                Origin::Note => false,
            });
            assert!(counts, "{rule} in {name}");
        }
        let points: u32 = analysis.score.costs.iter().map(|(_, cost)| cost).sum();
        assert_eq!(analysis.score.points, 100_u32.saturating_sub(points), "{name}");
    }
}

#[test]
fn the_checklist_says_how_far() {
    let progress = |input: &Input, goal: Goal| {
        let checklist = Analysis::of(input).checklist;
        assert_eq!(checklist.len(), 7);
        checklist.into_iter().find(|check| check.goal == goal).unwrap().progress
    };
    for check in Analysis::of(&changed("", "")).checklist {
        assert_eq!(check.progress, Progress::Done, "{:?}", check.goal);
    }
    for (goal, from, to) in [
        (Goal::NonRoot, "USER appuser\n", ""),
        (Goal::SlimBase, "python:3.12-slim\nWORKDIR", "python:3.12\nWORKDIR"),
        (
            Goal::MultiStage,
            "WORKDIR /app\n",
            "WORKDIR /app\nRUN apt-get update && apt-get install -y gcc\n",
        ),
        (Goal::LayerCaching, "COPY requirements.txt .", "COPY . ."),
        (Goal::HealthCheck, "CMD python -c", "CMD curl -f http://localhost:8000/; true"),
        (Goal::ProductionCommand, "\"--workers\", \"2\"", "\"--reload\""),
    ] {
        assert_eq!(progress(&changed(from, to), goal), Progress::NotDone, "{goal:?}");
    }
    let alone = Input::new(
        "FROM python:3.12-slim\nRUN pip install --no-cache-dir flask==3.1.0\nCOPY . .\n",
    );
    assert_eq!(progress(&alone, Goal::Dockerignore), Progress::NeedsFile);
    // One stage is enough where nothing is compiled: a note, nothing to do.
    assert_eq!(progress(&alone, Goal::MultiStage), Progress::NotApplicable);
    assert_eq!(progress(&Input::new(""), Goal::NonRoot), Progress::NotApplicable);
}
