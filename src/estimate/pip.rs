//! What Python packages weigh: measured packages as a set, so that what two need counts once; ranges for the others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use super::Bytes;

const TABLE: &str = include_str!("tables/python_packages.csv");

/// What a package weighs that nobody measured: of those in the table, half are below 1 MB and the largest above 100 MB.
const UNMEASURED: (f64, f64, f64) = (0.02, 3.0, 40.0);
/// A project whose requirements are not given: Flask alone is 5 MB, FastAPI with uvicorn 17 MB, with a database 60 MB, with pandas 150 MB more.
const NOT_GIVEN: (f64, f64, f64) = (5.0, 40.0, 250.0);
/// Other versions than those measured.
const OTHER_VERSION: (f64, f64) = (0.7, 1.3);
/// pip keeps the index page of each package beside its wheel: Flask's cache is 2.2 MB, its seven wheels 0.6 MB.
const INDEX_PAGE: (f64, f64, f64) = (0.0, 0.2, 0.5);

/// Packages by their normal names, with those they bring along.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Packages {
    measured: BTreeSet<&'static str>,
    unmeasured: BTreeSet<String>,
    /// Whether there are more that nobody told of.
    is_partial: bool,
}

/// One line of the table.
struct Row {
    name: &'static str,
    mb: f64,
    wheel: f64,
    needs: &'static str,
}

impl Packages {
    /// Packages nobody told of.
    pub(super) fn not_given() -> Self {
        Self { is_partial: true, ..Self::default() }
    }

    /// What requirement lines name: `fastapi==0.115`, `uvicorn[standard]`; options and comments are left out.
    pub(super) fn of<'t>(lines: impl IntoIterator<Item = &'t str>) -> Self {
        let mut packages = Self::default();
        for line in lines {
            if let Some(name) = requirement(line) {
                packages.insert(&name, &ROWS);
            }
        }
        packages
    }

    fn insert(&mut self, name: &str, table: &BTreeMap<&'static str, Row>) {
        let bare = name.split('[').next().unwrap_or_default();
        match table.get(name).or_else(|| table.get(bare)) {
            Some(row) => {
                if self.measured.insert(row.name) {
                    row.needs
                        .split(' ')
                        .filter(|need| !need.is_empty())
                        .for_each(|need| self.insert(need, table));
                }
            }
            None => drop(self.unmeasured.insert(bare.to_owned())),
        }
    }

    /// Both together.
    pub(super) fn merge(&mut self, other: Self) {
        self.measured.extend(other.measured);
        self.unmeasured.extend(other.unmeasured);
        self.is_partial |= other.is_partial;
    }

    /// Those that `present` does not hold.
    pub(super) fn without(&self, present: &Self) -> Self {
        Self {
            measured: self.measured.difference(&present.measured).copied().collect(),
            unmeasured: self.unmeasured.difference(&present.unmeasured).cloned().collect(),
            is_partial: self.is_partial && !present.is_partial,
        }
    }

    /// Installed, unpacked.
    pub(super) fn installed(&self) -> Bytes {
        self.sum(|row| row.mb).times(OTHER_VERSION.0, 1.0, OTHER_VERSION.1) + self.others()
    }

    /// As wheels, as they are downloaded.
    pub(super) fn wheels(&self) -> Bytes {
        // Of all in the table together, wheels are 0.31 of what is installed.
        self.sum(|row| row.wheel).times(OTHER_VERSION.0, 1.0, OTHER_VERSION.1)
            + self.others().times(0.2, 0.31, 0.5)
    }

    /// What pip's cache keeps of them: the wheels and the index pages.
    pub(super) fn cache(&self) -> Bytes {
        let (low, likely, high) = INDEX_PAGE;
        let pages = count(self.measured.len() + self.unmeasured.len());
        self.wheels() + Bytes::mb(low * pages, likely * pages, high * pages)
    }

    /// Where the numbers come from, a sentence.
    pub(super) fn why(&self) -> String {
        let other = self.unmeasured.len();
        match (self.is_partial, self.measured.is_empty(), other) {
            (true, ..) => {
                "Your packages are not known: Flask alone is 5 MB, FastAPI with uvicorn 17 MB, with pandas 150 MB more".to_owned()
            }
            (_, _, 0) => "Each package as pip installed it on 2026-11-22 for Python 3.11; other versions differ".to_owned(),
            (_, true, _) => "Your packages are not measured yet: most are below 3 MB, a few above 40 MB".to_owned(),
            (_, false, other) => {
                let (packages, are) = if other == 1 { ("package", "is") } else { ("packages", "are") };
                format!("{other} {packages} of yours {are} not measured yet; the others as pip installed them on 2026-11-22")
            }
        }
    }

    /// How many are named, those that they bring along with them.
    pub(super) fn len(&self) -> Option<usize> {
        (!self.is_partial).then_some(self.measured.len() + self.unmeasured.len())
    }

    fn sum(&self, field: impl Fn(&Row) -> f64) -> Bytes {
        let mb = self.measured.iter().filter_map(|name| ROWS.get(name)).map(field).sum();
        Bytes::mb(mb, mb, mb)
    }

    fn others(&self) -> Bytes {
        let (low, likely, high) = UNMEASURED;
        let number = count(self.unmeasured.len());
        let unmeasured = Bytes::mb(low * number, likely * number, high * number);
        let (low, likely, high) = if self.is_partial { NOT_GIVEN } else { (0.0, 0.0, 0.0) };
        unmeasured + Bytes::mb(low, likely, high)
    }
}

