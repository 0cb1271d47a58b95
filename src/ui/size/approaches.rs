//! The lesson's "Image Size Comparison" beside what this very file weighs in each of its shapes.

use super::figure::Passport;
use super::table::{Cell, Column, Row, Table};
use crate::estimate::{Approach, format};

const COLUMNS: [Column; 4] = [
    Column("Approach", ""),
    Column("Lesson says", "number"),
    Column("Yours", "number"),
    Column("Why yours differs", "size-roomy"),
];

/// The table; without rows where there is no image to weigh.
pub(super) fn table(rows: &[Approach]) -> Table {
    let mut table = Table {
        title: "What each step is worth".to_owned(),
        class: "size-approaches",
        columns: COLUMNS.to_vec(),
        ..Table::default()
    };
    for row in rows {
        let passport = Passport::of(row.name, row.yours, &row.basis, None);
        let lesson = Passport::lesson(row.name, row.lesson, "Image Size Comparison");
        let because = Some(Passport {
            title: row.why.clone(),
            says: vec![
                "The difference between this table's figures, unpacked, linux/amd64.".to_owned(),
            ],
            ..Passport::default()
        });
        let name = Cell {
            text: row.name.to_owned(),
            mark: if row.is_yours_now { "yours now" } else { "" },
            tight: row.why.clone(),
            because: because.clone(),
            ..Cell::default()
        };
        let why = Cell { because, ..Cell::text(row.why.clone()) };
        let yours = Cell::number(format::stated(row.yours, &row.basis), passport);
        let lesson = Cell::number(format::approximate(row.lesson), lesson);
        table.rows.push(Row { class: "", cells: vec![name, lesson, yours, why] });
    }
    table
}
