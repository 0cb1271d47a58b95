//! When releases of Debian, Ubuntu, Python and Node.js get their last security fix.

use super::Image;

/// The day the tables below were checked. What ends in a later month counts as maintained.
pub const AS_OF: &str = "2026-11-22";

/// Code name, number in tags, last month. <https://wiki.debian.org/LTS>
const DEBIAN: [(&str, &str, &str); 6] = [
    ("jessie", "8", "2020-06"),
    ("stretch", "9", "2022-06"),
    ("buster", "10", "2024-06"),
    ("bullseye", "11", "2026-08"),
    ("bookworm", "12", "2028-06"),
    ("trixie", "13", "2030-06"),
];

/// Code name, number in tags, last month of free updates. <https://ubuntu.com/about/release-cycle>
const UBUNTU: [(&str, &str, &str); 5] = [
    ("xenial", "16.04", "2021-04"),
    ("bionic", "18.04", "2023-05"),
    ("focal", "20.04", "2025-05"),
    ("jammy", "22.04", "2027-04"),
    ("noble", "24.04", "2029-04"),
];

/// <https://devguide.python.org/versions/>
const PYTHON: [(&str, &str); 12] = [
    ("2", "2020-01"),
    ("2.7", "2020-01"),
    ("3.5", "2020-09"),
    ("3.6", "2021-12"),
    ("3.7", "2023-06"),
    ("3.8", "2024-10"),
    ("3.9", "2025-10"),
    ("3.10", "2026-10"),
    ("3.11", "2027-10"),
    ("3.12", "2028-10"),
    ("3.13", "2029-10"),
    ("3.14", "2030-10"),
];

/// <https://github.com/nodejs/Release/blob/main/schedule.json>
const NODE: [(&str, &str); 14] = [
    ("8", "2019-12"),
    ("10", "2021-04"),
    ("12", "2022-04"),
    ("14", "2023-04"),
    ("15", "2021-06"),
    ("16", "2023-09"),
    ("17", "2022-06"),
    ("18", "2025-04"),
    ("19", "2023-06"),
    ("20", "2026-04"),
    ("21", "2024-06"),
    ("22", "2027-04"),
    ("23", "2025-06"),
    ("24", "2028-04"),
];

/// Debian's archive has dropped the releases that ended up to this month, so apt finds nothing.
const LAST_DROPPED: &str = "2024-06";
/// The month in which bookworm came out; tags with it exist for what was maintained afterwards.
const BOOKWORM: &str = "2023-06";

/// A release that gets no more security fixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// `Debian`, `Python`.
    pub product: &'static str,
    /// As the tag names it: `buster`, `3.10`.
    pub release: String,
    /// `2024-06`.
    month: &'static str,
}

impl Ended {
    fn new(product: &'static str, release: &str, month: &'static str) -> Option<Self> {
        (month < AS_OF.get(..7)?).then(|| Self { product, release: release.to_owned(), month })
    }

    /// `June 2024`.
    pub fn since(&self) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let (year, month) = self.month.split_once('-').unwrap_or_default();
        let month = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month.checked_sub(1)?));
        format!("{} {year}", month.copied().unwrap_or_default())
    }

    /// Whether `apt-get update` fails because Debian's servers have dropped the release.
    pub fn is_gone(&self) -> bool {
        self.product == "Debian" && self.month <= LAST_DROPPED
    }
}

