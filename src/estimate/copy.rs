//! What COPY and ADD bring: files of the build context, downloads, what another stage holds.

use std::rc::Rc;

use super::walk::{
    Artifact, Here, Walk, absolute, estimated, is_at_or_below, normal, stage_called,
};
use super::{Basis, Bytes, Part, context};
use crate::syntax::Transfer;

/// A download by ADD, in kilobytes.
const DOWNLOAD: (u32, u32, u32) = (10, 5000, 100_000);
/// One file, and a folder, of an image or a stage that nothing is known of.
const ONE_FILE: (u32, u32, u32) = (0, 100, 50_000);
const FOLDER: (u32, u32, u32) = (10, 10_000, 100_000);
/// So many things that one COPY takes from a stage are listed; the others are one line.
const MOST_LINES: usize = 8;

impl Walk {
    /// COPY or ADD from the build context.
    pub(super) fn copy(&mut self, here: Here<'_, '_, '_>, transfer: &Transfer) {
        let sources: Vec<&str> = transfer.sources.iter().map(|word| word.text.as_str()).collect();
        let is_remote = |source: &&str| source.contains("://") || source.starts_with("git@");
        let heredocs: usize =
            here.step.instruction.heredocs.iter().map(|heredoc| heredoc.body.len()).sum();
        let (size, basis, what) = if sources.iter().any(is_remote) {
            let basis = estimated("What lies at the address is not known");
            (Bytes::kb(DOWNLOAD), basis, "a download".to_owned())
        } else if heredocs > 0 {
            let basis = estimated("Its text stands in the Dockerfile");
            (Bytes::exact(heredocs as u64), basis, "a file written here".to_owned())
        } else {
            let files = context::taken(here.desk, &sources);
            let what = match files.count {
                Some(1) => "1 of your files".to_owned(),
                Some(count) => format!("{count} of your files"),
                None => "your files".to_owned(),
            };
            (files.size, files.basis, what)
        };
        let is_unpacked = here.step.keyword() == crate::syntax::Keyword::Add
            && sources.iter().any(|source| is_archive(source));
        let (size, basis) = if is_unpacked {
            (
                size.percent(100, 350, 600),
                estimated(
                    "ADD unpacks the archive: mostly three to four times its size, not measured",
                ),
            )
        } else {
            (size, basis)
        };
        let path = here.absolute(&transfer.destination.text);
        self.put(
            here,
            Artifact {
                path,
                size: Some(size),
                basis,
                part: Part::Files,
                what,
                line: here.line(),
                packages: None,
                is_output: false,
            },
        );
    }

    /// COPY from another stage or image.
    pub(super) fn copy_from(&mut self, here: Here<'_, '_, '_>, transfer: &Transfer, from: &str) {
        let other = stage_called(here.model, from)
            .and_then(|index| here.before.get(index))
            .and_then(Option::as_ref);
        for source in &transfer.sources {
            let path = absolute(Some("/"), &source.text);
            let found = other.map(|walk| walk.at(&path)).unwrap_or_default();
            if found.is_empty() {
                let why = format!("It is not known what lies at {} of {from}", source.text);
                let is_file = context::looks_like_a_file(&source.text);
                let size = Bytes::kb(if is_file { ONE_FILE } else { FOLDER });
                let (basis, note) =
                    (Basis::Estimated { why }, format!("{} of {from}", source.text));
                self.add(here, Part::Other, Some(size), basis, note);
            }
            for artifact in found.iter().take(MOST_LINES) {
                let note = format!("{} from line {} of {from}", artifact.what, artifact.line);
                self.add(here, artifact.part, artifact.size, artifact.basis.clone(), note);
                let packages = artifact.packages.as_deref();
                if let Some(packages) = packages.filter(|_| artifact.part == Part::Dependencies) {
                    Rc::make_mut(&mut self.python).merge(here.desk.tables.python, packages);
                }
                let path = here.absolute(&transfer.destination.text);
                self.keep(Artifact { path, line: here.line(), ..Artifact::clone(artifact) });
            }
            if let Some(rest) = found.get(MOST_LINES..).filter(|rest| !rest.is_empty()) {
                let size = rest.iter().map(|artifact| artifact.size).sum();
                let basis = estimated("Added up from the lines of that stage");
                let note = format!("{} more from {from}", rest.len());
                self.add(here, Part::Other, size, basis, note);
            }
        }
    }

    /// What lies at `path`: all below it, or the part of what holds it.
    fn at(&self, path: &str) -> Vec<Rc<Artifact>> {
        let path = normal(path);
        let below: Vec<Rc<Artifact>> =
            self.artifacts.iter().filter(|one| is_at_or_below(&one.path, &path)).cloned().collect();
        if !below.is_empty() {
            return below;
        }
        // Of those that may hold it, the nearest; what a build writes before what lies there anyway.
        let above = self.artifacts.iter().filter(|one| is_at_or_below(&path, &one.path));
        let holder = above.max_by_key(|one| (one.is_output, one.path.len()));
        let Some(holder) = holder else { return Vec::new() };
        if holder.is_output {
            return vec![Rc::clone(holder)];
        }
        let mut part = Artifact::clone(holder);
        let likely = if context::looks_like_a_file(&path) { 1 } else { 30 };
        part.size = part.size.map(|size| size.percent(0, likely, 100));
        part.basis =
            estimated("A part of what an earlier stage holds there; how much is not known");
        vec![Rc::new(part)]
    }
}

/// Whether ADD unpacks it.
fn is_archive(source: &str) -> bool {
    [".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz"]
        .iter()
        .any(|end| source.ends_with(end))
}
