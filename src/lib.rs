//! Drydock: what is wrong with a Dockerfile for production, why, what instead, and what it weighs.
//! Data goes up the stairs and never down; the modules are declared from the bottom step to the top.

// The order is the stairs', not the alphabet's: rustfmt sorts only what stands together.
pub mod text;

pub mod syntax;

pub mod input;

pub mod model;

pub mod finding;

pub mod rules;

pub mod lesson;

pub mod rewrite;

pub mod estimate;

pub mod diff;

pub mod analysis;

#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "ui")]
pub mod ui;
