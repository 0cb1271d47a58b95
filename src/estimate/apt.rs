//! What system packages weigh: Debian's where they were worked out, ranges for the others.

use super::Bytes;
use crate::model;

const TABLE: &str = include_str!("tables/debian_packages.csv");

/// A Debian package that is not in the table.
const OTHER_DEBIAN: (f64, f64, f64) = (0.1, 5.0, 80.0);
/// A package of Alpine or of the RPM family: nobody measured them.
const OTHER_SYSTEM: (f64, f64, f64) = (0.1, 5.0, 100.0);
/// apt's package lists: Debian 12 with its updates 19.9 MB on 2026-11-22, stored as official images store them; Ubuntu's are larger.
pub(super) const LISTS: (f64, f64, f64) = (17.0, 19.9, 45.0);
/// Alpine's package index.
pub(super) const INDEX: (f64, f64, f64) = (1.0, 2.5, 5.0);

/// On what the packages are put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// A slim Debian, or one whose contents are not known.
    Slim,
    /// A full language image, which holds compilers and libraries already.
    Full,
    /// No Debian.
    Other,
}

/// What installing `packages` together adds, and where the number comes from. `recommends`: recommended packages come along.
pub(super) fn installed(
    packages: &[&str],
    ground: Ground,
    recommends: bool,
) -> (Bytes, &'static str) {
    if ground == Ground::Other {
        let each = Bytes::mb(OTHER_SYSTEM.0, OTHER_SYSTEM.1, OTHER_SYSTEM.2);
        return (
            packages.iter().map(|_| each).sum(),
            "A range for each package; they are not measured",
        );
    }
    let (mut known, mut unknown) = (Vec::new(), Bytes::default());
    for package in packages {
        match worked_out(package, ground, recommends) {
            Some(mb) => known.push(mb),
            None => unknown = unknown + Bytes::mb(OTHER_DEBIAN.0, OTHER_DEBIAN.1, OTHER_DEBIAN.2),
        }
    }
    // Packages share what they need, so together they are between the largest and the sum.
    let largest = known.iter().copied().fold(0.0, f64::max);
    let sum: f64 = known.iter().sum();
    // Installed-Size counts the manuals and translations that slim bases leave out.
    let together = Bytes::mb(largest * 0.7, largest + (sum - largest) * 0.9, sum * 1.15);
    let why = if unknown.is_zero() {
        "Debian 12's own sizes of the packages and what they need; another release differs"
    } else {
        "Debian 12's own sizes where known, a range for each other package"
    };
    (together + unknown, why)
}

/// Megabytes of `package` and what it needs, `None` where nobody worked it out.
fn worked_out(package: &str, ground: Ground, recommends: bool) -> Option<f64> {
    // `libpq-dev=15.1`, `libpq-dev/bookworm`, `libpq-dev:amd64`.
    let name = package.split(['=', '/', ':']).next()?;
    let mut fields = TABLE
        .lines()
        .map(|line| line.split(','))
        .find_map(|mut fields| (fields.next() == Some(name)).then_some(fields))?;
    let column = match ground {
        Ground::Full => 2,
        _ if recommends => 1,
        _ => 0,
    };
    fields.nth(column)?.parse().ok()
}

/// Whether a package only serves to build others: compilers and headers.
pub(super) fn is_build_tool(package: &str) -> bool {
    model::is_build_tool(package) || ["git", "python3-pip", "dpkg-dev"].contains(&package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_table_is_read() {
        let names = TABLE.lines().filter(|line| !line.starts_with('#')).skip(1);
        for name in names.filter_map(|line| line.split(',').next()) {
            for ground in [Ground::Slim, Ground::Full] {
                assert!(worked_out(name, ground, true).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn what_a_full_base_has_adds_nothing() {
        let (slim, _) = installed(&["gcc", "libpq-dev"], Ground::Slim, false);
        let (full, _) = installed(&["gcc", "libpq-dev"], Ground::Full, false);
        assert!(slim.likely > 150_000_000);
        assert!(full.is_zero());
    }

    #[test]
    fn recommended_packages_weigh() {
        let (without, _) = installed(&["gcc"], Ground::Slim, false);
        let (with, _) = installed(&["gcc"], Ground::Slim, true);
        assert!(with.likely > without.likely);
    }

    #[test]
    fn unknown_packages_are_a_range() {
        let (bytes, why) = installed(&["libpq5", "no-such-package"], Ground::Slim, false);
        assert!(bytes.high > 80_000_000 && bytes.likely < 10_000_000);
        assert!(why.contains("a range for each other package"));
        assert!(installed(&["curl"], Ground::Other, false).1.contains("not measured"));
    }

    #[test]
    fn versions_behind_the_name_do_not_matter() {
        assert_eq!(
            worked_out("gcc=4:12.2.0-3", Ground::Slim, false),
            worked_out("gcc", Ground::Slim, false)
        );
    }
}
