//! On a phone: the selected finding over the file.

use leptos::prelude::*;

use super::issues::{Change, by_hand, worded};
use super::parts::{Coded, buys};
use super::session::{Session, Tab};
use crate::finding::Finding;
use crate::rules;

/// The sheet. It is there on a phone only, over the file, while a finding is selected.
pub fn sheet(session: Session) -> AnyView {
    let worded = worded(session);
    (move || {
        let over_file = session.phone.get() && session.tab.get() == Tab::File;
        match worded.get().filter(|_| over_file) {
            Some(finding) => content(session, finding),
            None => ().into_any(),
        }
    })
    .into_any()
}

fn content(session: Session, finding: Finding) -> AnyView {
    let rule = rules::rule(finding.rule);
    let fix = finding.fix.filter(|_| !session.fixes_off.get());
    let has_fix = fix.is_some();
    let mend = move |_| {
        if let Some(key) = session.selection.get_untracked() {
            session.fix(key);
        }
    };
    view! {
        <section class="sheet" aria-label="Issue">
            <button
                type="button"
                class="sheet-close"
                aria-label="Close"
                on:click=move |_| session.select(None)
            >
                <span></span>
            </button>
            <div class="sheet-body">
                <h2>{rule.map_or(finding.rule, |rule| rule.title)}</h2>
                <p class="issue-badges">{buys(rule)}</p>
                <p>
                    <Coded text=finding.message />
                </p>
                {finding.advice.map(by_hand)}
                {fix.map(|fix| view! { <Change session fix /> }.into_any())}
            </div>
            <div class="sheet-actions">
                <button
                    type="button"
                    class="button filled"
                    hidden=!has_fix
                    on:click=mend
                >
                    "Fix"
                </button>
                <button type="button" class="button" on:click=move |_| session.tab.set(Tab::Issues)>
                    "Why"
                </button>
                <span class="sheet-gap"></span>
                <button
                    type="button"
                    class="button"
                    aria-label="Previous issue"
                    on:click=move |_| session.select_next(true)
                >
                    "‹"
                </button>
                <button
                    type="button"
                    class="button"
                    aria-label="Next issue"
                    on:click=move |_| session.select_next(false)
                >
                    "›"
                </button>
            </div>
        </section>
    }
    .into_any()
}
