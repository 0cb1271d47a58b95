//! Where a finding stands, in lines and columns of the file it is about.

use std::borrow::Cow;

use crate::analysis::Analysis;
use crate::finding::{DOCKERFILE, Finding};
use crate::input::Input;
use crate::text::{LineColumn, LineIndex};

/// A finding's file and range.
pub(super) struct Place<'a> {
    text: &'a str,
    lines: Cow<'a, LineIndex>,
    /// The first character.
    pub(super) start: LineColumn,
    /// One past the last character.
    pub(super) end: LineColumn,
}

impl<'a> Place<'a> {
    /// Looks `finding` up: in the Dockerfile, or in the file beside it that the finding names.
    pub(super) fn of(finding: &Finding, input: &'a Input, analysis: &'a Analysis) -> Self {
        let (text, lines) = if finding.file == DOCKERFILE {
            (analysis.text.as_str(), Cow::Borrowed(&analysis.lines))
        } else {
            let text = input.text(finding.file).unwrap_or_default();
            (text, Cow::Owned(LineIndex::new(text)))
        };
        let start = lines.line_column(text, finding.range.start);
        let end = lines.line_column(text, finding.range.end);
        Self { text, lines, start, end }
    }

    /// The text of the 1-based line `number`.
    pub(super) fn line(&self, number: usize) -> &'a str {
        self.lines.range(number).of(self.text)
    }
}
