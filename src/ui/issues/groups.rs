//! The order in which findings are told.

use crate::finding::{Finding, Severity};
use crate::ui::session::{Key, is_aside};

/// A heading of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
    /// Every heading, most urgent first.
    const ALL: [Self; 5] = [Self::Broken, Self::Fix, Self::Missing, Self::Consider, Self::Also];

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

/// The findings by group, warnings before notes, else in the order they came; groups without a finding are left out.
pub(super) fn grouped<'a>(
    findings: &[&'a (Key, Finding)],
) -> Vec<(Group, Vec<&'a (Key, Finding)>)> {
    let mut out = Vec::new();
    for group in Group::ALL {
        let mut entries = Vec::new();
        for severity in [Severity::Error, Severity::Warning, Severity::Info] {
            for entry in findings {
                if entry.1.severity == severity && Group::of(&entry.1) == group {
                    entries.push(*entry);
                }
            }
        }
        if !entries.is_empty() {
            out.push((group, entries));
        }
    }
    out
}
