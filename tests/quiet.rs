//! What other linters complain about wrongly, by what their users reported: here we are silent, or softer.

use drydock::analysis::Analysis;
use drydock::finding::{Finding, Severity};
use drydock::input::{DOCKERIGNORE, Input};
use drydock::rewrite::{Level, rewrite};
use drydock::rules::RULES;

fn findings(input: &Input) -> Vec<Finding> {
    Analysis::of(input).findings
}

/// None of `rules` says anything about any of the files, each of which stands behind its reason.
fn silent(rules: &[&str], files: &[(&str, &str)]) {
    for (why, dockerfile) in files {
        silent_input(rules, why, &Input::new(*dockerfile));
    }
}

fn silent_input(rules: &[&str], why: &str, input: &Input) {
    for rule in rules {
        assert!(RULES.iter().any(|one| one.id == *rule), "no rule is called {rule}");
    }
    let mut found = findings(input);
    found.retain(|one| rules.contains(&one.rule) || one.rule == "syntax-error");
    assert_eq!(found, [], "{why}");
}

/// `rule` says something about each of the files, as a hint and no more.
fn softer(rule: &str, files: &[(&str, &str)]) {
    for (why, dockerfile) in files {
        let mut found = findings(&Input::new(*dockerfile));
        found.retain(|one| one.rule == rule);
        assert!(!found.is_empty(), "{why}: nothing is said");
        assert!(found.iter().all(|one| one.severity == Severity::Info), "{why}: {found:#?}");
    }
}

#[test]
fn user_where_the_base_or_the_entry_script_sees_to_it() {
    silent(
        &["runs-as-root"],
        &[
            (
                "the base has a user of its own",
                "FROM gcr.io/distroless/python3:nonroot\nCMD [\"a.py\"]\n",
            ),
            ("so has this one", "FROM nginxinc/nginx-unprivileged:1.29\n"),
            ("and Chainguard's", "FROM cgr.dev/chainguard/python:3.12\nCMD [\"a.py\"]\n"),
            ("a stage above sets it", "FROM python:3.12 AS a\nUSER app\nFROM a\nCMD [\"x\"]\n"),
            (
                "gosu takes root away",
                "FROM debian:13\nRUN apt-get install -y gosu\nENTRYPOINT [\"/entrypoint.sh\"]\n",
            ),
            (
                "Lambda runs it as it likes",
                "FROM public.ecr.aws/lambda/python:3.12\nCMD [\"app.handler\"]\n",
            ),
            (
                "Windows knows no root",
                "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nCMD [\"a\"]\n",
            ),
            (
                "a builder may be root",
                "FROM golang:1.25 AS b\nUSER root\nRUN make\nFROM gcr.io/distroless/static:nonroot\nCOPY --from=b /a /a\n",
            ),
        ],
    );
    softer(
        "runs-as-root",
        &[("an unknown base may see to it", "FROM acme/python:3\nCMD [\"x\"]\n")],
    );
}

#[test]
fn user_by_name() {
    let text =
        "FROM python:3.12-slim\nRUN useradd --uid 1001 app\nUSER app\nCMD [\"python\", \"a.py\"]\n";
    let about_user = |one: &&Finding| one.range.of(text) == "app";
    assert_eq!(findings(&Input::new(text)).iter().find(about_user), None);
}

