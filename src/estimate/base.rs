//! Sizes of base images: the compiled-in table, and which of its rows a name and a tag mean.

use super::{BaseSize, Basis, Bytes};
use crate::model::Image;

const TABLE: &str = include_str!("tables/base_images.csv");

/// What an unpacked image shrinks to where only its unpacked size is known: most official images to 0.35 or 0.37 of it, ruby to 0.56.
const COMPRESSED: (u64, u64, u64) = (29, 37, 56);

/// One image of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Row {
    image: &'static str,
    tag: &'static str,
    /// Bytes unpacked.
    unpacked: Option<Bytes>,
    /// Bytes compressed.
    compressed: Option<u64>,
    /// Whether the compressed size is that of another build.
    is_other_build: bool,
    date: &'static str,
    source: &'static str,
    note: &'static str,
}

/// How sure it is that a row is the image that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fit {
    /// The row is this tag, or an alias of it when it was measured.
    Same,
    /// The same version and variant; another patch, suite or build.
    Near,
    /// The same variant of another version.
    Far,
}

/// What `image` weighs, measured or by its nearest known relative, and what to beware of (mostly nothing).
pub(super) fn size_of(image: &Image) -> (BaseSize, &'static str) {
    match found(image) {
        Ok((row, fit)) => (sized(image, row, fit), row.note),
        Err(why) => {
            let (image, basis) = (image.text.clone(), Basis::Unknown { why });
            (BaseSize { image, unpacked: None, compressed: None, basis }, "")
        }
    }
}

/// The row for `image`, or why there is none, a sentence.
fn found(image: &Image) -> Result<(Row, Fit), String> {
    let Some(name) = name_in_table(image) else {
        let is_private = image
            .registry
            .as_deref()
            .is_some_and(|host| PRIVATE_HOSTS.iter().any(|end| host.ends_with(end)));
        let whose = if is_private { "your private base" } else { &image.text };
        return Err(format!("The size of {whose} is not known here"));
    };
    if image.tag.is_none() && image.digest.is_some() {
        return Err("A digest alone does not tell which version it is".to_owned());
    }
    let tag = image.tag.as_deref().unwrap_or("latest");
    let (row, fit) = find(&name, tag)
        .ok_or_else(|| format!("No size of an image like {} is known here", image.text))?;
    let is_pinned = fit == Fit::Same && image.digest.is_some();
    // What somebody says of a private image is no measurement of it.
    let fit = if image.is_told { Fit::Far } else { fit };
    Ok((row, if is_pinned { Fit::Near } else { fit }))
}

/// Registries that hold one's own images.
const PRIVATE_HOSTS: [&str; 4] = [".amazonaws.com", ".azurecr.io", "-docker.pkg.dev", "localhost"];

/// The sizes of `row` as those of `image`.
fn sized(image: &Image, row: Row, fit: Fit) -> BaseSize {
    let measured = row.unpacked;
    let unpacked = measured.or_else(|| unpacked_from_compressed(row));
    let compressed = match row.compressed {
        Some(bytes) if row.is_other_build => Some(Bytes::exact(bytes).percent(95, 100, 105)),
        Some(bytes) => Some(Bytes::exact(bytes)),
        None => unpacked.map(|bytes| bytes.percent(COMPRESSED.0, COMPRESSED.1, COMPRESSED.2)),
    };
    let known = format!("{}:{}", row.image, row.tag);
    let (spread, basis) = match fit {
        Fit::Same if measured.is_some() => {
            (0, Basis::Measured { date: row.date, source: row.source })
        }
        Fit::Same => (
            20,
            estimated(format!("Unpacked from its compressed size like others of {}", row.image)),
        ),
        Fit::Near => (
            10,
            estimated(format!("Taken from {known}, measured {}; this is another build", row.date)),
        ),
        Fit::Far => (20, estimated(format!("Taken from {known}, the nearest that is known"))),
    };
    let widened = |bytes: Bytes| bytes.percent(100 - spread, 100, 100 + spread);
    BaseSize {
        image: image.text.clone(),
        unpacked: unpacked.map(widened),
        compressed: compressed.map(widened),
        basis,
    }
}

