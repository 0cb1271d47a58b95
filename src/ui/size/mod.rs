//! The Size panel: what the image weighs at the start, now and rewritten, what each step is worth, and what it costs to
//! build, push and pull.

mod approaches;
mod bars;
mod bases;
mod context;
mod export;
mod figure;
mod layers;
mod mine;
mod pull;
mod rebuild;
mod table;
mod yours;

use std::sync::Arc;

use leptos::prelude::*;

use self::bars::Bars;
pub(super) use self::bars::total;
use self::figure::Passport;
pub(super) use self::figure::disclosed;
use self::mine::{Section, mine};
pub(super) use self::mine::{Whole, reading, received, start_reading, stop_reading};
pub(super) use self::rebuild::bought;
use self::table::Table;
pub(super) use self::yours::Side;
use super::browser::{clipboard, file};
use super::session::Session;
use crate::estimate::{Basis, Estimate, approaches, base_table, format};
use crate::input::Input;

/// What the panel shows, derived from the session.
#[derive(Clone, Copy)]
struct Panel {
    session: Session,
    /// What the rewrite weighs; an exercise does not give its solution away, nor what that weighs.
    rewrite: Memo<Option<Arc<Estimate>>>,
    /// What is shown of the build context, where it was looked at.
    context: RwSignal<Vec<Table>>,
}

/// The panel.
pub fn panel(session: Session) -> AnyView {
    let rewrite = Memo::new(move |_| {
        let hidden = session.fixes_off.get();
        session.proposal.get().filter(|_| !hidden).map(|found| Arc::new(found.estimate.clone()))
    });
    let panel = Panel { session, rewrite, context: RwSignal::new(Vec::new()) };
    let is_empty =
        Memo::new(move |_| session.input.with(|input| input.dockerfile.trim().is_empty()));
    (move || {
        if is_empty.get() {
            return view! {
                <p class="muted">"Write or paste a Dockerfile, and its weight appears here."</p>
            }
            .into_any();
        }
        view! {
            <div class="size">
                <Bars session rewrite />
                {move || table::view(panel.approaches())}
                {move || table::view(panel.bases())}
                {move || panel.units()}
                {part(Section::Layers, "Layer by layer", Box::new(move || {
                    (move || table::view(panel.layers())).into_any()
                }))}
                {part(Section::Rebuild, "What a change costs", Box::new(move || {
                    (move || table::view(panel.rebuild())).into_any()
                }))}
                {part(Section::Pull, "How long it takes to pull", Box::new(move || panel.pull_view()))}
                {part(Section::Context, "Your build context", Box::new(move || context::view(session, panel.context)))}
                {part(Section::Yours, "Your own figures", Box::new(move || {
                    yours::view(session, move || panel.inputs(), move || panel.yours())
                }))}
                {panel.exports()}
            </div>
        }
        .into_any()
    })
    .into_any()
}

impl Panel {
    fn weights(self) -> [Option<Arc<Estimate>>; 3] {
        [self.session.start.get(), self.session.weight.get(), self.rewrite.get()]
    }

    /// The inputs of start, now and rewrite.
    fn inputs(self) -> [Option<Input>; 3] {
        let rewrite = self.session.proposal.get().filter(|_| self.rewrite.get().is_some());
        let rewrite = rewrite.map(|found| found.rewrite.input.clone());
        [Some(self.session.baseline.get()), self.session.settled.get(), rewrite]
    }

    fn approaches(self) -> Table {
        let tables = self.session.tables.get();
        let rows = self.session.input.with(|input| approaches(input, tables));
        let mut table = approaches::table(&rows);
        let at = rows.iter().position(|row| row.is_yours_now);
        let says = at.and_then(|at| {
            let mine = mine().read();
            let truth = mine.truth(self.session, Side::Now)?;
            truth.against(rows.get(at)?.yours)
        });
        if let (Some(at), Some(says)) = (at, says)
            && let Some(cell) = table.rows.get_mut(at).and_then(|row| row.cells.get_mut(2))
            && let Some(figure) = &mut cell.figure
        {
            figure.passport.says.push(says);
        }
        table
    }

    fn bases(self) -> Table {
        let weight = self.session.weight.get();
        bases::table(weight.and_then(|weight| base_table(&weight.base.as_ref()?.image)))
    }

    fn layers(self) -> Table {
        let [_, now, rewrite] = self.weights();
        let [_, input, rewritten] = self.inputs();
        let truth = |side: Side, input: Option<&Input>| {
            let mine = mine().read();
            yours::by_line(input?, mine.history(self.session, side)?)
        };
        let (a, b) = (truth(Side::Now, input.as_ref()), truth(Side::Rewrite, rewritten.as_ref()));
        layers::table((now.as_deref(), a.as_ref()), (rewrite.as_deref(), b.as_ref()))
    }

