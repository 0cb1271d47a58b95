//! The label of an example project, with the list of its files.

use leptos::prelude::*;

use crate::estimate::format;
use crate::ui::samples::Sample;
use crate::ui::session::Session;

/// "example project", and what is in its folder.
pub fn project(session: Session) -> AnyView {
    (move || match session.example.get() {
        Some(sample) => label(session, sample),
        None => ().into_any(),
    })
    .into_any()
}

fn label(session: Session, sample: &'static Sample) -> AnyView {
    view! {
        <button type="button" class="project-label" popovertarget="project-files">
            "example project"
        </button>
        <div id="project-files" class="menu project-files" popover="auto">
            <h2>{sample.lesson} ": " {sample.name}</h2>
            <p class="muted">
                "The Dockerfile is the lesson's. The folder around it is made up, so that sizes have something to count."
            </p>
            <table class="table">
                <tbody>{move || files(session)}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn files(session: Session) -> Vec<AnyView> {
    let mut out = Vec::new();
    session.input.with(|input| {
        for file in input.context.as_deref().unwrap_or_default() {
            let row = view! {
                <tr>
                    <td>
                        <code>{file.path.clone()}</code>
                    </td>
                    <td class="number">{format::size(file.bytes)}</td>
                </tr>
            };
            out.push(row.into_any());
        }
    });
    out
}
