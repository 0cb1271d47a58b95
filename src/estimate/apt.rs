//! What system packages weigh: Debian's by the archive's own sizes, ranges for the others.

use super::Bytes;
use super::packages::{Added, Packages, Source, Wanted, kilobytes};
use super::tables::{Table, Tables};
use super::variants::{Variant, is_full};
use crate::model::{self, Family, Image};

/// A Debian package that is not in the table, in kilobytes: of those in the table, half are below 3 MB with all that they bring.
const OTHER: (u32, u32, u32) = (50, 3000, 80_000);
/// A package of Alpine or of the RPM family of which Debian has none of the same name.
const FOREIGN: (u32, u32, u32) = (50, 3000, 100_000);
/// Alpine's package index.
pub(super) const INDEX: (u32, u32, u32) = (1000, 2500, 5000);
/// What apt notes besides the packages: dpkg's lists of packages, twice, its log, the linker's cache.
const NOTES: (u32, u32, u32) = (150, 400, 2500);

/// What packages are put on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ground {
    system: System,
    /// The rank of the base in the tables: 0 Debian, 1 Python's slim image, 2 full images, 3 Python's full image.
    rank: u32,
    /// Whether it leaves manuals, translations and the like out, of what is installed later too.
    is_slim: bool,
}

/// How near Debian's packages are to those of the image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum System {
    Bookworm,
    Trixie,
    /// Another release of Debian, or one that nobody names.
    SomeDebian,
    Ubuntu,
    /// Alpine, or the RPM family.
    Foreign,
}

impl Default for Ground {
    fn default() -> Self {
        Self { system: System::SomeDebian, rank: 0, is_slim: true }
    }
}

impl Ground {
    /// What `image` is.
    pub(super) fn of(image: &Image) -> Self {
        let name = image.official().unwrap_or_default();
        let is_full = is_full(image) || name == "buildpack-deps";
        let is_debian = image.family().is_none_or(|family| family == Family::Debian);
        let suite = image.suite().unwrap_or_default();
        let number = image.version().unwrap_or_default();
        let system = match (name, suite) {
            _ if !is_debian => System::Foreign,
            ("ubuntu" | "eclipse-temurin" | "maven" | "gradle", _)
            | (_, "focal" | "jammy" | "noble" | "resolute") => System::Ubuntu,
            (_, "bookworm") => System::Bookworm,
            (_, "trixie") => System::Trixie,
            (_, "buster" | "bullseye" | "stretch") => System::SomeDebian,
            ("debian", _) if number.starts_with("12") => System::Bookworm,
            ("debian", _) if number.starts_with("13") || number.is_empty() => System::Trixie,
            // What tags without a suite meant when base_images.csv was made.
            ("node", _) => System::Bookworm,
            (
                "python" | "golang" | "rust" | "ruby" | "php" | "httpd" | "redis" | "postgres"
                | "nginx",
                _,
            ) => System::Trixie,
            _ => System::SomeDebian,
        };
        let rank = match (name, Variant::of(image)) {
            ("python", Variant::Full) => 3,
            ("python", Variant::Slim) => 1,
            _ if is_full => 2,
            _ => 0,
        };
        let keeps_docs = is_full || (name == "debian" && Variant::of(image) == Variant::Full);
        Self { system, rank, is_slim: !keeps_docs }
    }

    /// The same system with another base image's packages.
    pub(super) const fn as_variant(self, variant: Variant, is_python: bool) -> Self {
        let is_slim = matches!(variant, Variant::Slim);
        let rank = match (is_slim, is_python) {
            (true, false) => 0,
            (true, true) => 1,
            (false, false) => 2,
            (false, true) => 3,
        };
        Self { system: self.system, rank, is_slim }
    }

    const fn table(self, tables: Tables) -> Table {
        match self.system {
            System::Trixie | System::Ubuntu => tables.trixie,
            _ => tables.bookworm,
        }
    }

    /// Where apt is not the package manager.
    pub(super) const fn foreign(self) -> Self {
        Self { system: System::Foreign, ..self }
    }

    /// The source of packages for this ground.
    pub(super) fn source(self, tables: Tables, recommends: bool) -> Source {
        let base = (self.system != System::Foreign).then_some(self.rank);
        Source { table: self.table(tables), recommends, with_needs: false, base }
    }

