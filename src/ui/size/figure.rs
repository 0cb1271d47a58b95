//! A number with its passport: where it comes from, from when, of what, and how sure it is.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::estimate::{Basis, Bytes, format};

/// What stands in a passport.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(super) struct Passport {
    /// What the number is of, with the number as exact as it is known.
    pub title: String,
    /// How it came about, a sentence each.
    pub says: Vec<String>,
    /// Where it is written down.
    pub source: Option<String>,
}

impl Passport {
    /// The passport of a number of unpacked bytes of `what`; `pull` is the same compressed.
    pub(super) fn of(what: &str, bytes: Option<Bytes>, basis: &Basis, pull: Option<Bytes>) -> Self {
        let to_pull = pull.map(|pull| format!("; {} to pull", format::exact(pull.likely)));
        let units = format!("Unpacked, linux/amd64{}.", to_pull.unwrap_or_default());
        let number = |text: String| format!("{what}: {text}");
        match (basis, bytes) {
            (Basis::Measured { date, source }, Some(bytes)) => Self {
                title: number(format::exact(bytes.likely)),
                says: vec![format!("Measured, as of {}.", day(date)), units],
                source: Some((*source).to_owned()),
            },
            (Basis::Estimated { why }, Some(bytes)) => Self {
                title: number(format!("~{}", format::exact(bytes.likely))),
                says: vec![format!("Estimated: {}.", format::range(bytes)), sentence(why), units],
                source: None,
            },
            (Basis::Unknown { why } | Basis::Estimated { why }, _) => Self {
                title: number("not known".to_owned()),
                says: vec![sentence(why)],
                source: None,
            },
            (Basis::Measured { .. }, None) => {
                Self { title: number("not measured".to_owned()), ..Self::default() }
            }
        }
    }
}

/// `text` with a passport that opens on hover, on focus and on a tap; Esc closes it.
/// `id` has to be unique on the page.
#[component]
pub(super) fn Figure(text: String, passport: Passport, id: String) -> impl IntoView {
    // `None`: hover and focus decide. A tap or Esc decides until the pointer or the focus leaves.
    let forced = RwSignal::new(None::<bool>);
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            forced.set(Some(false));
        }
    };
    let toggle = move |_| forced.update(|forced| *forced = Some(*forced != Some(true)));
    view! {
        <span
            class="size-figure"
            class:open=move || forced.get() == Some(true)
            class:closed=move || forced.get() == Some(false)
            on:mouseleave=move |_| forced.set(None)
        >
            <button
                type="button"
                aria-describedby=id.clone()
                on:click=toggle
                on:keydown=on_key
                on:blur=move |_| forced.set(None)
            >
                {text}
            </button>
            <span class="size-passport" role="tooltip" id=id>
                <strong>{passport.title}</strong>
                {passport.says.into_iter().map(|text| view! { <span>{text}</span> }).collect_view()}
                {passport.source.map(|text| view! { <span class="muted size-source">{text}</span> })}
            </span>
        </span>
    }
}

/// `text` with a full stop where it has none.
pub(super) fn sentence(text: &str) -> String {
    let end = if text.ends_with('.') { "" } else { "." };
    format!("{text}{end}")
}

/// "2026-08-25" as "25 Aug 2026"; anything else as it is.
pub(super) fn day(iso: &str) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = iso.splitn(3, '-');
    let month = |text: &str| MONTHS.get(text.parse::<usize>().ok()?.checked_sub(1)?);
    match (parts.next(), parts.next().and_then(month), parts.next()) {
        (Some(year), Some(month), Some(day)) => {
            format!("{} {month} {year}", day.trim_start_matches('0'))
        }
        _ => iso.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_for_people() {
        assert_eq!(day("2026-08-05"), "5 Aug 2026");
        assert_eq!(day("2024"), "2024");
        assert_eq!(day("2024-13-01"), "2024-13-01");
    }

    #[test]
    fn a_passport_says_how_sure_it_is() {
        let bytes = Some(Bytes { low: 110_000_000, likely: 124_930_000, high: 140_000_000 });
        let measured = Basis::Measured { date: "2026-08-25", source: "repo-info" };
        let passport = Passport::of("python:3.11-slim", bytes, &measured, bytes);
        assert_eq!(passport.title, "python:3.11-slim: 124.9 MB");
        assert_eq!(
            passport.says,
            ["Measured, as of 25 Aug 2026.", "Unpacked, linux/amd64; 124.9 MB to pull."]
        );
        let why = "Four packages of usual size.".to_owned();
        let passport = Passport::of("RUN", bytes, &Basis::Estimated { why }, None);
        assert_eq!(passport.says[0], "Estimated: 110 to 140 MB.");
        let why = "It is a private image.".to_owned();
        assert_eq!(
            Passport::of("base", None, &Basis::Unknown { why }, None).says,
            ["It is a private image."]
        );
    }
}
