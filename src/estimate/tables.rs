//! The tables of packages: lines sorted by name and found by halving, so that nothing of them is read before it is asked for.

/// What packages weigh. The page has them some time after it has started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    pub(super) bookworm: Table,
    pub(super) trixie: Table,
    pub(super) python: Table,
    pub(super) node: Table,
}

/// One table; empty where it is not there yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Table(&'static str);

/// One line: `name|1|2|needs|more`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) name: &'static str,
    /// What they are is said in the table's head; 0 where there are fewer.
    pub(super) numbers: [u32; 4],
    /// Names that come along, set apart by blanks.
    pub(super) needs: &'static str,
    /// Of Debian's packages: names that come along unless they are refused; of others: its version, and others with their size.
    pub(super) more: &'static str,
}

impl Tables {
    /// Before they are there.
    pub const NONE: Self =
        Self { bookworm: Table(""), trixie: Table(""), python: Table(""), node: Table("") };

    /// Reads the file that holds them all, each below a line `--- name`.
    pub fn of(bundle: &'static str) -> Self {
        let table = |name: &str| {
            let parts = bundle.split("--- ").filter_map(|part| part.split_once('\n'));
            Table(parts.into_iter().find(|(title, _)| *title == name).map_or("", |(_, text)| text))
        };
        Self {
            bookworm: table("bookworm"),
            trixie: table("trixie"),
            python: table("python"),
            node: table("node"),
        }
    }

    /// Those of this version of Drydock, for a program that carries them. The page does not call this: it fetches them.
    pub const fn built_in() -> Self {
        Self {
            bookworm: Table(include_str!("tables/bookworm.txt")),
            trixie: Table(include_str!("tables/trixie.txt")),
            python: Table(include_str!("tables/python.txt")),
            node: Table(include_str!("tables/node.txt")),
        }
    }
}

impl Table {
    /// Whether it is there.
    pub(super) const fn is_there(self) -> bool {
        !self.0.is_empty()
    }

    /// The day it was made: its head begins `# 2026-11-22`.
    pub(super) fn date(self) -> &'static str {
        self.0.get(2..12).unwrap_or_default()
    }

    /// The line of `name`.
    pub(super) fn row(self, name: &str) -> Option<Row> {
        let text = self.0.as_bytes();
        let (mut low, mut high) = (0, text.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            let start = text.get(low..middle)?.iter().rposition(|&byte| byte == b'\n');
            let start = start.map_or(low, |at| low + at + 1);
            let line = self.0.get(start..)?.split('\n').next()?;
            match line.split('|').next()?.cmp(name) {
                std::cmp::Ordering::Equal => return Some(read(line)),
                std::cmp::Ordering::Less => low = start + line.len() + 1,
                std::cmp::Ordering::Greater => high = start,
            }
        }
        None
    }

    /// All lines, in order.
    #[cfg(test)]
    pub(super) fn rows(self) -> impl Iterator<Item = Row> {
        self.0.lines().filter(|line| !line.starts_with('#')).map(read)
    }
}

fn read(line: &'static str) -> Row {
    let mut fields = line.split('|');
    let mut row =
        Row { name: fields.next().unwrap_or_default(), numbers: [0; 4], needs: "", more: "" };
    let mut numbers = row.numbers.iter_mut();
    for field in fields.by_ref() {
        if let (Ok(value), Some(number)) = (field.parse(), numbers.next()) {
            *number = value;
        } else {
            row.needs = field;
            break;
        }
    }
    row.more = fields.next().unwrap_or_default();
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found_by_its_name_and_names_what_is_there() {
        let all = Tables::built_in();
        for table in [all.bookworm, all.trixie, all.python, all.node] {
            assert!(table.rows().count() > 200 && table.date().starts_with("20"));
            let is_debian = table == all.bookworm || table == all.trixie;
            for row in table.rows() {
                assert_eq!(table.row(row.name), Some(row));
                let more = if is_debian { row.more } else { "" };
                for need in row.needs.split(' ').chain(more.split(' ')) {
                    assert!(need.is_empty() || table.row(need).is_some(), "{}: {need}", row.name);
                }
            }
            for name in ["", "!", "~", "no-such-package", "#"] {
                assert_eq!(table.row(name), None, "{name}");
            }
        }
        assert_eq!(Tables::NONE.python.row("flask"), None);
    }

    #[test]
    fn fields_of_a_line() {
        let row = |name, numbers, needs, more| Row { name, numbers, needs, more };
        for (line, expected) in [
            ("a|1", row("a", [1, 0, 0, 0], "", "")),
            ("a|1|2|3|b c|d", row("a", [1, 2, 3, 0], "b c", "d")),
            ("a|1|2|3||d", row("a", [1, 2, 3, 0], "", "d")),
            ("a|1|2|3|4|b", row("a", [1, 2, 3, 4], "b", "")),
        ] {
            assert_eq!(read(line), expected);
        }
    }

    #[test]
    fn all_tables_in_one_file() {
        let tables = Tables::of("--- python\n# 2026-11-22\na|1\n--- node\n# 2026-11-22\nb|2\n");
        assert_eq!(tables.python.row("a").map(|row| row.numbers[0]), Some(1));
        assert_eq!(tables.node.row("b").map(|row| row.numbers[0]), Some(2));
        assert!(!tables.bookworm.is_there() && tables.node.is_there());
    }
}
