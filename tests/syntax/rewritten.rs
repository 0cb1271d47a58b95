//! Rewrites of whatever people put together: BuildKit reads them as we do, a second one changes nothing, and no warning
//! is added.

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use drydock::analysis::Analysis;
use drydock::finding::Severity;
use drydock::input::Input;
use drydock::rewrite::{Level, rewrite};
use drydock::syntax::parse;

use crate::buildkit::{BuildKit, compare, is_newer};
use crate::cases::fixtures;
use crate::generate;

/// How many files are put together.
const FILES: u32 = 400;

/// What a stage starts from.
const BASES: [&str; 12] = [
    "python:3.11",
    "python:3.12-slim",
    "python:3.9-alpine",
    "python:3.10-slim-buster",
    "node:20",
    "node:18-alpine AS web",
    "golang:1.22 AS build",
    "rust:1",
    "debian:bookworm",
    "nginx",
    "ubuntu:22.04",
    "registry.example.com/team/base:1",
];

/// What may follow, in any order; each is something that people write.
const LINES: [&str; 49] = [
    "WORKDIR /app",
    "WORKDIR src",
    "COPY . .",
    "COPY . /app",
    "ADD . /app",
    "COPY requirements.txt .",
    "COPY package*.json ./",
    "COPY --chown=1000:1000 . .",
    "COPY --from=build /out /usr/local/bin/app",
    "COPY --from=0 /app/dist /usr/share/nginx/html",
    "COPY --from=1 /b /b",
    "COPY a b c /dest",
    "COPY .env .",
    "ADD https://example.org/tool.tar.gz /tmp/",
    "RUN pip install -r requirements.txt",
    "RUN pip install flask gunicorn && rm -rf /root/.cache",
    "RUN python -m venv /venv && /venv/bin/pip install .",
    "RUN pip install poetry && poetry install",
    "RUN npm install",
    "RUN npm ci && npm run build",
    "RUN yarn install --production && yarn cache clean",
    "RUN go build -o /out ./cmd",
    "RUN cargo build --release",
    "RUN apt-get update && apt-get install -y curl gcc libpq-dev",
    "RUN apt-get update",
    "RUN apt install git",
    "RUN apt-get update \\\n    # tools\n    && apt-get install -y --no-install-recommends \\\n       vim \\\n    && rm -rf /var/lib/apt/lists/*",
    "RUN apk add --update build-base",
    "RUN curl http://example.org/install.sh | sh",
    "RUN cd /tmp && sudo make install",
    "RUN export A=1",
    "RUN useradd -u 123456 app",
    "RUN adduser -D app",
    "RUN chmod -R 777 /app",
    "RUN chown -R app /app",
    "RUN echo \"a\" > /etc/a; false || true",
    "ENV FLASK_ENV=development",
    "ENV DB_PASSWORD hunter2",
    "ENV PATH=/venv/bin:$PATH A=b",
    "ARG VERSION=1",
    "USER app",
    "USER root",
    "EXPOSE 8000",
    "EXPOSE 8080:80",
    "VOLUME /data",
    "# a comment",
    "",
    "HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1",
    "MAINTAINER me@example.org",
];

/// What the image starts.
const STARTS: [&str; 12] = [
    "CMD python app.py",
    "CMD [\"flask\", \"run\", \"--host=0.0.0.0\"]",
    "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8000\", \"--reload\"]",
    "CMD [\"python3\", \"-m\" , \"flask\", \"run\", \"--debug\"]",
    "CMD [\"npm\", \"start\"]",
    "CMD npm run dev",
    "CMD ['node', 'server.js']",
    "ENTRYPOINT [\"/entrypoint.sh\"]\nCMD [\"gunicorn\", \"app:app\"]",
    "ENTRYPOINT ./app --port $PORT",
    "cmd [\"nginx\", \"-g\", \"daemon off;\"]",
    "ENTRYPOINT [\"/usr/local/bin/app\"]",
    "",
];

/// Warnings about what was wrong before, and can be seen only once something else is mended.
const BROUGHT_TO_LIGHT: [(&str, &str); 2] = [
    ("build-tools-in-final-stage", "in a file of one stage, single-stage-build speaks of them"),
    ("port-mismatch", "what EXPOSE names can be read once `8080:80` is one port"),
];

fn dockerfile() -> impl Strategy<Value = String> {
    let stage = (select(&BASES[..]), vec(select(&LINES[..]), 0..9), select(&STARTS[..]))
        .prop_map(|(base, lines, start)| format!("FROM {base}\n{}\n{start}\n", lines.join("\n")));
    (vec(stage, 1..4), any::<bool>()).prop_map(|(stages, crlf)| {
        let text = stages.join("\n");
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

/// What is wrong with the rewrite of `text`.
fn fault(text: &str, buildkit: Option<&mut BuildKit>) -> Result<(), String> {
    let input = Input::new(text);
    let before = Analysis::of(&input);
    let done = rewrite(&input, Level::All);
    let shown = format!("{text}\nbecame\n{}", done.dockerfile);
    if rewrite(&done.input, Level::All).dockerfile != done.dockerfile {
        return Err(format!("a second rewrite changes something: {shown}"));
    }
    if parse(&done.dockerfile).errors.len() > parse(text).errors.len() {
        return Err(format!("the rewrite has new errors: {shown}"));
    }
    let after = Analysis::of(&done.input);
    if after.findings.len() > before.findings.len() || after.score.points < before.score.points {
        return Err(format!("there is more to say: {shown}"));
    }
    let warned = |analysis: &Analysis| -> BTreeSet<&'static str> {
        let loud = analysis.findings.iter().filter(|one| one.severity >= Severity::Warning);
        loud.map(|one| one.rule).collect()
    };
    let is_known = |rule: &&&str| BROUGHT_TO_LIGHT.iter().any(|(one, _)| *one == **rule);
    if let Some(rule) = warned(&after).difference(&warned(&before)).find(|rule| !is_known(rule)) {
        return Err(format!("{rule} is new: {shown}"));
    }
    match buildkit {
        Some(buildkit) if !is_newer(&done.dockerfile) => {
            compare(&done.dockerfile, &buildkit.ask(&done.dockerfile))
        }
        _ => Ok(()),
    }
}

#[test]
fn rewrites_of_every_fixture() {
    let mut buildkit = BuildKit::start();
    for text in fixtures() {
        fault(&text, buildkit.as_mut()).unwrap_or_else(|fault| panic!("{fault}"));
    }
}

#[test]
fn rewrites_of_what_people_put_together() {
    let buildkit = std::cell::RefCell::new(BuildKit::start());
    generate::check_each(&dockerfile(), FILES, |text| fault(text, buildkit.borrow_mut().as_mut()));
}
