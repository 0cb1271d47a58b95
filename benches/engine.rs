//! How fast the engine is: megabytes a second on files as people write them, and time at n and at 2n on hostile ones.
//!
//! `cargo bench --no-default-features --features cli --bench engine`. Times are the processor's where the system tells them (Linux).
//! Machines differ, so the last column counts most: what grows with the size of the file stays near 2.

#![expect(clippy::disallowed_methods, reason = "it reads the clock and the fixtures")]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use drydock::analysis::weigh;
use drydock::estimate::Tables;
use drydock::input::Input;
use drydock::model::Model;
use drydock::rewrite::{Level, rewrite};
use drydock::{rules, syntax};

/// That of the command line.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const MEGABYTE: usize = 1_000_000;

/// The clock of the processor goes by steps of some milliseconds.
const BATCH: Duration = Duration::from_millis(80);

fn main() {
    // `cargo test --benches` only asks whether it starts.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let fixtures = fixtures();
    let all: usize = fixtures.iter().map(String::len).sum();
    println!("{} fixtures, {} KB", fixtures.len(), all / 1000);
    speed("parse", all, None, || fixtures.iter().for_each(|text| parse(text)));
    speed("check", all, None, || fixtures.iter().for_each(|text| check(text)));
    speed("fix", all, None, || fixtures.iter().for_each(|text| fix(text)));

    let large = large(&fixtures);
    println!("\none file of {} KB", large.len() / 1000);
    speed("parse", large.len(), Some(30), || parse(&large));
    speed("check", large.len(), Some(100), || check(&large));
    speed("fix", large.len(), None, || fix(&large));

    let long = long(&fixtures);
    println!("\none file of {} lines", long.lines().count());
    speed("weigh", long.len(), Some(2), || weighed(&long));
    speed("fix", long.len(), Some(10), || fix(&long));

    println!(
        "\n{:<44} {:>8} {:>10} {:>10} {:>6} {:>10} {:>10} {:>6}",
        "hostile", "n", "parse n", "2n", "times", "check n", "2n", "times"
    );
    for (name, n, shape) in HOSTILE {
        println!(
            "{name:<44} {n:>8} {}",
            [parse as fn(&str), check].map(|run| growth(run, n, shape)).join(" ")
        );
    }

    println!("\n{:<44} {:>8} {:>10} {:>10} {:>6}", "fix", "n", "fix n", "2n", "times");
    for (name, n, shape) in TO_MEND {
        println!("{name:<44} {n:>8} {}", growth(fix, n, shape));
    }
}

/// The time that `run` takes for `shape` at `n` and at twice that, and how many times as long the latter is.
fn growth(run: fn(&str), n: usize, shape: Shape) -> String {
    let (once, twice) = (shape(n), shape(2 * n));
    let (a, b) = (fastest(|| run(&once)), fastest(|| run(&twice)));
    format!("{:>10} {:>10} {:>6.1}", ms(a), ms(b), b.as_secs_f64() / a.as_secs_f64())
}

fn parse(text: &str) {
    black_box(syntax::parse(black_box(text)));
}

fn check(text: &str) {
    let input = Input::new(text);
    let file = syntax::parse(&input.dockerfile);
    black_box(rules::check_all(&Model::build(&file, &input)));
}

fn weighed(text: &str) {
    black_box(weigh(&Input::new(text), Tables::built_in()));
}

fn fix(text: &str) {
    black_box(rewrite(&Input::new(text), Level::All));
}

/// How long one run takes: the best of some batches, each long enough for the clock of the processor.
fn fastest(run: impl Fn()) -> Duration {
    let begin = Instant::now();
    let mut best = Duration::MAX;
    while best == Duration::MAX || begin.elapsed() < BATCH * 8 {
        let (start, clock) = (processor_time(), Instant::now());
        let mut runs = 0;
        while runs == 0 || clock.elapsed() < BATCH {
            run();
            runs += 1;
        }
        let time = processor_time().zip(start).map(|(end, start)| end.saturating_sub(start));
        best = best.min(time.unwrap_or_else(|| clock.elapsed()) / runs);
    }
    best.max(Duration::from_nanos(1))
}

/// How long this thread has run so far.
fn processor_time() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_whitespace().next()?.parse().ok()?))
}

fn ms(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// Prints how fast `run` is over `bytes`, and whether that is within `budget` milliseconds.
fn speed(what: &str, bytes: usize, budget: Option<u64>, run: impl Fn()) {
    let time = fastest(run);
    // Bytes a microsecond are megabytes a second.
    let rate = bytes as u128 * 10 / time.as_micros().max(1);
    let verdict = budget.map(|most| {
        let within = time <= Duration::from_millis(most);
        format!("{} {most} ms", if within { "within" } else { "OVER" })
    });
    let verdict = verdict.unwrap_or_default();
    println!("{what:<8} {:>12} {:>6}.{} MB/s  {verdict}", ms(time), rate / 10, rate % 10);
}

/// The Dockerfiles of `tests/fixtures`.
fn fixtures() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut folders: Vec<_> = std::fs::read_dir(root)
        .expect("the fixtures")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    folders
        .iter()
        .filter_map(|folder| std::fs::read_to_string(folder.join("Dockerfile")).ok())
        .collect()
}

/// The fixtures that can be read, one below the other, until it is a megabyte.
fn large(fixtures: &[String]) -> String {
    let good: Vec<_> = fixtures
        .iter()
        .filter(|text| syntax::parse(text).errors.is_empty() && !text.contains("escape=`"))
        .collect();
    let mut large = String::new();
    for text in good.iter().cycle() {
        large.push_str(text.trim_start_matches('\u{feff}'));
        large.push('\n');
        if large.len() >= MEGABYTE {
            break;
        }
    }
    large
}

