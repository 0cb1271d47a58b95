//! The order in which findings are told.

use crate::finding::{Finding, Severity};
use crate::ui::session::{Key, is_aside};

/// A heading of the list, most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Group {
    /// Errors.
    Broken,
    /// Warnings at a token.
    Fix,
    /// What is not there.
    Missing,
    /// Recommendations.
    Consider,
    /// Facts, and what is outside the lessons.
    Also,
}

impl Group {
    /// Its heading.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Broken => "Won't start or leaks",
            Self::Fix => "Fix before production",
            Self::Missing => "Missing from this file",
            Self::Consider => "Consider",
            Self::Also => "Also",
        }
    }

    /// Whether it shows its heading only until it is asked for.
    pub(super) const fn is_folded(self) -> bool {
        matches!(self, Self::Also)
    }

    fn of(finding: &Finding) -> Self {
        match finding.severity {
            Severity::Error => Self::Broken,
            _ if is_aside(finding) => Self::Also,
            _ if finding.missing => Self::Missing,
            Severity::Warning => Self::Fix,
            Severity::Info => Self::Consider,
        }
    }
}

/// The findings by group, each in the order it came; groups without a finding are left out.
pub(super) fn grouped<'a>(
    findings: impl Iterator<Item = &'a (Key, Finding)>,
) -> Vec<(Group, Vec<&'a (Key, Finding)>)> {
    let mut groups = std::collections::BTreeMap::<Group, Vec<_>>::new();
    for entry in findings {
        groups.entry(Group::of(&entry.1)).or_default().push(entry);
    }
    // Warnings before notes within what is missing.
    for entries in groups.values_mut() {
        entries.sort_by_key(|(_, finding)| std::cmp::Reverse(finding.severity));
    }
    groups.into_iter().collect()
}
