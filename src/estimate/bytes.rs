//! Arithmetic on numbers of bytes that are not known exactly.

use std::iter::Sum;
use std::ops::Add;

use super::Bytes;

impl Bytes {
    /// A number that is known.
    pub const fn exact(bytes: u64) -> Self {
        Self { low: bytes, likely: bytes, high: bytes }
    }

    /// Decimal kilobytes, from hardly less over likely to hardly more.
    pub const fn kb((low, likely, high): (u32, u32, u32)) -> Self {
        Self { low: low as u64 * 1000, likely: likely as u64 * 1000, high: high as u64 * 1000 }
    }

    /// The number times a factor that is not known exactly either, in per cent.
    #[must_use]
    pub const fn percent(self, low: u64, likely: u64, high: u64) -> Self {
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

/// So many per cent of `bytes`.
const fn scaled(bytes: u64, percent: u64) -> u64 {
    (bytes / 100).saturating_mul(percent).saturating_add(bytes % 100 * percent / 100)
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
    fn kilobytes_are_decimal() {
        assert_eq!(
            Bytes::kb((500, 1000, 124_870)),
            Bytes { low: 500_000, likely: 1_000_000, high: 124_870_000 }
        );
        assert_eq!(
            Bytes::exact(110).percent(50, 100, 150),
            Bytes { low: 55, likely: 110, high: 165 }
        );
        assert_eq!(Bytes::exact(u64::MAX).percent(100, 100, 200).high, u64::MAX);
    }
}
