//! Where a finding stands, in lines and columns of the file it is about.

use crate::analysis::Analysis;
use crate::finding::{DOCKERFILE, Finding};
use crate::input::Input;
use crate::text::{LineColumn, LineIndex};

/// A finding's file and range.
pub(super) struct Place<'a> {
    /// The text of the file.
    pub(super) text: &'a str,
    /// The first character.
    pub(super) start: LineColumn,
    /// One past the last character.
    pub(super) end: LineColumn,
}

impl<'a> Place<'a> {
    /// Looks `finding` up: in the Dockerfile, or in the file beside it that the finding names.
    pub(super) fn of(finding: &Finding, input: &'a Input, analysis: &'a Analysis) -> Self {
        let of = |text: &'a str, lines: &LineIndex| Self {
            text,
            start: lines.line_column(text, finding.range.start),
            end: lines.line_column(text, finding.range.end),
        };
        if finding.file == DOCKERFILE {
            return of(&analysis.text, &analysis.lines);
        }
        let text = input.text(finding.file).unwrap_or_default();
        of(text, &LineIndex::new(text))
    }
}
