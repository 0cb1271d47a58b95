//! How long the image takes to pull, at the bandwidth that the learner sets.

use super::figure::Passport;
use super::table::{Cell, Column, Row, Table};
use crate::estimate::{Basis, Bytes, Estimate, format};

/// Megabits a second before somebody says otherwise.
pub(super) const USUAL: u64 = 50;

/// A line for each image that has one.
pub(super) fn table(images: [(&'static str, Option<&Estimate>); 3], mbit: u64) -> Table {
    let mut rows = Vec::new();
    for (name, estimate) in images {
        let Some(estimate) = estimate.filter(|one| one.base.is_some()) else { continue };
        let basis = match estimate.pull {
            Some(_) => Basis::Estimated { why: "The sum of the layers, compressed".to_owned() },
            None => {
                Basis::Unknown { why: "What a layer weighs compressed is not known".to_owned() }
            }
        };
        let units = "Compressed, linux/amd64.".to_owned();
        let size = Passport::with(name, estimate.pull, &basis, units);
        let time = estimate.pull.map(|bytes| time(bytes, mbit));
        let time = match time {
            Some((shown, passport)) => Cell::number(shown, passport),
            None => Cell::number(format::UNKNOWN, size.clone()),
        };
        let size = Cell::number(format::stated(estimate.pull, &basis), size);
        rows.push(Row { class: "", cells: vec![Cell::text(name), size, time] });
    }
    Table {
        title: "To pull".to_owned(),
        class: "size-pull",
        columns: vec![
            Column("Image", ""),
            Column("Compressed", "number"),
            Column("Time", "number"),
        ],
        rows,
        ..Table::default()
    }
}

fn time(bytes: Bytes, mbit: u64) -> (String, Passport) {
    let seconds = |bytes: u64| bytes.saturating_mul(8).div_ceil(mbit.max(1) * 1_000_000);
    let passport = Passport {
        title: format!("~{} at {mbit} Mbit/s", duration(seconds(bytes.likely))),
        says: vec![
            format!(
                "Estimated: {} to {}.",
                duration(seconds(bytes.low)),
                duration(seconds(bytes.high))
            ),
            "The compressed size by the bandwidth you set; unpacking comes on top, and layers that are there already are spared.".to_owned(),
        ],
        ..Passport::default()
    };
    (format!("~{}", duration(seconds(bytes.likely))), passport)
}

/// "45 s", "3 min", "2 h".
fn duration(seconds: u64) -> String {
    match seconds {
        0..100 => format!("{seconds} s"),
        100..6000 => format!("{} min", seconds.saturating_add(30) / 60),
        _ => format!("{} h", seconds.saturating_add(1800) / 3600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_long_it_takes() {
        let time = |megabytes: u64, mbit| time(Bytes::exact(megabytes * 1_000_000), mbit).0;
        assert_eq!(time(400, 50), "~64 s");
        assert_eq!(time(400, 10), "~5 min");
        assert_eq!(time(400, 0), "~53 min", "no division by zero");
        assert_eq!(time(9000, 5), "~4 h");
    }
}
