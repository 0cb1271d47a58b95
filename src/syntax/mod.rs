//! What is written: a tree that never fails to build and never loses a byte.

mod arguments;
pub mod ast;
mod errors;
mod flags;
mod heredocs;
mod json;
mod lines;
mod parser;
pub mod second_reader;
pub mod shell;
mod words;

pub use ast::{Body, File, Flag, Instruction, Item, Keyword, Kind, Pair, Transfer, Word};
pub use errors::SyntaxError;
pub use json::quote as json_string;
pub use lines::{Directive, Heredoc, Logical};
pub use parser::parse;
