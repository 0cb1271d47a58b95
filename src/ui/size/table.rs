//! A table as plain data: what is drawn, and what is exported, are the same cells.

use leptos::prelude::*;

use super::figure::{self, Figure, Passport};
use crate::ui::parts::Coded;

/// A table with a heading.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Table {
    pub title: String,
    pub class: &'static str,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// A sentence below it; empty for none. Numbers in it have the passport of `because`.
    pub note: String,
    pub because: Passport,
}

/// The head of a column, and how its cells are set: "number", "size-roomy" where only wide panels have it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column(pub &'static str, pub &'static str);

/// A row; its first cell is its head.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Row {
    pub class: &'static str,
    pub cells: Vec<Cell>,
}

/// What stands in a cell, in this order. A number stands only where its passport is at hand.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Cell {
    /// Set as code.
    pub code: String,
    /// Words; numbers in them have the passport of `because`, else of `figure`.
    pub text: String,
    /// A word that marks the row as the learner's.
    pub mark: &'static str,
    /// The cell's number.
    pub figure: Option<Figure>,
    /// A bar: classes of its pieces and their thousandths of the full width.
    pub bar: Vec<(&'static str, u64)>,
    /// More words, smaller, below.
    pub note: String,
    /// The same, for narrow panels only.
    pub tight: String,
    pub because: Option<Passport>,
}

impl Cell {
    /// Words alone.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A number alone.
    pub(super) fn number(shown: impl Into<String>, passport: Passport) -> Self {
        Self { figure: Some(Figure { shown: shown.into(), passport }), ..Self::default() }
    }

    /// Its words and number in one line, for who copies it.
    pub(super) fn plain(&self) -> String {
        let figure = self.figure.as_ref().map_or("", |figure| figure.shown.as_str());
        let all = [self.code.as_str(), &self.text, self.mark, figure, &self.note];
        let mut out = String::new();
        for piece in all.into_iter().filter(|piece| !piece.is_empty()) {
            if !out.is_empty() {
                out.push(' ');
            }
            out += piece.trim();
        }
        out
    }

    fn words(&self, text: &str) -> AnyView {
        let figure = self.figure.as_ref().map(|figure| &figure.passport);
        match self.because.as_ref().or(figure) {
            Some(passport) => figure::prose(text, passport),
            None => view! { <Coded text=text.to_owned() /> }.into_any(),
        }
    }

    /// The cell's content.
    fn view(self) -> AnyView {
        let mut out: Vec<AnyView> = Vec::new();
        if !self.code.is_empty() {
            out.push(view! { <code>{self.code.clone()}</code> }.into_any());
            out.push(" ".into_any());
        }
        if !self.text.is_empty() {
            out.push(self.words(&self.text));
            out.push(" ".into_any());
        }
        if !self.mark.is_empty() {
            out.push(view! { <span class="size-mine">{self.mark}</span> }.into_any());
        }
        if let Some(figure) = self.figure.clone() {
            out.push(figure::view(figure));
        }
        if !self.bar.is_empty() {
            out.push(bar(&self.bar));
        }
        if !self.note.is_empty() {
            let words = self.words(&self.note);
            out.push(view! { <span class="size-note muted">{words}</span> }.into_any());
        }
        if !self.tight.is_empty() {
            let words = self.words(&self.tight);
            out.push(view! { <span class="size-tight muted">{words}</span> }.into_any());
        }
        out.into_any()
    }
}

/// A bar of pieces; its numbers stand beside it, so screen readers pass over it.
pub(super) fn bar(pieces: &[(&'static str, u64)]) -> AnyView {
    let mut out: Vec<AnyView> = Vec::new();
    for &(class, thousandths) in pieces {
        let width = format!("{}.{}%", thousandths / 10, thousandths % 10);
        out.push(view! { <span class=class style:width=width></span> }.into_any());
    }
    view! { <span class="size-bar" aria-hidden="true">{out}</span> }.into_any()
}

/// `part` of `whole` in thousandths; what is there at all is one at least.
pub(super) fn thousandths(part: u64, whole: u64) -> u64 {
    if part == 0 {
        return 0;
    }
    // Megabytes are far from the limit of u64.
    part.saturating_mul(1000).checked_div(whole).unwrap_or(0).clamp(1, 1000)
}

/// `table` as a heading, a table and its note; nothing where it has no rows.
pub(super) fn view(table: Table) -> AnyView {
    if table.rows.is_empty() {
        return ().into_any();
    }
    let columns = table.columns;
    let heads: Vec<AnyView> = columns
        .iter()
        .map(|&Column(title, class)| {
            view! {
                <th scope="col" class=class>
                    {title}
                </th>
            }
            .into_any()
        })
        .collect();
    let mut rows: Vec<AnyView> = Vec::new();
    for row in table.rows {
        let mut cells: Vec<AnyView> = Vec::new();
        for (at, cell) in row.cells.into_iter().enumerate() {
            let class = columns.get(at).map_or("", |column| column.1);
            let inside = cell.view();
            cells.push(if at == 0 {
                view! {
                    <th scope="row" class=class>
                        {inside}
                    </th>
                }
                .into_any()
            } else {
                view! { <td class=class>{inside}</td> }.into_any()
            });
        }
        rows.push(view! { <tr class=row.class>{cells}</tr> }.into_any());
    }
    let title = (!table.title.is_empty()).then(|| view! { <h2>{table.title}</h2> }.into_any());
    let note = (!table.note.is_empty()).then(|| {
        view! {
            <p class="muted small">{figure::prose(&table.note, &table.because)}</p>
        }
        .into_any()
    });
    view! {
        {title}
        <table class=format!("table {}", table.class)>
            <thead>
                <tr>{heads}</tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        {note}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares() {
        assert_eq!(thousandths(1, 3), 333);
        assert_eq!(thousandths(5, 0), 1, "what is there is drawn");
        assert_eq!(thousandths(0, 5), 0);
        assert_eq!(thousandths(7, 5), 1000);
    }

    #[test]
    fn a_cell_in_one_line() {
        let figure = Figure { shown: "~38 MB".to_owned(), passport: Passport::default() };
        let cell = Cell {
            code: "RUN".to_owned(),
            text: "line 8".to_owned(),
            figure: Some(figure),
            note: "flask".to_owned(),
            ..Cell::default()
        };
        assert_eq!(cell.plain(), "RUN line 8 ~38 MB flask");
    }
}
