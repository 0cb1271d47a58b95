//! The stages of the rewritten file as boxes, with an arrow that names what is copied.

use leptos::prelude::*;

use crate::analysis::StageBox;
use crate::estimate::format;
use crate::ui::session::Session;

/// The boxes, the final stage last.
#[component]
pub(super) fn Stages(session: Session) -> impl IntoView {
    move || {
        let proposal = session.proposal.get()?;
        let size =
            proposal.estimate.total.map(|_| format!(", {}", format::total(&proposal.estimate)));
        let size = size.unwrap_or_default();
        let boxes = proposal.stages.iter().map(|stage| {
            view! {
                <li class="rewrite-stage" class:final=stage.is_final>
                    <strong>{stage.name.clone()}</strong>
                    <span>
                        <code>{stage.base.clone()}</code>
                        {about(stage).map(|text| view! { <span class="muted">" · "{text}</span> })}
                    </span>
                    <span class="muted">
                        {if stage.is_final {
                            format!("becomes your image{size}")
                        } else {
                            "stays behind".to_owned()
                        }}
                    </span>
                </li>
                {(!stage.is_final).then(|| arrow(stage))}
            }
        });
        Some(view! {
            <h2 class="visually-hidden">"Stages"</h2>
            <ol class="rewrite-stages" class:tall={proposal.stages.len() > 3}>{boxes.collect_view()}</ol>
        })
    }
}

fn about(stage: &StageBox) -> Option<String> {
    stage.user.as_ref().map(|user| format!("user {user}"))
}

fn arrow(stage: &StageBox) -> impl IntoView + use<> {
    let copied =
        stage.copied.iter().map(|path| view! { <code>{path.clone()}</code> }).collect_view();
    view! {
        <li class="rewrite-arrow">
            <span class="visually-hidden">"copied from it: "</span>
            {copied}
        </li>
    }
}
