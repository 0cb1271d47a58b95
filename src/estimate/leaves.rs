//! What commands leave that are no installs: programs that a build writes, what it keeps for the next one, downloads.

use super::walk::{Artifact, Here, Walk, estimated};
use super::{Bytes, Part};
use crate::model::is_in;
use crate::syntax::shell::{Command, Joined};

/// One thing that a command leaves.
struct Leaf {
    programs: &'static str,
    /// Its first words, one of them; empty for any.
    orders: &'static str,
    /// Where, seen from the folder that it runs in.
    path: &'static str,
    part: Part,
    /// In kilobytes.
    size: (u32, u32, u32),
    what: &'static str,
    /// Where the range comes from.
    why: &'static str,
}

const LEAVES: [Leaf; 19] = [
    program(
        "go",
        "build",
        ".",
        (3000, 15_000, 80_000),
        "the Go program",
        "Not measured: a Go program is one file with its libraries in it, mostly 10 to 30 MB",
    ),
    program(
        "go",
        "install",
        "/go/bin",
        (3000, 15_000, 80_000),
        "the Go program",
        "Not measured: a Go program is one file with its libraries in it, mostly 10 to 30 MB",
    ),
    kept(
        "go",
        "build install test",
        "/root/.cache/go-build",
        (30_000, 200_000, 1_500_000),
        "Go's build cache",
        "Not measured: Go keeps all that it compiled, its own library too",
    ),
    kept(
        "go",
        "build install mod get",
        "/go/pkg/mod",
        (500, 60_000, 1_000_000),
        "Go's modules",
        "Your modules are not known: mostly some tens of megabytes",
    ),
    program(
        "cargo",
        "build b",
        "target/release",
        (500, 8000, 100_000),
        "the Rust program",
        "Not measured: a Rust program is mostly 3 to 20 MB",
    ),
    program(
        "cargo",
        "install",
        "/usr/local/cargo/bin",
        (500, 8000, 100_000),
        "the Rust program",
        "Not measured: a Rust program is mostly 3 to 20 MB",
    ),
    kept(
        "cargo",
        "build b",
        "target",
        (30_000, 400_000, 4_000_000),
        "what cargo keeps of the build",
        "Not measured: cargo keeps every step, mostly hundreds of megabytes",
    ),
    kept(
        "cargo",
        "build b install fetch",
        "/usr/local/cargo/registry",
        (500, 80_000, 800_000),
        "cargo's downloads",
        "Your crates are not known: mostly some tens of megabytes",
    ),
    program(
        "mvn mvnw",
        "",
        "target",
        (100, 30_000, 200_000),
        "the Java program",
        "Not measured: a Spring program is mostly 20 to 60 MB with its libraries",
    ),
    kept(
        "mvn mvnw",
        "",
        "/root/.m2",
        (10_000, 120_000, 900_000),
        "Maven's downloads",
        "Not measured: Maven keeps plugins and libraries, mostly more than 100 MB",
    ),
    program(
        "gradle gradlew",
        "",
        "build",
        (100, 30_000, 200_000),
        "the Java program",
        "Not measured: a Spring program is mostly 20 to 60 MB with its libraries",
    ),
    kept(
        "gradle gradlew",
        "",
        "/root/.gradle",
        (30_000, 300_000, 1_500_000),
        "Gradle's downloads",
        "Not measured: Gradle keeps itself, plugins and libraries",
    ),
    program(
        "dotnet",
        "publish build",
        ".",
        (100, 5000, 150_000),
        "the .NET program",
        "Not measured: mostly a few megabytes, with its own runtime 70 MB and more",
    ),
    kept(
        "dotnet",
        "publish build restore",
        "/root/.nuget",
        (500, 60_000, 800_000),
        "NuGet's packages",
        "Your packages are not known",
    ),
    program(
        "npm yarn pnpm bun",
        "run build",
        ".",
        (100, 3000, 150_000),
        "what the build writes",
        "It is not known what the build writes: a small front end is 1 to 5 MB",
    ),
    program(
        "make cmake",
        "",
        ".",
        (100, 10_000, 300_000),
        "what the build writes",
        "It is not known what the build writes",
    ),
    program(
        "git",
        "clone",
        ".",
        (50, 20_000, 1_000_000),
        "a clone",
        "It is not known what the repository holds",
    ),
    program(
        "apt-get apt",
        "upgrade dist-upgrade full-upgrade",
        "/var/lib/dpkg",
        (0, 10_000, 250_000),
        "newer versions of what the base holds",
        "It is not known what there is to upgrade on the day of the build",
    ),
    program(
        "unzip",
        "",
        ".",
        (100, 20_000, 500_000),
        "what an archive holds",
        "It is not known what the archive holds",
    ),
];

