//! A link that carries the input behind its `#`: deflate, then base64url, with a version in front.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};

use super::wire::WireInput;
use crate::input::Input;

/// What stands in front of the data; another version is another word.
const VERSION: &str = "v1=";
/// What stands behind the data of a link that hides the fixes.
const FIXES_OFF: &str = "fixes=off";
/// Most bytes that a link may unfold to.
const LIMIT: usize = 1_000_000;

/// What a link brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// The project.
    pub input: Input,
    /// Whether fixes and the rewrite are hidden.
    pub fixes_off: bool,
}

/// Why a link could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// Cut off or changed on its way.
    Broken,
    /// It would unfold to more than the page takes.
    TooLarge,
    /// Made by a later version.
    Newer,
}

impl LinkError {
    /// What happened and what to do.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Broken => {
                "This link is damaged: part of it was cut off or changed. Ask for it again, or paste the file itself. Your own file is as you left it."
            }
            Self::TooLarge => {
                "This link holds more than 1 MB, which is too much for a link. Ask for the file itself. Your own file is as you left it."
            }
            Self::Newer => {
                "This link was made by a newer Drydock. Reload the page and try again. Your own file is as you left it."
            }
        }
    }
}

/// What goes behind the `#` of a link to `input`.
pub fn encode(input: &Input, fixes_off: bool) -> String {
    // Maps with text keys and plain numbers always have a JSON form.
    let json = serde_json::to_vec(&WireInput::from(input)).unwrap_or_default();
    let data = base64url(&compress_to_vec(&json, 9));
    if fixes_off { format!("{VERSION}{data}&{FIXES_OFF}") } else { format!("{VERSION}{data}") }
}

/// Reads what stands behind the `#`. `None` where it is no link of ours.
pub fn decode(hash: &str) -> Option<Result<Shared, LinkError>> {
    let hash = hash.strip_prefix('#').unwrap_or(hash);
    if let Some(rest) = hash.strip_prefix(VERSION) {
        let (data, options) = rest.split_once('&').unwrap_or((rest, ""));
        let fixes_off = options.split('&').any(|option| option == FIXES_OFF);
        return Some(unfold(data).map(|input| Shared { input, fixes_off }));
    }
    let version = hash.strip_prefix('v')?.split_once('=')?.0;
    version.bytes().all(|b| b.is_ascii_digit()).then_some(Err(LinkError::Newer))
}

fn unfold(data: &str) -> Result<Input, LinkError> {
    if data.len() > LIMIT * 2 {
        return Err(LinkError::TooLarge);
    }
    let packed = bytes(data).ok_or(LinkError::Broken)?;
    let json = decompress_to_vec_with_limit(&packed, LIMIT).map_err(|error| {
        if error.status == TINFLStatus::HasMoreOutput {
            LinkError::TooLarge
        } else {
            LinkError::Broken
        }
    })?;
    let wire: WireInput = serde_json::from_slice(&json).map_err(|_| LinkError::Broken)?;
    Ok(wire.into())
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Base64 with the alphabet for addresses, without padding.
fn base64url(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or_default());
        let word = byte(0) << 16 | byte(1) << 8 | byte(2);
        for sextet in 0..=chunk.len() {
            out.push(char::from(ALPHABET[(word >> (18 - 6 * sextet) & 63) as usize]));
        }
    }
    out
}

/// The other way. Padding is allowed; `None` for any other character.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut word, mut bits) = (0_u32, 0);
    for char in text.trim_end_matches('=').bytes() {
        let value = match char {
            b'A'..=b'Z' => char - b'A',
            b'a'..=b'z' => char - b'a' + 26,
            b'0'..=b'9' => char - b'0' + 52,
            b'-' | b'+' => 62,
            b'_' | b'/' => 63,
            _ => return None,
        };
        word = word << 6 | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push((word >> bits & 0xff) as u8);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        for text in ["", "a", "ab", "abc", "abcd", "\u{ff}\u{1f3af}"] {
            assert_eq!(bytes(&base64url(text.as_bytes())).as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(bytes("a b"), None);
    }
}
