//! A number with its passport: where it comes from, from when, of what, and how sure it is.

use std::sync::atomic::{AtomicUsize, Ordering};

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use crate::estimate::{Basis, Bytes, format};
use crate::ui::parts::Coded;

/// What stands in a passport.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(in crate::ui) struct Passport {
    /// What the number is of, with the number as exact as it is known.
    pub title: String,
    /// How it came about, a sentence each.
    pub says: Vec<String>,
    /// Where it is written down.
    pub source: Option<String>,
    /// The bytes, where it is a number of bytes.
    pub bytes: Option<Bytes>,
}

/// A number as it is shown, and its passport.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(in crate::ui) struct Figure {
    pub shown: String,
    pub passport: Passport,
}

impl Passport {
    /// The passport of a number of unpacked bytes of `what`; `pull` is the same compressed.
    pub(super) fn of(what: &str, bytes: Option<Bytes>, basis: &Basis, pull: Option<Bytes>) -> Self {
        let to_pull = pull.map(|pull| format!("; {} to pull", format::exact(pull.likely)));
        let units = format!("Unpacked, linux/amd64{}.", to_pull.unwrap_or_default());
        Self::with(what, bytes, basis, units)
    }

    /// The passport of a number of bytes of `what`, which are `units`.
    pub(super) fn with(what: &str, bytes: Option<Bytes>, basis: &Basis, units: String) -> Self {
        let number = |text: String| format!("{what}: {text}");
        let (title, says, source) = match (basis, bytes) {
            (Basis::Measured { date, source }, Some(bytes)) => (
                number(format::exact(bytes.likely)),
                vec![format!("Measured, as of {}.", day(date)), units],
                Some((*source).to_owned()),
            ),
            (Basis::Estimated { why }, Some(bytes)) => (
                number(format!("~{}", format::exact(bytes.likely))),
                vec![format!("Estimated: {}.", format::range(bytes)), sentence(why), units],
                None,
            ),
            (Basis::Unknown { why } | Basis::Estimated { why }, _) => {
                (number("not known".to_owned()), vec![sentence(why)], None)
            }
            (Basis::Measured { .. }, None) => (number("not measured".to_owned()), Vec::new(), None),
        };
        Self { title, says, source, bytes }
    }

    /// Its lines.
    pub(in crate::ui) fn view(self) -> AnyView {
        let mut out = vec![view! { <strong>{self.title}</strong> }.into_any()];
        for text in self.says {
            out.push(view! { <span>{text}</span> }.into_any());
        }
        if let Some(text) = self.source {
            out.push(view! { <span class="muted size-source">{text}</span> }.into_any());
        }
        out.into_any()
    }

    /// The passport of the lesson's own number of `what`, which stands in its section `section`.
    pub(super) fn lesson(what: &str, bytes: u64, section: &str) -> Self {
        Self {
            title: format!("{what}: {}", format::approximate(bytes)),
            says: vec![
                "What the lesson says of its own example; it names no date and no platform."
                    .to_owned(),
            ],
            source: Some(format!("Docker for Production, {section}")),
            bytes: Some(Bytes::exact(bytes)),
        }
    }
}

/// `figure` as a button whose passport opens on hover, on focus and on a tap; Esc closes it.
pub(super) fn view(figure: Figure) -> AnyView {
    disclosed(figure.shown.into_any(), figure.passport.view())
}

/// `numbers` as one button, with what `passports` says of them all.
pub(in crate::ui) fn disclosed(numbers: AnyView, passports: AnyView) -> AnyView {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let id = format!("passport-{}", NEXT.fetch_add(1, Ordering::Relaxed));
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
                {numbers}
            </button>
            <span class="size-passport" role="tooltip" id=id>
                {passports}
            </span>
        </span>
    }
    .into_any()
}

/// `text` with each number in it as a figure that has `passport`.
pub(super) fn prose(text: &str, passport: &Passport) -> AnyView {
    let mut out: Vec<AnyView> = Vec::new();
    for (is_number, piece) in pieces(text) {
        out.push(if is_number {
            view(Figure { shown: piece.to_owned(), passport: passport.clone() })
        } else {
            view! { <Coded text=piece.to_owned() /> }.into_any()
        });
    }
    out.into_any()
}

const UNITS: [&str; 11] = ["B", "kB", "MB", "GB", "TB", "%", "s", "min", "h", "Mbit/s", "per cent"];

/// `text` cut before and behind its numbers, and whether a piece is one: "40 MB", "~1.2 GB", "190 to 230 MB".
fn pieces(text: &str) -> Vec<(bool, &str)> {
    let mut out = Vec::new();
    let (mut done, mut at) = (0, 0);
    while let Some(found) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + found;
        let is_word = text[..start]
            .chars()
            .next_back()
            .is_some_and(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | ':' | '/' | '_'));
        let end = number_end(&text[start..]).map(|length| start + length);
        at =
            start + text[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - start);
        let Some(end) = end.filter(|_| !is_word) else { continue };
        let sign =
            text[..start].chars().next_back().filter(|c| matches!(c, '~' | '\u{2212}' | '+'));
        let start = start - sign.map_or(0, char::len_utf8);
        if start > done {
            out.push((false, &text[done..start]));
        }
        out.push((true, &text[start..end]));
        (done, at) = (end, end);
    }
    if done < text.len() {
        out.push((false, &text[done..]));
    }
    out
}

/// How long the number with its unit is that `text` begins with; `None` where no unit follows.
fn number_end(text: &str) -> Option<usize> {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '.' | ','));
    let mut length = digits(text)?;
    if let Some(other) = text[length..].strip_prefix(" to ")
        && let Some(more) = digits(other).filter(|&more| more > 0)
    {
        length += " to ".len() + more;
    }
    let unit = text[length..].strip_prefix(' ')?;
    let is_end = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '/');
    let long = UNITS.iter().filter(|name| unit.strip_prefix(**name).is_some_and(is_end));
    let name = long.max_by_key(|name| name.len())?;
    let length = length + 1 + name.len();
    // "980 MB to 1.2 GB" is one number.
    let rest = text[length..].strip_prefix(" to ").and_then(number_end);
    Some(length + rest.map_or(0, |more| " to ".len() + more))
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

    #[test]
    fn numbers_in_a_sentence_are_found() {
        let numbers = |text| -> Vec<&str> {
            pieces(text)
                .into_iter()
                .filter(|(is_number, _)| *is_number)
                .map(|(_, one)| one)
                .collect()
        };
        for (text, expected) in [
            ("Adds 38 MB to the base, the lesson's 600 MB", vec!["38 MB", "600 MB"]),
            ("Between 190 to 230 MB.", vec!["190 to 230 MB"]),
            ("980 MB to 1.2 GB", vec!["980 MB to 1.2 GB"]),
            ("~1,093 MB and \u{2212}4 %", vec!["~1,093 MB", "\u{2212}4 %"]),
            ("line 4 keeps the bytes of python:3.11 B", vec![]),
            ("5 Bytes in 3", vec![]),
        ] {
            assert_eq!(numbers(text), expected, "{text}");
            assert_eq!(pieces(text).into_iter().map(|(_, one)| one).collect::<String>(), text);
        }
    }
}
