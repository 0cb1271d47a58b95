//! One stage beside the two that it becomes, and what is not split beside the reason.

use super::split;
use crate::input::{ContextFile, Input};
use crate::model::Model;
use crate::syntax::parse;

/// The Dockerfile in two stages, or why it stays as it is.
fn two_stages(input: &Input) -> Result<String, String> {
    let file = parse(&input.dockerfile);
    let model = Model::build(&file, input);
    let split = split(&model, model.final_stage().unwrap())?;
    let mut text = split.edits.apply(&input.dockerfile);
    for (name, created) in split.files.into_iter().filter(|(name, _)| *name != ".dockerignore") {
        text = format!("{text}---- {name}\n{created}");
    }
    Ok(text)
}

/// Checks that `before` becomes `after`.
fn becomes(before: &str, after: &str) {
    becomes_with(&Input::new(before), after);
}

fn becomes_with(input: &Input, after: &str) {
    assert_eq!(two_stages(input).as_deref(), Ok(after), "{}", input.dockerfile);
}

/// Checks that `before` is not split, with a reason that begins like `reason`.
fn stays(before: &str, reason: &str) {
    match two_stages(&Input::new(before)) {
        Ok(after) => panic!("it becomes\n{after}"),
        Err(why) => assert!(why.starts_with(reason), "{why}\nis said of\n{before}"),
    }
}

#[test]
fn pip_with_packages_of_debian() {
    becomes(
        "\
FROM python:3.11-slim-bookworm
WORKDIR /app
# The database client
RUN apt-get update && apt-get install -y \\
    gcc \\
    libpq-dev
COPY requirements.txt ./
RUN pip install -r requirements.txt
COPY src/ ./src/
CMD uvicorn src.main:app
",
        "\
FROM python:3.11-slim-bookworm AS builder
WORKDIR /app
# The database client
RUN apt-get update && apt-get install -y \\
    gcc \\
    libpq-dev
RUN python -m venv --without-pip /opt/venv
COPY requirements.txt ./
RUN pip --python /opt/venv/bin/python install -r requirements.txt

FROM python:3.11-slim-bookworm
WORKDIR /app
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*
ENV PATH=\"/opt/venv/bin:$PATH\"
COPY --from=builder /opt/venv /opt/venv
COPY src/ ./src/
CMD uvicorn src.main:app
",
    );
}

#[test]
fn what_debian_and_alpine_keep() {
    // The RUN above the install, and what the final stage does instead.
    for (image, run, kept) in [
        ("python:3.12", "apt-get update && apt-get install -y build-essential", ""),
        (
            "python:3.12",
            "apt-get update && apt-get install -y --no-install-recommends curl",
            "RUN apt-get update && apt-get install -y --no-install-recommends curl\n",
        ),
        (
            "python:3.12-slim-trixie",
            "apt-get update && apt-get install -yq ffmpeg g++ libssl-dev libxslt1-dev && rm -rf /var/lib/apt/lists/*",
            "RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg libssl3t64 libxslt1.1 && rm -rf /var/lib/apt/lists/*\n",
        ),
        (
            "python:3.12-alpine",
            "apk add --no-cache build-base postgresql-dev",
            "RUN apk add --no-cache libpq\n",
        ),
        ("python:3.12", "useradd -m app", "RUN useradd -m app\n"),
        ("python:3.12", "pip install --upgrade pip", ""),
    ] {
        becomes(
            &format!("FROM {image}\nRUN {run}\nRUN pip install flask\n"),
            &format!(
                "FROM {image} AS builder\nRUN {run}\nRUN python -m venv --without-pip /opt/venv\nRUN pip --python /opt/venv/bin/python install flask\n\nFROM {image}\n{kept}ENV PATH=\"/opt/venv/bin:$PATH\"\nCOPY --from=builder /opt/venv /opt/venv\n"
            ),
        );
    }
}

#[test]
fn pip_in_other_words() {
    const VENV: &str = "RUN python -m venv --without-pip /opt/venv\n";
    for (before, after) in [
        (
            "RUN pip install -U pip && pip3 install -r r.txt\nRUN python -m pip install gunicorn\n",
            "RUN python -m venv --without-pip /opt/venv\nRUN pip install -U pip && pip3 --python /opt/venv/bin/python install -r r.txt\nRUN python -m pip --python /opt/venv/bin/python install gunicorn\n",
        ),
        (
            "RUN pip install uv\nRUN uv pip install --system -r r.txt\n",
            "RUN pip install uv\nRUN python -m venv --without-pip /opt/venv\nRUN uv pip install --python /opt/venv/bin/python -r r.txt\n",
        ),
    ] {
        assert!(after.contains(VENV));
        becomes(
            &format!("FROM python:3.12\n{before}COPY . .\n"),
            &format!(
                "FROM python:3.12 AS builder\n{after}\nFROM python:3.12\nENV PATH=\"/opt/venv/bin:$PATH\"\nCOPY --from=builder /opt/venv /opt/venv\nCOPY . .\n"
            ),
        );
    }
}