    fn rebuild(self) -> Table {
        let [_, now, rewrite] = self.weights();
        let [_, input, rewritten] = self.inputs();
        rebuild::table(
            input.as_ref().zip(now.as_deref()),
            rewritten.as_ref().zip(rewrite.as_deref()),
        )
    }

    fn pull(self) -> Table {
        let [start, now, rewrite] = self.weights();
        let images = [
            (Side::Start.name(), start.as_deref()),
            (Side::Now.name(), now.as_deref()),
            (Side::Rewrite.name(), rewrite.as_deref()),
        ];
        pull::table(images, mine().with(|mine| mine.mbit))
    }

    fn pull_view(self) -> AnyView {
        let set = |event| {
            let mbit = event_target_value(&event).trim().parse().unwrap_or(pull::USUAL);
            mine().update(|mine| mine.mbit = mbit.clamp(1, 100_000));
        };
        view! {
            <div class="size-tools">
                <label>
                    "Bandwidth in Mbit/s"
                    <input
                        type="number"
                        class="field"
                        min="1"
                        max="100000"
                        prop:value=move || mine().with(|mine| mine.mbit.to_string())
                        on:change=set
                    />
                </label>
            </div>
            {move || table::view(self.pull())}
        }
        .into_any()
    }

    fn yours(self) -> Table {
        let [start, now, rewrite] = self.weights();
        yours::table(self.session, [start.as_deref(), now.as_deref(), rewrite.as_deref()])
    }

    /// What the numbers are, and what Docker 29 prints in their place.
    fn units(self) -> AnyView {
        let [_, now, rewrite] = self.weights();
        let both = |estimate: &Option<Arc<Estimate>>| estimate.as_ref()?.disk_usage();
        let mut passport = Passport::default();
        let mut says = String::new();
        if let Some(bytes) = both(&now) {
            let why = "Unpacked and compressed, added up".to_owned();
            let units = "linux/amd64, as containerd's store counts.".to_owned();
            passport =
                Passport::with("DISK USAGE now", Some(bytes), &Basis::Estimated { why }, units);
            says = format!(": {} now", format::approximate(bytes.likely));
            if let Some(bytes) = both(&rewrite) {
                let likely = format::approximate(bytes.likely);
                says = format!("{says}, {likely} for the rewrite");
                passport.says.push(format!("The rewrite, estimated: {}.", format::range(bytes)));
            }
        }
        view! {
            <p class="size-units muted small">
                "Unpacked, in decimal megabytes, linux/amd64; “~” marks an estimate. This is what "
                <code>"docker images"</code>
                " prints before Docker 29. On a fresh Docker 29 it prints unpacked plus compressed"
                {figure::prose(&says, &passport)} "."
            </p>
        }
        .into_any()
    }

    /// All tables, for who takes them along.
    fn tables(self) -> Vec<Table> {
        let mut all =
            vec![self.approaches(), self.bases(), self.layers(), self.rebuild(), self.pull()];
        all.extend(self.context.get());
        all.push(self.yours());
        all
    }

    fn exports(self) -> AnyView {
        let copy = move |_| {
            let text = export::markdown(&untrack(move || self.tables()));
            let said = "The tables are copied as Markdown.";
            clipboard::copy_and_say(self.session, &text, said, " Take the CSV instead.");
        };
        let save =
            move |_| file::save("drydock-sizes.csv", &export::csv(&untrack(move || self.tables())));
        view! {
            <div class="size-tools">
                <button type="button" class="button small" on:click=copy>
                    "Copy as Markdown"
                </button>
                <button type="button" class="button small" on:click=save>
                    "Download CSV"
                </button>
            </div>
        }
        .into_any()
    }
}

/// A part of the panel that is drawn once it is opened.
fn part(
    section: Section,
    title: &'static str,
    body: Box<dyn Fn() -> AnyView + Send + Sync>,
) -> AnyView {
    let is_open = Memo::new(move |_| mine().with(|mine| mine.open.contains(&section)));
    let toggle = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        mine().update(|mine| {
            if mine.open.contains(&section) {
                mine.open.retain(|one| *one != section);
            } else {
                mine.open.push(section);
            }
        });
    };
    view! {
        <details class="size-more" prop:open=move || is_open.get()>
            <summary on:click=toggle>{title}</summary>
            {move || if is_open.get() { body() } else { ().into_any() }}
        </details>
    }
    .into_any()
}
