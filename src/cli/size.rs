//! `size` for people: the image as it is beside the image after the full rewrite, then what each layer adds.

use anstyle::Style;

use super::excerpt::printable;
use crate::estimate::format::{UNKNOWN, difference, range, stated, total};
use crate::estimate::{Basis, Bytes, Estimate, Layer};

const BOLD: Style = Style::new().bold();
const QUIET: Style = Style::new().dimmed();

/// What `file` weighs, with colours.
pub(super) fn text(file: &str, before: &Estimate, after: &Estimate) -> String {
    let mut out =
        format!("{BOLD}{}{BOLD:#} {QUIET}linux/amd64, decimal units{QUIET:#}\n", printable(file));
    out += &row("", "now", "full rewrite", "");
    out += &row("base image", &base(before), &base(after), "");
    let saved = before.total.zip(after.total).and_then(|(a, b)| difference(a.likely, b.likely));
    out += &row("unpacked", &with_range(before), &with_range(after), &saved.unwrap_or_default());
    out += &row("to pull", &pull(before), &pull(after), "");
    out += &layers("Layers now", before);
    out += &layers("Layers after the full rewrite", after);
    out
}

fn row(label: &str, now: &str, then: &str, note: &str) -> String {
    format!("  {label:<11}  {now:<34}  {then:<34}  {note}").trim_end().to_owned() + "\n"
}

fn base(estimate: &Estimate) -> String {
    estimate.base.as_ref().map_or_else(|| "none".to_owned(), |base| printable(&base.image))
}

fn with_range(estimate: &Estimate) -> String {
    spread(total(estimate), estimate.total)
}

fn pull(estimate: &Estimate) -> String {
    let basis = Basis::Estimated { why: String::new() };
    spread(stated(estimate.pull, &basis), estimate.pull)
}

fn spread(likely: String, bytes: Option<Bytes>) -> String {
    match bytes {
        Some(bytes) if bytes.low != bytes.high => format!("{likely} ({})", range(bytes)),
        _ => likely,
    }
}

fn layers(heading: &str, estimate: &Estimate) -> String {
    if estimate.layers.is_empty() {
        return String::new();
    }
    let lines: String = estimate.layers.iter().map(layer).collect();
    format!("\n  {BOLD}{heading}{BOLD:#}\n{lines}")
}

fn layer(layer: &Layer) -> String {
    let size = stated(layer.size, &layer.basis);
    let basis = match &layer.basis {
        Basis::Measured { date, source } => format!("measured {date}, {source}"),
        Basis::Estimated { why } => format!("estimated: {}", printable(why)),
        Basis::Unknown { why } if size == UNKNOWN => printable(why),
        Basis::Unknown { why } => format!("not known: {}", printable(why)),
    };
    format!(
        "  {:>4}  {:<11} {size:>9}  {} {QUIET}({basis}){QUIET:#}\n",
        layer.line,
        layer.instruction,
        printable(&layer.note)
    )
}