fn estimated(why: String) -> Basis {
    Basis::Estimated { why }
}

/// Unpacked by the ratio of the image's nearest row that has both sizes.
fn unpacked_from_compressed(row: Row) -> Option<Bytes> {
    let both = |other: Row| other.unpacked.zip(other.compressed);
    let (unpacked, packed) = rows(row.image)
        .filter(|other| tag_variant(other.tag) == tag_variant(row.tag))
        .find_map(both)?;
    let percent = unpacked.likely.saturating_mul(100) / packed.max(1);
    Some(Bytes::exact(row.compressed?).percent(percent, percent, percent))
}

/// The image's name as the table has it, wherever a copy of it is pulled from.
fn name_in_table(image: &Image) -> Option<String> {
    let name = match (image.registry.as_deref(), image.official()) {
        (_, Some(name)) => name.to_owned(),
        (Some("mirror.gcr.io"), None) => image.repository.strip_prefix("library/")?.to_owned(),
        (Some("gcr.io"), None) if image.repository.starts_with("distroless/") => {
            let suite = if image.repository.ends_with("-debian12") { "" } else { "-debian12" };
            format!("gcr.io/{}{suite}", image.repository)
        }
        _ => return None,
    };
    let is_known = rows(&name).next().is_some();
    is_known.then_some(name)
}

/// The row for `tag` of the image `name`, or the nearest of the same variant.
fn find(name: &str, tag: &str) -> Option<(Row, Fit)> {
    let exact = |tag: &str| rows(name).find(|row| row.tag == tag);
    let named = alias(name, tag);
    if let Some(row) = exact(tag).or_else(|| exact(&named)) {
        return Some((row, Fit::Same));
    }
    // 3.11.9-slim is a 3.11-slim of another day; 3.11-slim-bookworm one of another suite.
    let variant = tag_variant(&named);
    let same_variant = rows(name).filter(|row| tag_variant(row.tag) == variant);
    let wanted = version(&named);
    let distance = |row: &Row| {
        // Without a version the newest is meant.
        let (a, b) = (wanted.unwrap_or((u32::MAX, u32::MAX)), version(row.tag).unwrap_or((0, 0)));
        (a.0.abs_diff(b.0), a.1.abs_diff(b.1))
    };
    let suite = suite_of(tag);
    let row = same_variant.min_by_key(|row| (distance(row), suite_of(row.tag) != suite))?;
    let is_same_version = wanted.is_some() && distance(&row) == (0, 0);
    Some((row, if is_same_version { Fit::Near } else { Fit::Far }))
}

/// The tag's usual name when the table was made: suite and patch left out where they were the usual ones.
fn alias(name: &str, tag: &str) -> String {
    let fixed = match (name, tag) {
        ("python", "latest" | "3") => "3.14",
        ("python", "slim" | "3-slim") => "3.14-slim",
        ("python", "alpine" | "3-alpine") => "3.14-alpine",
        ("debian", "latest" | "stable" | "13") => "trixie",
        ("debian", "stable-slim" | "13-slim") => "trixie-slim",
        ("debian", "12") => "bookworm",
        ("debian", "12-slim") => "bookworm-slim",
        ("debian", "11-slim") => "bullseye-slim",
        ("ubuntu", "focal") => "20.04",
        ("ubuntu", "jammy") => "22.04",
        ("ubuntu", "noble") => "24.04",
        ("ubuntu", "resolute") => "26.04",
        ("alpine", "latest" | "3") => "3.24",
        ("rust", "latest") => "1",
        ("rust", "slim") => "1-slim",
        ("rust", "alpine") => "1-alpine",
        ("eclipse-temurin", "17") => "17-jdk",
        ("eclipse-temurin", "21") => "21-jdk",
        ("php", "8.4") => "8.4-cli",
        ("postgres", "18") | ("redis", "8") => "latest",
        ("httpd" | "maven", "latest") => {
            return rows(name).next().map_or("", |row| row.tag).to_owned();
        }
        _ if name.contains("distroless") && tag == "nonroot" => "latest",
        _ => "",
    };
    if !fixed.is_empty() {
        return fixed.to_owned();
    }
    let usual = usual_suite(name);
    let parts: Vec<&str> = tag.split('-').filter(|part| Some(*part) != usual).collect();
    let parts = parts.iter().map(|part| if *part == "alpine3.24" { "alpine" } else { part });
    parts.collect::<Vec<_>>().join("-")
}

