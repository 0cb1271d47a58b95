//! Small pieces that know no session.

pub mod code;
pub mod diff;
pub mod keyed;
pub mod mark;
pub mod tabs;
pub mod term;

pub use code::{Coded, Prose};
pub use keyed::keyed;
pub use mark::{Buy, Mark, buys};
pub use tabs::Tabs;
pub use term::Term;
