//! The command line: arguments in, `Analysis` out, as text for people, JSON Lines or SARIF.

mod args;
mod catalogue;
mod check;
mod excerpt;
mod lessons;
mod output;
mod place;
mod read;
mod sarif;
mod size;
mod wire;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use crate::analysis::{Analysis, Proposal, weigh};
use crate::estimate::Tables;
use crate::finding::Severity;
use crate::rewrite::{Level, Rewrite, rewrite};

use args::{Arguments, CheckFormat, Command, Format, Project};
use catalogue::Catalogue;
use output::Output;
use read::Inputs;
use sarif::Log;
use wire::{CheckLine, FixLine, SizeLine};

/// Does what the arguments say. The exit status: 0; 1 where `check` found a warning or worse; 2 where a file
/// could not be read or the arguments are wrong.
pub fn run() -> ExitCode {
    match Arguments::try_parse() {
        Ok(arguments) => match arguments.command {
            Command::Check { format, project } => check(format, &project),
            Command::Fix { all, format, project } => {
                fix(if all { Level::All } else { Level::Safe }, format, &project)
            }
            Command::Size { format, project } => size(format, &project),
            Command::Rules { format } => rules(format),
        },
        Err(error) => answer(&error),
    }
}

/// Help and version go to standard output; what is wrong with the arguments becomes one line.
fn answer(error: &clap::Error) -> ExitCode {
    let mut out = Output::styled();
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) {
        out.print(&error.render().ansi().to_string());
        return out.status();
    }
    let text = error.render().to_string();
    let what: Vec<_> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let what = what.join(" ");
    out.fail(what.strip_prefix("error: ").unwrap_or(&what));
    out.status()
}

fn check(format: CheckFormat, project: &Project) -> ExitCode {
    let mut out = if format == CheckFormat::Text { Output::styled() } else { Output::plain() };
    let inputs = Inputs::of(project);
    let mut log = Log::default();
    for (file, input) in &inputs.read {
        let analysis = Analysis::of(input);
        if analysis.findings.iter().any(|finding| finding.severity >= Severity::Warning) {
            out.found();
        }
        match format {
            CheckFormat::Text => out.print(&check::text(file, input, &analysis)),
            CheckFormat::Json => out.json(&CheckLine::new(file, input, &analysis)),
            CheckFormat::Sarif => log.add(file, input, &analysis),
        }
    }
    if format == CheckFormat::Sarif {
        out.json(&log.finish(&inputs.failed));
    }
    inputs.failed.iter().for_each(|line| out.fail(line));
    out.status()
}

fn fix(level: Level, format: Format, project: &Project) -> ExitCode {
    let mut out = Output::plain();
    if format == Format::Text && project.files.len() > 1 {
        out.fail("fix prints one file: give one FILE, or add --format json");
        return out.status();
    }
    let inputs = Inputs::of(project);
    for (file, input) in &inputs.read {
        let rewrite = rewrite(input, level);
        match format {
            Format::Text => {
                out.print(&rewrite.dockerfile);
                for line in notes(&rewrite) {
                    Output::note(&line);
                }
            }
            Format::Json => out.json(&FixLine::new(file, &rewrite)),
        }
    }
    inputs.failed.iter().for_each(|line| out.fail(line));
    out.status()
}

/// What somebody has to know who sees only the rewritten Dockerfile: a line each.
fn notes(rewrite: &Rewrite) -> Vec<String> {
    let assumed = rewrite.applied.iter().filter(|step| !step.assumes.is_empty());
    let assumed =
        assumed.map(|step| format!("Check first: {} ({})", step.title, step.assumes.join(" ")));
    let beside = rewrite.files.keys();
    let beside =
        beside.map(|name| format!("{name} belongs to this rewrite; --format json has its text"));
    assumed.chain(beside).collect()
}

fn size(format: Format, project: &Project) -> ExitCode {
    let mut out = if format == Format::Text { Output::styled() } else { Output::plain() };
    let inputs = Inputs::of(project);
    for (file, input) in &inputs.read {
        let tables = Tables::built_in();
        let (before, after) = (weigh(input, tables), Proposal::of(input, tables).estimate);
        match format {
            Format::Text => out.print(&size::text(file, &before, &after)),
            Format::Json => out.json(&SizeLine::new(file, &before, &after)),
        }
    }
    inputs.failed.iter().for_each(|line| out.fail(line));
    out.status()
}

fn rules(format: Format) -> ExitCode {
    let mut out = if format == Format::Text { Output::styled() } else { Output::plain() };
    match format {
        Format::Text => out.print(&catalogue::text()),
        Format::Json => out.json(&Catalogue::new()),
    }
    out.status()
}