/// The suite that tags without one meant when the table was made.
fn usual_suite(name: &str) -> Option<&'static str> {
    match name {
        "python" | "golang" | "rust" | "ruby" | "php" | "httpd" | "redis" | "postgres"
        | "nginx" => Some("trixie"),
        "node" => Some("bookworm"),
        _ => None,
    }
}

/// The parts of a tag that say what kind of image it is: neither version nor suite.
fn tag_variant(tag: &str) -> Vec<&str> {
    let parts = tag.split('-').filter(|part| {
        !part.starts_with(|c: char| c.is_ascii_digit())
            && !SUITES.contains(part)
            && !matches!(*part, "latest" | "stable" | "mainline" | "lts" | "current" | "rc")
    });
    parts.map(|part| if part.starts_with("alpine") { "alpine" } else { part }).collect()
}

fn suite_of(tag: &str) -> Option<&str> {
    tag.split('-').find(|part| SUITES.contains(part))
}

const SUITES: [&str; 8] =
    ["stretch", "buster", "bullseye", "bookworm", "trixie", "jammy", "noble", "resolute"];

/// Major and minor version of a tag.
fn version(tag: &str) -> Option<(u32, u32)> {
    let mut numbers = tag.split('-').next()?.split('.');
    let major = numbers.next()?.parse().ok()?;
    Some((major, numbers.next().and_then(|minor| minor.parse().ok()).unwrap_or(0)))
}

/// The rows of one image, in the table's order.
fn rows(name: &str) -> impl Iterator<Item = Row> {
    let lines = TABLE.lines().filter(move |line| line.split(',').next() == Some(name));
    lines.filter_map(row)
}

fn row(line: &'static str) -> Option<Row> {
    let mut fields = line.split(',');
    let mut next = || fields.next();
    let (image, tag) = (next()?, next()?);
    let (unpacked, minus, plus) = (bytes(next()?), bytes(next()?), bytes(next()?));
    Some(Row {
        image,
        tag,
        unpacked: unpacked.map(|likely| Bytes {
            low: likely - minus.unwrap_or(0),
            likely,
            high: likely + plus.unwrap_or(0),
        }),
        compressed: bytes(next()?),
        is_other_build: next()? == "other",
        date: next()?,
        source: next()?,
        note: next()?,
    })
}