/// Fixtures in one file of some 200 lines whose last stage takes from all the others.
fn long(fixtures: &[String]) -> String {
    let mut long = large(fixtures);
    let end = long.match_indices('\n').nth(199).map_or(long.len(), |(at, _)| at + 1);
    long.truncate(end);
    let stages = long.lines().filter(|line| line.starts_with("FROM ")).count();
    let copies = (0..stages).map(|at| format!("COPY --from={at} /app /app\n"));
    long + "FROM scratch\n" + &copies.collect::<String>()
}

type Shape = fn(usize) -> String;

/// What grows without end, each at a size that a page may well be given.
const HOSTILE: [(&str, usize, Shape); 29] = [
    ("continuation lines", 50_000, |n| format!("FROM a\nRUN b{}\n", " && \\\n  c".repeat(n))),
    ("continuation lines, each with a comment", 50_000, |n| {
        format!("FROM a\nRUN b{}\n", " && \\\n  # d\n  c".repeat(n))
    }),
    ("blank lines in a continuation", 50_000, |n| {
        format!("FROM a\nRUN b \\\n{}c\n", "\n".repeat(n))
    }),
    ("escapes in one string", 5_000, |n| format!("FROM a\nRUN b \"{}\"\n", "\\\"".repeat(n))),
    ("escapes in one label", 5_000, |n| format!("FROM a\nLABEL b=\"{}\"\n", "\\\"".repeat(n))),
    ("stages", 15_000, |n| numbered(n, |at| format!("FROM a AS s{at}\n"))),
    ("stages, each on the one before", 15_000, |n| {
        numbered(n, |at| format!("FROM s{} AS s{at}\nRUN b\n", at.wrapping_sub(1)))
    }),
    ("instructions", 50_000, |n| format!("FROM a\n{}", "RUN b\n".repeat(n))),
    ("unknown instructions", 20_000, |n| format!("FROM a\n{}", "RUNN b\n".repeat(n))),
    ("lines of prose", 20_000, |n| format!("FROM a\n{}", "Once upon a time, my dear\n".repeat(n))),
    ("pairs of one ENV", 50_000, |n| format!("FROM a\nENV{}\n", " b=\"c d\"".repeat(n))),
    ("paths of one COPY", 50_000, |n| format!("FROM a\nCOPY{} /d/\n", " b".repeat(n))),
    ("elements of one array", 50_000, |n| format!("FROM a\nCMD [\"b\"{}]\n", ", \"c\"".repeat(n))),
    ("flags with quotes", 20_000, |n| {
        format!("FROM a\nRUN{} b\n", " --mount=\"type=cache\"".repeat(n))
    }),
    ("heredocs of one RUN", 20_000, |n| {
        format!("FROM a\nRUN b{}\n{}", " <<E".repeat(n), "E\n".repeat(n))
    }),
    ("heredocs without an end", 20_000, |n| format!("FROM a\n{}", "RUN b <<E\n".repeat(n))),
    ("nesting: (", 50_000, |n| nested(n, "(", ")")),
    ("nesting: $(", 50_000, |n| nested(n, "$(", ")")),
    ("nesting: ${a:-", 50_000, |n| nested(n, "${a:-", "}")),
    ("nesting: ${a:- before a heredoc", 50_000, |n| {
        format!("FROM a\nRUN {}b{} <<E\nE\n", "${a:-".repeat(n), "}".repeat(n))
    }),
    ("nesting: {", 50_000, |n| nested(n, "{ ", "; }")),
    ("nesting: if", 50_000, |n| nested(n, "if a; then ", "; fi")),
    ("nesting: case", 50_000, |n| nested(n, "case a in b) ", ";; esac")),
    ("nesting: backtick and quote", 50_000, |n| nested(n, "`\"", "\"`")),
    ("nesting: [", 50_000, |n| format!("FROM a\nCMD {}{}\n", "[".repeat(n), "]".repeat(n))),
    ("nesting: {\"a\":", 50_000, |n| {
        format!("FROM a\nCMD [{}0{}]\n", "{\"a\":".repeat(n), "}".repeat(n))
    }),
    ("nesting: ONBUILD", 50_000, |n| format!("FROM a\n{}RUN b\n", "ONBUILD ".repeat(n))),
    ("variables in one ENV", 20_000, |n| format!("FROM a\nENV b=\"{}\"\n", "${c:-d}".repeat(n))),
    ("ARGs, each of the one before", 20_000, |n| {
        numbered(n, |at| format!("ARG a{at}=$a{}\n", at.wrapping_sub(1))) + "FROM a\n"
    }),
];

/// What has much to mend.
const TO_MEND: [(&str, usize, Shape); 4] = [
    ("installs", 1_000, |n| format!("FROM python:3.11\n{}", "RUN pip install flask\n".repeat(n))),
    ("copies above installs", 500, |n| {
        let pair = "COPY . .\nRUN pip install -r requirements.txt\n";
        format!("FROM python:3.11\nWORKDIR /app\n{}", pair.repeat(n))
    }),
    ("stages with a program each", 250, |n| {
        numbered(n, |at| {
            format!("FROM node:20 AS s{at}\nCOPY . .\nRUN npm install\nCMD npm start\n")
        })
    }),
    ("lines of one apt-get install", 1_000, |n| {
        format!(
            "FROM debian:12\nRUN apt-get update && apt-get install{}\n",
            " \\\n  curl".repeat(n)
        )
    }),
];

fn numbered(n: usize, piece: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for at in 0..n {
        text.push_str(&piece(at));
    }
    text
}

fn nested(n: usize, open: &str, close: &str) -> String {
    format!("FROM a\nRUN {}b{}\n", open.repeat(n), close.repeat(n))
}
