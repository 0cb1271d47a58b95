//! What COPY and ADD bring: files of the build context, downloads, what another stage holds.

use super::walk::{
    Artifact, Here, Walk, absolute, estimated, is_at_or_below, normal, stage_called,
};
use super::{Basis, Bytes, Part, context};
use crate::syntax::Transfer;

impl Walk {
    /// COPY or ADD from the build context.
    pub(super) fn copy(&mut self, here: Here<'_, '_>, transfer: &Transfer) {
        let sources: Vec<&str> = transfer.sources.iter().map(|word| word.text.as_str()).collect();
        let is_remote = |source: &&str| source.contains("://") || source.starts_with("git@");
        let heredocs: usize =
            here.step.instruction.heredocs.iter().map(|heredoc| heredoc.body.len()).sum();
        let (size, basis, note) = if sources.iter().any(is_remote) {
            (
                Bytes::mb(0.01, 5.0, 100.0),
                estimated("What lies at the address is not known"),
                "a download".to_owned(),
            )
        } else if heredocs > 0 {
            (
                Bytes::exact(heredocs as u64),
                estimated("Its text stands in the Dockerfile"),
                "a file written here".to_owned(),
            )
        } else {
            let files = context::taken(here.model.input(), &sources, here.model.ignore_file());
            let note = match files.count {
                Some(1) => "1 of your files".to_owned(),
                Some(count) => format!("{count} of your files"),
                None => "your files".to_owned(),
            };
            (files.size, files.basis, note)
        };
        self.place(
            here,
            transfer,
            Artifact {
                path: String::new(),
                size,
                basis: basis.clone(),
                part: Part::Files,
                what: note.clone(),
                line: here.line(),
                packages: None,
                is_output: false,
            },
        );
        self.add(here, Part::Files, size, basis, note);
    }

    /// COPY from another stage or image.
    pub(super) fn copy_from(&mut self, here: Here<'_, '_>, transfer: &Transfer, from: &str) {
        let other = stage_called(here.model, from).and_then(|index| here.before.get(&index));
        for source in &transfer.sources {
            let path = absolute(Some("/"), &source.text);
            let found = other.map(|walk| walk.at(&path)).unwrap_or_default();
            if found.is_empty() {
                let why = format!("It is not known what lies at {} of {from}", source.text);
                let size = if context::looks_like_a_file(&source.text) {
                    Bytes::mb(0.0, 0.1, 50.0)
                } else {
                    Bytes::mb(0.01, 10.0, 100.0)
                };
                self.add(
                    here,
                    Part::Other,
                    size,
                    Basis::Estimated { why },
                    format!("{} of {from}", source.text),
                );
            }
            for artifact in found {
                let note = format!("{} from line {} of {from}", artifact.what, artifact.line);
                self.add(here, artifact.part, artifact.size, artifact.basis.clone(), note);
                if let Some(packages) =
                    artifact.packages.clone().filter(|_| artifact.part == Part::Dependencies)
                {
                    self.python.merge(packages);
                }
                self.place(here, transfer, artifact);
            }
        }
    }

    /// Remembers what COPY put at its destination.
    fn place(&mut self, here: Here<'_, '_>, transfer: &Transfer, artifact: Artifact) {
        let path = absolute(here.step.workdir.as_deref(), &transfer.destination.text);
        self.artifacts.push(Artifact { path, line: here.line(), ..artifact });
    }

    /// What lies at `path`: all below it, or the part of what holds it.
    fn at(&self, path: &str) -> Vec<Artifact> {
        let path = normal(path);
        let below: Vec<Artifact> = self
            .artifacts
            .iter()
            .filter(|artifact| is_at_or_below(&artifact.path, &path))
            .cloned()
            .collect();
        if !below.is_empty() {
            return below;
        }
        let above =
            || self.artifacts.iter().rev().filter(|artifact| is_at_or_below(&path, &artifact.path));
        let holder = above().find(|artifact| artifact.is_output).or_else(|| above().next());
        let part = holder.map(|holder| {
            let mut part = holder.clone();
            if !part.is_output {
                let is_file = context::looks_like_a_file(&path);
                part.size = part.size.times(0.0, if is_file { 0.01 } else { 0.3 }, 1.0);
                part.basis = estimated("A part of what an earlier stage holds there");
            }
            part
        });
        part.into_iter().collect()
    }
}
