//! The learner's build context: what of it is sent, what an ignore file keeps out and by which line, biggest first.

use std::sync::Arc;

use leptos::prelude::*;

use super::figure::{Figure, Passport, prose};
use super::mine::{Whole, carry, mine, stop_reading};
use super::table::{self, Cell, Column, Row, Table, thousandths};
use crate::analysis::folder::{Amount, Entry, Folder};
use crate::estimate::{Bytes, format};
use crate::input::DOCKERIGNORE;
use crate::ui::browser::folder::{self, Question};
use crate::ui::session::Session;

/// So many of the biggest have a row of their own.
const MOST_ROWS: usize = 12;

/// The section, whose tables go into `shown` for whoever takes them along.
pub(super) fn view(session: Session, shown: RwSignal<Vec<Table>>) -> AnyView {
    on_cleanup(move || shown.set(Vec::new()));
    let question = Memo::new(move |_| {
        let whole = mine().with(|mine| session.input.with(|input| mine.whole(input)));
        let better = session.proposal.get().filter(|_| !session.fixes_off.get());
        let better = better.and_then(|found| found.rewrite.files.get(DOCKERIGNORE).cloned());
        let now = session.input.with(|input| input.text(DOCKERIGNORE).map(str::to_owned));
        Question { files: whole, now, better }
    });
    let answer = RwSignal::new(None);
    folder::sort_in_slices(question, answer);
    let is_given = Memo::new(move |_| question.with(|question| question.files.is_some()));
    let reading = Memo::new(move |_| mine().with(|mine| mine.reading));
    let choose = move || {
        match reading.get() {
        Some(found) => view! {
            <p role="status">{format!("Reading names and sizes, {found} so far \u{2026}")}</p>
            <button type="button" class="button small" on:click=move |_| stop_reading()>
                "Cancel"
            </button>
        }
        .into_any(),
        None => view! {
            <label class="button small size-choose">
                "Choose a folder \u{2026}"
                <input
                    type="file"
                    class="visually-hidden"
                    prop:webkitdirectory=true
                    on:change=move |event| folder::choose(session, &event)
                />
            </label>
            <button
                type="button"
                class="button quiet small"
                hidden=move || !is_given.get()
                on:click=move |_| carry(session, None)
            >
                "Forget the list"
            </button>
            <p class="muted small">
                "Or drop it on the page. Only names and sizes are read, here in your browser; links that you share hold the list."
            </p>
        }
        .into_any(),
    }
    };
    let result = move || {
        let folder: Option<Arc<Folder>> = answer.get();
        let Some(folder) = folder.filter(|_| is_given.get()) else {
            shown.set(Vec::new());
            return ().into_any();
        };
        question.with_untracked(|question| drawn(session, question, &folder, shown))
    };
    view! {
        <div class="size-tools">{choose}</div>
        {result}
    }
    .into_any()
}

fn drawn(
    session: Session,
    question: &Question,
    folder: &Folder,
    shown: RwSignal<Vec<Table>>,
) -> AnyView {
    let basis = basis(session, question.files.as_deref());
    let tables =
        [entries, lines].map(|table| table(folder, question.now.as_deref(), &basis)).to_vec();
    shown.set(tables.clone());
    let (sent, kept) = (amount(folder.sent), amount(folder.kept_out));
    let summary = match &question.now {
        Some(_) => format!("Sent: {sent}. Kept out by .dockerignore: {kept}."),
        None => format!("Sent: {sent}. No .dockerignore is given, so nothing is kept out."),
    };
    let saved = match (folder.saved.files, &question.better) {
        (0, _) | (_, None) => String::new(),
        _ => format!(" The rewrite's ignore file would keep out {} more.", amount(folder.saved)),
    };
    let has_own = question.files.as_deref().is_some_and(|whole| {
        question.now.is_none() && whole.files.iter().any(|file| file.path == DOCKERIGNORE)
    });
    let hint = has_own.then(|| {
        view! {
            <p class="notice info">
                "Your folder has a .dockerignore. Drop that file on the page, and it counts here."
            </p>
        }
        .into_any()
    });
    view! {
        <p>{prose(&(summary + &saved), &basis)}</p>
        {hint}
        {tables.into_iter().map(table::view).collect::<Vec<_>>()}
    }
    .into_any()
}

/// Where the numbers come from.
fn basis(session: Session, whole: Option<&Whole>) -> Passport {
    let says = if session.example.get_untracked().is_some() {
        "Made up for the example project.".to_owned()
    } else {
        match whole.map(|whole| whole.name.as_str()) {
            Some("") | None => {
                "Added up from the list of files that this project carries.".to_owned()
            }
            Some(name) => {
                format!("Added up from the files of your folder {name}, read on this visit.")
            }
        }
    };
    let units = "Bytes of the files as they lie on your disk; Docker sends no more than these.";
    let title = "Your build context".to_owned();
    Passport { title, says: vec![says, units.to_owned()], ..Passport::default() }
}

/// "40 MB in 3 files".
fn amount(amount: Amount) -> String {
    let word = if amount.files == 1 { "file" } else { "files" };
    format!("{} in {} {word}", format::size(amount.bytes), amount.files)
}

