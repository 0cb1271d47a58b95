//! Whole Dockerfiles, weighed.

use super::*;
use crate::input::{ContextFile, DOCKERIGNORE, Input, PACKAGE_JSON, REQUIREMENTS};

fn weigh(input: &Input) -> Estimate {
    let file = crate::syntax::parse(&input.dockerfile);
    estimate(&Model::build(&file, input), Tables::built_in())
}

fn web(dockerfile: &str) -> Input {
    Input::new(dockerfile).with_file(REQUIREMENTS, "fastapi\nuvicorn\n")
}

/// Line, keyword, likely megabytes and note of each layer.
fn layers(input: &Input) -> Vec<String> {
    let line = |layer: &Layer| {
        let size = layer.size.map_or("?".to_owned(), |size| format::size(size.likely));
        format!("{} {} {size}: {}", layer.line, layer.instruction, layer.note)
    };
    weigh(input).layers.iter().map(line).collect()
}

fn likely_mb(input: &Input) -> Option<u64> {
    weigh(input).total.map(|total| total.likely / 1_000_000)
}

const DEVELOPMENT: &str = "\
FROM python:3.11
WORKDIR /app
COPY . .
RUN pip install -r requirements.txt
";

const PRODUCTION: &str = "\
FROM python:3.11 AS builder
COPY requirements.txt .
RUN python -m venv --without-pip /opt/venv
RUN pip --python /opt/venv/bin/python install --no-cache-dir -r requirements.txt

FROM python:3.11-slim
COPY --from=builder /opt/venv /opt/venv
COPY ./src /app
";

#[test]
fn one_stage_keeps_everything() {
    assert_eq!(
        layers(&web(DEVELOPMENT)),
        [
            "1 FROM 1.1 GB: python:3.11",
            "3 COPY 11 MB: your files",
            "4 RUN 11 MB: what Python compiles of itself",
            "4 RUN 17 MB: 14 Python packages",
            "4 RUN 6.4 MB: pip's download cache",
        ]
    );
}

#[test]
fn a_later_stage_takes_only_what_it_copies() {
    assert_eq!(
        layers(&web(PRODUCTION)),
        [
            "6 FROM 125 MB: python:3.11-slim",
            "7 COPY 17 MB: 14 Python packages from line 4 of builder",
            "8 COPY 1 MB: your files",
        ]
    );
}

#[test]
fn the_forms_in_which_packages_travel() {
    for (install, path) in [
        ("pip install --no-cache-dir --target=/app/deps -r requirements.txt", "/app/deps"),
        ("pip install --prefix=/install -r requirements.txt", "/install"),
        ("pip install --user -r requirements.txt", "/root/.local"),
        ("pip install -r requirements.txt", "/usr/local/lib/python3.11/site-packages"),
        ("/opt/venv/bin/pip install -r requirements.txt", "/opt/venv"),
    ] {
        let input = web(&format!(
            "FROM python:3.11 AS b\nRUN {install}\nFROM scratch\nCOPY --from=b {path} /x\n"
        ));
        assert_eq!(likely_mb(&input), Some(16), "{install}");
    }
}

#[test]
fn a_plain_virtual_environment_carries_its_own_pip() {
    let input = web(
        "FROM python:3.11 AS b\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN pip install -r requirements.txt\nFROM scratch\nCOPY --from=b /opt/venv /opt/venv\n",
    );
    assert_eq!(likely_mb(&input), Some(34));
}

