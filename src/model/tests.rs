//! What the model answers, one small table a question: a Dockerfile beside the answer.

use super::{Act, DefaultUser, Manager, Model, Origin, Stage, Step, User};
use crate::input::Input;
use crate::syntax::{Keyword, parse};

/// What `ask` answers about a Dockerfile.
fn about<T>(text: &str, ask: impl Fn(&Model<'_>) -> T) -> T {
    let (file, input) = (parse(text), Input::new(text));
    ask(&Model::build(&file, &input))
}

/// What `ask` answers about the last RUN of a Dockerfile.
fn about_run<T>(text: &str, ask: impl Fn(&Model<'_>, &Stage<'_>, &Step<'_>) -> T) -> T {
    about(text, |model| {
        let mut runs = model.steps().filter(|(_, step)| step.keyword() == Keyword::Run);
        let (mut stage, mut step) = runs.next().expect("a RUN");
        for next in runs {
            (stage, step) = next;
        }
        ask(model, stage, step)
    })
}

/// What each stage is: `f`inal, `n`eeded, `s`hared with a stage that does not ship, in a `c`ircle.
fn stages(text: &str) -> String {
    about(text, |model| {
        let letters = |stage: &Stage<'_>| {
            let is = [
                ('f', model.is_in_final(stage)),
                ('n', model.is_needed(stage)),
                ('s', model.is_shared(stage) && model.is_in_final(stage)),
                ('c', model.is_circular(stage)),
            ];
            is.iter().filter(|(_, is_it)| *is_it).map(|(letter, _)| letter).collect()
        };
        let all: Vec<String> = model.stages().iter().map(letters).collect();
        all.join(" ")
    })
}

#[test]
fn which_stages_make_the_image() {
    for (text, expected) in [
        ("FROM a\n", "fn"),
        ("FROM a AS x\nFROM b\n", " fn"),
        ("FROM a AS x\nFROM x AS y\nFROM y\n", "fn fn fn"),
        ("FROM a AS x\nFROM b\nCOPY --from=x /a /a\n", "n fn"),
        ("FROM a\nFROM b\nCOPY --from=0 /a /a\n", "n fn"),
        ("FROM a AS x\nFROM b\nRUN --mount=type=bind,from=X,target=/x ls\n", "n fn"),
        ("FROM a AS x\nFROM b\nRUN --mount=type=bind,from=0,target=/x ls\n", " fn"),
        ("FROM a AS x\nFROM b AS x\nFROM c\nCOPY --from=x / /\n", " n fn"),
        ("FROM a\nCOPY --from=later /a /a\nFROM b AS later\n", " fn"),
        ("FROM a AS base\nFROM base AS test\nFROM b AS lone\nFROM base\n", "fns   fn"),
        ("FROM a AS x\nFROM x\nCOPY --from=x / /\n", "fn fn"),
        ("FROM a AS x\nCOPY --from=x / /\n", "fnc"),
        ("FROM a AS x\nCOPY --from=y / /\nFROM x AS y\nFROM y\n", "fnc fnc fn"),
        ("FROM a AS x\nCOPY --from=1 / /\nFROM a\nCOPY --from=x / /\n", "nc fnc"),
    ] {
        assert_eq!(stages(text), expected, "{text}");
    }
    let (text, mut input) =
        ("FROM a AS x\nFROM b AS y\n", Input::new("FROM a AS x\nFROM b AS y\n"));
    for (target, expected) in [("X", 0), ("0", 0), ("y", 1), ("z", 1)] {
        input.target = Some(target.to_owned());
        let file = parse(text);
        let model = Model::build(&file, &input);
        assert_eq!(model.final_stage().map(|stage| stage.index), Some(expected), "{target}");
    }
}

#[test]
fn what_ships() {
    for (text, expected) in [
        ("FROM a\nCOPY . /x\n", true),
        ("FROM a AS b\nCOPY . /x\nFROM a\n", false),
        ("FROM a AS b\nCOPY . /x/\nFROM a\nCOPY --from=b /x /y\n", true),
        ("FROM a AS b\nCOPY . /x\nFROM a\nCOPY --from=b x /y\n", true),
        ("FROM a AS b\nCOPY . /x\nFROM a\nCOPY --from=b /other /y\n", false),
        ("FROM a AS b\nCOPY . /x\nFROM a\nCOPY --from=b / /y\n", true),
        ("FROM a AS b\nCOPY . /x\nFROM b AS c\nFROM a\nCOPY --from=c /x /y\n", true),
        (
            "FROM a AS b\nCOPY . /x\nFROM a AS c\nCOPY --from=b /x /m\nFROM a\nCOPY --from=c /m /y\n",
            true,
        ),
        (
            "FROM a AS b\nCOPY . /x\nFROM a AS c\nCOPY --from=b /x /m\nFROM a\nCOPY --from=c /n /y\n",
            false,
        ),
        ("FROM a AS b\nENV D=/x\nCOPY . $D\nFROM a\nCOPY --from=b /x /y\n", true),
    ] {
        let ships = about(text, |model| {
            let first = model.steps().find(|(_, step)| step.whole_context().is_some());
            first.is_some_and(|(stage, step)| model.ships(stage, step))
        });
        assert_eq!(ships, expected, "{text}");
    }
}

#[test]
fn what_a_variable_is_worth() {
    // The value of V at the last RUN: `-` not set, `?` not known.
    for (lines, expected) in [
        ("FROM a", "-"),
        ("FROM a\nENV V=1", "1"),
        ("FROM a\nENV V=1\nENV V=2", "2"),
        ("FROM a\nENV V=1 W=2\nENV V=$W V=$V", "1"),
        ("FROM a\nARG V=1", "1"),
        ("FROM a\nARG V", "?"),
        ("FROM a\nARG V=1\nENV V=2", "2"),
        ("FROM a\nENV V=1\nARG V", "1"),
        ("FROM a\nENV V=1\nARG V=2", "2"),
        ("FROM a\nARG A=1 V=${A}2", "12"),
        ("ARG V=1\nFROM a", "-"),
        ("ARG V=1\nFROM a\nARG V", "1"),
        ("ARG V=1\nFROM a\nARG V=2", "2"),
        ("ARG A=1\nARG V=$A.0\nFROM a\nARG V", "1.0"),
        ("FROM a AS b\nENV V=1\nFROM b", "1"),
        ("FROM a AS b\nARG V=1\nFROM b", "1"),
        ("FROM a AS b\nENV V=1\nFROM a", "-"),
        ("FROM a\nENV V=$UNSET", "?"),
        ("FROM a\nENV V=${UNSET:-x}", "x"),
        ("FROM a\nENV V='$UNSET'", "$UNSET"),
        ("FROM a\nENV PATH=/x:$PATH\nENV V=$PATH", "?"),
        ("FROM a\nARG TARGETARCH\nENV V=$TARGETARCH", "?"),
    ] {
        let value = about_run(&format!("{lines}\nRUN x\n"), |model, stage, step| {
            match model.variable(stage, step.index, "V") {
                None => "-".to_owned(),
                Some(value) => value.unwrap_or_else(|| "?".to_owned()),
            }
        });
        assert_eq!(value, expected, "{lines}");
    }
}

#[test]
fn who_sets_a_variable() {
    for (lines, name, expected) in [
        ("FROM a", "V", None),
        ("ARG V=1\nFROM a", "V", Some(Origin::Global)),
        ("ARG V=1\nFROM a\nARG V", "V", Some(Origin::Arg)),
        ("FROM a\nENV V=1", "V", Some(Origin::Env)),
        ("FROM a\nARG TARGETPLATFORM", "TARGETPLATFORM", Some(Origin::Platform)),
        ("ARG BUILDPLATFORM\nFROM a\nARG BUILDPLATFORM", "BUILDPLATFORM", Some(Origin::Platform)),
        ("FROM a", "TARGETPLATFORM", None),
    ] {
        let found = about_run(&format!("{lines}\nRUN x\n"), |model, stage, step| {
            model.setting(stage, step.index, name).map(|setting| setting.origin)
        });
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn only_env_reaches_the_image() {
    for (lines, expected) in [
        ("ENV V=1", Some(Some("1"))),
        ("ARG V=1", None),
        ("ENV V=1\nARG V=2", Some(Some("1"))),
        ("ARG V=1\nENV V=$V.0", Some(Some("1.0"))),
        ("ENV V=$X", Some(None)),
    ] {
        let found = about(&format!("FROM a\n{lines}\n"), |model| {
            model.final_env("V").map(|variable| variable.value)
        });
        assert_eq!(found, expected.map(|value| value.map(str::to_owned)), "{lines}");
    }
}

#[test]
fn what_a_stage_starts_from() {
    // The image's text, or `scratch`, `stage N`, `?`.
    for (text, expected) in [
        ("ARG V=3\nFROM python:${V}-slim\n", "python:3-slim"),
        ("FROM python:${V:-3}\n", "python:3"),
        ("FROM base-$TARGETARCH\n", "?"),
        ("FROM $BASE\n", "?"),
        ("FROM scratch\n", "scratch"),
        ("FROM a AS One\nFROM one\n", "stage 0"),
        ("ARG S=one\nFROM a AS one\nFROM $S\n", "stage 0"),
        ("FROM a AS x\nFROM b AS x\nFROM x\n", "stage 1"),
        ("FROM x AS x\n", "x"),
        ("FROM \"a:1\"\n", "a:1"),
    ] {
        let base = about(text, |model| match &model.final_stage().expect("a stage").base {
            super::Base::Image(image) => image.text.clone(),
            super::Base::Stage(index) => format!("stage {index}"),
            super::Base::Scratch => "scratch".to_owned(),
            super::Base::Unknown => "?".to_owned(),
        });
        assert_eq!(base, expected, "{text}");
    }
    let arg = |text| {
        about(text, |model| Some(model.base_arg(model.final_stage()?)?.pair.key.text.clone()))
    };
    assert_eq!(arg("ARG B=python:3\nFROM ${B}\n").as_deref(), Some("B"));
    assert_eq!(arg("ARG B=3\nFROM python:$B\n"), None);
}

#[test]
fn the_state_a_run_finds() {
    for (lines, workdir, user, shell) in [
        ("FROM acme", None, User::OfBase, "sh"),
        ("FROM golang", Some("/go"), User::OfBase, "sh"),
        ("FROM scratch", Some("/"), User::OfBase, "sh"),
        ("FROM acme\nWORKDIR /a\nWORKDIR b/../c", Some("/a/c"), User::OfBase, "sh"),
        ("FROM acme\nENV A=/x\nWORKDIR $A/y", Some("/x/y"), User::OfBase, "sh"),
        ("FROM acme\nWORKDIR $A", None, User::OfBase, "sh"),
        ("FROM acme\nARG U=app\nUSER $U:$U", None, User::Named("app:app".into()), "sh"),
        ("FROM acme\nUSER $U", None, User::Unknown, "sh"),
        (
            "FROM acme\nSHELL [\"/bin/bash\", \"-o\", \"pipefail\", \"-c\"]",
            None,
            User::OfBase,
            "bash",
        ),
        (
            "FROM acme AS b\nWORKDIR /a\nUSER app\nSHELL [\"bash\", \"-c\"]\nFROM b",
            Some("/a"),
            User::Named("app".into()),
            "bash",
        ),
        ("FROM acme AS b\nWORKDIR /a\nFROM acme", None, User::OfBase, "sh"),
    ] {
        about_run(&format!("{lines}\nRUN x\n"), |_, _, step| {
            let found = (step.workdir.as_deref(), &step.user, step.shell_name());
            assert_eq!(found, (workdir, &user, shell), "{lines}");
        });
    }
    let pipefail = |text| about_run(text, |_, _, step| step.has_pipefail());
    assert!(pipefail("FROM a\nSHELL [\"bash\", \"-o\", \"pipefail\", \"-c\"]\nRUN a | b\n"));
    assert!(pipefail("FROM a\nRUN set -o pipefail && a | b\n"));
    assert!(!pipefail("FROM a\nRUN a | b\n"));
}

#[test]
fn who_runs_a_step() {
    use DefaultUser::{NonRoot, Root, Unknown};
    for (lines, expected) in [
        ("FROM python", Root),
        ("FROM org/acme", Unknown),
        ("FROM scratch", Root),
        ("FROM python\nUSER 0:0", Root),
        ("FROM org/acme\nUSER app", NonRoot),
        ("FROM python AS b\nUSER app\nFROM b", NonRoot),
        ("FROM python\nUSER $U", Unknown),
    ] {
        let user = about_run(&format!("{lines}\nRUN x\n"), |model, stage, step| {
            let is_run = step.keyword() == Keyword::Run;
            is_run.then(|| model.user_at(stage, step))
        });
        assert_eq!(user, Some(expected), "{lines}");
    }
}

#[test]
fn what_is_installed() {
    // Name of the install, packages as `name` or `name=version`, manifests.
    for (line, expected) in [
        (
            "apt-get install -y --no-install-recommends curl=7.1 git",
            "apt-get install|curl=7.1 git|",
        ),
        ("sudo -E apt-get -o A=b install -t sid curl", "apt-get install|curl|"),
        ("apk add --virtual .build gcc~12", "apk add|gcc=12|"),
        ("yum -y install httpd", "yum install|httpd|"),
        ("microdnf install nodejs", "microdnf install|nodejs|"),
        ("pip3.11 install 'uvicorn[standard]>=0.30' flask", "pip3.11 install|uvicorn=0.30 flask|"),
        (
            "python -m pip install -r a.txt -cb.txt --requirement=c.txt",
            "pip install||a.txt b.txt c.txt",
        ),
        (
            "pip install -t /d git+https://example.org/a@v1",
            "pip install|git+https://example.org/a@v1|",
        ),
        ("pip wheel -w /w -r r.txt", "pip wheel||r.txt"),
        ("uv pip install --system ruff==0.4", "uv pip install|ruff=0.4|"),
        ("uv sync --frozen", "uv sync||pyproject.toml uv.lock"),
        ("poetry install --only main", "poetry install||pyproject.toml poetry.lock"),
        ("pipenv install --system --deploy", "pipenv install||Pipfile Pipfile.lock"),
        ("npm --prefix web ci --omit=dev", "npm ci||package.json package-lock.json"),
        ("npm i -g @angular/cli@17 pm2", "npm i|@angular/cli=17 pm2|"),
        ("yarn", "yarn||package.json yarn.lock"),
        ("yarn --frozen-lockfile", "yarn||package.json yarn.lock"),
        ("corepack pnpm i", "pnpm i||package.json pnpm-lock.yaml"),
        ("bun install", "bun install||package.json bun.lock"),
        ("bundle config set without x && bundle install", "bundle install||Gemfile Gemfile.lock"),
        ("gem install rails:7.1 -v 7", "gem install|rails=7.1|"),
        ("composer install --no-dev", "composer install||composer.json composer.lock"),
        ("go mod download", "go mod download||go.mod go.sum"),
        ("go install example.org/a@latest", "go install|example.org/a=latest|"),
        ("cargo install --locked just@1", "cargo install|just=1|"),
        ("cargo fetch", "cargo fetch||Cargo.toml Cargo.lock"),
        ("./mvnw -B dependency:go-offline", "mvnw dependency:go-offline||pom.xml"),
        ("gradle --no-daemon dependencies", "gradle dependencies||build.gradle settings.gradle"),
        ("dotnet restore", "dotnet restore||"),
        ("sh -c 'apt-get install -y curl'", "apt-get install|curl|"),
        ("npm run build", ""),
        ("go build ./...", ""),
        ("pip --version", ""),
        ("yarn build", ""),
        ("uv run app", ""),
    ] {
        let found = about_run(&format!("FROM a\nRUN {line}\n"), |_, _, step| {
            let Some((install, command)) = step.installs().next() else { return String::new() };
            let packages: Vec<_> = install
                .packages(command)
                .iter()
                .map(|one| one.version.map_or(one.name.to_owned(), |v| format!("{}={v}", one.name)))
                .collect();
            let files = install.manifest_files(command).join(" ");
            format!("{}|{}|{files}", install.name(command).0, packages.join(" "))
        });
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn options_of_an_install() {
    for (line, option, expected) in [
        ("apt-get install -y a", "-y", true),
        ("apt-get install -qqy a", "-y", true),
        ("apt-get -y install a", "-y", true),
        ("apt-get install --yes a", "-y", false),
        ("npm install -gy a", "-y", false),
        ("pip install --target=/x a", "--target", true),
    ] {
        let found = about_run(&format!("FROM a\nRUN {line}\n"), |_, _, step| {
            step.installs().any(|(install, command)| install.has_option(command, &[option]))
        });
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn what_else_a_manager_does() {
    for (line, manager, act, expected) in [
        ("apt-get update", Manager::Apt, Act::Update, true),
        ("apt-get -qq update && x", Manager::Apt, Act::Update, true),
        ("apt-get install update", Manager::Apt, Act::Update, false),
        ("apt-get dist-upgrade -y", Manager::Apt, Act::Upgrade, true),
        ("apk del .build", Manager::Apk, Act::Remove, true),
        ("dnf clean all", Manager::Dnf, Act::Clean, true),
        ("pip cache purge", Manager::Pip, Act::Clean, true),
        ("npm run build:prod", Manager::Npm, Act::Build, true),
        ("mvn -B clean package -DskipTests", Manager::Maven, Act::Build, true),
        ("./gradlew bootJar", Manager::Gradle, Act::Build, true),
        ("dotnet publish -c Release -o /app", Manager::Dotnet, Act::Build, true),
        ("cargo build --release", Manager::Cargo, Act::Build, true),
    ] {
        let found = about_run(&format!("FROM a\nRUN {line}\n"), |_, _, step| {
            step.does(manager, act).is_some()
        });
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn which_cache_stays() {
    for (lines, expected) in [
        ("RUN pip install a", Some("/root/.cache/pip")),
        ("RUN pip install --no-cache-dir a", None),
        ("RUN apk add a", Some("/var/cache/apk")),
        ("RUN apk add --no-cache a", None),
        ("RUN apk add a && rm -rf /var/cache/apk/*", None),
        ("RUN dnf install -y a && dnf clean all", None),
        ("RUN yum install -y a", Some("/var/cache")),
        ("RUN yum install -y a && rm -rf /var/cache/yum", None),
        ("RUN dnf install -y a && rm -rf /var/cache/dnf", None),
        ("RUN npm ci", Some("/root/.npm")),
        ("RUN npm ci && npm cache clean --force", None),
        ("RUN --mount=type=cache,target=/root/.npm npm ci", None),
        ("USER node\nRUN npm ci && rm -rf /home/node/.npm", None),
        ("ENV UV_NO_CACHE=1\nRUN uv sync", None),
        ("RUN poetry install", Some("/root/.cache/pypoetry")),
        ("RUN poetry install && rm -rf ~/.cache", None),
        ("RUN apt-get install a", None),
    ] {
        let found = about_run(&format!("FROM a\n{lines}\n"), |model, stage, step| {
            model.cache_kept(stage, step, step.installs.first()?)
        });
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn whether_the_index_stays() {
    for (lines, expected) in [
        ("RUN apt-get update", true),
        ("RUN apt-get update && rm -rf /var/lib/apt/lists/*", false),
        ("RUN apt-get update && rm -rf /var/lib/apt/*", false),
        ("RUN apt-get update && apt-get clean", true),
        ("RUN --mount=type=cache,target=/var/lib/apt apt-get update", false),
        ("RUN apt-get install -y a", false),
    ] {
        let found = about_run(&format!("FROM a\n{lines}\n"), |model, _, step| {
            model.index_kept(step, Manager::Apt).is_some()
        });
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn whether_development_packages_come_along() {
    for (lines, expected) in [
        ("RUN npm ci", true),
        ("RUN npm ci --omit=dev", false),
        ("ENV NODE_ENV=production\nRUN npm ci", false),
        ("RUN NODE_ENV=production npm ci", false),
        ("RUN npm i express", false),
        ("RUN poetry install --without dev", false),
        ("RUN uv sync", true),
        ("RUN pipenv install --deploy", false),
        ("RUN pipenv install --dev", true),
        ("ENV BUNDLE_WITHOUT=development\nRUN bundle install", false),
        ("RUN composer install", true),
        ("RUN pip install -r r.txt", false),
    ] {
        let found = about_run(&format!("FROM a\n{lines}\n"), |model, stage, step| {
            step.installs.iter().any(|install| model.brings_dev_packages(stage, step, install))
        });
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn commands_inside_a_shell() {
    for (line, expected) in [
        ("RUN bash -c 'a && b'", ["bash", "a", "b"].as_slice()),
        ("RUN [\"sh\", \"-c\", \"a | b\"]", &["sh", "a", "b"]),
        ("RUN a; sh -c \"b\"; c", &["a", "sh", "b", "c"]),
        ("RUN <<EOF\na\nb\nEOF", &["a", "b"]),
    ] {
        let found: Vec<String> = about_run(&format!("FROM a\n{line}\n"), |_, _, step| {
            step.commands().iter().map(|command| command.program().to_owned()).collect()
        });
        assert_eq!(found, expected, "{line}");
    }
}

#[test]
fn what_later_layers_only_hide() {
    for (lines, expected) in [
        ("COPY key /k\nRUN rm /k", ["Deleted /k"].as_slice()),
        ("RUN curl -o /t/a https://x\nRUN rm -rf /t", &["Deleted /t"]),
        ("RUN cd /t && curl -O https://x/a.tgz\nRUN rm /t/a.tgz", &["Deleted /t/a.tgz"]),
        ("RUN git clone https://x/a /src\nRUN make -C /src && rm -rf /src", &["Deleted /src"]),
        ("COPY . /app\nRUN chown -R app /app", &["Owned /app"]),
        ("RUN mkdir /d\nRUN rm -r /d", &[]),
        ("RUN curl -o /a https://x && rm /a", &[]),
        ("COPY a /w/a\nRUN --mount=type=tmpfs,target=/w rm -rf /w/a", &[]),
    ] {
        let found: Vec<String> = about(&format!("FROM a\n{lines}\n"), |model| {
            let leftovers = model.leftovers();
            leftovers.iter().map(|one| format!("{:?} {}", one.file.change, one.file.path)).collect()
        });
        assert_eq!(found, expected, "{lines}");
    }
}

#[test]
fn which_copy_makes_an_install_run_again() {
    for (lines, expected) in [
        ("COPY . .\nRUN pip install -r r.txt", "COPY . . before pip install"),
        ("COPY r.txt .\nRUN pip install -r r.txt\nCOPY . .", ""),
        ("COPY . .\nRUN npm ci", "COPY . . before npm ci"),
        ("COPY . .\nRUN mvn -B dependency:go-offline", "COPY . . before mvn dependency:go-offline"),
        ("COPY . .\nRUN go mod download", "COPY . . before go mod download"),
        ("COPY . .\nRUN go install ./...", ""),
        ("COPY . .\nRUN cargo install --path .", ""),
        ("COPY . .\nRUN mvn package", ""),
        ("COPY . .\nRUN pip install flask", ""),
    ] {
        let found = about(&format!("FROM a\nWORKDIR /w\n{lines}\n"), |model| {
            let held = super::order::held_up(model.final_stage()?);
            let one = held.first()?;
            let copy = one.copy.copy_text(one.source);
            Some(format!("{copy} before {}", one.install.name(one.command).0))
        });
        assert_eq!(found.unwrap_or_default(), expected, "{lines}");
    }
}