/// The normal name of what a requirement line asks for, its extras with it; `None` for options, comments, blanks.
fn requirement(line: &str) -> Option<String> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    if line.is_empty() || line.starts_with(['#', '-', '.', '/']) {
        return None;
    }
    let end = line.find(['=', '<', '>', '!', '~', ';', '@', ' ']).unwrap_or(line.len());
    Some(line.get(..end)?.to_ascii_lowercase().replace(['_', '.'], "-"))
}

fn count(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The table by name, read once.
static ROWS: LazyLock<BTreeMap<&'static str, Row>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let mut fields = line.split(',');
        let name = fields.next()?;
        let (mb, wheel) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some((name, Row { name, mb, wheel, needs: fields.next()? }))
    });
    rows.collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn mb(bytes: u64) -> u64 {
        bytes / 1_000_000
    }

    #[test]
    fn the_table_is_closed() {
        assert!(ROWS.len() > 50);
        for row in ROWS.values() {
            for need in row.needs.split(' ').filter(|need| !need.is_empty()) {
                assert!(ROWS.contains_key(need), "{} needs {need}", row.name);
            }
        }
    }

    #[test]
    fn measured_sets() {
        // Installed for real, together: 16.9 MB.
        let web = Packages::of(["fastapi", "uvicorn"]);
        assert_eq!(mb(web.installed().likely), 16);
        assert_eq!(web.len(), Some(14));
        // 38.9 MB.
        assert_eq!(mb(Packages::of(["fastapi", "uvicorn[standard]"]).installed().likely), 38);
        // 5.1 MB; its cache by hadolint's measurement 2.2 MB.
        let flask = Packages::of(["flask", "flask-cors"]);
        assert_eq!(mb(flask.installed().likely), 5);
        assert_eq!(mb(flask.cache().likely), 2);
    }

    #[test]
    fn order_and_split_do_not_matter() {
        let together = Packages::of(["flask", "requests"]);
        let mut split = Packages::of(["requests"]);
        split.merge(Packages::of(["flask"]));
        assert_eq!(split, together);
        assert!(together.without(&split).installed().is_zero());
    }

    #[test]
    fn lines_as_they_are_written() {
        let lines = [
            "# web",
            "FastAPI==0.115.0  # pinned",
            "uvicorn[standard]>=0.30",
            "-r base.txt",
            "",
            "psycopg2_binary ; python_version > '3'",
            "./local",
        ];
        let names: Vec<_> = lines.into_iter().filter_map(requirement).collect();
        assert_eq!(names, ["fastapi", "uvicorn[standard]", "psycopg2-binary"]);
    }

    #[test]
    fn what_nobody_measured_is_a_wide_range_and_says_so() {
        let odd = Packages::of(["flask", "some-package"]);
        assert!(odd.installed().high > odd.installed().likely * 3);
        assert!(odd.why().starts_with("1 package of yours is not measured yet"));
        assert!(Packages::not_given().why().starts_with("Your packages are not known"));
        assert!(Packages::not_given().installed().high > 200_000_000);
    }
}
