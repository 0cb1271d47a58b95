//! Standard output and standard error, and the exit status that comes of them.

use std::io::{self, ErrorKind, IsTerminal, Stdout, Write};
use std::process::ExitCode;

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};
use serde::Serialize;

use super::read::reason;

/// Where a command prints. Once nobody reads any more it keeps silent, and the command still ends as it should.
pub(super) struct Output {
    stdout: AutoStream<Stdout>,
    /// Whether colours are taken out of the text first: in one piece, where the stream writes each piece by itself.
    is_colourless: bool,
    is_closed: bool,
    status: u8,
}

impl Output {
    /// For what has to arrive byte by byte: JSON, a rewritten file.
    pub(super) fn plain() -> Self {
        Self::new(ColorChoice::AlwaysAnsi, false)
    }

    /// For people: colours on a terminal, unless the environment has `NO_COLOR`.
    pub(super) fn styled() -> Self {
        let is_terminal = io::stdout().is_terminal();
        Self::new(
            if is_terminal { ColorChoice::Auto } else { ColorChoice::AlwaysAnsi },
            !is_terminal,
        )
    }

    fn new(choice: ColorChoice, is_colourless: bool) -> Self {
        let stdout = AutoStream::new(io::stdout(), choice);
        Self { stdout, is_colourless, is_closed: false, status: 0 }
    }

    /// Prints `text`, in colours where they are wanted.
    pub(super) fn print(&mut self, text: &str) {
        if self.is_colourless {
            self.write(Ok(strip_str(text).to_string().as_bytes()));
        } else {
            self.write(Ok(text.as_bytes()));
        }
    }

    /// Prints `value` on one line.
    pub(super) fn json(&mut self, value: &impl Serialize) {
        let line = serde_json::to_string(value).map(|line| line + "\n").map_err(io::Error::from);
        self.write(line.as_ref().map(String::as_bytes));
    }

    fn write(&mut self, bytes: Result<&[u8], &io::Error>) {
        if self.is_closed {
            return;
        }
        let written = match bytes {
            Ok(bytes) => self.stdout.write_all(bytes).and_then(|()| self.stdout.flush()),
            Err(error) => Err(error.kind().into()),
        };
        if let Err(error) = written {
            self.is_closed = true;
            if error.kind() != ErrorKind::BrokenPipe {
                self.fail(&format!("standard output: {}", reason(&error)));
            }
        }
    }

    /// Says `line` on standard error without changing the exit status.
    pub(super) fn note(line: &str) {
        // Where standard error is closed there is nobody left to tell.
        let _ = writeln!(io::stderr(), "{line}");
    }

    /// Says on standard error what went wrong.
    pub(super) fn fail(&mut self, line: &str) {
        Self::note(&format!("drydock: {line}"));
        self.status = 2;
    }

    /// Remembers that there is something to fix.
    pub(super) fn found(&mut self) {
        self.status = self.status.max(1);
    }

    /// The exit status so far.
    pub(super) fn status(&self) -> ExitCode {
        ExitCode::from(self.status)
    }
}
