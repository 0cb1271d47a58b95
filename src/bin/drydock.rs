//! The front door of the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    drydock::cli::run()
}
