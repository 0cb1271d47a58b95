//! The tables as Markdown and as CSV.

use super::table::{Column, Table};

/// What the numbers are, below the tables.
pub(super) const UNITS: &str = "Unpacked, decimal megabytes, linux/amd64, unless a column says otherwise; ~ marks an estimate.";

/// The tables one below the other.
pub(super) fn markdown(tables: &[Table]) -> String {
    let mut out: Vec<String> = Vec::new();
    for table in tables.iter().filter(|table| !table.rows.is_empty()) {
        let heads: Vec<String> = table.columns.iter().map(|column| cell(column.0)).collect();
        let rule = |one: &Column| if one.1.contains("number") { "---:" } else { "---" }.to_owned();
        let rules: Vec<String> = table.columns.iter().map(rule).collect();
        out.extend([format!("## {}\n", table.title), line(&heads), line(&rules)]);
        for row in &table.rows {
            let cells: Vec<String> = row.cells.iter().map(|one| cell(&one.plain())).collect();
            out.push(line(&cells));
        }
        out.push(String::new());
        if !table.note.is_empty() {
            out.push(table.note.clone() + "\n");
        }
    }
    out.push(UNITS.to_owned() + "\n");
    out.join("\n")
}

/// A line of a table.
fn line(cells: &[String]) -> String {
    ["| ", &cells.join(" | "), " |"].concat()
}

/// A cell that ends no row and opens no tag.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;").replace(['\r', '\n'], " ")
}

/// One line for each cell, with what its passport knows.
pub(super) fn csv(tables: &[Table]) -> String {
    let mut out =
        String::from("table,row,column,shown,low bytes,likely bytes,high bytes,basis\r\n");
    for table in tables {
        for row in &table.rows {
            let head = row.cells.first().map(|cell| format!("{} {}", cell.code, cell.text));
            let head = head.unwrap_or_default();
            for (column, cell) in table.columns.iter().zip(&row.cells).skip(1) {
                let passport = cell.figure.as_ref().map(|figure| &figure.passport);
                let bytes = passport.and_then(|passport| passport.bytes);
                let number = |bytes: Option<u64>| bytes.map(|one| one.to_string());
                let basis = passport.map(|passport| {
                    let source = passport.source.as_deref().unwrap_or_default();
                    format!("{} {source}", passport.says.join(" "))
                });
                let fields = [
                    Some(table.title.clone()),
                    Some(head.trim().to_owned()),
                    Some(column.0.to_owned()),
                    Some(cell.plain()),
                    number(bytes.map(|bytes| bytes.low)),
                    number(bytes.map(|bytes| bytes.likely)),
                    number(bytes.map(|bytes| bytes.high)),
                    basis,
                ];
                for (at, text) in fields.into_iter().enumerate() {
                    out += if at == 0 { "" } else { "," };
                    out += &field(text.unwrap_or_default().trim());
                }
                out += "\r\n";
            }
        }
    }
    out
}

/// A field in quotes; what a spreadsheet would take for a formula begins with an apostrophe.
fn field(text: &str) -> String {
    if text.is_empty() || text.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let guard = if text.starts_with(['=', '+', '-', '@', '\t']) { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::super::figure::Passport;
    use super::super::table::{Cell, Row};
    use super::*;
    use crate::estimate::Bytes;

    fn table() -> Table {
        let passport = Passport {
            says: vec!["Estimated: 1 to 3 B.".to_owned()],
            bytes: Some(Bytes { low: 1, likely: 2, high: 3 }),
            ..Passport::default()
        };
        Table {
            title: "Layers".to_owned(),
            columns: vec![Column("Layer", ""), Column("Now", "number")],
            rows: vec![Row {
                class: "",
                cells: vec![Cell::text("=a | b <c>"), Cell::number("~2 B", passport)],
            }],
            note: "A note.".to_owned(),
            ..Table::default()
        }
    }

    #[test]
    fn tables_in_markdown() {
        let expected = "## Layers\n\n| Layer | Now |\n| --- | ---: |\n| =a \\| b &lt;c> | ~2 B |\n\nA note.\n\n";
        assert_eq!(markdown(&[table(), Table::default()]), format!("{expected}{UNITS}\n"));
    }

    #[test]
    fn numbers_in_csv_carry_their_basis() {
        let csv = csv(&[table()]);
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines[1],
            "\"Layers\",\"'=a | b <c>\",\"Now\",\"~2 B\",1,2,3,\"Estimated: 1 to 3 B.\""
        );
    }
}
