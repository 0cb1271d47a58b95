//! What a change costs: which lines run again, and what has to be pushed, before and after the rewrite.

use leptos::prelude::*;

use super::figure::{Figure, Passport};
use super::table::{self, Cell, Column, Row, Table, thousandths};
use crate::analysis::rebuild::{Change, Rebuild, rebuilds};
use crate::estimate::{Basis, Estimate, format};
use crate::input::Input;
use crate::ui::session::Session;

/// An input and what it weighs.
pub(super) type Weighed<'a> = Option<(&'a Input, &'a Estimate)>;

/// The table: a line for each change, the file as it is beside its rewrite.
pub(super) fn table(now: Weighed<'_>, rewrite: Weighed<'_>) -> Table {
    let all = |side: Weighed<'_>| side.map(|(input, weight)| rebuilds(input, weight));
    let (before, after) = (all(now).unwrap_or_default(), all(rewrite));
    let pushed = |one: &Rebuild| one.pushed.map_or(0, |bytes| bytes.likely);
    let largest = before.iter().chain(after.iter().flatten()).map(pushed).max();
    let largest = largest.unwrap_or_default();
    let mut columns = vec![Column("You change", ""), Column("Now, to push", "")];
    if after.is_some() {
        columns.push(Column("Rewrite, to push", ""));
    }
    let mut rows = Vec::new();
    for change in [Change::Code, Change::Packages, Change::Base] {
        let find = |all: &[Rebuild]| all.iter().find(|one| one.change == change).cloned();
        let (now, then) = (find(&before), after.as_deref().and_then(find));
        let Some(name) = now.as_ref().or(then.as_ref()).map(name) else { continue };
        let mut cells = vec![name, cell(now.as_ref(), largest)];
        if after.is_some() {
            cells.push(cell(then.as_ref(), largest));
        }
        rows.push(Row { class: "", cells });
    }
    Table {
        title: "After a change".to_owned(),
        class: "size-rebuild",
        columns,
        rows,
        note: "Docker builds the first line that the change reaches, and every line below it, again. What is new is pushed to the registry, compressed.".to_owned(),
        ..Table::default()
    }
}

fn name(one: &Rebuild) -> Cell {
    match one.change {
        Change::Code => Cell::text("A line of your code"),
        Change::Packages => Cell { code: one.file.to_owned(), ..Cell::default() },
        Change::Base => Cell::text("A new release of the base image"),
    }
}

fn cell(one: Option<&Rebuild>, largest: u64) -> Cell {
    let Some(one) = one else { return Cell::text("nothing is built again") };
    let figure = figure(one);
    let note = match (one.again.as_slice(), one.installs.as_slice()) {
        ([], _) => "no line is built again".to_owned(),
        (again, []) => format!("{} again, no install", lines(again)),
        (again, installs) => {
            format!("{} again, with the install in {}", lines(again), lines(installs))
        }
    };
    let likely = one.pushed.map_or(0, |bytes| bytes.likely);
    let class = if one.installs.is_empty() { "bar-rewrite" } else { "bar-now" };
    Cell {
        figure: Some(figure),
        bar: vec![(class, thousandths(likely, largest))],
        note,
        ..Cell::default()
    }
}

fn figure(one: &Rebuild) -> Figure {
    let basis = match one.pushed {
        Some(_) => Basis::Estimated {
            why: "The layers of the final image that are made anew; a registry that has one already is spared it".to_owned(),
        },
        None => Basis::Unknown { why: "A layer that is made anew is not known".to_owned() },
    };
    let passport =
        Passport::with("To push", one.pushed, &basis, "Compressed, linux/amd64.".to_owned());
    Figure { shown: format::stated(one.pushed, &basis), passport }
}

/// "line 8", "lines 6, 8 and 9"; more than four are counted.
fn lines(all: &[usize]) -> String {
    match all {
        [one] => format!("line {one}"),
        [first, .., last] if all.len() > 4 => {
            format!("{} lines from {first} to {last}", all.len())
        }
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(usize::to_string).collect();
            format!("lines {} and {last}", first.join(", "))
        }
        [] => String::new(),
    }
}

/// What a changed line of code costs at the start and now, as two bars, where that differs.
pub(in crate::ui) fn bought(session: Session) -> AnyView {
    let cost = |input: &Input, weight: Option<&Estimate>| {
        rebuilds(input, weight?).into_iter().find(|one| one.change == Change::Code)
    };
    let before = session.baseline.with(|input| cost(input, session.start.get().as_deref()));
    let now = session.input.with(|input| {
        // The weight follows the text a moment later.
        let is_settled = session.settled.with(|settled| settled.as_ref() == Some(input));
        if is_settled { cost(input, session.weight.get().as_deref()) } else { None }
    });
    let (Some(before), Some(now)) = (before, now) else { return ().into_any() };
    if before.installs == now.installs && before.pushed == now.pushed {
        return ().into_any();
    }
    let likely = |one: &Rebuild| one.pushed.map_or(0, |bytes| bytes.likely);
    let largest = likely(&before).max(likely(&now));
    let row = |name: &'static str, class: &'static str, one: &Rebuild| {
        let bar = table::bar(&[(class, thousandths(likely(one), largest))]);
        let installs = if one.installs.is_empty() { "no install" } else { "with the install" };
        view! {
            <span>{name}</span>
            {bar}
            {super::figure::view(figure(one))}
            <span class="muted">{installs}</span>
        }
        .into_any()
    };
    let rows = vec![row("start", "bar-now", &before), row("now", "bar-rewrite", &now)];
    view! {
        <div class="strip-rebuild">
            <p>"After a change of your code, built and pushed again:"</p>
            {rows}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::weigh;
    use crate::estimate::Tables;

    #[test]
    fn a_line_of_code_spares_the_install_after_the_rewrite() {
        let before =
            Input::new("FROM python:3.11-slim\nCOPY . .\nRUN pip install -r requirements.txt\n");
        let after = Input::new(
            "FROM python:3.11-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n",
        );
        let tables = Tables::built_in();
        let weights = [weigh(&before, tables), weigh(&after, tables)];
        let table = table(Some((&before, &weights[0])), Some((&after, &weights[1])));
        let notes: Vec<[&str; 2]> =
            table.rows.iter().map(|row| [&*row.cells[1].note, &*row.cells[2].note]).collect();
        assert_eq!(
            notes[0],
            ["lines 2 and 3 again, with the install in line 3", "line 4 again, no install"]
        );
        assert_eq!(table.rows[1].cells[0].code, "requirements.txt");
    }

    #[test]
    fn lines_in_words() {
        assert_eq!(lines(&[8]), "line 8");
        assert_eq!(lines(&[6, 8, 9]), "lines 6, 8 and 9");
        assert_eq!(lines(&[1, 2, 3, 4, 9]), "5 lines from 1 to 9");
    }
}
