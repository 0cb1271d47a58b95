//! Packages that lie in a stage, as a set: what two of them need counts once, and the same one twice adds nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::Bytes;
use super::tables::{Row, Table};

/// From so many packages on that are in no table, nobody remembers which they were.
const MOST_OTHERS: usize = 100;

/// Packages by name, with those that they brought along.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Packages {
    /// With the size of the version that is asked for, in per cent of the one in the table.
    measured: BTreeMap<&'static str, u64>,
    others: BTreeSet<String>,
    /// Whether there are more that nobody told of.
    is_partial: bool,
}

/// A version that somebody asks for: `==2.2`, `<3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted<'t> {
    /// The newest.
    Newest,
    /// This one.
    Exactly(&'t str),
    /// The newest below this one.
    Below(&'t str),
}

/// What was new to a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Added {
    /// The numbers of the rows, added up.
    pub(super) numbers: [u64; 4],
    /// How many packages of the table.
    pub(super) measured: usize,
    /// How many that are in no table.
    pub(super) others: usize,
    /// Whether there are more that nobody told of.
    pub(super) is_partial: bool,
}

/// Where the packages come from, and what of it counts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source {
    /// The rows.
    pub(super) table: Table,
    /// Whether what is only recommended comes along; where not, `more` holds versions.
    pub(super) recommends: bool,
    /// Whether an older version's size is told for all that it brings along, too.
    pub(super) with_needs: bool,
    /// Which base image lies below: rows with a third number up to this one are in it. `None`: nothing is.
    pub(super) base: Option<u32>,
}

impl Packages {
    /// Adds the package `name` with all that it brings along.
    pub(super) fn add(
        &mut self,
        source: Source,
        name: &str,
        wanted: Wanted<'_>,
        added: &mut Added,
    ) {
        let Some(row) = source.table.row(name) else {
            if self.others.len() >= MOST_OTHERS || self.others.insert(name.to_owned()) {
                added.others += 1;
            }
            return;
        };
        let percent = size_of_version(row.more, wanted);
        let mut todo = vec![(row, percent)];
        let rest = if source.with_needs { percent } else { 100 };
        while let Some((row, percent)) = todo.pop() {
            let is_there = source.base.is_some_and(|base| row.numbers[2] <= base);
            if is_there || self.measured.contains_key(row.name) {
                continue;
            }
            self.measured.insert(row.name, percent);
            added.count(row, percent);
            let more = if source.recommends { row.more } else { "" };
            for need in row.needs.split(' ').chain(more.split(' ')) {
                todo.extend(source.table.row(need).map(|row| (row, rest)));
            }
        }
    }

    /// Adds packages that nobody told of.
    pub(super) fn add_unknown(&mut self, added: &mut Added) {
        added.is_partial |= !self.is_partial;
        self.is_partial = true;
    }

    /// Adds all of `other`; gives what was new.
    pub(super) fn merge(&mut self, table: Table, other: &Self) -> Added {
        let mut added = Added::default();
        for (name, percent) in &other.measured {
            if let Some(row) = table.row(name).filter(|_| !self.measured.contains_key(name)) {
                self.measured.insert(row.name, *percent);
                added.count(row, *percent);
            }
        }
        for name in &other.others {
            if self.others.insert(name.clone()) {
                added.others += 1;
            }
        }
        if other.is_partial {
            self.add_unknown(&mut added);
        }
        added
    }

    /// How many are in it.
    pub(super) fn len(&self) -> usize {
        self.measured.len() + self.others.len()
    }

    /// Whether a package of this name was added.
    pub(super) fn has(&self, name: &str) -> bool {
        self.measured.contains_key(name) || self.others.contains(name)
    }
}

impl Added {
    fn count(&mut self, row: Row, percent: u64) {
        for (sum, number) in self.numbers.iter_mut().zip(row.numbers) {
            *sum += u64::from(number) * percent / 100;
        }
        self.measured += 1;
    }

    /// Nothing was new.
    pub(super) const fn is_nothing(&self) -> bool {
        self.measured == 0 && self.others == 0 && !self.is_partial
    }

    /// How many are known by name.
    pub(super) const fn named(&self) -> usize {
        self.measured + self.others
    }

    /// The range for those that are in no table: `each`, and `unknown` for those that nobody told of.
    pub(super) fn range(&self, each: (u32, u32, u32), unknown: (u32, u32, u32)) -> Bytes {
        let number = self.others as u64 * 100;
        let rest = if self.is_partial { Bytes::kb(unknown) } else { Bytes::default() };
        Bytes::kb(each).percent(number, number, number) + rest
    }
}

/// Kilobytes of rows as bytes.
pub(super) const fn kilobytes(kb: u64) -> Bytes {
    Bytes::exact(kb.saturating_mul(1000))
}

/// The size of a version in per cent of that in the table: `versions` begins with that one, then come others with theirs.
/// The nearest counts.
fn size_of_version(versions: &str, wanted: Wanted<'_>) -> u64 {
    let (text, is_below) = match wanted {
        Wanted::Newest => return 100,
        Wanted::Exactly(text) => (text, false),
        Wanted::Below(text) => (text, true),
    };
    let wanted = numbers(text);
    let mut best = (u64::MAX, 100);
    for version in versions.split(' ') {
        let (version, percent) = version.split_once(':').unwrap_or((version, "100"));
        let (is, percent) = (numbers(version), percent.parse());
        let distance = is.abs_diff(wanted);
        if let Ok(percent) = percent
            && distance < best.0
            && (!is_below || is < wanted)
        {
            best = (distance, percent);
        }
    }
    best.1
}

/// Major, minor and patch as one number.
fn numbers(version: &str) -> u64 {
    let mut parts = version.split('.').map(|part| {
        let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        part[..digits].parse::<u64>().unwrap_or(0).min(9_999)
    });
    let mut next = || parts.next().unwrap_or(0);
    next() * 100_000_000 + next() * 10_000 + next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_version_counts() {
        let versions = "3.1.0 2.2.3:85 1.5.3:60";
        for (wanted, expected) in [
            (Wanted::Newest, 100),
            (Wanted::Exactly("3.0"), 100),
            (Wanted::Exactly("2.2.0"), 85),
            (Wanted::Exactly("2.*"), 85),
            (Wanted::Exactly("1.0"), 60),
            (Wanted::Below("3"), 85),
            (Wanted::Below("2"), 60),
            (Wanted::Below("1"), 100),
        ] {
            assert_eq!(size_of_version(versions, wanted), expected, "{wanted:?}");
        }
        assert_eq!(size_of_version("", Wanted::Exactly("1")), 100);
    }
}
