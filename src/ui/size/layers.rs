//! The layers before and after, like beside like, with the bytes that a later line only seems to delete.

use super::bars::{PARTS, named};
use super::figure::{Figure, Passport};
use super::table::{Cell, Column, Row, Table, thousandths};
use crate::analysis::figures::Lines;
use crate::estimate::{Estimate, Layer, Part, format};

/// So many layers of a kind have a row of their own.
const MOST_ROWS: usize = 40;

/// One image, and what its learner's own `docker history` says of its lines.
pub(super) type Side<'a> = (Option<&'a Estimate>, Option<&'a Lines>);

/// The layers of the file as it is beside those of its rewrite.
pub(super) fn table(now: Side<'_>, rewrite: Side<'_>) -> Table {
    let sides = [now, rewrite];
    let likely = |layer: &Layer| layer.size.map_or(0, |size| size.likely);
    let layers = sides.iter().filter_map(|side| side.0).flat_map(|one| &one.layers);
    let largest = layers.map(likely).max().unwrap_or_default();
    let mut table = Table {
        title: "Layer by layer".to_owned(),
        class: "size-layers",
        columns: vec![Column("Now", ""), Column("Rewrite", "")],
        ..Table::default()
    };
    if rewrite.0.is_none() {
        table.columns.pop();
    }
    for part in PARTS {
        let mut before = cells(&now, part, largest).into_iter();
        let mut after = cells(&rewrite, part, largest).into_iter();
        loop {
            let pair = (before.next(), after.next());
            if let (None, None) = pair {
                break;
            }
            let mut cells = vec![pair.0.unwrap_or_default(), pair.1.unwrap_or_default()];
            cells.truncate(table.columns.len());
            table.rows.push(Row { class: "", cells });
        }
    }
    table
}

/// The layers of one kind; behind the last row that there is room for, how many are left.
fn cells(side: &Side<'_>, part: Part, largest: u64) -> Vec<Cell> {
    let Some(estimate) = side.0 else { return Vec::new() };
    let deletions = deletions(estimate);
    let mut all = estimate.layers.iter().filter(|layer| layer.part == part);
    let mut out: Vec<Cell> = Vec::new();
    for layer in all.by_ref().take(MOST_ROWS) {
        let deleted = deletions.iter().find(|(kept, _)| *kept == layer.line && part != Part::Base);
        out.push(cell(layer, estimate, side.1, deleted.map(|(_, by)| *by), largest));
    }
    let left = all.count();
    if left > 0 {
        out.push(Cell::text(format!("and {left} more")));
    }
    out
}

/// Lines whose bytes a later line seems to delete, with that line.
fn deletions(estimate: &Estimate) -> Vec<(usize, usize)> {
    let pairs = estimate.layers.iter().filter_map(|layer| Some((layer.kept_in?, layer.line)));
    pairs.take(MOST_ROWS).collect()
}

fn cell(
    layer: &Layer,
    estimate: &Estimate,
    truth: Option<&Lines>,
    deleted: Option<usize>,
    largest: u64,
) -> Cell {
    let name = format!("{}, line {}", layer.instruction, layer.line);
    let mut passport = Passport::of(&name, layer.size, &layer.basis, None);
    let mut note = layer.note.clone();
    if let Some(line) = deleted {
        note = format!("{note}; line {line} deletes it, but the bytes stay in the image");
    }
    if let Some(says) = truth.and_then(|truth| against_history(layer, estimate, truth)) {
        note = format!("{note}. {says}");
        passport.says.push(says);
    }
    let class = if deleted.is_some() { "size-ghost" } else { named(layer.part).1 };
    let size = layer.size.map_or(0, |size| size.likely);
    Cell {
        code: layer.instruction.to_owned(),
        text: format!("line {}", layer.line),
        figure: Some(Figure { shown: format::stated(layer.size, &layer.basis), passport }),
        bar: vec![(class, thousandths(size, largest))],
        note,
        ..Cell::default()
    }
}

/// What the learner's own history says of the line, once: beside its first layer, with the estimate of the whole line.
fn against_history(layer: &Layer, estimate: &Estimate, truth: &Lines) -> Option<String> {
    let same = |other: &&Layer| {
        (other.part == Part::Base) == (layer.part == Part::Base) && other.line == layer.line
    };
    let mut all = estimate.layers.iter().filter(same);
    if all.clone().next().is_some_and(|first| first != layer) {
        return None;
    }
    let real = if layer.part == Part::Base {
        truth.base
    } else {
        truth.lines.iter().find(|(line, _)| *line == layer.line)?.1
    };
    let likely = all.try_fold(0_u64, |sum, one| Some(sum.saturating_add(one.size?.likely)))?;
    let error = super::yours::error(likely, real.likely);
    let error = error.map(|error| format!("; the estimate is {error} off")).unwrap_or_default();
    Some(format!("Your history says {}{error}", format::size(real.likely)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::weigh;
    use crate::estimate::Tables;
    use crate::input::Input;

    #[test]
    fn what_a_later_line_deletes_is_told_beside_its_bytes() {
        let input = Input::new(
            "FROM python:3.11-slim\nADD https://example.org/data.tar /data\nRUN rm -rf /data\n",
        );
        let estimate = weigh(&input, Tables::NONE);
        let table = table((Some(&estimate), None), (None, None));
        let notes: Vec<&str> = table.rows.iter().map(|row| row.cells[0].note.as_str()).collect();
        assert!(
            notes.contains(&"a download; line 3 deletes it, but the bytes stay in the image"),
            "{notes:?}"
        );
        assert!(table.rows.iter().any(|row| row.cells[0].bar[0].0 == "size-ghost"));
    }

    #[test]
    fn like_stands_beside_like() {
        let weigh = |text: &str| weigh(&Input::new(text), Tables::NONE);
        let now = weigh("FROM python:3.11\nCOPY . .\n");
        let then = weigh("FROM python:3.11-slim\nRUN apt-get update\nCOPY . .\n");
        let table = table((Some(&now), None), (Some(&then), None));
        let rows: Vec<[&str; 2]> =
            table.rows.iter().map(|row| [&*row.cells[0].code, &*row.cells[1].code]).collect();
        assert_eq!(rows, [["FROM", "FROM"], ["", "RUN"], ["COPY", "COPY"]]);
    }
}
