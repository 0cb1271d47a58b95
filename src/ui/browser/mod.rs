//! Where the page meets the browser: the only files that name `web_sys`, `gloo` or `Effect`.

pub mod boot;
pub mod clipboard;
pub mod codemirror;
pub mod file;
pub mod focus;
pub mod folder;
mod keys;
pub mod lessons;
pub mod link;
mod look;
mod reveal;
pub mod route;
mod settle;
mod storage;
pub mod surface;
mod tables;
pub mod textarea;
