//! The tree loses nothing, its places are right, and a broken line costs itself only.

use super::*;
use crate::text::TextRange;

const SAMPLE: &str =
    "\u{feff}# syntax=docker/dockerfile:1\n# ❌ a\nARG V=3\nFROM python:${V} AS b # not\n";
