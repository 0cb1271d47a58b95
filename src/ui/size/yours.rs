//! The learner's own figures: what Docker printed, beside the estimate, with the error.

use leptos::prelude::*;

use super::figure::{Figure, Passport};
use super::mine::{Mine, mine};
use super::table::{self, Cell, Column, Row, Table};
use crate::analysis::figures::{self, Layout, Lines, Pasted, Seen};
use crate::estimate::{Bytes, Estimate, format};
use crate::input::Input;
use crate::model::Model;
use crate::syntax::parse;
use crate::ui::session::Session;

/// So many of the images that were pasted can be chosen from.
const MOST_CHOICES: usize = 40;

/// The images that the page compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ui) enum Side {
    Start,
    Now,
    Rewrite,
}

impl Side {
    const ALL: [Self; 3] = [Self::Start, Self::Now, Self::Rewrite];

    /// Its name beside its bar.
    pub(in crate::ui) const fn name(self) -> &'static str {
        match self {
            Self::Start => "Start",
            Self::Now => "Now",
            Self::Rewrite => "Rewrite",
        }
    }
}

/// What an image really weighs, unpacked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Truth {
    pub name: String,
    pub bytes: Bytes,
    pub layout: Layout,
}

impl Truth {
    /// What a passport says of it beside an estimate.
    pub(super) fn against(&self, estimate: Option<Bytes>) -> Option<String> {
        let error = error(estimate?.likely, self.bytes.likely)?;
        let real = format::exact(self.bytes.likely);
        Some(format!("Your own figure is {real}: the estimate is {error} off."))
    }

    fn figure(&self) -> Figure {
        let from = match self.layout {
            Layout::Size => {
                "The column SIZE of your docker images, unpacked as Docker before 29 prints it."
            }
            Layout::DiskUsage => {
                "DISK USAGE less CONTENT SIZE of your docker images: what it weighs unpacked."
            }
            Layout::Inspect => "Size of your docker image inspect, unpacked.",
            Layout::History => "The sum of your docker history, unpacked.",
            Layout::Typed => "As you typed it.",
        };
        let range = if self.bytes.low == self.bytes.high {
            "Exact.".to_owned()
        } else {
            format!(
                "Rounded by Docker: {} to {}.",
                format::exact(self.bytes.low),
                format::exact(self.bytes.high)
            )
        };
        let passport = Passport {
            title: format!("{}: {}", self.name, format::exact(self.bytes.likely)),
            says: vec![from.to_owned(), range],
            source: Some("Pasted by you on this visit, on the platform of your Docker".to_owned()),
            bytes: Some(self.bytes),
        };
        Figure { shown: format::size(self.bytes.likely), passport }
    }
}

/// How far `estimate` is from `real`: "+4 %"; `None` where nothing is really there.
pub(super) fn error(estimate: u64, real: u64) -> Option<String> {
    let off = estimate.abs_diff(real).saturating_mul(1000).checked_div(real)?;
    let percent = off.saturating_add(5) / 10;
    let sign = match (percent, estimate < real) {
        (0, _) => "",
        (_, true) => "\u{2212}",
        (_, false) => "+",
    };
    Some(format!("{sign}{percent} %"))
}

/// Takes what was pasted: one image is what stands here now; of two, the larger is the start and the smaller the
/// rewrite; of more, the learner says which is which. `inputs` are those of start, now and rewrite, to find whose history it is.
fn take(mine: &mut Mine, text: &str, inputs: &[Option<Input>; 3]) {
    mine.forget();
    if text.trim().is_empty() {
        return;
    }
    match figures::read(text) {
        Err(said) => mine.said = said,
        Ok(Pasted::Images(seen)) => {
            match seen.as_slice() {
                [only] => assign(mine, Side::Now, only),
                [a, b] => {
                    let is_first = a.unpacked.likely > b.unpacked.likely;
                    let (large, small) = if is_first { (a, b) } else { (b, a) };
                    assign(mine, Side::Start, large);
                    assign(mine, Side::Rewrite, small);
                }
                _ => {}
            }
            mine.seen = seen;
        }
        Ok(Pasted::History(rows)) => {
            let order = [Side::Now, Side::Start, Side::Rewrite];
            let fits = |side: &Side| {
                inputs[*side as usize].as_ref().is_some_and(|input| by_line(input, &rows).is_some())
            };
            let Some(side) = order.into_iter().find(fits) else {
                mine.said = "This history has other instructions than this Dockerfile and its rewrite. Build what stands here, and paste the history of that image.";
                return;
            };
            let bytes = rows.iter().map(|row| row.bytes).sum();
            let truth = Truth { name: "docker history".to_owned(), bytes, layout: Layout::History };
            mine.truths[side as usize] = Some(truth);
            mine.history = Some((side, rows));
        }
    }
}

fn assign(mine: &mut Mine, side: Side, seen: &Seen) {
    let Seen { name, unpacked, layout, .. } = seen.clone();
    mine.truths[side as usize] = Some(Truth { name, bytes: unpacked, layout });
}

/// What a history says of the lines of `input`.
pub(super) fn by_line(input: &Input, rows: &[figures::Row]) -> Option<Lines> {
    let file = parse(&input.dockerfile);
    let model = Model::build(&file, input);
    let mut steps = Vec::new();
    for (_, step) in model.final_steps() {
        let line = model.lines().line(step.instruction.range.start);
        steps.push((line, step.keyword().as_str()));
    }
    figures::by_line(rows, &steps)
}

