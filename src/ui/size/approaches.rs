//! The lesson's "Image Size Comparison" beside what this very file weighs in each of its shapes.

use leptos::prelude::*;

use super::figure::{Figure, Passport};
use crate::estimate::{Approach, approaches, format};
use crate::ui::parts::Coded;
use crate::ui::session::Session;

/// The table; nothing where there is no image to weigh.
#[component]
pub(super) fn Approaches(session: Session) -> impl IntoView {
    let rows = Memo::new(move |_| {
        let tables = session.later.get().map(|later| later.tables).unwrap_or_default();
        session.input.with(|input| approaches(input, tables))
    });
    view! {
        <Show when=move || rows.with(|rows| !rows.is_empty())>
            <h2>"What each step is worth"</h2>
            <table class="table size-approaches">
                <thead>
                    <tr>
                        <th scope="col">"Approach"</th>
                        <th scope="col" class="number">
                            "Lesson says"
                        </th>
                        <th scope="col" class="number">
                            "Yours"
                        </th>
                        <th scope="col" class="size-roomy">
                            "Why yours differs"
                        </th>
                    </tr>
                </thead>
                <tbody>
                    {move || rows.get().into_iter().enumerate().map(|(at, row)| line(at, row)).collect_view()}
                </tbody>
            </table>
        </Show>
    }
}

fn line(at: usize, row: Approach) -> impl IntoView {
    let passport = Passport::of(row.name, row.yours, &row.basis, None);
    view! {
        <tr>
            <th scope="row">
                {row.name}
                {row.is_yours_now.then(|| view! { <span class="size-mine">"yours now"</span> })}
                <span class="size-tight muted">
                    <Coded text=row.why.clone() />
                </span>
            </th>
            <td class="number">{format::approximate(row.lesson)}</td>
            <td class="number">
                <Figure
                    text=format::stated(row.yours, &row.basis)
                    passport
                    id=format!("size-approach-{at}")
                />
            </td>
            <td class="size-roomy muted">
                <Coded text=row.why />
            </td>
        </tr>
    }
}