#[test]
fn versions_of_system_packages_and_steps_to_merge() {
    // Pinning apt, apk, yum, zypper, dnf and gem packages; merging RUNs; numeric users; wget or curl, not both.
    let unwanted = [
        "DL3008", "DL3018", "DL3033", "DL3037", "DL3041", "DL3028", "DL3059", "DL3066", "DL4001",
        "DF003", "DF005",
    ];
    for rule in RULES {
        assert!(unwanted.iter().all(|id| !rule.aliases.contains(id)), "{}", rule.id);
    }
    let text = "\
FROM debian:13-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl wget && rm -rf /var/lib/apt/lists/*
RUN curl -fsS https://example.org/a -o /a
RUN wget -q https://example.org/b
USER 1001
CMD [\"/a\"]
";
    assert_eq!(findings(&Input::new(text)).iter().find(|one| one.severity > Severity::Info), None);
}

#[test]
fn cache_mounts_and_other_ways_to_keep_nothing() {
    let caches = [
        "pip-cache-in-image",
        "apt-lists-left",
        "apk-cache-left",
        "node-cache-left",
        "rpm-cache-left",
    ];
    silent(
        &caches,
        &[
            (
                "pip",
                "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt\n",
            ),
            (
                "pip, the folder above",
                "FROM python:3.12\nRUN --mount=type=cache,target=/root/.cache pip install a\n",
            ),
            ("pip, by variable", "FROM python:3.12\nENV PIP_NO_CACHE_DIR=1\nRUN pip install a\n"),
            (
                "pip, of a parent stage",
                "FROM python:3.12 AS a\nENV PIP_NO_CACHE_DIR=1\nFROM a\nRUN pip install a\n",
            ),
            ("uv has a cache of its own", "FROM python:3.12\nRUN uv pip install a\n"),
            (
                "apt",
                "FROM debian:13\nRUN --mount=type=cache,target=/var/lib/apt --mount=type=cache,target=/var/cache/apt apt-get update && apt-get install -y curl\n",
            ),
            (
                "apt, the folder itself deleted",
                "FROM debian:13\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists\n",
            ),
            (
                "apk",
                "FROM alpine:3.22\nRUN --mount=type=cache,target=/var/cache/apk apk add curl\n",
            ),
            ("npm", "FROM node:22\nRUN --mount=type=cache,target=/root/.npm npm ci\n"),
            (
                "yarn",
                "FROM node:22\nRUN --mount=type=cache,target=/usr/local/share/.cache yarn install --frozen-lockfile\n",
            ),
            (
                "dnf",
                "FROM fedora:43\nRUN --mount=type=cache,target=/var/cache dnf install -y curl\n",
            ),
        ],
    );
}

#[test]
fn builder_stages() {
    let text = "\
FROM node:22 AS builder
RUN apt-get update && apt-get install -y python3 make g++
COPY package.json yarn.lock ./
RUN yarn install --frozen-lockfile
COPY src ./src
RUN yarn build

FROM nginxinc/nginx-unprivileged:1.29
COPY --from=builder /dist /usr/share/nginx/html
";
    silent(
        &[
            "apt-lists-left",
            "node-cache-left",
            "runs-as-root",
            "healthcheck-missing",
            "build-tools-in-final-stage",
            "full-base-image",
            "dev-dependencies-installed",
            "debug-tools-in-image",
            "shell-form-cmd",
        ],
        &[("what a builder does stays in the builder", text)],
    );
}

#[test]
fn health_checks_in_shell_form_or_with_newer_options() {
    silent(
        &["shell-form-cmd", "healthcheck-options", "healthcheck-missing"],
        &[
            (
                "`|| exit 1` needs the shell",
                "FROM python:3.12\nHEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 CMD curl -f http://localhost:8000/ || exit 1\nCMD [\"uvicorn\", \"a:b\"]\n",
            ),
            (
                "a start interval",
                "FROM python:3.12\nHEALTHCHECK --interval=30s --timeout=3s --start-interval=1s --retries=3 --start-period=5s CMD python check.py\nCMD [\"uvicorn\", \"a:b\"]\n",
            ),
        ],
    );
}

#[test]
fn health_checks_that_nobody_would_read() {
    silent(
        &["healthcheck-missing", "expose-missing"],
        &[
            ("a worker", "FROM python:3.12\nCMD [\"celery\", \"-A\", \"app\", \"worker\"]\n"),
            ("a job", "FROM python:3.12\nENTRYPOINT [\"python\", \"migrate.py\"]\n"),
            ("a shell", "FROM debian:13\nCMD [\"bash\"]\n"),
            ("Lambda", "FROM public.ecr.aws/lambda/python:3.12\nCMD [\"app.handler\"]\n"),
            (
                "switched off on purpose",
                "FROM python:3.12\nHEALTHCHECK NONE\nEXPOSE 8000\nCMD [\"uvicorn\", \"a:b\"]\n",
            ),
            (
                "of a parent stage",
                "FROM python:3.12 AS a\nEXPOSE 8000\nHEALTHCHECK CMD true\nFROM a\nCMD [\"uvicorn\", \"a:b\"]\n",
            ),
        ],
    );
    softer(
        "healthcheck-missing",
        &[("a server", "FROM python:3.12\nCMD [\"uvicorn\", \"a:b\", \"--host\", \"0.0.0.0\"]\n")],
    );
}

#[test]
fn secrets_by_name() {
    for line in [
        "ENV GOPRIVATE=example.org",
        "ENV REGISTRY_TOKEN_FILE=/run/secrets/token",
        "ENV USERNAME=app",
        "ENV SSH_AUTH_SOCK=/ssh-agent",
        "ENV KEY_NAME=main",
        "ENV GPG_KEY=A035C8C19219BA821ECEA86B64E628F8D684696D",
        "ENV PUBLIC_KEY=abc",
        "ENV TOKEN_VERSION=3",
        "ENV DB_PASSWORD=",
        "ENV DB_PASSWORD=$FROM_OUTSIDE",
        "ENV PASSWORD_PATH=/run/secrets/pw",
        "ENV MONKEY=1 KEYBOARD=us AUTHOR=me",
        "RUN apk add --no-cache libcrypto3=3.5.4-r0",
        "RUN --mount=type=secret,id=token,env=TOKEN make",
        "RUN make AUTH=basic PASSWORD_LENGTH=12",
        "LABEL token=none",
    ] {
        let text = format!("FROM alpine:3.22\n{line}\n");
        silent(&["secret-in-env-or-arg", "secret-in-command"], &[(line, &text)]);
    }
}

#[test]
fn a_secret_is_never_shown() {
    let text = "FROM a:1\nENV DB_PASSWORD=hunter22\nRUN curl -u me:hunter22 https://example.org\n";
    let found = findings(&Input::new(text));
    assert!(found.iter().any(|one| one.rule == "secret-in-env-or-arg"));
    assert!(found.iter().any(|one| one.rule == "secret-in-command"));
    let shows = |text: &str| text.contains("hunter22");
    assert!(
        !found.iter().any(|one| shows(&one.message) || one.advice.as_deref().is_some_and(shows))
    );
}

#[test]
fn commands_that_need_their_shell() {
    let command = |cmd: &str| format!("FROM python:3.12\n{cmd}\n");
    for cmd in [
        "SHELL [\"/bin/bash\", \"-c\"]\nCMD uvicorn a:b",
        "CMD exec uvicorn a:b --port $PORT",
        "ENTRYPOINT [\"sh\", \"-c\", \"exec uvicorn a:b --port $PORT\"]",
    ] {
        silent(&["shell-form-cmd", "shell-syntax-in-exec-form"], &[(cmd, &command(cmd))]);
    }
    // Whatever is offered keeps the shell that fills the variable in.
    let text = command("CMD uvicorn a:b --host 0.0.0.0 --workers 2 --port $PORT");
    let after = rewrite(&Input::new(&text), Level::All).dockerfile;
    assert!(after.contains("uvicorn a:b --host 0.0.0.0 --workers 2 --port $PORT\n"), "{after}");
}

#[test]
fn a_finding_stands_at_its_token() {
    let text = "FROM python:3.12\nRUN true && \\\n    # why\n    true && \\\n    pip install flask==3.1.0\n";
    let analysis = Analysis::of(&Input::new(text));
    let one = analysis.findings.iter().find(|one| one.rule == "pip-cache-in-image").unwrap();
    assert_eq!(one.range.of(text), "pip install");
    assert_eq!(analysis.lines.line(one.range.start), 5);
}

#[test]
fn heredocs_and_lines_that_cannot_be_read() {
    let text = "\
FROM python:3.12
RUN <<EOF
apt-get update
if true; then echo a | tee b; fi
EOF
COPY <<-\"CONFIG\" /etc/app.conf
	FROM nowhere
	password = $x
	CONFIG
RUN <<PY python3
print('apt-get install x')
PY
CMD [\"uvicorn\", \"a:b\", \"--reload\"]
";
    let found = findings(&Input::new(text));
    assert!(found.iter().all(|one| one.rule != "syntax-error"), "{found:#?}");
    assert!(found.iter().any(|one| one.rule == "dev-reload-flag"), "what stands below is read");
    silent(
        &["apt-update-alone", "install-asks-for-yes", "unpinned-base-image", "apt-recommends"],
        &[(
            "another language's lines are not the shell's",
            "FROM python:3.12\nRUN <<PY python3\nprint('apt-get install x')\nFROM = 1\nPY\n",
        )],
    );
    // One line that cannot be read costs itself only.
    let found = findings(&Input::new(
        "FROM python:3.12\nCOPI . .\nCMD [\"uvicorn\", \"a:b\", \"--reload\"]\n",
    ));
    assert!(found.iter().any(|one| one.rule == "syntax-error"));
    assert!(found.iter().any(|one| one.rule == "dev-reload-flag"));
}

#[test]
fn variables_in_from() {
    silent(
        &[
            "unpinned-base-image",
            "undeclared-arg-in-from",
            "invalid-image-name",
            "arg-in-from-without-default",
            "unknown-stage",
        ],
        &[
            ("the version is in the variable", "ARG V=3.12\nFROM python:$V\n"),
            (
                "all of it is",
                "ARG BASE=debian:12@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\nFROM $BASE\n",
            ),
            ("a default in the braces", "ARG X\nFROM ${X:-debian:12}\n"),
            ("the registry is", "ARG R=registry.example.org:5000\nFROM $R/python:3.12\n"),
            (
                "a stage by variable",
                "FROM debian:12 AS base-amd64\nFROM debian:12 AS base-arm64\nARG TARGETARCH\nFROM base-${TARGETARCH}\n",
            ),
            ("a stage", "FROM debian:12 AS base\nFROM base\n"),
            ("nothing at all", "FROM scratch\nCOPY a /\n"),
            (
                "a digest",
                "FROM python@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
            ),
            (
                "the platform of the builder",
                "FROM --platform=$BUILDPLATFORM golang:1.25 AS b\nFROM scratch\nCOPY --from=b /a /a\n",
            ),
        ],
    );
    silent(
        &["undefined-variable"],
        &[
            ("every image has PATH", "FROM debian:12\nENV PATH=/opt/bin:$PATH\n"),
            (
                "a list that may be empty",
                "FROM debian:12\nENV LD_LIBRARY_PATH=/a:$LD_LIBRARY_PATH\n",
            ),
            ("set by Docker", "FROM debian:12\nARG TARGETARCH\nENV A=$TARGETARCH B=$HTTP_PROXY\n"),
            ("set by the base", "FROM python:3.12\nENV A=$PYTHON_VERSION\n"),
            ("set by a parent stage", "FROM debian:12 AS a\nENV APP=/app\nFROM a\nWORKDIR $APP\n"),
        ],
    );
}

#[test]
fn ignore_files() {
    let with =
        |dockerfile: &str, ignore: &str| Input::new(dockerfile).with_file(DOCKERIGNORE, ignore);
    let junk = ".git\n**/.env\n**/.env.*\n";
    for (why, rule, dockerfile, ignore) in [
        ("the list keeps junk out", "copy-whole-context", "FROM a:1\nCOPY . .\n", junk),
        ("and `.env` with it", "env-file-in-image", "FROM a:1\nCOPY . .\n", junk),
        ("brought back", "copy-ignored-file", "FROM a:1\nCOPY README.md .\n", "*.md\n!README.md\n"),
        (
            "one of the folder's files is brought back",
            "copy-ignored-file",
            "FROM a:1\nCOPY docs /d/\n",
            "docs\n!docs/a\n",
        ),
        ("the whole folder", "copy-ignored-file", "FROM a:1\nCOPY . .\n", "*.md\n"),
        (
            "only the top is meant",
            "copy-ignored-file",
            "FROM a:1\nCOPY src/README.md .\n",
            "*.md\n",
        ),
        (
            "everything, but for what is named",
            "dockerignore-misses-junk",
            "FROM a:1\nCOPY . .\n",
            "*\n!src\n",
        ),
        (
            "`#` inside a line is part of it",
            "dockerignore-exception-order",
            "FROM a:1\nCOPY . .\n",
            "a#b\n",
        ),
    ] {
        silent_input(&[rule], why, &with(dockerfile, ignore));
    }
    // A line with `!` does not switch the check off.
    let found = findings(&with("FROM a:1\nCOPY secret.md .\n", "*.md\n!README.md\n"));
    assert!(found.iter().any(|one| one.rule == "copy-ignored-file"));
}

#[test]
fn pipefail_where_the_shell_has_none() {
    let text = "FROM alpine:3.22\nRUN wget -qO- https://example.org/a.tar.gz | tar xz\n";
    let fixes = findings(&Input::new(text)).into_iter().filter_map(|one| one.fix);
    for fix in fixes {
        assert!(!fix.title.contains("bash"), "Alpine has no bash: {}", fix.title);
    }
    let debian = "FROM debian:12\nRUN curl -fsS https://example.org/a | sha256sum -c\n";
    let rewritten = rewrite(&Input::new(debian), Level::All);
    assert!(!rewritten.dockerfile.contains("RUN set -o pipefail"), "Debian's sh may not know it");
}

/// What a rule must leave alone, and why: the lists of exceptions that the rules were made from.
const SPARED: &[(&str, &str, &str)] = &[
    (
        "full-base-image",
        "a builder",
        "FROM python:3.12 AS b\nRUN make\nFROM python:3.12-slim\nCOPY --from=b /a /a\n",
    ),
    (
        "full-base-image",
        "a digest alone",
        "FROM python@sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
    ),
    (
        "full-base-image",
        "a name of one's own",
        "FROM 1.dkr.ecr.us-east-1.amazonaws.com/cruddur-python:3.12-slim\n",
    ),
    ("full-base-image", "nothing", "FROM scratch\nCOPY a /\n"),
    ("full-base-image", "distroless", "FROM gcr.io/distroless/python3\n"),
    ("full-base-image", "the stage above is slim", "FROM python:3.12-slim AS a\nFROM a\n"),
    ("full-base-image", "alpine", "FROM python:3.12-alpine\n"),
    ("full-base-image", "Java to run, not to build", "FROM eclipse-temurin:21-jre\n"),
    ("alpine-base-advanced", "node", "FROM node:22-alpine\n"),
    ("alpine-base-advanced", "nginx", "FROM nginx:1.29-alpine\n"),
    (
        "alpine-base-advanced",
        "a builder of one file",
        "FROM golang:1.25-alpine AS b\nFROM scratch\nCOPY --from=b /a /a\n",
    ),
    ("eol-base-image", "no release in the tag", "FROM debian:stable\n"),
    ("eol-base-image", "the one before", "FROM debian:oldstable-slim\n"),
    ("eol-base-image", "still maintained", "FROM python:3.13-slim-bookworm\n"),
    ("docker-hub-base-image", "nothing", "FROM scratch\n"),
    ("docker-hub-base-image", "a stage", "FROM ghcr.io/a/b:1 AS a\nFROM a\n"),
    ("docker-hub-base-image", "not known", "ARG BASE\nFROM $BASE\n"),
    (
        "docker-hub-base-image",
        "a host with a dot",
        "FROM public.ecr.aws/docker/library/python:3.12\n",
    ),
    ("docker-hub-base-image", "a host with a port", "FROM registry:5000/python:3.12\n"),
    ("docker-hub-base-image", "this machine", "FROM localhost/python:3.12\n"),
    (
        "single-stage-build",
        "for development",
        "FROM python:3.12 AS dev\nRUN pip install -r requirements.txt\nCMD [\"python\", \"a.py\"]\n",
    ),
    ("single-stage-build", "a file of its own", "FROM scratch\nCOPY app /\n"),
    (
        "single-stage-build",
        "a base for others",
        "FROM python:3.12\nRUN pip install -U pip\nONBUILD COPY . .\n",
    ),
    (
        "build-tools-in-final-stage",
        "removed in the same step",
        "FROM alpine:3.22\nRUN apk add --no-cache --virtual .b gcc musl-dev && make && apk del .b\n",
    ),
    (
        "build-tools-in-final-stage",
        "purged in the same step",
        "FROM debian:13\nRUN apt-get update && apt-get install -y gcc && make && apt-get purge -y gcc\n",
    ),
    (
        "build-tools-in-final-stage",
        "for development",
        "FROM debian:13 AS dev\nRUN apt-get install -y gcc\nCMD [\"a\"]\n",
    ),
    ("delete-in-later-layer", "a builder", "FROM a:1 AS b\nCOPY x /x\nRUN rm -rf /x\nFROM a:1\n"),
    (
        "delete-in-later-layer",
        "a cache",
        "FROM a:1\nCOPY x /c/x\nRUN --mount=type=cache,target=/c rm -rf /c/x\n",
    ),
    (
        "wheels-without-dependencies",
        "all are installed from there",
        "FROM python:3.12 AS b\nRUN pip wheel --no-deps -w /w -r r.txt\nFROM python:3.12\nCOPY --from=b /w /w\nRUN pip install --no-index --no-deps /w/*\n",
    ),
    (
        "pip-target-script-not-on-path",
        "a virtual environment",
        "FROM python:3.12 AS b\nRUN python -m venv /v\nFROM python:3.12\nCOPY --from=b /v /v\nENV PATH=/v/bin:$PATH\nCMD [\"uvicorn\", \"a:b\"]\n",
    ),
    (
        "stage-runtime-mismatch",
        "a static program",
        "FROM golang:1.25 AS b\nRUN CGO_ENABLED=0 go build -o /a .\nFROM alpine:3.22\nCOPY --from=b /a /a\n",
    ),
    (
        "stage-runtime-mismatch",
        "files only",
        "FROM node:22 AS b\nRUN npm run build\nFROM nginx:1.29-alpine\nCOPY --from=b /app/dist /usr/share/nginx/html\n",
    ),
    (
        "stage-runtime-mismatch",
        "a jar",
        "FROM eclipse-temurin:21-jdk AS b\nRUN ./gradlew bootJar\nFROM eclipse-temurin:21-jre-alpine\nCOPY --from=b /app/build/libs/a.jar /a.jar\n",
    ),
    (
        "dev-dependencies-installed",
        "a stage for tests",
        "FROM python:3.12-slim AS test\nRUN pip install -r requirements-dev.txt\nFROM python:3.12-slim\n",
    ),
    (
        "dev-dependencies-installed",
        "what a front end's build needs",
        "FROM node:22 AS b\nRUN npm ci && npm run build\nFROM nginx:1.29\nCOPY --from=b /dist /usr/share/nginx/html\n",
    ),
    (
        "apt-recommends",
        "switched off for all",
        "FROM debian:13\nRUN echo 'APT::Install-Recommends \"false\";' > /etc/apt/apt.conf.d/a && apt-get update && apt-get install -y curl\n",
    ),
    (
        "apt-recommends",
        "switched off by option",
        "FROM debian:13\nRUN apt-get install -y -o APT::Install-Recommends=false curl\n",
    ),
    ("copy-whole-context", "another stage", "FROM a:1 AS b\nFROM a:1\nCOPY --from=b . .\n"),
    ("missing-dockerignore", "nobody said that there is none", "FROM a:1\nCOPY src src\n"),
    (
        "env-file-in-image",
        "an example",
        "FROM a:1\nCOPY .env.example .env.sample .env.template ./\n",
    ),
    (
        "env-file-in-image",
        "a front end's build",
        "FROM node:22 AS b\nCOPY .env.production .\nRUN npm run build\nFROM nginx:1.29\nCOPY --from=b /dist /usr/share/nginx/html\n",
    ),
    (
        "runtime-config-baked",
        "the machine itself",
        "FROM a:1\nENV PORT=80 LANG=C.UTF-8 API_HOST=localhost PATH=/a:$PATH PYTHONPATH=/app\n",
    ),
    ("frontend-dev-server", "a server's own start", "FROM node:22\nCMD [\"npm\", \"start\"]\n"),
    (
        "dev-reload-flag",
        "a step of the build",
        "FROM a:1\nRUN uvicorn a:b --reload\nCMD [\"uvicorn\", \"a:b\"]\n",
    ),
    (
        "dev-reload-flag",
        "a stage for development",
        "FROM a:1 AS dev\nCMD [\"uvicorn\", \"a:b\", \"--reload\"]\nFROM a:1\nCMD [\"uvicorn\", \"a:b\"]\n",
    ),
    ("dev-reload-flag", "switched off", "FROM a:1\nCMD [\"flask\", \"run\", \"--no-reload\"]\n"),
    (
        "dev-reload-flag",
        "another kind of reload",
        "FROM nginx:1.29\nCMD [\"nginx\", \"-s\", \"reload\"]\n",
    ),
    (
        "dev-reload-flag",
        "behind the end of the options",
        "FROM a:1\nCMD [\"python\", \"a.py\", \"--\", \"--reload\"]\n",
    ),
    (
        "dev-reload-flag",
        "in a health check",
        "FROM a:1\nHEALTHCHECK CMD uvicorn a:b --reload\nCMD [\"uvicorn\", \"a:b\"]\n",
    ),
    (
        "dev-mode-env",
        "from outside",
        "FROM node:22\nARG NODE_ENV\nENV NODE_ENV=$NODE_ENV\nCMD [\"node\", \"a.js\"]\n",
    ),
    (
        "dev-mode-env",
        "a builder",
        "FROM node:22 AS b\nENV NODE_ENV=development\nFROM node:22\nCMD [\"node\", \"a.js\"]\n",
    ),
    (
        "dev-mode-env",
        "what is to be logged",
        "FROM node:22\nENV DEBUG=app:*\nCMD [\"node\", \"a.js\"]\n",
    ),
    ("flask-env-not-set", "no Flask", "FROM python:3.12\nCMD [\"uvicorn\", \"a:b\"]\n"),
    ("dev-web-server", "made for it", "FROM python:3.12\nCMD [\"gunicorn\", \"a:b\"]\n"),
    ("dev-web-server", "and this", "FROM python:3.12\nCMD [\"waitress-serve\", \"a:b\"]\n"),
    ("dev-web-server", "and this", "FROM python:3.12\nCMD [\"fastapi\", \"run\"]\n"),
    (
        "single-worker",
        "gunicorn counts its own",
        "FROM python:3.12\nCMD [\"gunicorn\", \"-k\", \"uvicorn.workers.UvicornWorker\", \"a:b\"]\n",
    ),
    (
        "single-worker",
        "by variable",
        "FROM python:3.12\nENV WEB_CONCURRENCY=4\nCMD [\"uvicorn\", \"a:b\"]\n",
    ),
    (
        "python-output-buffered",
        "set in a stage above",
        "FROM python:3.12 AS a\nENV PYTHONUNBUFFERED=1\nFROM a\nCMD [\"python\", \"a.py\"]\n",
    ),
    (
        "python-output-buffered",
        "set with others",
        "FROM python:3.12\nENV A=1 PYTHONUNBUFFERED=yes\nCMD [\"python\", \"a.py\"]\n",
    ),
    (
        "python-output-buffered",
        "by option",
        "FROM python:3.12\nCMD [\"python\", \"-u\", \"a.py\"]\n",
    ),
    ("python-output-buffered", "no Python", "FROM node:22\nCMD [\"node\", \"a.js\"]\n"),
    (
        "loopback-bind",
        "bound",
        "FROM python:3.12\nCMD [\"gunicorn\", \"-b\", \"0.0.0.0:80\", \"a:b\"]\n",
    ),
    (
        "loopback-bind",
        "by variable",
        "FROM python:3.12\nENV UVICORN_HOST=0.0.0.0\nCMD [\"uvicorn\", \"a:b\"]\n",
    ),
    (
        "loopback-bind",
        "a socket",
        "FROM python:3.12\nCMD [\"uvicorn\", \"--uds\", \"/a.sock\", \"a:b\"]\n",
    ),
    (
        "expose-missing",
        "a worker",
        "FROM python:3.12\nCMD [\"celery\", \"-A\", \"a\", \"worker\"]\n",
    ),
    ("expose-missing", "the base does it", "FROM nginx:1.29\nCOPY a /usr/share/nginx/html\n"),
    (
        "port-mismatch",
        "a variable",
        "FROM python:3.12\nEXPOSE $PORT\nCMD [\"uvicorn\", \"a:b\", \"--port\", \"8000\"]\n",
    ),
    (
        "healthcheck-tool-missing",
        "curl in a step only",
        "FROM python:3.12\nRUN curl -fsS https://example.org\nCMD [\"a\"]\n",
    ),
    (
        "healthcheck-tool-missing",
        "installed above",
        "FROM python:3.12-slim AS a\nRUN apt-get update && apt-get install -y git curl jq\nFROM a\nHEALTHCHECK CMD curl -f http://localhost/\n",
    ),
    (
        "healthcheck-tool-missing",
        "the full image has it",
        "FROM python:3.12\nHEALTHCHECK CMD curl -f http://localhost/\n",
    ),
    (
        "healthcheck-options",
        "a newer option",
        "FROM a:1\nHEALTHCHECK --interval=1m --timeout=3s --start-period=5s --start-interval=1s --retries=3 CMD a\n",
    ),
    (
        "user-created-not-used",
        "gosu",
        "FROM debian:13\nRUN useradd app && apt-get install -y gosu\nENTRYPOINT [\"gosu\", \"app\", \"a\"]\n",
    ),
    (
        "app-files-owned-by-root",
        "Windows",
        "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER app\nCOPY . .\n",
    ),
    (
        "privileged-step-after-user",
        "root again",
        "FROM debian:13\nUSER app\nUSER root\nRUN apt-get update\n",
    ),
    (
        "useradd-on-alpine",
        "its package is there",
        "FROM alpine:3.22\nRUN apk add --no-cache shadow && useradd app\n",
    ),
    (
        "shell-form-cmd",
        "another shell was chosen",
        "FROM a:1\nSHELL [\"/bin/bash\", \"-c\"]\nCMD a b\n",
    ),
    ("undeclared-arg-in-from", "Docker sets it", "FROM --platform=$BUILDPLATFORM golang:1.25\n"),
    ("destination-without-slash", "one source", "FROM a:1\nCOPY a /b\n"),
    ("relative-workdir", "from an absolute one", "FROM a:1\nWORKDIR /a\nWORKDIR b\n"),
    (
        "pipe-hides-failure",
        "pipefail is set",
        "FROM debian:13\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN curl -fsS https://example.org | sh\n",
    ),
    ("nothing-to-start", "the base starts it", "FROM nginx:1.29\nCOPY a /usr/share/nginx/html\n"),
    ("unused-stage", "the target", "FROM a:1 AS test\nRUN b\nFROM a:1\n"),
    ("add-for-local-files", "an archive", "FROM a:1\nADD a.tar.gz /\n"),
    ("sudo-in-run", "installed, not used", "FROM debian:13\nRUN apt-get install -y sudo\n"),
    ("impossible-port", "a variable", "FROM a:1\nEXPOSE ${PORT}/tcp\n"),
];

#[test]
fn what_a_rule_must_leave_alone() {
    for (rule, why, dockerfile) in SPARED {
        silent(&[rule], &[(&format!("{rule}: {why}"), dockerfile)]);
    }
}
