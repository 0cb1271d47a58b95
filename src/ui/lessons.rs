//! The lessons' texts as the page has them: they load when it is idle.

use std::sync::Arc;

use crate::lesson::Lessons;

/// How far the lessons' texts are.
#[derive(Clone, Debug, PartialEq)]
pub enum LessonTexts {
    /// On their way.
    Waiting,
    /// Here.
    Ready(Arc<Lessons>),
    /// They did not come, and why, a sentence.
    Failed(String),
}
