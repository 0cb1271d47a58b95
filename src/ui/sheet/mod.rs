//! On a phone: the selected finding over the file.

use leptos::prelude::*;

use super::issues::Change;
use super::parts::{Buy, Coded};
use super::session::{Session, Tab};
use crate::rules;

/// The sheet. It is there on a phone only, over the file, while a finding is selected.
#[component]
pub fn Sheet(session: Session) -> impl IntoView {
    let shown = Memo::new(move |_| {
        if session.phone.get() && session.tab.get() == Tab::File {
            session.selected.get()
        } else {
            None
        }
    });
    move || {
        let finding = shown.get()?;
        let key = session.selection.get_untracked()?;
        let rule = rules::rule(finding.rule);
        let title = rule.map_or(finding.rule, |rule| rule.title);
        let badges = rule
            .map(|rule| rule.buys.iter().map(|buys| view! { <Buy buys=*buys /> }).collect_view());
        let fix = finding.fix.filter(|_| !session.fixes_off.get());
        Some(view! {
            <section class="sheet" aria-label="Issue">
                <button type="button" class="sheet-close" aria-label="Close" on:click=move |_| session.select(None)>
                    <span></span>
                </button>
                <div class="sheet-body">
                    <h2>{title}</h2>
                    <p class="issue-badges">{badges}</p>
                    <p><Coded text=finding.message /></p>
                    {finding.advice.map(|text| view! { <p><b>"By hand: "</b><Coded text /></p> })}
                    {fix.clone().map(|fix| view! { <Change session fix /> })}
                </div>
                <div class="sheet-actions">
                    {fix.map(|_| view! {
                        <button type="button" class="button filled" on:click=move |_| session.fix(key)>"Fix"</button>
                    })}
                    <button type="button" class="button" on:click=move |_| session.tab.set(Tab::Issues)>"Why"</button>
                    <span class="sheet-gap"></span>
                    <button type="button" class="button" aria-label="Previous issue" on:click=move |_| session.select_next(true)>"‹"</button>
                    <button type="button" class="button" aria-label="Next issue" on:click=move |_| session.select_next(false)>"›"</button>
                </div>
            </section>
        })
    }
}