    /// What packages that were `added` by apt weigh, and where the number comes from; `None` while there is no table.
    pub(super) fn weigh(self, tables: Tables, added: &Added) -> Option<(Bytes, String)> {
        let table = self.table(tables);
        if !table.is_there() {
            return None;
        }
        let [kb, left_out, ..] = added.numbers;
        let kept = if self.is_slim { kb.saturating_sub(left_out) } else { kb };
        let (low, high) = match self.system {
            System::Bookworm | System::Trixie => (92, 108),
            System::SomeDebian => (75, 130),
            System::Ubuntu => (60, 150),
            System::Foreign => (15, 130),
        };
        let likely = if self.system == System::Foreign { 60 } else { 100 };
        let measured = kilobytes(kept).percent(low, likely, high);
        let others =
            added.range(if self.system == System::Foreign { FOREIGN } else { OTHER }, OTHER);
        let date = table.date();
        let release = if self.system == System::Trixie { "Debian 13" } else { "Debian 12" };
        let mut why = match self.system {
            System::Bookworm | System::Trixie => {
                format!("{release}'s own sizes on {date} of the packages and all that they need")
            }
            System::SomeDebian => {
                format!(
                    "{release}'s own sizes on {date}; another release differs, so the range is wider"
                )
            }
            System::Ubuntu => {
                format!(
                    "Debian 13's sizes on {date}: Ubuntu's are not measured, so the range is wider"
                )
            }
            System::Foreign => format!(
                "Not measured: taken from Debian's packages of the same names on {date}, which are mostly larger"
            ),
        };
        if added.others > 0 {
            let are = if added.others == 1 { "package is" } else { "packages are" };
            why = format!("{why}; {} {are} not in the table: a range for each", added.others);
        }
        Some((measured + others, why))
    }

    /// What apt's package lists weigh, and where the number comes from; `None` while there is no table.
    pub(super) fn lists(self, tables: Tables) -> Option<(Bytes, String)> {
        let table = self.table(tables);
        let kb = u64::from(table.row("/lists")?.numbers[0]);
        let release = if self.system == System::Trixie { "Debian 13" } else { "Debian 12" };
        let (low, likely, high) = match self.system {
            System::Bookworm | System::Trixie => (95, 100, 110),
            System::Ubuntu => (80, 200, 300),
            _ => (75, 95, 230),
        };
        let rest = match self.system {
            System::Bookworm | System::Trixie => "",
            _ => "; another system's are not measured, so the range is wider",
        };
        let why = format!("{release}'s lists on {}, as its images store them{rest}", table.date());
        Some((kilobytes(kb).percent(low, likely, high), why))
    }
}

/// What apt itself notes where it has `added` something: the same for one run and for many.
pub(super) fn notes(added: &Added) -> Bytes {
    Bytes::kb(if added.numbers[0] == 0 && added.others == 0 { (0, 0, 0) } else { NOTES })
}

/// Debian's name of an Alpine or RPM package, where it is another one.
pub(super) fn debian_name(name: &str) -> &str {
    match name {
        "build-base" => "build-essential",
        "musl-dev" | "libc-dev" | "glibc-devel" => "libc6-dev",
        "gcc-c++" => "g++",
        "postgresql-dev" | "postgresql-devel" => "libpq-dev",
        "mariadb-dev" | "mariadb-connector-c-dev" => "libmariadb-dev",
        "openssl-dev" | "openssl-devel" => "libssl-dev",
        "libffi-devel" => "libffi-dev",
        "zlib-dev" | "zlib-devel" => "zlib1g-dev",
        "jpeg-dev" | "libjpeg-turbo-dev" => "libjpeg62-turbo-dev",
        "sqlite" => "sqlite3",
        "sqlite-dev" => "libsqlite3-dev",
        "py3-pip" => "python3-pip",
        "procps-ng" => "procps",
        "linux-headers" => "linux-libc-dev",
        name => name,
    }
}

/// Whether a package only serves to build others: compilers and headers.
pub(super) fn is_build_tool(package: &str) -> bool {
    model::is_build_tool(package) || ["git", "python3-pip", "dpkg-dev"].contains(&package)
}

/// The package's name without version, release and architecture: `libpq-dev=15.1`, `libpq-dev/bookworm`, `libpq-dev:amd64`.
pub(super) fn bare(package: &str) -> &str {
    package.split(['=', '/', ':', '<', '>', '~']).next().unwrap_or_default()
}

