//! What can be done with the rewrite: use it, copy it, save its files, see it beside the old text.

use leptos::{html, prelude::*};

use super::super::browser::{clipboard, file};
use super::super::session::Session;
use super::markdown::pull_request;
use crate::finding::DOCKERFILE;

/// The row of buttons. With `back` it stands over the two columns and the last button leads back.
#[component]
pub(super) fn Actions(
    session: Session,
    #[prop(optional)] back: Option<NodeRef<html::Button>>,
) -> impl IntoView {
    let say = move |text: String| session.notice.set(Some(text));
    let take = move |_| {
        if let Some(proposal) = session.proposal.get_untracked() {
            session.take(&proposal.rewrite.input);
            session.wide.set(false);
        }
    };
    let copy = move |_| {
        if let Some(proposal) = session.proposal.get_untracked() {
            clipboard::copy(&session.exported(&proposal.rewrite.dockerfile));
            say("The new Dockerfile is copied.".to_owned());
        }
    };
    let markdown = move |_| {
        if let Some(proposal) = session.proposal.get_untracked() {
            let analysis = session.analysis.get_untracked();
            let text = session
                .input
                .with_untracked(|input| pull_request(input, &analysis.estimate, &proposal));
            clipboard::copy(&text);
            say("Markdown with the changes, what to check and the diff is copied.".to_owned());
        }
    };
    view! {
        <div class="rewrite-actions">
            <button type="button" class="button filled" on:click=take>
                "Use this"
            </button>
            <button type="button" class="button" on:click=copy>
                "Copy"
            </button>
            <Downloads session />
            <button type="button" class="button" on:click=markdown>
                "Markdown for a pull request"
            </button>
            {match back {
                Some(node) => {
                    view! {
                        <button
                            type="button"
                            class="button quiet"
                            node_ref=node
                            on:click=move |_| session.wide.set(false)
                        >
                            "Back "
                            <kbd>"Esc"</kbd>
                        </button>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <button
                            type="button"
                            class="button quiet rewrite-to-sides"
                            on:click=move |_| session.wide.set(true)
                        >
                            "Side by side"
                        </button>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// A button a file of the rewrite.
#[component]
fn Downloads(session: Session) -> impl IntoView {
    let names = Memo::new(move |_| {
        let created = session
            .proposal
            .get()
            .map(|proposal| proposal.rewrite.files.keys().cloned().collect::<Vec<String>>());
        [vec![DOCKERFILE.to_owned()], created.unwrap_or_default()].concat()
    });
    let save = move |name: &str| {
        if let Some(proposal) = session.proposal.get_untracked() {
            let text = proposal.rewrite.files.get(name).unwrap_or(&proposal.rewrite.dockerfile);
            file::save(name, &session.exported(text));
        }
    };
    view! {
        <For each=move || names.get() key=String::clone let:name>
            <button type="button" class="button" on:click={
                let name = name.clone();
                move |_| save(&name)
            }>
                "Download "
                <code>{name.clone()}</code>
            </button>
        </For>
    }
}
