//! `regex` by name, `regex-lite` by nature: 0.8 MB less WebAssembly (see ARCHITECTURE.md).

pub use regex_lite::*;