/// Adds `names` to `set`; gives what was new.
pub(super) fn install(
    set: &mut Packages,
    ground: Ground,
    tables: Tables,
    recommends: bool,
    names: &[&str],
) -> Added {
    let source = ground.source(tables, recommends);
    let mut added = Added::default();
    for name in names {
        let name = bare(name);
        let name = if ground.system == System::Foreign { debian_name(name) } else { name };
        if name.contains('$') {
            set.add_unknown(&mut added);
        } else if !name.is_empty() {
            set.add(source, name, Wanted::Newest, &mut added);
        }
    }
    added
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextRange;

    fn ground(image: &str) -> Ground {
        Ground::of(&Image::parse(image, image, TextRange::default()))
    }

    /// What installing weighs, one install after the other, in bytes.
    fn weigh(image: &str, recommends: bool, installs: &[&[&str]]) -> (Bytes, String) {
        let (mut set, mut total, mut last) = (Packages::default(), Bytes::default(), String::new());
        for names in installs {
            let added = install(&mut set, ground(image), Tables::built_in(), recommends, names);
            let (bytes, why) = ground(image).weigh(Tables::built_in(), &added).expect("a table");
            (total, last) = (total + bytes, why);
        }
        (total, last)
    }

    fn likely(image: &str, recommends: bool, installs: &[&[&str]]) -> u64 {
        weigh(image, recommends, installs).0.likely
    }

    #[test]
    fn order_split_and_repetition_do_not_change_the_total() {
        for image in ["debian:12-slim", "python:3.11-slim", "python:3.11", "ubuntu:24.04"] {
            for recommends in [false, true] {
                let together = likely(image, recommends, &[&["gcc", "git", "libpq-dev", "curl"]]);
                for installs in [
                    &[&["curl", "libpq-dev", "git", "gcc"][..]][..],
                    &[&["git"], &["gcc", "curl"], &["libpq-dev"]],
                    &[&["gcc", "git", "libpq-dev", "curl"], &["git", "gcc"]],
                ] {
                    assert_eq!(
                        likely(image, recommends, installs),
                        together,
                        "{image} {installs:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_packages_share_counts_once() {
        let (a, b) = (
            likely("debian:12-slim", false, &[&["gcc"]]),
            likely("debian:12-slim", false, &[&["g++"]]),
        );
        let both = likely("debian:12-slim", false, &[&["gcc", "g++"]]);
        assert!(both < a + b - 50_000_000 && both >= a.max(b), "{a} {b} {both}");
    }

    #[test]
    fn what_a_base_has_adds_nothing() {
        for (image, names) in [
            ("python:3.11", &["gcc", "libpq-dev", "git", "tk-dev"][..]),
            ("node:22", &["gcc", "libpq-dev", "git"]),
            ("python:3.11-slim", &["ca-certificates", "tzdata"]),
            ("debian:12-slim", &["bash", "coreutils", "tar"]),
        ] {
            assert_eq!(likely(image, false, &[names]), 0, "{image}");
        }
        assert!(likely("debian:12-slim", false, &[&["ca-certificates"]]) > 500_000);
    }

    #[test]
    fn recommended_packages_weigh_and_slim_images_leave_some_files_out() {
        assert!(
            likely("debian:12-slim", true, &[&["gcc"]])
                > likely("debian:12-slim", false, &[&["gcc"]])
        );
        assert!(
            likely("debian:12", false, &[&["git"]])
                > likely("debian:12-slim", false, &[&["git"]]) + 5_000_000
        );
    }

    #[test]
    fn suites_and_systems() {
        for (image, says) in [
            ("python:3.11-slim-bookworm", "Debian 12's own"),
            ("python:3.11-slim", "Debian 13's own"),
            ("node:22-slim", "Debian 12's own"),
            ("debian:bullseye", "another release differs"),
            ("ubuntu:22.04", "Ubuntu's are not measured"),
            ("node:22-alpine", "Not measured"),
        ] {
            let (_, why) = weigh(image, false, &[&["git"]]);
            assert!(why.contains(says), "{image}: {why}");
        }
    }

    #[test]
    fn packages_of_no_table_are_a_range_that_says_so() {
        let mut set = Packages::default();
        let ground = ground("debian:12-slim");
        let added =
            install(&mut set, ground, Tables::built_in(), false, &["libpq5", "no-such-package"]);
        let (bytes, why) = ground.weigh(Tables::built_in(), &added).expect("a table");
        assert!(bytes.high > 80_000_000 && bytes.likely < 15_000_000);
        assert!(why.contains("1 package is not in the table"), "{why}");
        assert_eq!(ground.weigh(Tables::NONE, &added), None);
    }

    #[test]
    fn versions_behind_the_name_do_not_matter() {
        for name in ["gcc=4:12.2.0-3", "gcc/bookworm", "gcc:amd64", "gcc"] {
            assert_eq!(bare(name), "gcc");
        }
    }
}