const fn program(
    programs: &'static str,
    orders: &'static str,
    path: &'static str,
    size: (u32, u32, u32),
    what: &'static str,
    why: &'static str,
) -> Leaf {
    Leaf { programs, orders, path, part: Part::Other, size, what, why }
}

const fn kept(
    programs: &'static str,
    orders: &'static str,
    path: &'static str,
    size: (u32, u32, u32),
    what: &'static str,
    why: &'static str,
) -> Leaf {
    Leaf { programs, orders, path, part: Part::Cache, size, what, why }
}

/// A download, a script from elsewhere, and an archive that is unpacked, in kilobytes.
const DOWNLOAD: (u32, u32, u32) = (10, 10_000, 150_000);
const SCRIPT: (u32, u32, u32) = (0, 20_000, 800_000);
const ARCHIVE: (u32, u32, u32) = (100, 20_000, 500_000);

impl Walk {
    /// What a command leaves that installs nothing by a package manager; `next` is the command behind it.
    pub(super) fn leaves(
        &mut self,
        here: Here<'_, '_, '_>,
        command: &Command,
        next: Option<&Command>,
    ) {
        let name = command.program();
        let first = command.arguments().iter().find(|word| !word.text.starts_with('-'));
        let first = first.map_or("", |word| word.text.as_str());
        for leaf in LEAVES.iter().filter(|leaf| is_in(leaf.programs, name)) {
            // `build:prod` is a build as well.
            let order = first.split(':').next().unwrap_or_default();
            if leaf.orders.is_empty() || is_in(leaf.orders, order) {
                let output = ["-o", "--output"].iter().find_map(|option| value(command, option));
                let path = output.filter(|_| leaf.part == Part::Other).unwrap_or(leaf.path);
                self.leave(here, path, leaf.part, leaf.size, leaf.what, leaf.why);
            }
        }
        let is_piped = next.is_some_and(|next| next.joined == Joined::Pipe);
        match name {
            "curl" | "wget" if !is_piped => {
                let path =
                    ["-o", "-O", "--output"].iter().find_map(|option| value(command, option));
                let path = path.unwrap_or(".");
                self.leave(
                    here,
                    path,
                    Part::Other,
                    DOWNLOAD,
                    &format!("what {name} fetches"),
                    "It is not known how large the download is",
                );
            }
            "tar" if unpacks(first, command) => {
                let path = ["-C", "--directory"]
                    .iter()
                    .find_map(|option| value(command, option))
                    .unwrap_or(".");
                self.leave(
                    here,
                    path,
                    Part::Other,
                    ARCHIVE,
                    "what an archive holds",
                    "It is not known what the archive holds",
                );
            }
            "sh" | "bash" if command.joined == Joined::Pipe => {
                self.leave(
                    here,
                    "/usr/local",
                    Part::Other,
                    SCRIPT,
                    "what a script from elsewhere installs",
                    "It is not known what the script installs",
                );
            }
            _ => {}
        }
    }

    /// Puts something somewhere, unless it lies in a mounted cache or is there already.
    pub(super) fn leave(
        &mut self,
        here: Here<'_, '_, '_>,
        path: &str,
        part: Part,
        size: (u32, u32, u32),
        what: &str,
        why: &str,
    ) {
        let path = here.absolute(path);
        let is_there = || self.artifacts.iter().any(|one| one.path == path && one.what == what);
        if here.step.mounts_over(&path) || (part == Part::Cache && is_there()) {
            return;
        }
        self.put(
            here,
            Artifact {
                path,
                size: Some(Bytes::kb(size)),
                basis: estimated(why),
                part,
                what: what.to_owned(),
                line: here.line(),
                packages: None,
                is_output: part == Part::Other,
            },
        );
    }
}

/// The word behind an option, or behind its `=`.
fn value<'c>(command: &'c Command, option: &str) -> Option<&'c str> {
    let words = command.arguments();
    words.iter().enumerate().find_map(|(at, word)| match word.text.split_once('=') {
        Some((name, value)) if name == option => Some(value),
        _ if word.text == option => words.get(at + 1).map(|word| word.text.as_str()),
        _ => None,
    })
}

/// Whether tar unpacks: `tar xzf`, `tar -xf`, `tar --extract`.
fn unpacks(first: &str, command: &Command) -> bool {
    let is_extract = |text: &str| {
        text == "--extract"
            || (text.starts_with('-') && !text.starts_with("--") && text.contains('x'))
    };
    (first.contains('x') && first.chars().all(|c| c.is_ascii_lowercase()))
        || command.arguments().iter().any(|word| is_extract(&word.text))
}