/// The biggest files and folders, each with what becomes of it.
pub(super) fn entries(folder: &Folder, ignore: Option<&str>, basis: &Passport) -> Table {
    let whole = |entry: &Entry| entry.sent.bytes.saturating_add(entry.kept_out.bytes);
    let largest = folder.entries.first().map_or(0, whole);
    let mut rows = Vec::new();
    for entry in folder.entries.iter().take(MOST_ROWS) {
        let sent = entry.sent.bytes.saturating_sub(entry.saved.bytes);
        let bar = [
            ("size-files", sent),
            ("size-spare", entry.saved.bytes),
            ("size-kept", entry.kept_out.bytes),
        ];
        let bar = bar.into_iter().filter(|(_, bytes)| *bytes > 0);
        let bar = bar.map(|(class, bytes)| (class, thousandths(bytes, largest))).collect();
        let name = Cell { code: entry.name.clone(), bar, ..Cell::default() };
        rows.push(Row {
            class: "",
            cells: vec![
                name,
                number(whole(entry), &entry.name, basis),
                Cell::text(fate(entry, ignore)),
            ],
        });
    }
    let left = folder.entries.get(MOST_ROWS..).unwrap_or_default();
    if !left.is_empty() {
        let bytes = left.iter().map(whole).fold(0, u64::saturating_add);
        let name = format!("{} more", left.len());
        rows.push(Row {
            class: "",
            cells: vec![Cell::text(name), number(bytes, "The rest", basis), Cell::default()],
        });
    }
    Table {
        title: "Your folder, biggest first".to_owned(),
        class: "size-folder",
        columns: vec![
            Column("Name", ""),
            Column("Size", "number"),
            Column("What becomes of it", ""),
        ],
        rows,
        ..Table::default()
    }
}

fn number(bytes: u64, name: &str, basis: &Passport) -> Cell {
    let title = format!("{name}: {}", format::exact(bytes));
    let passport = Passport { title, bytes: Some(Bytes::exact(bytes)), ..basis.clone() };
    let figure = Figure { shown: format::size(bytes), passport };
    Cell { figure: Some(figure), ..Cell::default() }
}

fn fate(entry: &Entry, ignore: Option<&str>) -> String {
    let by = entry.line.map(|line| match pattern(ignore, line) {
        Some(text) => format!("kept out by line {line}, `{text}`"),
        None => format!("kept out by line {line}"),
    });
    match by {
        Some(by) if entry.sent.files == 0 => by,
        Some(by) => format!("in part {by}; the rest is sent"),
        None if entry.saved.files == 0 => "sent".to_owned(),
        None if entry.saved.files == entry.sent.files => {
            "sent; the rewrite keeps it out".to_owned()
        }
        None => "sent; the rewrite keeps a part out".to_owned(),
    }
}

/// The text of a line of the ignore file, where it can be shown.
fn pattern(ignore: Option<&str>, line: usize) -> Option<&str> {
    let text = ignore?.lines().nth(line.checked_sub(1)?)?.trim();
    (!text.contains('`') && text.len() < 60).then_some(text)
}

/// What each line of the ignore file keeps out.
fn lines(folder: &Folder, ignore: Option<&str>, basis: &Passport) -> Table {
    let mut all = folder.by_line.clone();
    all.sort_unstable_by(|a, b| b.1.bytes.cmp(&a.1.bytes).then(a.0.cmp(&b.0)));
    let rows = all.into_iter().take(MOST_ROWS).map(|(line, amount)| {
        let name = format!("Line {line}");
        let code = pattern(ignore, line).unwrap_or_default().to_owned();
        let files =
            if amount.files == 1 { "1 file".to_owned() } else { format!("{} files", amount.files) };
        let size = Cell { note: files, ..number(amount.bytes, &name, basis) };
        Row { class: "", cells: vec![Cell { code, ..Cell::text(format!("line {line}")) }, size] }
    });
    Table {
        title: "What .dockerignore keeps out".to_owned(),
        class: "size-ignore",
        columns: vec![Column("Line", ""), Column("Keeps out", "number")],
        rows: rows.collect(),
        ..Table::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::folder::Sorter;
    use crate::input::ContextFile;

    #[test]
    fn each_entry_says_what_becomes_of_it() {
        let ignore = "tests\n*.log\n";
        let mut sorter = Sorter::new(Some(ignore), Some(".git\n.env\n"));
        for (path, bytes) in
            [(".git/pack", 400), ("a.log", 50), ("docs/a.md", 5), ("tests/a.py", 40)]
        {
            sorter.add(&ContextFile { path: path.to_owned(), bytes });
        }
        let table = entries(&sorter.done(), Some(ignore), &Passport::default());
        let rows: Vec<String> = table
            .rows
            .iter()
            .map(|row| row.cells.iter().map(Cell::plain).collect::<Vec<_>>().join(" | "))
            .collect();
        assert_eq!(
            rows,
            [
                ".git/ | 400 B | sent; the rewrite keeps it out",
                "a.log | 50 B | kept out by line 2, `*.log`",
                "tests/ | 40 B | kept out by line 1, `tests`",
                "docs/ | 5 B | sent",
            ]
        );
        assert_eq!(table.rows[0].cells[0].bar, [("size-spare", 1000)]);
    }
}
