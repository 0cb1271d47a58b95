//! Arithmetic on numbers of bytes that are not known exactly.

use std::iter::Sum;
use std::ops::Add;

use super::Bytes;

impl Bytes {
    /// A number that is known.
    pub const fn exact(bytes: u64) -> Self {
        Self { low: bytes, likely: bytes, high: bytes }
    }

    /// Decimal megabytes, from hardly less over likely to hardly more.
    pub fn mb(low: f64, likely: f64, high: f64) -> Self {
        Self { low: bytes(low), likely: bytes(likely), high: bytes(high) }
    }

    /// The number times a factor that is not known exactly either.
    #[must_use]
    pub fn times(self, low: f64, likely: f64, high: f64) -> Self {
        Self {
            low: scaled(self.low, low),
            likely: scaled(self.likely, likely),
            high: scaled(self.high, high),
        }
    }

    /// Whether there is nothing at all.
    pub const fn is_zero(self) -> bool {
        self.high == 0
    }
}

impl Add for Bytes {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            low: self.low.saturating_add(other.low),
            likely: self.likely.saturating_add(other.likely),
            high: self.high.saturating_add(other.high),
        }
    }
}

impl Sum for Bytes {
    fn sum<I: Iterator<Item = Self>>(iter: I) -> Self {
        iter.fold(Self::default(), Add::add)
    }
}

fn bytes(megabytes: f64) -> u64 {
    scaled(1_000_000, megabytes)
}

/// `bytes` times `factor`, rounded; never below nothing.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes are far below 2^53, and a cast from a float saturates"
)]
fn scaled(bytes: u64, factor: f64) -> u64 {
    (bytes as f64 * factor).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_keep_their_range() {
        let total: Bytes =
            [Bytes::exact(5), Bytes { low: 1, likely: 2, high: 3 }].into_iter().sum();
        assert_eq!(total, Bytes { low: 6, likely: 7, high: 8 });
        assert_eq!(Bytes::exact(u64::MAX) + Bytes::exact(1), Bytes::exact(u64::MAX));
    }

    #[test]
    fn megabytes_are_decimal() {
        assert_eq!(
            Bytes::mb(0.5, 1.0, 124.87),
            Bytes { low: 500_000, likely: 1_000_000, high: 124_870_000 }
        );
        assert_eq!(
            Bytes::exact(100).times(0.5, 1.0, 2.0),
            Bytes { low: 50, likely: 100, high: 200 }
        );
    }
}
