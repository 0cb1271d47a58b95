//! What can be done with the rewrite: use it, copy it, save its files, see it beside the old text.

use leptos::prelude::*;

use super::markdown::pull_request;
use crate::finding::DOCKERFILE;
use crate::ui::browser::{clipboard, file};
use crate::ui::session::Session;

/// The row of buttons.
#[component]
pub(super) fn Actions(session: Session) -> impl IntoView {
    let take = move |_| {
        if let Some(proposal) = session.proposed() {
            session.take(&proposal.rewrite.input);
            session.wide.set(false);
        }
    };
    let copy = move |_| {
        if let Some(proposal) = session.proposed() {
            let text = session.exported(&proposal.rewrite.dockerfile);
            copy_and_say(session, &text, "The new Dockerfile is copied.");
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
            <button type="button" class="button rewrite-markdown" on:click=move |_| copy_markdown(session)>
                "Markdown for a pull request"
            </button>
        </div>
    }
}

fn copy_markdown(session: Session) {
    let Some(proposal) = session.proposed() else { return };
    let Some(weight) = session.weight.get_untracked() else { return };
    let text = session.input.with_untracked(|input| pull_request(input, &weight, &proposal));
    let said = "Markdown with the changes, what to check and the diff is copied.";
    copy_and_say(session, &text, said);
}

/// Copies `text` and says so, or says what to do where the browser does not let a page copy.
pub(super) fn copy_and_say(session: Session, text: &str, said: &'static str) {
    clipboard::copy_and_say(session, text, said, " Select the text and copy it yourself.");
}

/// A menu with the files of the rewrite.
#[component]
fn Downloads(session: Session) -> impl IntoView {
    let names = Memo::new(move |_| {
        let proposal = session.proposal.get();
        let others = proposal.map(|found| found.rewrite.files.keys().cloned().collect());
        [vec![DOCKERFILE.to_owned()], others.unwrap_or_default()].concat()
    });
    let save = move |name: &str| {
        if let Some(proposal) = session.proposed() {
            let text = proposal.rewrite.files.get(name).unwrap_or(&proposal.rewrite.dockerfile);
            file::save(name, &session.exported(text));
        }
    };
    view! {
        <button type="button" class="button rewrite-download" popovertarget="rewrite-downloads">
            "Download ▾"
        </button>
        <div id="rewrite-downloads" class="menu rewrite-downloads" popover="auto">
            <For each=move || names.get() key=String::clone let:name>
                <button
                    type="button"
                    class="menu-item"
                    popovertarget="rewrite-downloads"
                    popovertargetaction="hide"
                    on:click={
                        let name = name.clone();
                        move |_| save(&name)
                    }
                >
                    {name.clone()}
                </button>
            </For>
            <button
                type="button"
                class="menu-item rewrite-markdown-item"
                popovertarget="rewrite-downloads"
                popovertargetaction="hide"
                on:click=move |_| copy_markdown(session)
            >
                "Copy Markdown for a pull request"
            </button>
        </div>
    }
}