impl Image {
    /// The release of Debian or Ubuntu in it, if that has ended: by its name in the tag, or its number.
    pub fn ended_suite(&self) -> Option<Ended> {
        let suite = self.suite();
        let numbered = |name: &str| {
            self.version().filter(|_| self.official() == Some(name)).map(|version| {
                let major = version.split('.').next().unwrap_or_default();
                (version, if name == "debian" { major } else { version })
            })
        };
        let find = |product, table: &[(&str, &str, &'static str)], name: &str| {
            table.iter().find_map(|&(named, number, month)| {
                let shown = match numbered(name) {
                    Some((version, branch)) if branch == number => version,
                    _ => suite.filter(|&one| one == named)?,
                };
                Ended::new(product, shown, month)
            })
        };
        find("Debian", &DEBIAN, "debian").or_else(|| find("Ubuntu", &UBUNTU, "ubuntu"))
    }

    /// The branch of its language, if that has ended. Only for official images: others number themselves.
    pub fn ended_language(&self) -> Option<Ended> {
        let (product, branch, month) = self.branch()?;
        Ended::new(product, branch, month)
    }

    /// What to write in place of an ended suite, where that tag is sure to exist: `bookworm`, or its number.
    pub fn newer_suite(&self) -> Option<&'static str> {
        let has_bookworm = match self.official()? {
            "debian" => match self.version() {
                Some(version) => return (!version.contains('.')).then_some("12"),
                None => true,
            },
            "buildpack-deps" => true,
            // A tag with a patch number stays as it was built; a branch is built on each suite of its time.
            _ => self.branch().is_some_and(|(_, branch, month)| {
                self.version() == Some(branch) && month > BOOKWORM
            }),
        };
        has_bookworm.then_some("bookworm")
    }

    /// The language, its branch and the branch's last month.
    fn branch(&self) -> Option<(&'static str, &str, &'static str)> {
        let (product, table, parts) = match self.official()? {
            "python" => ("Python", PYTHON.as_slice(), 2),
            "node" => ("Node.js", NODE.as_slice(), 1),
            _ => return None,
        };
        let version = self.version()?;
        let end = version.match_indices('.').nth(parts - 1).map_or(version.len(), |(at, _)| at);
        let branch = version.get(..end)?;
        let (_, month) = table.iter().find(|(name, _)| *name == branch)?;
        Some((product, branch, month))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Image;
    use crate::text::TextRange;

    fn image(text: &str) -> Image {
        Image::parse(text, text, TextRange::new(0, text.len()))
    }

    #[test]
    fn suites_by_name_and_number() {
        for (text, expected) in [
            ("python:3.11-slim-buster", Some(("buster", "June 2024", true))),
            ("org/app:3.10-slim-bullseye", Some(("bullseye", "August 2026", false))),
            ("debian:10.13-slim", Some(("10.13", "June 2024", true))),
            ("ubuntu:20.04", Some(("20.04", "May 2025", false))),
            ("ubuntu:22.04", None),
            ("python:3.11-bookworm", None),
            ("python:3.10", None),
            ("debian:stable", None),
            ("org/debian:10", None),
        ] {
            let ended = image(text).ended_suite();
            let ended = ended.map(|one| (one.release.clone(), one.since(), one.is_gone()));
            let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c));
            assert_eq!(ended, expected, "{text}");
        }
    }

    #[test]
    fn languages_by_branch() {
        for (text, expected) in [
            ("python:3.10.4-slim", Some("Python 3.10 October 2026")),
            ("python:3.11", None),
            ("python:3", None),
            ("node:18-alpine", Some("Node.js 18 April 2025")),
            ("node:20.11", Some("Node.js 20 April 2026")),
            ("node:lts", None),
            ("org/python:3.8", None),
        ] {
            let ended = image(text).ended_language();
            let shown = ended.map(|one| format!("{} {} {}", one.product, one.release, one.since()));
            assert_eq!(shown.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn newer_suites_only_where_the_tag_exists() {
        for (text, expected) in [
            ("python:3.11-buster", Some("bookworm")),
            ("python:3.9.2-slim-buster", None),
            ("python:3.6-stretch", None),
            ("node:18-buster-slim", Some("bookworm")),
            ("node:14-buster", None),
            ("debian:buster-slim", Some("bookworm")),
            ("debian:10-slim", Some("12")),
            ("debian:10.13", None),
            ("golang:1.16-buster", None),
            ("org/app:buster", None),
        ] {
            assert_eq!(image(text).newer_suite(), expected, "{text}");
        }
    }
}
