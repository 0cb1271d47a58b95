//! Drydock: what is wrong with a Dockerfile for production, why, what instead, and what it weighs.
//! Data goes up the stairs and never down; the modules are declared from the bottom step to the top.

pub mod analysis;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diff;
pub mod estimate;
pub mod finding;
pub mod input;
pub mod lesson;
pub mod model;
pub mod rewrite;
pub mod rules;
pub mod syntax;
pub mod text;
#[cfg(feature = "ui")]
pub mod ui;
