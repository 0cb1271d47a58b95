//! The lesson's table of base images, with what was measured.

use leptos::prelude::*;

use super::figure::{Figure, Passport};
use crate::estimate::{BaseRow, base_table, format};
use crate::ui::parts::Coded;
use crate::ui::session::Session;

/// The table; nothing for an image whose variants are not known.
#[component]
pub(super) fn Bases(session: Session) -> impl IntoView {
    let table = Memo::new(move |_| {
        let weight = session.weight.get()?;
        base_table(&weight.base.as_ref()?.image)
    });
    move || {
        let table = table.get()?;
        let with_lesson = table.rows.iter().any(|row| row.lesson.is_some());
        let rows = table.rows.into_iter().enumerate().map(|(at, row)| line(at, row, with_lesson));
        Some(view! {
            <h2>{table.title}</h2>
            <table class="table size-bases">
                <thead>
                    <tr>
                        <th scope="col">"Image"</th>
                        {with_lesson
                            .then(|| {
                                view! {
                                    <th scope="col" class="number">
                                        "Lesson"
                                    </th>
                                }
                            })}
                        <th scope="col" class="number">
                            "Measured"
                        </th>
                        <th scope="col" class="size-roomy">
                            "Security"
                        </th>
                        <th scope="col" class="size-roomy">
                            "Use case"
                        </th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
            {(!table.note.is_empty())
                .then(|| {
                    view! {
                        <p class="muted small">
                            <Coded text=table.note />
                        </p>
                    }
                })}
        })
    }
}

fn line(at: usize, row: BaseRow, with_lesson: bool) -> impl IntoView {
    let passport = Passport::of(&row.image, row.unpacked, &row.basis, row.compressed);
    let lesson = row.lesson.map_or_else(|| "–".to_owned(), format::approximate);
    view! {
        <tr class:size-recommended=row.is_recommended>
            <th scope="row">
                <code>{row.image}</code>
                {row.is_yours_now.then(|| view! { <span class="size-mine">"yours now"</span> })}
                <span class="size-tight muted">{format!("{} · {}", row.security, row.use_case)}</span>
            </th>
            {with_lesson.then(|| view! { <td class="number">{lesson}</td> })}
            <td class="number">
                <Figure
                    text=format::stated(row.unpacked, &row.basis)
                    passport
                    id=format!("size-base-{at}")
                />
            </td>
            <td class="size-roomy muted">{row.security}</td>
            <td class="size-roomy muted">{row.use_case}</td>
        </tr>
    }
}
