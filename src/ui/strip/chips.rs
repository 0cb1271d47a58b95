//! The lessons' checklist as chips. Choosing one shows only its findings.

use leptos::prelude::*;

use crate::analysis::{Goal, Progress};
use crate::ui::session::{Session, Tab};

/// The checklist. Where there is no room for it, a button says how much is done and opens it.
#[component]
pub fn Chips(session: Session) -> impl IntoView {
    let progress = Memo::new(move |_| {
        session.analysis.with(|analysis| {
            analysis.checklist.iter().map(|check| (check.goal, check.progress)).collect::<Vec<_>>()
        })
    });
    let summary = move || {
        progress.with(|all| {
            let counted = all.iter().filter(|(_, progress)| *progress != Progress::NotApplicable);
            let done = all.iter().filter(|(_, progress)| *progress == Progress::Done).count();
            format!("{done} of {}", counted.count())
        })
    };
    let chips = move || {
        let all = progress.get();
        all.into_iter().map(|(goal, progress)| chip(session, goal, progress)).collect::<Vec<_>>()
    };
    view! {
        <button type="button" class="button small strip-summary" popovertarget="checklist">
            <span class="visually-hidden">"Checklist: "</span>
            {move || summary()}
            <span aria-hidden="true">"▾"</span>
        </button>
        <div id="checklist" class="strip-chips" popover="auto" role="group" aria-label="Checklist of the lessons">
            {move || chips()}
        </div>
    }
}

fn chip(session: Session, goal: Goal, progress: Progress) -> AnyView {
    let is_chosen = move || session.filter.get() == Some(goal);
    let choose = move |_| {
        session.filter.update(|filter| *filter = (*filter != Some(goal)).then_some(goal));
        session.tab.set(Tab::Issues);
    };
    let (class, says) = match progress {
        Progress::Done => ("chip done", "done"),
        Progress::NotDone => ("chip", "not done"),
        Progress::NeedsFile => ("chip needs-file", "needs a file"),
        Progress::NotApplicable => ("chip none", "does not apply"),
    };
    view! {
        <button
            type="button"
            class=class
            title=format!("{}: {says}", name(goal))
            aria-pressed=move || is_chosen().to_string()
            on:click=choose
        >
            <svg class="chip-mark" viewBox="0 0 12 12" aria-hidden="true">
                <path d=mark(progress) />
            </svg>
            {short(goal)}
            <span class="visually-hidden">{format!(", {says}")}</span>
        </button>
    }
    .into_any()
}

/// A tick, a ring, a dashed ring, a dash.
const fn mark(progress: Progress) -> &'static str {
    match progress {
        Progress::Done => "M2.5 6.5 5 9l4.5-5.5",
        Progress::NotDone | Progress::NeedsFile => "M2.5 6a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0",
        Progress::NotApplicable => "M3 6h6",
    }
}

const fn short(goal: Goal) -> &'static str {
    match goal {
        Goal::SlimBase => "Slim base",
        Goal::MultiStage => "Stages",
        Goal::NonRoot => "Non-root",
        Goal::LayerCaching => "Layer caching",
        Goal::HealthCheck => "Health check",
        Goal::Dockerignore => ".dockerignore",
        Goal::ProductionCommand => "Production command",
    }
}

/// The checklist's line, in words.
pub const fn name(goal: Goal) -> &'static str {
    match goal {
        Goal::SlimBase => "Start from a slim base image",
        Goal::MultiStage => "Build in one stage, run in another",
        Goal::NonRoot => "Run as a user, not as root",
        Goal::LayerCaching => "Install before the source is copied",
        Goal::HealthCheck => "Say how to check that it works",
        Goal::Dockerignore => "Keep files out of the image with .dockerignore",
        Goal::ProductionCommand => "Start a production server",
    }
}