#[test]
fn an_environment_that_is_there() {
    becomes(
        "FROM python:3.12\nRUN python -m venv /venv\nENV PATH=\"/venv/bin:$PATH\"\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        "FROM python:3.12 AS builder\nRUN python -m venv /venv\nENV PATH=\"/venv/bin:$PATH\"\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n\nFROM python:3.12\nENV PATH=\"/venv/bin:$PATH\"\nCOPY --from=builder /venv /venv\nCOPY . .\n",
    );
}

#[test]
fn a_project_that_installs_itself() {
    becomes(
        "FROM python:3.12\nLABEL a=b\nWORKDIR /app\nCOPY . .\nRUN pip install -e .\nCMD [\"shop\"]\n",
        "FROM python:3.12 AS builder\nWORKDIR /app\nCOPY . .\nRUN python -m venv --without-pip /opt/venv\nRUN pip --python /opt/venv/bin/python install -e .\n\nFROM python:3.12\nLABEL a=b\nWORKDIR /app\nENV PATH=\"/opt/venv/bin:$PATH\"\nCOPY --from=builder /opt/venv /opt/venv\nCOPY --from=builder /app /app\nCMD [\"shop\"]\n",
    );
}

#[test]
fn poetry() {
    becomes(
        "\
FROM python:3.12
WORKDIR /app
RUN pip install poetry
COPY pyproject.toml poetry.lock ./
RUN poetry config virtualenvs.create false && poetry install --only main --no-root
COPY . .
CMD [\"uvicorn\", \"main:app\"]
",
        "\
FROM python:3.12 AS builder
WORKDIR /app
RUN pip install poetry
RUN python -m venv --without-pip /opt/venv
ENV VIRTUAL_ENV=/opt/venv
COPY pyproject.toml poetry.lock ./
RUN poetry config virtualenvs.create false && poetry install --only main --no-root

FROM python:3.12
WORKDIR /app
ENV PATH=\"/opt/venv/bin:$PATH\"
COPY --from=builder /opt/venv /opt/venv
COPY . .
CMD [\"uvicorn\", \"main:app\"]
",
    );
    becomes(
        "\
FROM python:3.12
WORKDIR /app
RUN pip install poetry
COPY pyproject.toml poetry.lock* ./
RUN poetry install --no-root
COPY . .
RUN poetry install
ENTRYPOINT [\"poetry\", \"run\", \"python\", \"-m\", \"shop\"]
",
        "\
FROM python:3.12 AS builder
WORKDIR /app
RUN pip install poetry
RUN python -m venv --without-pip /opt/venv
ENV VIRTUAL_ENV=/opt/venv
COPY pyproject.toml poetry.lock* ./
RUN poetry install --no-root
COPY . .
RUN poetry install

FROM python:3.12
WORKDIR /app
ENV PATH=\"/opt/venv/bin:$PATH\"
COPY --from=builder /opt/venv /opt/venv
COPY --from=builder /app /app
ENTRYPOINT [\"python\", \"-m\", \"shop\"]
",
    );
}

#[test]
fn uv() {
    becomes(
        "\
FROM python:3.12-slim AS web
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project
COPY . .
CMD [\"uv\", \"run\", \"--no-sync\", \"main.py\", \"--port\", \"80\"]
",
        "\
FROM python:3.12-slim AS builder
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project

FROM python:3.12-slim AS web
WORKDIR /app
ENV PATH=\"/app/.venv/bin:$PATH\"
COPY --from=builder /app/.venv /app/.venv
COPY . .
CMD [\"python\", \"main.py\", \"--port\", \"80\"]
",
    );
    becomes(
        "\
FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project
COPY . .
RUN uv sync --locked --no-dev
CMD uv run uvicorn main:app
",
        "\
FROM ghcr.io/astral-sh/uv:python3.12-bookworm-slim AS builder
WORKDIR /app
ENV UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-dev --no-install-project
COPY . .
RUN uv sync --locked --no-dev

FROM python:3.12-slim-bookworm
WORKDIR /app
ENV PATH=\"/app/.venv/bin:$PATH\"
COPY --from=builder /app /app
CMD uvicorn main:app
",
    );
}

#[test]
fn pipenv() {
    becomes(
        "\
FROM python:3.12
WORKDIR /app
RUN pip install pipenv
COPY Pipfile Pipfile.lock ./
RUN pipenv install --system --deploy
COPY . .
CMD [\"pipenv\", \"run\", \"flask\", \"run\"]
",
        "\
FROM python:3.12 AS builder
WORKDIR /app
RUN pip install pipenv
RUN python -m venv --without-pip /opt/venv
ENV VIRTUAL_ENV=/opt/venv
COPY Pipfile Pipfile.lock ./
RUN pipenv install --deploy

FROM python:3.12
WORKDIR /app
ENV PATH=\"/opt/venv/bin:$PATH\"
COPY --from=builder /opt/venv /opt/venv
COPY . .
CMD [\"flask\", \"run\"]
",
    );
}

#[test]
fn python_that_stays() {
    for (lines, reason) in [
        (
            "RUN apt-get update && apt-get install -y libxyz-dev\nRUN pip install flask",
            "It is not known which library `libxyz-dev`",
        ),
        (
            "RUN apt-get install -y -t sid gcc\nRUN pip install flask",
            "It is not known what `-t` means",
        ),
        ("RUN ./prepare.sh\nRUN pip install flask", "A RUN with `prepare.sh` stands before"),
        ("RUN curl -O https://a.io/x\nRUN pip install flask", "A RUN with `curl`"),
        ("RUN apt-get update && apt-get -y upgrade\nRUN pip install flask", "This RUN upgrades"),
        (
            "COPY . .\nRUN pip install -r requirements.txt",
            "The source is copied before the install.",
        ),
        ("COPY . .\nRUN pip install .", "The app lies in no folder"),
        ("RUN pip install ./lib", "An install reads files"),
        ("USER app\nRUN pip install flask", "The install runs as another user"),
        ("VOLUME /data\nRUN pip install flask", "`VOLUME` stands before the install"),
        ("RUN pip install --user flask", "Write a builder by hand: only a plain"),
        ("RUN pip install flask || true", "Write a builder by hand: only a plain"),
        ("RUN pip install flask\nRUN npm ci", "This file installs with tools of two languages"),
        ("WORKDIR /a\nRUN poetry install --no-root\nRUN uv sync", "Two managers"),
        (
            "RUN pip install flask\nCMD [\"/usr/local/bin/flask\", \"run\"]",
            "The command names a program by its full path",
        ),
        (
            "RUN poetry install --no-root\nENTRYPOINT [\"poetry\", \"run\"]\nCMD [\"a\"]",
            "The command needs `poetry`",
        ),
        ("RUN echo", "Write a builder by hand"),
    ] {
        stays(&format!("FROM python:3.12\n{lines}\n"), reason);
    }
    stays("FROM python:3.12 AS builder\nRUN pip install flask\n", "The stage that ships is called");
    stays("FROM python:3.12\nCOPY a\nRUN pip install flask\n", "Docker cannot read a line");
    stays("FROM python:3.12\nRUN <<E\npip install flask\nE\n", "A heredoc");
    stays("FROM acme/python:3\nRUN pip install flask\n", "There is no recipe for this base");
}

#[test]
fn libraries_of_the_full_image() {
    becomes_with(
        &Input::new(
            "FROM python:3.12\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n",
        )
        .with_file("requirements.txt", "flask\npsycopg2==2.9\npsycopg2-binary==2.9\n"),
        "FROM python:3.12 AS builder\nRUN python -m venv --without-pip /opt/venv\nCOPY requirements.txt .\nRUN pip --python /opt/venv/bin/python install -r requirements.txt\n\nFROM python:3.12\nENV PATH=\"/opt/venv/bin:$PATH\"\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\nCOPY --from=builder /opt/venv /opt/venv\n",
    );
}

#[test]
fn npm_without_a_build() {
    becomes(
        "\
FROM node:22
WORKDIR /app
COPY package*.json ./
RUN npm ci --omit=dev
COPY . .
CMD [\"npm\", \"start\"]
",
        "\
FROM node:22 AS builder
WORKDIR /app
COPY package*.json ./
RUN npm ci --omit=dev

FROM node:22
WORKDIR /app
COPY --from=builder /app/node_modules /app/node_modules
COPY . .
CMD [\"npm\", \"start\"]
",
    );
}

#[test]
fn npm_with_a_build() {
    becomes(
        "\
FROM node:22-alpine
RUN apk add --no-cache python3 make g++
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
EXPOSE 3000
CMD [\"node\", \"dist/main.js\"]
",
        "\
FROM node:22-alpine AS builder
RUN apk add --no-cache python3 make g++
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build
RUN npm prune --omit=dev

FROM node:22-alpine
WORKDIR /app
COPY --from=builder /app /app
EXPOSE 3000
CMD [\"node\", \"dist/main.js\"]
",
    );
}

#[test]
fn other_managers_of_node() {
    // Lines of the file, those that end the builder, and the copy of the final stage.
    for (lines, made, copy) in [
        (
            "COPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile\nCOPY . .\nRUN yarn build\n",
            "RUN yarn install --production --ignore-scripts --prefer-offline\n",
            "/app",
        ),
        (
            "COPY package.json yarn.lock ./\nRUN yarn install --immutable\nCOPY . .\nRUN yarn build\n",
            "",
            "/app",
        ),
        (
            "COPY package.json pnpm-lock.yaml ./\nRUN npm i -g pnpm && pnpm install --frozen-lockfile\nCOPY . .\nRUN pnpm build\n",
            "RUN CI=true pnpm prune --prod\n",
            "/app",
        ),
        ("COPY package.json ./\nRUN npm install\nCOPY src src\n", "", "/app"),
        (
            "ENV NODE_ENV=production\nCOPY package.json ./\nRUN npm install\nCOPY . .\nRUN npx prisma generate\n",
            "",
            "/app",
        ),
    ] {
        let env = if lines.starts_with("ENV") { "ENV NODE_ENV=production\n" } else { "" };
        let (builder, below) = match lines.strip_suffix("COPY src src\n") {
            Some(above) => (above, "COPY src src\n"),
            None => (lines, ""),
        };
        becomes(
            &format!("FROM node:22\nWORKDIR /app\n{lines}CMD [\"node\", \"a.js\"]\n"),
            &format!(
                "FROM node:22 AS builder\nWORKDIR /app\n{builder}{made}\nFROM node:22\nWORKDIR /app\n{env}COPY --from=builder {copy} {copy}\n{below}CMD [\"node\", \"a.js\"]\n"
            ),
        );
    }
}

#[test]
fn what_the_command_of_node_needs() {
    let lines = "WORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\n";
    let kept = "WORKDIR /app\nCOPY --from=builder /app/node_modules /app/node_modules\nCOPY . .\n";
    let above = "WORKDIR /app\nCOPY package.json ./\nRUN npm install\n";
    let package = "{\"scripts\": {\"start\": \"node server.js\"}}";
    for (tool, command, twice, started) in [
        (
            "RUN npm install -g pnpm@9\n",
            "CMD [\"pnpm\", \"other\"]",
            "RUN npm install -g pnpm@9\n",
            "CMD [\"pnpm\", \"other\"]",
        ),
        (
            "RUN npm install -g pnpm@9\n",
            "CMD [\"pnpm\", \"start\"]",
            "",
            "CMD [\"node\", \"server.js\"]",
        ),
        ("RUN corepack enable\n", "CMD [\"pnpm\", \"start\"]", "", "CMD [\"node\", \"server.js\"]"),
        ("RUN corepack enable\n", "CMD yarn run start", "", "CMD node server.js"),
        (
            "RUN npm install -g pm2\n",
            "CMD [\"pm2-runtime\", \"a.js\"]",
            "RUN npm install -g pm2\n",
            "CMD [\"pm2-runtime\", \"a.js\"]",
        ),
    ] {
        becomes_with(
            &Input::new(format!("FROM node:22\n{tool}{lines}{command}\n"))
                .with_file("package.json", package),
            &format!(
                "FROM node:22 AS builder\n{tool}{above}\nFROM node:22\n{twice}{kept}{started}\n"
            ),
        );
    }
}

#[test]
fn node_that_stays() {
    for (lines, reason) in [
        ("COPY package.json ./\nRUN npm ci\nCOPY . .", "The app lies in no folder"),
        ("WORKDIR /app\nCOPY . .\nRUN npm ci", "The source is copied before the install."),
        ("WORKDIR /app\nCOPY package.json ./\nRUN npm ci || npm install", "This RUN does more"),
        (
            "WORKDIR /app\nRUN corepack enable\nCOPY package.json ./\nRUN pnpm i\nCMD pnpm start",
            "The command starts `pnpm`",
        ),
        (
            "RUN pip install x\nWORKDIR /app\nRUN npm ci",
            "This file installs with tools of two languages",
        ),
        ("WORKDIR /app\nRUN npm install -g serve", "Nothing of Node.js"),
        (
            "WORKDIR /app\nCOPY package.json ./\nRUN npm ci\nRUN cp -r node_modules /opt/x\nRUN npm run build",
            "A RUN with `cp`",
        ),
    ] {
        stays(&format!("FROM node:22\n{lines}\n"), reason);
    }
}

const CERTIFICATES: &str =
    "COPY --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\n";
const BESIDE: &str =
    "# What the program reads beside itself; delete this line if that is nothing.\nCOPY . .\n";

#[test]
fn go() {
    becomes(
        "\
FROM golang:1.24
WORKDIR /app
COPY . .
RUN go build -o server .
EXPOSE 8080
CMD [\"./server\"]
",
        &format!(
            "\
FROM golang:1.24 AS builder
WORKDIR /app
COPY go.mod go.sum* ./
RUN go mod download
COPY . .
ENV CGO_ENABLED=0
RUN go build -o server .

FROM debian:trixie-slim
WORKDIR /app
{CERTIFICATES}{BESIDE}COPY --from=builder /app/server /app/server
EXPOSE 8080
CMD [\"./server\"]
"
        ),
    );
}

#[test]
fn go_in_other_words() {
    // The image, the lines above and below the split, and the final stage.
    for (image, above, below, base, copies, command) in [
        (
            "golang:1.24-bookworm AS web",
            "COPY go.mod go.sum ./\nRUN go mod download\nCOPY *.go ./\nRUN CGO_ENABLED=0 go build -o /server\n",
            "ENTRYPOINT [\"/server\"]\n",
            "debian:bookworm-slim AS web",
            "COPY --from=builder /server /server\n",
            "ENTRYPOINT [\"/server\"]\n",
        ),
        (
            "golang:1.24-alpine3.21",
            "ENV CGO_ENABLED=0\nCOPY go.mod ./\nRUN go mod download\nCOPY cmd cmd\nRUN go install ./cmd/shop\n",
            "CMD [\"shop\"]\n",
            "alpine:3.21",
            "COPY --from=builder /go/bin/shop /usr/local/bin/shop\n",
            "CMD [\"shop\"]\n",
        ),
        (
            "golang:1.24-bookworm",
            "RUN apt-get update && apt-get install -y libsqlite3-dev\nCOPY go.mod ./\nRUN go mod download\nCOPY main.go ./\nRUN go build -o /bin/x && mv /bin/x /usr/local/bin/shop\n",
            "CMD shop\n",
            "debian:bookworm-slim",
            "COPY --from=builder /usr/local/bin/shop /usr/local/bin/shop\n",
            "CMD shop\n",
        ),
    ] {
        let env = if above.starts_with("ENV") { "ENV CGO_ENABLED=0\n" } else { "" };
        let libraries = if above.starts_with("RUN apt") {
            "RUN apt-get update && apt-get install -y --no-install-recommends libsqlite3-0 && rm -rf /var/lib/apt/lists/*\n"
        } else {
            ""
        };
        let certificates = if base.starts_with("alpine") { "" } else { CERTIFICATES };
        let builder = image.replace(" AS web", "");
        becomes(
            &format!("FROM {image}\nWORKDIR /src\n{above}{below}"),
            &format!(
                "FROM {builder} AS builder\nWORKDIR /src\n{above}\nFROM {base}\nWORKDIR /src\n{env}{libraries}{certificates}{copies}{command}"
            ),
        );
    }
}

#[test]
fn a_description_goes_with_its_name() {
    becomes(
        "# Shop\n\n# see below\n# api the HTTP API\nFROM python:3.12-slim AS api\nRUN pip install flask\n",
        "# Shop\n\n# see below\nFROM python:3.12-slim AS builder\nRUN python -m venv --without-pip /opt/venv\nRUN pip --python /opt/venv/bin/python install flask\n\n# api the HTTP API\nFROM python:3.12-slim AS api\nENV PATH=\"/opt/venv/bin:$PATH\"\nCOPY --from=builder /opt/venv /opt/venv\n",
    );
}

#[test]
fn a_path_that_is_set_is_not_set_again() {
    becomes(
        "FROM python:3.12\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN pip install uv\nRUN uv sync --locked --no-dev --no-install-project\nCOPY . .\nENV PATH=/app/.venv/bin:$PATH\nCMD [\"python\", \"a.py\"]\n",
        "FROM python:3.12 AS builder\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN pip install uv\nENV UV_PYTHON_DOWNLOADS=never\nRUN uv sync --locked --no-dev --no-install-project\n\nFROM python:3.12\nWORKDIR /app\nCOPY --from=builder /app/.venv /app/.venv\nCOPY . .\nENV PATH=/app/.venv/bin:$PATH\nCMD [\"python\", \"a.py\"]\n",
    );
}

#[test]
fn windows_is_left() {
    stays(
        "FROM --platform=windows/amd64 golang:1.24\nCOPY . .\nRUN go build -o a.exe .\nCMD [\"a.exe\"]\n",
        "Windows images are not rewritten here.",
    );
}

#[test]
fn a_file_in_small_letters_stays_so() {
    becomes(
        "from golang:1.24\nworkdir /app\ncopy main.go ./\nrun CGO_ENABLED=0 go build -o /shop\ncmd [\"/shop\"]\n",
        "from golang:1.24 as builder\nworkdir /app\ncopy main.go ./\nrun CGO_ENABLED=0 go build -o /shop\n\nfrom debian:trixie-slim\nworkdir /app\ncopy --from=builder /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt\ncopy --from=builder /shop /shop\ncmd [\"/shop\"]\n",
    );
}

#[test]
fn an_arg_that_is_the_whole_image_is_left() {
    stays(
        "ARG BASE=python:3.11\nFROM ${BASE}\nRUN pip install flask\n",
        "`BASE` holds the whole name of the image",
    );
}

#[test]
fn go_downloads_nothing_that_lies_in_the_project() {
    let vendor = ContextFile { path: "vendor/modules.txt".to_owned(), bytes: 1 };
    for (env, flag, context) in [
        ("", " -mod=vendor", None),
        ("ENV GOFLAGS=-mod=vendor\n", "", None),
        ("", "", Some(vec![vendor])),
    ] {
        let mut input = Input::new(format!(
            "FROM golang:1.24\nWORKDIR /app\n{env}COPY . .\nRUN CGO_ENABLED=0 go build{flag} -o /server\nCMD [\"/server\"]\n"
        ));
        let beside = if context.is_some() { "" } else { BESIDE };
        input.context = context;
        becomes_with(
            &input,
            &format!(
                "FROM golang:1.24 AS builder\nWORKDIR /app\n{env}COPY . .\nRUN CGO_ENABLED=0 go build{flag} -o /server\n\nFROM debian:trixie-slim\nWORKDIR /app\n{env}{CERTIFICATES}{beside}COPY --from=builder /server /server\nCMD [\"/server\"]\n"
            ),
        );
    }
}

#[test]
fn go_run_is_built() {
    becomes(
        "FROM golang:1.24\nWORKDIR /app\nCOPY go.mod ./\nRUN go mod download\nCOPY . .\nCMD [\"go\", \"run\", \"main.go\", \"--port\", \"80\"]\n",
        &format!(
            "FROM golang:1.24 AS builder\nWORKDIR /app\nCOPY go.mod ./\nRUN go mod download\nCOPY . .\nENV CGO_ENABLED=0\nRUN go build -o /usr/local/bin/app main.go\n\nFROM debian:trixie-slim\nWORKDIR /app\n{CERTIFICATES}{BESIDE}COPY --from=builder /usr/local/bin/app /usr/local/bin/app\nCMD [\"/usr/local/bin/app\", \"--port\", \"80\"]\n"
        ),
    );
}

#[test]
fn cargo() {
    for (image, build, command, base, copy) in [
        (
            "rust:1",
            "RUN cargo build --release\n",
            "CMD [\"./target/release/shop\"]\n",
            "debian:trixie-slim",
            "COPY --from=builder /app/target/release/shop /app/target/release/shop\n",
        ),
        (
            "rust:1.80-bookworm",
            "RUN cargo install --path .\n",
            "CMD [\"shop\"]\n",
            "debian:bookworm-slim",
            "COPY --from=builder /usr/local/cargo/bin/shop /usr/local/bin/shop\n",
        ),
        (
            "rust:1-slim-bookworm",
            "RUN cargo build --release && cp target/release/shop /usr/local/bin/shop\n",
            "CMD [\"shop\"]\n",
            "debian:bookworm-slim",
            "COPY --from=builder /usr/local/bin/shop /usr/local/bin/shop\n",
        ),
    ] {
        becomes(
            &format!("FROM {image}\nWORKDIR /app\nCOPY . .\n{build}{command}"),
            &format!(
                "FROM {image} AS builder\nWORKDIR /app\nCOPY . .\n{build}\nFROM {base}\nWORKDIR /app\n{CERTIFICATES}{BESIDE}{copy}{command}"
            ),
        );
    }
}

#[test]
fn programs_that_stay() {
    for (image, lines, reason) in [
        ("golang:1.24", "COPY . .\nRUN go build -o server .", "The file does not say plainly"),
        (
            "golang:1.24",
            "COPY . .\nRUN go build -o server .\nCMD ./server && true",
            "The file does not say plainly",
        ),
        (
            "golang:1.24",
            "COPY . .\nRUN go build .\nCMD server",
            "It is not known where the build puts `server`",
        ),
        (
            "golang:1.24",
            "RUN go install github.com/air-verse/air@latest\nRUN ./x\nRUN go build\nCMD /x",
            "A RUN with `x`",
        ),
        ("golang:1.24", "WORKDIR /a\nCOPY . .\nCMD go run -tags x .", "`go run` has options"),
        (
            "rust:1",
            "COPY . .\nRUN cargo build\nCMD [\"/target/debug/x\"]",
            "The program is built for debugging",
        ),
        (
            "rust:1",
            "COPY . .\nCMD [\"cargo\", \"run\", \"--release\"]",
            "`cargo run` compiles when",
        ),
        ("rust:1", "COPY . .\nCMD [\"/x\"]", "Nothing is compiled here"),
    ] {
        stays(&format!("FROM {image}\n{lines}\n"), reason);
    }
}

#[test]
fn front_ends_are_served_by_nginx() {
    let copies = "WORKDIR /app\nCOPY package.json ./\nRUN npm install\nCOPY . .\n";
    let fallback = "        # A path of the app itself leads to its start page.\n        try_files $uri $uri/ /index.html;\n";
    let plain = "        try_files $uri $uri/ =404;\n";
    for (lines, command, package, made, folder, port, files) in [
        (
            "RUN npm run build\n",
            "CMD [\"npm\", \"run\", \"preview\", \"--\", \"--host\", \"--port\", \"8080\"]",
            "\"preview\": \"vite preview\"",
            "",
            "dist",
            8080,
            fallback,
        ),
        (
            "",
            "CMD npm start",
            "\"start\": \"react-scripts start\", \"build\": \"react-scripts build\"",
            "RUN npm run build\n",
            "build",
            3000,
            fallback,
        ),
        (
            "",
            "CMD [\"yarn\", \"run\", \"serve\"]",
            "\"serve\": \"BROWSER=none vite --host\", \"build\": \"vite build\"",
            "RUN yarn run build\n",
            "dist",
            5173,
            fallback,
        ),
        (
            "RUN npm run build\n",
            "CMD [\"npx\", \"serve\", \"-s\", \"build\", \"-l\", \"5000\"]",
            "",
            "",
            "build",
            5000,
            fallback,
        ),
        (
            "RUN npm run build\n",
            "CMD [\"http-server\", \"./public/\"]",
            "",
            "",
            "public",
            8080,
            plain,
        ),
    ] {
        becomes_with(
            &Input::new(format!("FROM node:22\n{copies}{lines}USER node\n{command}\n"))
                .with_file("package.json", format!("{{\"scripts\": {{{package}}}}}")),
            &format!(
                "\
FROM node:22 AS builder
{copies}{lines}{made}
FROM nginxinc/nginx-unprivileged:stable
COPY nginx.conf /etc/nginx/conf.d/default.conf
COPY --from=builder /app/{folder} /usr/share/nginx/html
EXPOSE {port}
HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\
    CMD curl -fsS -o /dev/null http://127.0.0.1:{port}/ || exit 1
---- nginx.conf
server {{
    listen {port};
    root /usr/share/nginx/html;

    location / {{
{files}    }}
}}
"
            ),
        );
    }
}

#[test]
fn front_ends_that_stay() {
    for (lines, reason) in [
        ("WORKDIR /app\nCOPY . .\nCMD npx vite", "No step builds the front end"),
        (
            "WORKDIR /app\nCOPY . .\nRUN npm run build\nCMD npx serve",
            "It is not known where the built files lie",
        ),
        (
            "WORKDIR /app\nCOPY . .\nRUN npm run build\nCMD npx serve -s build -l 80",
            "The front end is served on a port below",
        ),
        ("COPY . .\nRUN npm run build\nCMD npx vite preview", "The app lies in no folder"),
        (
            "WORKDIR /app\nCOPY . .\nRUN npm run build\nHEALTHCHECK CMD wget -q localhost\nCMD vite preview",
            "The HEALTHCHECK may need",
        ),
        ("WORKDIR /app\nRUN npm run build\nCMD vite preview", "The source is not copied here"),
    ] {
        stays(&format!("FROM node:22\n{lines}\n"), reason);
    }
}

#[test]
fn front_ends_whose_requests_are_passed_on() {
    let text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm run build\nCMD npx vite preview\n";
    for (file, content, is_fine) in [
        ("package.json", "{\"proxy\": \"http://api:8000\"}", false),
        ("package.json", "{\"dependencies\": {\"http-proxy\": \"1\"}}", true),
        (
            "vite.config.js",
            "export default { server: { proxy: { '/api': 'http://api:8000' } } }",
            false,
        ),
        ("vite.config.ts", "export default {}", true),
    ] {
        let stages = two_stages(&Input::new(text).with_file(file, content));
        assert_eq!(stages.is_ok(), is_fine, "{file}: {stages:?}");
    }
}

#[test]
fn packages_that_the_new_yarn_keeps_elsewhere() {
    let text = "FROM node:22\nWORKDIR /app\nCOPY . .\nRUN yarn install --immutable\nCMD [\"yarn\", \"start\"]\n";
    let text = text.replace("COPY . .\nRUN yarn install --immutable\n", "COPY package.json yarn.lock .yarnrc.yml ./\nRUN yarn install --immutable\nCOPY . .\nRUN yarn build\n");
    stays(&text, "Yarn 2 and later starts the app");
    let input = Input::new(text).with_file(".yarnrc.yml", "nodeLinker: node-modules\n");
    assert!(two_stages(&input).is_ok());
}

#[test]
fn paths_of_the_systems_python_stay_right() {
    for line in [
        "ENV SITE=/usr/local/lib/python3.12/site-packages",
        "COPY --from=x /a /usr/local/lib/python3.12/site-packages/a",
        "RUN /usr/local/bin/django-admin compilemessages",
    ] {
        stays(
            &format!("FROM python:3.12\nRUN pip install django\n{line}\nCMD [\"gunicorn\"]\n"),
            "`/usr/local/",
        );
    }
}

#[test]
fn by_hand_in_the_words_of_the_tool() {
    for (image, run, word) in [
        ("maven:3.9-eclipse-temurin-21", "mvn package", "`pom.xml`"),
        ("gradle:8-jdk21", "gradle bootJar", "`./gradlew bootJar`"),
        ("mcr.microsoft.com/dotnet/sdk:8.0", "dotnet publish -c Release", "dotnet/aspnet"),
        ("ruby:3.3", "bundle install", "/usr/local/bundle"),
        ("php:8.3-cli", "composer install --no-dev", "`composer install --no-dev`"),
    ] {
        let text = format!("FROM {image}\nWORKDIR /app\nCOPY . .\nRUN {run}\n");
        let reason = two_stages(&Input::new(text)).unwrap_err();
        assert!(reason.contains(word), "{image}: {reason}");
    }
}

#[test]
fn nothing_is_split_that_nobody_wrote_by_hand() {
    stays(
        &format!("FROM python:3.12\n{}", "RUN pip install flask\n".repeat(301)),
        "This stage is too long",
    );
}

#[test]
fn what_only_the_compiler_needs_stays_behind() {
    becomes(
        "FROM golang:1.24-alpine\nRUN apk add --no-cache git tzdata\nCOPY *.go .\nRUN CGO_ENABLED=0 go build -o /shop\nCMD [\"/shop\"]\n",
        "FROM golang:1.24-alpine AS builder\nRUN apk add --no-cache git tzdata\nCOPY *.go .\nRUN CGO_ENABLED=0 go build -o /shop\n\nFROM alpine:3.22\nRUN apk add --no-cache tzdata\nCOPY --from=builder /shop /shop\nCMD [\"/shop\"]\n",
    );
}

#[test]
fn users_and_platforms_stay() {
    becomes(
        "\
FROM --platform=linux/amd64 node:22
RUN mkdir -p /home/node/app/node_modules && chown -R node:node /home/node/app
WORKDIR /home/node/app
COPY package*.json ./
USER node
RUN npm install
COPY --chown=node:node . .
CMD [\"node\", \"app.js\"]
",
        "\
FROM --platform=linux/amd64 node:22 AS builder
RUN mkdir -p /home/node/app/node_modules && chown -R node:node /home/node/app
WORKDIR /home/node/app
COPY package*.json ./
USER node
RUN npm install

FROM --platform=linux/amd64 node:22
RUN mkdir -p /home/node/app/node_modules && chown -R node:node /home/node/app
WORKDIR /home/node/app
USER node
COPY --from=builder --chown=node /home/node/app/node_modules /home/node/app/node_modules
COPY --chown=node:node . .
CMD [\"node\", \"app.js\"]
",
    );
    for (platform, kept) in [("linux/arm64", "--platform=linux/arm64 "), ("$BUILDPLATFORM", "")] {
        becomes(
            &format!(
                "FROM --platform={platform} golang:1.24\nUSER root\nCOPY *.go .\nRUN CGO_ENABLED=0 go build -o /shop\nCMD [\"/shop\"]\n"
            ),
            &format!(
                "FROM --platform={platform} golang:1.24 AS builder\nUSER root\nCOPY *.go .\nRUN CGO_ENABLED=0 go build -o /shop\n\nFROM {kept}debian:trixie-slim\nUSER root\n{CERTIFICATES}COPY --from=builder /shop /shop\nCMD [\"/shop\"]\n"
            ),
        );
    }
}
