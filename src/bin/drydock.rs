//! The front door of the command line.

use std::process::ExitCode;

/// A file becomes many small pieces, which it takes and gives back quicker than the system does.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    drydock::cli::run()
}
