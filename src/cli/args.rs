//! The arguments, as clap reads them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// What is wrong with a Dockerfile for production, why, what instead, and what it weighs.
#[derive(Debug, Parser)]
#[command(
    name = "drydock",
    version,
    disable_help_subcommand = true,
    arg_required_else_help = false
)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say what is wrong, why, and what to do
    Check {
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: CheckFormat,
        #[command(flatten)]
        project: Project,
    },
    /// Print the rewritten file; the input is never changed
    Fix {
        /// Also take the changes that somebody has to check first
        #[arg(long)]
        all: bool,
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        #[command(flatten)]
        project: Project,
    },
    /// Estimate the image before and after the full rewrite
    Size {
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        #[command(flatten)]
        project: Project,
    },
    /// List the rules
    Rules {
        /// How to print
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// The Dockerfiles and what stands beside all of them.
#[derive(Args, Debug)]
pub(super) struct Project {
    /// The ignore file of the build context
    #[arg(long, value_name = "FILE")]
    pub(super) dockerignore: Option<PathBuf>,
    /// pip's requirements
    #[arg(long, value_name = "FILE")]
    pub(super) requirements: Option<PathBuf>,
    /// npm's package.json
    #[arg(long, value_name = "FILE")]
    pub(super) package_json: Option<PathBuf>,
    /// Any other file beside the Dockerfile, known by its name: go.mod, pyproject.toml; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) beside: Vec<PathBuf>,
    /// The stage to build; the last one if not given
    #[arg(long, value_name = "STAGE")]
    pub(super) target: Option<String>,
    /// A base image of your own and the known one that it is made from; may be repeated
    #[arg(long, value_name = "IMAGE=KNOWN", value_parser = pair)]
    pub(super) base: Vec<(String, String)>,
    /// Dockerfiles; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// `a=b` as two parts.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, known)) if !name.is_empty() && !known.is_empty() => {
            Ok((name.to_owned(), known.to_owned()))
        }
        _ => Err("write the image as in FROM, then = and the known one: my/python:3=python:3.12"
            .to_owned()),
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum CheckFormat {
    /// For people
    #[default]
    Text,
    /// One JSON object a file, a line each
    Json,
    /// One SARIF log for all files
    Sarif,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    #[default]
    Text,
    /// JSON, a line each
    Json,
}
