//! The label of an example project, with the list of its files.

use leptos::prelude::*;

use crate::estimate::format;
use crate::ui::session::Session;

/// "example project", and what is in its folder.
#[component]
pub fn Project(session: Session) -> impl IntoView {
    let files = move || {
        session.input.with(|input| {
            let files = input.context.as_deref().unwrap_or_default();
            files
                .iter()
                .map(|file| {
                    view! {
                        <tr>
                            <td>
                                <code>{file.path.clone()}</code>
                            </td>
                            <td class="number">{format::size(file.bytes)}</td>
                        </tr>
                    }
                })
                .collect_view()
        })
    };
    move || {
        session.example.get().map(|sample| {
            view! {
                <button type="button" class="project-label" popovertarget="project-files">
                    "example project"
                </button>
                <div id="project-files" class="menu project-files" popover="auto">
                    <h2>{format!("{}: {}", sample.lesson, sample.name)}</h2>
                    <p class="muted">
                        "The Dockerfile is the lesson's. The folder around it is made up, so that sizes have something to count."
                    </p>
                    <table class="table">
                        <tbody>{files}</tbody>
                    </table>
                </div>
            }
        })
    }
}