/// A number of megabytes with at most two decimals: `47.14`, `1100`; `None` for nothing.
fn bytes(megabytes: &str) -> Option<u64> {
    let (whole, rest) = megabytes.split_once('.').unwrap_or((megabytes, ""));
    let hundredths = match rest.len() {
        0 => 0,
        1 => rest.parse::<u64>().ok()? * 10,
        _ => rest.get(..2)?.parse().ok()?,
    };
    Some(whole.parse::<u64>().ok()? * 1_000_000 + hundredths * 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextRange;

    fn size(text: &str) -> BaseSize {
        size_of(&Image::parse(text, text, TextRange::default())).0
    }

    fn likely_mb(text: &str) -> Option<u64> {
        size(text).unpacked.map(|bytes| bytes.likely / 1_000_000)
    }

    #[test]
    fn every_line_of_the_table_is_read() {
        let lines = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
        for line in lines {
            let row = row(line).unwrap_or_else(|| panic!("unreadable: {line}"));
            assert!(row.unpacked.is_some() || row.compressed.is_some(), "{line}");
            assert!(!row.source.is_empty(), "{line}");
        }
    }

    #[test]
    fn measured_sizes_carry_date_and_source() {
        let slim = size("python:3.11-slim");
        assert_eq!(slim.unpacked, Some(Bytes::kb((124_870, 124_870, 124_870))));
        assert_eq!(
            slim.basis,
            Basis::Measured {
                date: "2026-08-25",
                source: "docker-library/repo-info repos/python/local/3.11.16-slim.md"
            }
        );
        // The page prints two decimals of a gigabyte.
        assert_eq!(
            size("python:3.11").unpacked,
            Some(Bytes::kb((1_095_000, 1_100_000, 1_105_000)))
        );
    }

    #[test]
    fn the_same_image_under_other_names() {
        for (name, same) in [
            ("python:3.11-trixie", "python:3.11"),
            ("python:3.11-slim-trixie", "python:3.11-slim"),
            ("docker.io/library/python:3.11-slim", "python:3.11-slim"),
            ("public.ecr.aws/docker/library/python:3.11-slim", "python:3.11-slim"),
            ("python", "python:3.14"),
            ("python:slim", "python:3.14-slim"),
            ("python:3.12-alpine3.24", "python:3.12-alpine"),
            ("node:22-bookworm-slim", "node:22-slim"),
            ("debian:12-slim", "debian:bookworm-slim"),
            ("alpine", "alpine:3.24"),
        ] {
            assert_eq!(size(name).unpacked, size(same).unpacked, "{name}");
            assert!(matches!(size(name).basis, Basis::Measured { .. }), "{name}");
        }
    }

    #[test]
    fn the_nearest_relative_is_said_so_and_wider() {
        for (name, near) in [
            ("python:3.11.9-slim", "python:3.11-slim"),
            ("python:3.11-slim-bookworm", "python:3.11-slim"),
            ("python:3.9-slim", "python:3.9-slim-bookworm"),
            ("python:3.7-slim-buster", "python:3.8-slim-bookworm"),
            ("node:lts-alpine", "node:24-alpine"),
            ("nginx:1.27", "nginx:stable"),
            ("ruby:3.3-slim", "ruby:3.4-slim"),
            ("python:3.11-slim@sha256:00", "python:3.11-slim"),
        ] {
            let (one, other) = (size(name), size(near));
            assert_eq!(likely_mb(name), likely_mb(near), "{name}");
            assert!(
                matches!(&one.basis, Basis::Estimated { why } if why.contains(near)),
                "{name}: {:?}",
                one.basis
            );
            let high = |size: &BaseSize| size.unpacked.map(|bytes| bytes.high);
            assert!(high(&one) > high(&other), "{name}");
        }
    }

    #[test]
    fn a_size_known_only_compressed_is_estimated() {
        let nginx = size("nginx:alpine");
        assert_eq!(nginx.compressed.map(|bytes| bytes.likely), Some(26_310_000));
        assert_eq!(likely_mb("nginx:alpine"), Some(57));
        assert!(matches!(nginx.basis, Basis::Estimated { .. }));
    }

    #[test]
    fn what_is_not_known_stays_unknown() {
        for name in [
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-python:3.10-slim-buster",
            "acme/python:3.11-slim",
            "ghcr.io/acme/app",
            "python@sha256:00",
            "python:3.11-windowsservercore",
            "openjdk:11-jre-slim",
        ] {
            assert_eq!(size(name).unpacked, None, "{name}");
        }
        let private =
            size("123456789012.dkr.ecr.us-east-1.amazonaws.com/acme-python:3.10-slim-buster");
        let why = "The size of your private base is not known here".to_owned();
        assert_eq!(private.basis, Basis::Unknown { why });
    }

    #[test]
    fn the_builds_that_look_too_large_are_not_the_likely_ones() {
        assert_eq!(likely_mb("python:3.11-alpine"), Some(54));
        assert_eq!(likely_mb("python:3.13-slim"), Some(118));
    }
}