#[test]
fn wheels_that_are_deleted_later_still_weigh() {
    let input = web("\
FROM python:3.11-slim AS builder
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels -r requirements.txt
FROM python:3.11-slim
COPY --from=builder /wheels /wheels
RUN pip install --no-cache-dir /wheels/* && rm -rf /wheels
");
    let layers = layers(&input);
    assert_eq!(layers[1], "4 COPY 1.4 MB: wheels from line 2 of builder");
    assert_eq!(layers[3], "5 RUN 17 MB: 14 Python packages");
    assert_eq!(layers[4], "5 RUN 0 B: deletes /wheels, but line 4 keeps the bytes");
}

#[test]
fn pip_keeps_no_cache_where_it_is_told_so() {
    for kept_out in [
        "RUN pip install --no-cache-dir flask",
        "ENV PIP_NO_CACHE_DIR=1\nRUN pip install flask",
        "RUN PIP_NO_CACHE_DIR=1 pip install flask",
        "RUN pip install flask && pip cache purge",
        "RUN pip install flask && rm -rf /root/.cache",
        "RUN --mount=type=cache,target=/root/.cache/pip pip install flask",
    ] {
        let input = Input::new(format!("FROM python:3.11-slim\n{kept_out}\n"));
        assert!(layers(&input).iter().all(|layer| !layer.contains("cache")), "{kept_out}");
    }
}

#[test]
fn python_compiles_itself_once_where_the_image_brings_it_uncompiled() {
    let compiled = |text: &str| {
        let layers = weigh(&Input::new(text)).layers;
        let own = layers.iter().filter(|layer| layer.note.contains("compiles of itself"));
        own.filter_map(|layer| layer.size).map(|size| size.likely / 100_000).collect::<Vec<_>>()
    };
    for (text, expected) in [
        ("FROM python:3.11\nRUN pip install flask\nRUN pip install pandas\n", &[107][..]),
        ("FROM python:3.11\nRUN pip install -U pip\nRUN pip install flask\n", &[52]),
        ("FROM python:3.11\nRUN python -m venv /v\nRUN /v/bin/pip install flask\n", &[52]),
        (
            "FROM python:3.11\nRUN python -m venv --without-pip /v\nRUN pip --python /v/bin/python install flask\n",
            &[52, 55],
        ),
        ("FROM python:3.11\nENV PYTHONDONTWRITEBYTECODE=1\nRUN pip install flask\n", &[]),
        ("FROM debian:12\nRUN pip install flask\n", &[]),
        ("FROM python:3.11\nRUN uv pip install flask\n", &[]),
    ] {
        assert_eq!(compiled(text), expected, "{text}");
    }
}

#[test]
fn the_same_package_twice_adds_nothing() {
    let once = Input::new("FROM python:3.11-slim\nRUN pip install --no-cache-dir flask\n");
    let twice = Input::new(
        "FROM python:3.11-slim\nRUN pip install --no-cache-dir flask\nRUN pip install --no-cache-dir flask\n",
    );
    assert_eq!(weigh(&once).total, weigh(&twice).total);
}

#[test]
fn apt_lists_weigh_unless_they_are_deleted_in_the_same_run() {
    let left = Input::new(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5\nRUN rm -rf /var/lib/apt/lists/*\n",
    );
    let deleted = Input::new(
        "FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\n",
    );
    assert_eq!(layers(&left)[1], "2 RUN 20 MB: apt's package lists");
    assert_eq!(layers(&deleted)[1], "2 RUN 9.5 MB: libpq5");
    assert!(saving(&weigh(&left), &weigh(&deleted)).is_some_and(|saving| saving.low >= 17_000_000));
}

#[test]
fn a_full_base_has_the_compiler_already() {
    let with = |base: &str| {
        layers(&Input::new(format!(
            "FROM {base}\nRUN apt-get install -y --no-install-recommends gcc\n"
        )))
    };
    assert_eq!(with("python:3.11")[1], "2 RUN 0 B: already in the base: gcc");
    assert_eq!(with("python:3.11-slim")[1], "2 RUN 175 MB: gcc");
}

#[test]
fn node_packages_by_package_json() {
    let text = r#"{"dependencies": {"express": "5"}, "devDependencies": {"typescript": "5"}}"#;
    let input = |install: &str| {
        Input::new(format!("FROM node:22-slim\nWORKDIR /app\nRUN {install}\n"))
            .with_file(PACKAGE_JSON, text)
    };
    assert_eq!(
        layers(&input("npm ci --omit=dev && npm cache clean --force"))[1],
        "3 RUN 2.3 MB: Node packages"
    );
    let all = layers(&input("npm ci"));
    assert_eq!(all[1], "3 RUN 25 MB: Node packages");
    assert!(all[2].ends_with(": npm's download cache"), "{}", all[2]);
}

#[test]
fn until_the_tables_are_there_packages_are_unknown_and_say_so() {
    let input = web(DEVELOPMENT);
    let file = crate::syntax::parse(&input.dockerfile);
    let estimate = estimate(&Model::build(&file, &input), Tables::NONE);
    assert_eq!((estimate.total, estimate.pull), (None, None));
    let unknown: Vec<&Layer> = estimate.layers.iter().filter(|one| one.size.is_none()).collect();
    assert_eq!(unknown.len(), 1);
    assert!(matches!(&unknown[0].basis, Basis::Unknown { why } if why.contains("not loaded")));
    assert_eq!(saving(&estimate, &Estimate::default()), None);
}

#[test]
fn order_and_split_of_installs_do_not_change_the_total() {
    for (manager, names) in [
        ("apt-get install -y --no-install-recommends", ["git", "gcc", "curl", "libpq-dev"]),
        ("apt-get install -y", ["git", "gcc", "curl", "libpq-dev"]),
        ("pip install --no-cache-dir", ["flask", "pandas", "requests", "celery"]),
        ("npm install --no-fund", ["express", "jest", "pg", "typescript"]),
    ] {
        let base = if manager.starts_with("npm") { "node:22-slim" } else { "python:3.11-slim" };
        let total = |installs: &[&[&str]]| {
            let run = |names: &&[&str]| {
                ["RUN", manager, &names.join(" "), "&& npm cache clean --force\n"].join(" ")
            };
            let runs: Vec<String> = installs.iter().map(run).collect();
            weigh(&Input::new(format!("FROM {base}\n{}", runs.concat())))
                .total
                .map(|total| total.likely / 1000)
        };
        let [a, b, c, d] = names;
        let together = total(&[&[a, b, c, d]]);
        assert!(together.is_some_and(|kb| kb > 130_000));
        for installs in
            [&[&[d, c, b, a][..]][..], &[&[b], &[d, a], &[c]], &[&[a, b], &[c, d], &[a, b, c, d]]]
        {
            assert_eq!(total(installs), together, "{manager} {installs:?}");
        }
    }
}

#[test]
fn what_the_same_run_deletes_weighs_nothing() {
    for (run, left) in [
        ("curl -o /tmp/a.tgz https://a.b/a.tgz && rm /tmp/a.tgz", 0),
        ("curl -o /tmp/a.tgz https://a.b/a.tgz && rm -rf /tmp/*", 0),
        ("curl -o /tmp/a.tgz https://a.b/a.tgz && tar xf /tmp/a.tgz -C /opt && rm /tmp/a.tgz", 1),
        ("curl https://a.b/a.tgz | tar xz -C /opt", 1),
        ("curl https://a.b/a.tgz | tar xz -C /opt && rm -r /opt", 0),
    ] {
        let estimate = weigh(&Input::new(format!("FROM debian:12-slim\nRUN {run}\n")));
        assert_eq!(estimate.layers.len(), 1 + left, "{run}: {:?}", estimate.layers);
    }
}

#[test]
fn packages_that_the_same_run_removes() {
    let likely = |run: &str| likely_mb(&Input::new(format!("FROM debian:12-slim\nRUN {run}\n")));
    let kept = likely("apt-get install -y --no-install-recommends libpq5 gcc");
    let purged = likely(
        "apt-get install -y --no-install-recommends libpq5 gcc && apt-get purge -y --auto-remove gcc",
    );
    let only = likely("apt-get install -y --no-install-recommends libpq5");
    assert_eq!(purged, only);
    assert!(kept > only.map(|mb| mb + 100));
}

#[test]
fn what_builds_leave_and_what_a_later_stage_takes_of_it() {
    for (builder, copied, part) in [
        (
            "golang:1.26\nWORKDIR /src\nCOPY . .\nRUN go build -o /app/server .",
            "/app/server",
            "the Go program",
        ),
        ("golang:1.26\nWORKDIR /src\nRUN go build", "/src/server", "the Go program"),
        (
            "rust:1\nWORKDIR /app\nRUN cargo build --release",
            "/app/target/release/app",
            "the Rust program",
        ),
        ("maven:3.9\nWORKDIR /app\nRUN mvn package", "/app/target/*.jar", "the Java program"),
        ("node:22\nWORKDIR /app\nRUN npm run build", "/app/dist", "what the build writes"),
        ("node:22\nWORKDIR /app\nRUN npm ci", "/app/node_modules", "Node packages"),
        (
            "python:3.11\nRUN python -m venv /v\nRUN /v/bin/pip install flask",
            "/v",
            "a pip of its own in the virtual environment",
        ),
    ] {
        let text = format!("FROM {builder}\nFROM scratch\nCOPY --from=0 {copied} /x\n");
        let layers = layers(&Input::new(text));
        assert!(layers[1].contains(part), "{copied}: {layers:?}");
    }
}

#[test]
fn a_pruned_project_copies_less() {
    let input = |prune: &str| {
        let text = format!(
            "FROM node:22\nWORKDIR /a\nRUN npm ci\n{prune}FROM scratch\nCOPY --from=0 /a/node_modules /x\n"
        );
        Input::new(text).with_file(
            PACKAGE_JSON,
            r#"{"dependencies": {"express": "5"}, "devDependencies": {"typescript": "5"}}"#,
        )
    };
    assert!(
        likely_mb(&input("")) > likely_mb(&input("RUN npm prune --omit=dev\n")).map(|mb| mb + 15)
    );
}

#[test]
fn long_chains_of_stages_are_walked_in_time() {
    let chain = |n: usize| {
        let stage = |at: usize| {
            let (below, other) = (at - 1, at / 2);
            format!(
                "FROM s{below} AS s{at}\nRUN apt-get update && apt-get install -y p{at}\nCOPY --from=s{other} /a /a\n"
            )
        };
        let stages: Vec<String> = (1..n).map(stage).collect();
        format!("FROM debian:12-slim AS s0\n{}", stages.concat())
    };
    assert_eq!(weigh(&Input::new(chain(3000))).layers.len(), 6000);
}

#[test]
fn a_recursive_chown_stores_files_twice() {
    let mut input = Input::new("FROM debian:bookworm-slim\nCOPY . /app\nRUN chown -R app /app\n");
    input.context = Some(vec![ContextFile { path: "big.bin".to_owned(), bytes: 30_000_000 }]);
    assert_eq!(layers(&input)[2], "3 RUN 30 MB: /app once more, by chown");
}

#[test]
fn an_unknown_base_has_no_total_but_its_layers_are_weighed() {
    let estimate = weigh(&web(
        "FROM 123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-python:3.10\nRUN pip install -r requirements.txt\n",
    ));
    assert_eq!((estimate.total, estimate.pull), (None, None));
    assert!(estimate.layers[1].size.is_some());
    // What a fix takes off is known even so.
    assert_eq!(saving(&estimate, &estimate), Some(Saving { low: 0, likely: 0, high: 0 }));
}

#[test]
fn stages_that_build_on_each_other() {
    let input = Input::new(
        "FROM python:3.11-slim AS base\nRUN pip install --no-cache-dir flask\nFROM base\nCOPY main.py .\n",
    );
    assert_eq!(layers(&input).len(), 4);
    assert_eq!(weigh(&input).base.map(|base| base.image).as_deref(), Some("python:3.11-slim"));
    let target = Input { target: Some("base".to_owned()), ..input };
    assert_eq!(layers(&target).len(), 3);
}

#[test]
fn what_is_not_known_is_a_range_that_says_so() {
    for line in [
        "RUN make install",
        "COPY --from=ghcr.io/acme/tool /tool /bin/",
        "ADD https://example.com/a.tar.gz /",
        "RUN bundle install",
    ] {
        let estimate = weigh(&Input::new(format!("FROM debian:bookworm-slim\n{line}\n")));
        let layer = estimate.layers.last().expect("a layer");
        assert!(
            layer.size.is_some_and(|size| size.high > 10 * size.likely.max(1) / 2),
            "{line}: {layer:?}"
        );
        assert!(
            matches!(&layer.basis, Basis::Estimated { why } if why.contains("not")),
            "{line}: {layer:?}"
        );
    }
}

#[test]
fn nothing_to_weigh() {
    for text in [
        "",
        "prose",
        "FROM",
        "FROM scratch\n",
        "COPY --from=0 /a /b\n",
        "FROM a AS b\nCOPY --from=b /x /y\n",
    ] {
        let estimate = weigh(&Input::new(text));
        assert!(estimate.total.is_none_or(|total| total.low == 0), "{text:?}");
    }
}

#[test]
fn a_saving_is_before_minus_after() {
    let (before, after) = (weigh(&web(DEVELOPMENT)), weigh(&web(PRODUCTION)));
    let saved = saving(&before, &after).expect("both are known");
    assert!(saved.low > 900_000_000 && saved.low <= saved.likely && saved.likely <= saved.high);
    assert_eq!(saving(&before, &before), Some(Saving { low: 0, likely: 0, high: 0 }));
    // What is not known about the files does not matter where only the cache goes.
    let without_cache = weigh(&web(&DEVELOPMENT.replace("install", "install --no-cache-dir")));
    assert!(
        saving(&before, &without_cache)
            .is_some_and(|saved| saved.low > 0 && saved.high < 20_000_000)
    );
}

#[test]
fn the_approaches_of_the_lesson() {
    let mut input = web(DEVELOPMENT);
    input.context = Some(vec![
        ContextFile { path: ".git/objects/a.pack".to_owned(), bytes: 40_000_000 },
        ContextFile { path: "src/main.py".to_owned(), bytes: 2_000 },
    ]);
    let rows = |input: &Input| -> Vec<String> {
        let row = |row: Approach| {
            let yours = row.yours.map_or("?".to_owned(), |bytes| format::size(bytes.likely));
            format!(
                "{}{}: {yours}: {}",
                if row.is_yours_now { "* " } else { "" },
                row.name,
                row.why
            )
        };
        approaches(input, Tables::built_in()).into_iter().map(row).collect()
    };
    assert_eq!(
        rows(&input),
        [
            "* Full image, everything: 1.2 GB: Adds 74 MB to the base, the lesson's 600 MB",
            "Slim base: 199 MB: Adds 74 MB to the base, the lesson's 280 MB",
            "Slim, two stages: 182 MB: A builder leaves 17 MB behind here",
            "With .dockerignore: 142 MB: An ignore file keeps 40 MB out",
        ]
    );
    // The lesson's final file copies only ./src, where none of its patterns reaches.
    let narrow =
        Input { dockerfile: PRODUCTION.to_owned(), ..input }.with_file(DOCKERIGNORE, ".git\n");
    assert_eq!(
        rows(&narrow)[3],
        "* With .dockerignore: 142 MB: What is copied holds nothing that it keeps out"
    );
    // An ignore file that is there counts in every shape.
    let own = web(DEVELOPMENT).with_file(DOCKERIGNORE, ".git\n");
    let own = Input { context: narrow.context, ..own };
    assert_eq!(
        rows(&own),
        [
            "* Full image, everything: 1.1 GB: Adds 34 MB to the base, the lesson's 600 MB",
            "Slim base: 159 MB: Adds 34 MB to the base, the lesson's 280 MB",
            "Slim, two stages: 142 MB: A builder leaves 17 MB behind here",
            "With .dockerignore: 142 MB: Your ignore file keeps 40 MB out of every line",
        ]
    );
    assert!(approaches(&Input::new(""), Tables::built_in()).is_empty());
}

#[test]
fn every_why_of_the_approaches_is_short() {
    for text in [DEVELOPMENT, PRODUCTION, "FROM node:22\nCOPY . .\nRUN npm ci\n"] {
        for row in approaches(&Input::new(text), Tables::built_in()) {
            assert!(row.why.split_whitespace().count() <= 10, "{}", row.why);
        }
    }
}
