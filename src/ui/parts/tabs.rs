//! A row of tabs: one stop for the Tab key, arrow keys inside.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::ui::browser::focus;

/// One tab.
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// What is chosen by it.
    pub value: T,
    /// The ids of the tab and, with `-panel`, of what it shows.
    pub id: &'static str,
    /// Its label.
    pub label: &'static str,
    /// What stands behind the label, quieter: a count, "none".
    pub more: Signal<String>,
}

/// A tab list. Choosing happens at once when the arrow keys move, as the panels are cheap to show.
#[component]
pub fn Tabs<T: Copy + PartialEq + Send + Sync + 'static>(
    /// What the list is called.
    label: &'static str,
    /// The class of the list.
    class: &'static str,
    /// The tabs in order.
    items: Vec<Item<T>>,
    /// The chosen one.
    #[prop(into)]
    chosen: Signal<T>,
    /// Called with the one that was chosen.
    #[prop(into)]
    on_choose: Callback<T>,
) -> impl IntoView {
    let order: Vec<(T, &'static str)> = items.iter().map(|item| (item.value, item.id)).collect();
    let on_key = move |event: KeyboardEvent| {
        let Some(at) = order.iter().position(|(value, _)| *value == chosen.get_untracked()) else {
            return;
        };
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % order.len(),
            "ArrowLeft" => (at + order.len() - 1) % order.len(),
            "Home" => 0,
            "End" => order.len() - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some((value, id)) = order.get(next) {
            on_choose.run(*value);
            focus::soon(*id);
        }
    };
    let tab = move |item: Item<T>| {
        let is_chosen = move || chosen.get() == item.value;
        view! {
            <button
                type="button"
                role="tab"
                class="tab"
                id=item.id
                aria-controls=format!("{}-panel", item.id)
                aria-selected=move || is_chosen().to_string()
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=move |_| on_choose.run(item.value)
            >
                {item.label}
                <span class="tab-more">{item.more}</span>
            </button>
        }
    };
    view! {
        <div class=class role="tablist" aria-label=label on:keydown=on_key>
            {items.into_iter().map(tab).collect_view()}
        </div>
    }
}