/// The estimates beside what is true; without rows where nothing is known.
pub(super) fn table(session: Session, weights: [Option<&Estimate>; 3]) -> Table {
    let mut rows = Vec::new();
    for (side, weight) in Side::ALL.into_iter().zip(weights) {
        let (Some(weight), Some(truth)) =
            (weight, mine().with(|mine| mine.truth(session, side).cloned()))
        else {
            continue;
        };
        let estimate = super::bars::total(session, side, weight);
        let likely = weight.total.map(|total| total.likely);
        let off = likely.and_then(|likely| error(likely, truth.bytes.likely));
        let passport = Passport {
            title: "Error of the estimate".to_owned(),
            says: vec![
                "The likely estimate less your figure, in per cent of your figure.".to_owned(),
            ],
            ..Passport::default()
        };
        let name = Cell { note: truth.name.clone(), ..Cell::text(side.name()) };
        let estimate = Cell { figure: Some(estimate), ..Cell::default() };
        let real = Cell { figure: Some(truth.figure()), ..Cell::default() };
        let off = Cell::number(off.unwrap_or_else(|| format::UNKNOWN.to_owned()), passport);
        rows.push(Row { class: "", cells: vec![name, estimate, real, off] });
    }
    Table {
        title: "Estimate and your own figure".to_owned(),
        class: "size-yours",
        columns: vec![
            Column("Image", ""),
            Column("Estimate", "number"),
            Column("Yours", "number"),
            Column("Error", "number"),
        ],
        rows,
        ..Table::default()
    }
}

/// The section; `inputs` are those of start, now and rewrite.
pub(super) fn view(
    session: Session,
    inputs: impl Fn() -> [Option<Input>; 3] + Copy + Send + Sync + 'static,
    tables: impl Fn() -> Table + Copy + Send + Sync + 'static,
) -> AnyView {
    let change = move |change: &dyn Fn(&mut Mine)| {
        let document = session.document.get_untracked();
        mine().update(|mine| {
            mine.turn_to(document);
            change(mine);
        });
    };
    let pasted = move |event| {
        let text = event_target_value(&event);
        let inputs = untrack(inputs);
        change(&|mine| take(mine, &text, &inputs));
    };
    let field = move |side: Side| {
        let typed = move |event| {
            let bytes = figures::typed(&event_target_value(&event));
            change(&|mine| {
                mine.truths[side as usize] = bytes.map(|bytes| Truth {
                    name: side.name().to_owned(),
                    bytes,
                    layout: Layout::Typed,
                });
            });
        };
        view! {
            <label>
                {side.name()}
                <input type="text" class="field" inputmode="decimal" placeholder="MB" on:change=typed />
            </label>
        }
        .into_any()
    };
    let said = Memo::new(move |_| mine().with(|mine| mine.said));
    let found = Memo::new(move |_| mine().with(|mine| mine.seen.clone()));
    let choices = move || {
        let mut out: Vec<AnyView> = Vec::new();
        let found = found.get();
        if found.len() > 1 {
            out.push(view! { <li class="muted">"Which is which?"</li> }.into_any());
        }
        for seen in found.iter().take(MOST_CHOICES).filter(|_| found.len() > 1) {
            let mut buttons: Vec<AnyView> = Vec::new();
            for side in Side::ALL {
                let seen = seen.clone();
                let is_it = {
                    let name = seen.name.clone();
                    move || {
                        let mine = mine().read();
                        mine.truth(session, side)
                            .is_some_and(|truth| truth.name == name)
                            .to_string()
                    }
                };
                let choose = move |_| change(&|mine| assign(mine, side, &seen));
                let button = view! {
                    <button type="button" class="button small" aria-pressed=is_it on:click=choose>
                        {side.name()}
                    </button>
                };
                buttons.push(button.into_any());
            }
            out.push(
                view! { <li><code>{seen.name.clone()}</code><span>{buttons}</span></li> }
                    .into_any(),
            );
        }
        out
    };
    view! {
        <label class="size-paste">
            "Paste what one of these prints: "
            <code>"docker images"</code>
            ", "
            <code>"docker history --no-trunc --human=false IMAGE"</code>
            ", "
            <code>"docker image inspect IMAGE"</code>
            <textarea class="code card" rows="4" spellcheck="false" autocomplete="off" on:input=pasted></textarea>
        </label>
        {move || match said.get() {
            "" => ().into_any(),
            said => view! { <p class="notice warning" role="status">{said}</p> }.into_any(),
        }}
        <ul class="size-found">{choices}</ul>
        <div class="size-tools">
            <span>"Or type what they weigh, in MB:"</span>
            {Side::ALL.into_iter().map(field).collect::<Vec<_>>()}
        </div>
        {move || table::view(tables())}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_far_off_an_estimate_is() {
        for (estimate, real, expected) in [
            (104, 100, Some("+4 %")),
            (97, 100, Some("\u{2212}3 %")),
            (1000, 1001, Some("0 %")),
            (5, 0, None),
        ] {
            assert_eq!(error(estimate, real).as_deref(), expected);
        }
    }

    #[test]
    fn a_history_is_matched_with_the_lines_of_its_file() {
        let input = Input::new("FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nCMD [\"x\"]\n");
        let row = |keyword: &str, bytes| figures::Row {
            keyword: keyword.to_owned(),
            bytes: Bytes::exact(bytes),
        };
        let rows =
            [row("CMD", 0), row("COPY", 7), row("WORKDIR", 0), row("CMD", 0), row("RUN", 100)];
        let found = by_line(&input, &rows).expect("it is the same image");
        assert_eq!(found.base.likely, 100);
        assert!(found.lines.contains(&(3, Bytes::exact(7))));
        assert_eq!(by_line(&Input::new("FROM a\nUSER x\n"), &rows), None);
    }
}
