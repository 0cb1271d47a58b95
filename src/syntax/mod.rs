//! What is written: a tree that never fails to build and never loses a byte.

pub mod ast;
mod crate_reader;
mod errors;
mod json;
mod lines;
mod parser;
pub mod shell;
mod words;

pub use ast::{Body, File, Flag, Instruction, Item, Keyword, Kind, Pair, Transfer, Word};
pub use errors::SyntaxError;
pub use json::quote as json_string;
pub use lines::{Directive, Heredoc, Logical};
pub use parser::parse;

#[cfg(test)]
mod tests;
