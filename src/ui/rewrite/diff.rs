//! The old text and the new one: unified in the column, or beside each other over the full width.

use leptos::{html, prelude::*};

use super::actions::Actions;
use crate::ui::parts::diff::DiffView;
use crate::ui::session::Session;

/// How many unchanged lines the unified diff keeps around a change.
const CONTEXT: usize = 3;

/// The diff of the Dockerfile, then the files that the rewrite creates or changes.
#[component]
pub(super) fn Diff(session: Session) -> impl IntoView {
    view! {
        <div class="rewrite-diff">
            <h2>"The new Dockerfile"</h2>
            <button
                type="button"
                class="button quiet rewrite-to-sides"
                on:click=move |_| session.wide.set(true)
            >
                "Side by side"
            </button>
        </div>
        {move || dockerfile(session)}
        {move || others(session)}
    }
}

fn dockerfile(session: Session) -> Option<AnyView> {
    let after = session.proposal.get()?.rewrite.dockerfile.clone();
    let before = session.input.with(|input| input.dockerfile.clone());
    Some(if before == after {
        view! { <p class="muted">"No change of this file is ticked: it stays as it is."</p> }
            .into_any()
    } else {
        view! { <DiffView before after context=CONTEXT /> }.into_any()
    })
}

fn others(session: Session) -> Option<impl IntoView> {
    let proposal = session.proposal.get()?;
    let files = proposal.rewrite.files.iter().map(|(name, text)| {
        let before = session.input.with(|input| input.text(name).map(str::to_owned));
        let says = if before.is_some() { "changed" } else { "new file" };
        let lines = format!(" {says}, {} lines", text.lines().count());
        view! {
            <details class="rewrite-file">
                <summary>
                    <code>{name.clone()}</code>
                    <span class="muted">{lines}</span>
                </summary>
                <DiffView before=before.unwrap_or_default() after=text.clone() context=CONTEXT />
            </details>
        }
    });
    Some(files.collect_view())
}

/// Both texts beside each other, over the full width.
#[component]
pub(super) fn Wide(session: Session) -> impl IntoView {
    let back = NodeRef::<html::Button>::new();
    // The button that was pressed is gone; without this the keyboard would start at the top of the page.
    back.on_load(|button| drop(button.focus()));
    view! {
        <div class="rewrite rewrite-wide">
            <div class="rewrite-diff">
                <button
                    type="button"
                    class="button"
                    node_ref=back
                    on:click=move |_| session.wide.set(false)
                >
                    "← Back "
                    <kbd>"Esc"</kbd>
                </button>
                <Actions session />
            </div>
            <div class="rewrite-heads">
                <h2>"Now"</h2>
                <h2>"Rewrite"</h2>
            </div>
            {move || {
                let after = session.proposal.get()?.rewrite.dockerfile.clone();
                let before = session.input.with(|input| input.dockerfile.clone());
                Some(view! { <DiffView before after context=usize::MAX sides=true /> })
            }}
        </div>
    }
}
