//! The lesson's table of base images, with what was measured.

use super::figure::Passport;
use super::table::{Cell, Column, Row, Table};
use crate::estimate::{BaseTable, format};

/// The table; without rows for an image whose variants are not known.
pub(super) fn table(bases: Option<BaseTable>) -> Table {
    let Some(bases) = bases else { return Table::default() };
    let with_lesson = bases.rows.iter().any(|row| row.lesson.is_some());
    let mut columns = vec![Column("Image", "")];
    if with_lesson {
        columns.push(Column("Lesson", "number"));
    }
    columns.extend([
        Column("Measured", "number"),
        Column("Security", "size-roomy"),
        Column("Use case", "size-roomy"),
    ]);
    let mut rows = Vec::new();
    for row in bases.rows {
        let passport = Passport::of(&row.image, row.unpacked, &row.basis, row.compressed);
        let measured = Cell::number(format::stated(row.unpacked, &row.basis), passport);
        let lesson = match row.lesson {
            Some(bytes) => {
                let passport = Passport::lesson(&row.image, bytes, "Base Image Comparison");
                Cell::number(format::approximate(bytes), passport)
            }
            None => Cell::text("\u{2013}"),
        };
        let mut cells = vec![Cell {
            code: row.image,
            mark: if row.is_yours_now { "yours now" } else { "" },
            tight: format!("{} \u{b7} {}", row.security, row.use_case),
            ..Cell::default()
        }];
        if with_lesson {
            cells.push(lesson);
        }
        cells.extend([measured, Cell::text(row.security), Cell::text(row.use_case)]);
        let class = if row.is_recommended { "size-recommended" } else { "" };
        rows.push(Row { class, cells });
    }
    let because = Passport {
        title: "Base images in the lesson".to_owned(),
        says: vec!["What the lesson says of them; it names no date and no platform.".to_owned()],
        source: Some("Docker for Production".to_owned()),
        bytes: None,
    };
    let (title, note) = (bases.title, bases.note);
    Table { title, class: "size-bases", columns, rows, note, because }
}
