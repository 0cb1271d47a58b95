//! Bytes as people read them: decimal units, `~` before what is estimated, "?" for what nobody knows.

use super::{Basis, Bytes, Estimate};

const KB: u64 = 1_000;
const MB: u64 = 1_000_000;
const GB: u64 = 1_000_000_000;

/// `bytes` in short: "640 kB", "3.2 MB", "205 MB", "1.2 GB".
pub fn size(bytes: u64) -> String {
    // The limits stand where rounding would print four digits: 999.6 MB is "1 GB".
    match bytes {
        0..KB => format!("{bytes} B"),
        KB..999_500 => format!("{} kB", rounded(bytes, KB)),
        999_500..9_950_000 => tenths(bytes, MB, "MB"),
        9_950_000..999_500_000 => format!("{} MB", rounded(bytes, MB)),
        _ => tenths(bytes, GB, "GB"),
    }
}

/// `bytes` with what a passport can bear: "124.9 MB", "1,093 MB"; below a megabyte as [`size`].
pub fn exact(bytes: u64) -> String {
    match bytes {
        0..999_500 => size(bytes),
        999_500..999_950_000 => tenths(bytes, MB, "MB"),
        _ => format!("{} MB", grouped(rounded(bytes, MB))),
    }
}

/// The likely size as `basis` allows to state it: measured "125 MB", estimated "~205 MB", unknown "?".
pub fn stated(bytes: Option<Bytes>, basis: &Basis) -> String {
    match (bytes, basis) {
        (Some(bytes), Basis::Measured { .. }) => size(bytes.likely),
        (Some(bytes), Basis::Estimated { .. }) => approximate(bytes.likely),
        (None, _) | (_, Basis::Unknown { .. }) => UNKNOWN.to_owned(),
    }
}

/// An estimated number of bytes: "~205 MB".
pub fn approximate(bytes: u64) -> String {
    format!("~{}", size(bytes))
}

/// What an image weighs unpacked: "1.2 GB" where every layer was measured, else "~1.2 GB", or "?".
pub fn total(estimate: &Estimate) -> String {
    match estimate.total {
        Some(bytes) if is_measured(estimate) => size(bytes.likely),
        Some(bytes) => approximate(bytes.likely),
        None => UNKNOWN.to_owned(),
    }
}

/// From hardly less to hardly more: "190 to 230 MB", "980 MB to 1.2 GB"; one number where they read the same.
pub fn range(bytes: Bytes) -> String {
    let (low, high) = (size(bytes.low), size(bytes.high));
    if low == high {
        return low;
    }
    match (low.split_once(' '), high.split_once(' ')) {
        (Some((number, a)), Some((_, b))) if a == b => format!("{number} to {high}"),
        _ => format!("{low} to {high}"),
    }
}

/// The way from `before` to `after`: "−975 MB", "+12 MB"; `None` where it is under half a megabyte.
pub fn difference(before: u64, after: u64) -> Option<String> {
    let sign = if after < before { '−' } else { '+' };
    let by = before.abs_diff(after);
    (by >= MB / 2).then(|| format!("{sign}{}", size(by)))
}

/// `bytes` that are saved, or added where negative: "−975 MB"; `None` where it is under half a megabyte.
pub fn saving(bytes: i64) -> Option<String> {
    difference(bytes.max(0).unsigned_abs(), bytes.min(0).unsigned_abs())
}

/// What stands where nobody knows a number.
pub const UNKNOWN: &str = "?";

fn is_measured(estimate: &Estimate) -> bool {
    estimate.layers.iter().all(|layer| matches!(layer.basis, Basis::Measured { .. }))
}

const fn rounded(bytes: u64, unit: u64) -> u64 {
    bytes.saturating_add(unit / 2) / unit
}

fn tenths(bytes: u64, unit: u64, name: &str) -> String {
    let tenths = rounded(bytes, unit / 10);
    match tenths % 10 {
        0 => format!("{} {name}", grouped(tenths / 10)),
        tenth => format!("{}.{tenth} {name}", grouped(tenths / 10)),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_sizes() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_499, "1 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (3_240_000, "3.2 MB"),
            (9_949_999, "9.9 MB"),
            (9_950_000, "10 MB"),
            (204_600_000, "205 MB"),
            (999_499_999, "999 MB"),
            (999_500_000, "1 GB"),
            (1_163_000_000, "1.2 GB"),
            (u64::MAX, "18,446,744,073.7 GB"),
        ];
        for (bytes, text) in cases {
            assert_eq!(size(bytes), text, "{bytes}");
        }
    }

    #[test]
    fn exact_sizes() {
        assert_eq!(exact(124_930_000), "124.9 MB");
        assert_eq!(exact(1_093_400_000), "1,093 MB");
        assert_eq!(exact(512), "512 B");
    }

    #[test]
    fn a_number_is_stated_as_its_basis_allows() {
        let bytes = Some(Bytes { low: 180 * MB, likely: 205 * MB, high: 230 * MB });
        let estimated = Basis::Estimated { why: String::new() };
        assert_eq!(stated(bytes, &estimated), "~205 MB");
        assert_eq!(stated(bytes, &Basis::Measured { date: "2026-08-25", source: "" }), "205 MB");
        assert_eq!(stated(bytes, &Basis::Unknown { why: String::new() }), "?");
        assert_eq!(stated(None, &estimated), "?");
    }

    #[test]
    fn ranges_name_a_unit_once() {
        assert_eq!(
            range(Bytes { low: 190 * MB, likely: 205 * MB, high: 230 * MB }),
            "190 to 230 MB"
        );
        assert_eq!(
            range(Bytes { low: 980 * MB, likely: GB, high: 1_200 * MB }),
            "980 MB to 1.2 GB"
        );
        assert_eq!(range(Bytes { low: MB, likely: MB, high: MB }), "1 MB");
    }

    #[test]
    fn differences_carry_a_sign() {
        assert_eq!(difference(1_100 * MB, 125 * MB).as_deref(), Some("−975 MB"));
        assert_eq!(difference(0, 12 * MB).as_deref(), Some("+12 MB"));
        assert_eq!(difference(125 * MB, 125 * MB + 400_000), None);
        assert_eq!(saving(38_000_000).as_deref(), Some("−38 MB"));
        assert_eq!(saving(-2_500_000).as_deref(), Some("+2.5 MB"));
    }
}
