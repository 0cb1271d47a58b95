//! The base table: full, slim and alpine of one image, as the lesson lists them and as they were measured.

use super::{Basis, Bytes, base};
use crate::model::Image;
use crate::text::TextRange;

/// One line of the base table: the lesson's four columns and what was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseRow {
    /// `python:3.11-slim`
    pub image: String,
    /// The lesson's figure in bytes, where the lesson has this image.
    pub lesson: Option<u64>,
    /// Unpacked.
    pub unpacked: Option<Bytes>,
    /// Compressed, as it is pulled.
    pub compressed: Option<Bytes>,
    /// Where the numbers come from.
    pub basis: Basis,
    /// What it means for security.
    pub security: &'static str,
    /// What it is for.
    pub use_case: &'static str,
    /// Whether it is the image that was asked for.
    pub is_yours_now: bool,
    /// Whether it is the one the lesson recommends.
    pub is_recommended: bool,
}

/// The base images that a learner chooses between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseTable {
    /// "Base images for Python 3.11"
    pub title: String,
    /// Full, slim, alpine, as far as there are such images.
    pub rows: Vec<BaseRow>,
    /// How the lesson's figures and the measured ones go together; empty where there is nothing to say.
    pub note: String,
}

/// One of the variants that the lesson compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Variant {
    /// `3.11`
    Full,
    /// `3.11-slim`
    Slim,
    /// `3.11-alpine`
    Alpine,
}

impl Variant {
    const ALL: [Self; 3] = [Self::Full, Self::Slim, Self::Alpine];

    /// Which of them `image` is.
    pub(super) fn of(image: &Image) -> Self {
        match image {
            image if image.has_variant("alpine") => Self::Alpine,
            image if image.has_variant("slim") => Self::Slim,
            _ => Self::Full,
        }
    }

    const fn suffix(self) -> &'static str {
        match self {
            Self::Full => "",
            Self::Slim => "slim",
            Self::Alpine => "alpine",
        }
    }

    /// The lesson's words in ours: security, use case.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Full => ("More packages to patch", "Development, builder"),
            Self::Slim => ("Fewer packages, fewer vulnerabilities", "Production"),
            Self::Alpine => ("Fewest packages; may have compatibility issues", "Advanced"),
        }
    }

    /// The lesson's figure for python:3.11, in bytes.
    const fn lesson(self) -> u64 {
        match self {
            Self::Full => 900_000_000,
            Self::Slim => 120_000_000,
            Self::Alpine => 50_000_000,
        }
    }
}

/// Images that come as full, slim and alpine, with the name of what is in them.
const LANGUAGES: [(&str, &str); 5] =
    [("python", "Python"), ("node", "Node"), ("golang", "Go"), ("ruby", "Ruby"), ("rust", "Rust")];

/// `image` as another variant of the same version; `None` where it does not come as one.
pub(super) fn as_variant(image: &Image, variant: Variant) -> Option<Image> {
    let name = image.official()?;
    LANGUAGES.iter().find(|(language, _)| *language == name)?;
    if name == "golang" && variant == Variant::Slim {
        return None;
    }
    let parts = [image.version().unwrap_or_default(), variant.suffix()];
    let tag: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let tag = if tag.is_empty() { "latest".to_owned() } else { tag.join("-") };
    let text = format!("{name}:{tag}");
    Some(Image::parse(&text, &text, TextRange::default()))
}

/// Whether `image` is a full language image, with compilers and development packages in it.
pub(super) fn is_full(image: &Image) -> bool {
    let is_language = |name: &str| LANGUAGES.iter().any(|(language, _)| *language == name);
    image.official().is_some_and(is_language) && Variant::of(image) == Variant::Full
}

/// Full, slim and alpine of the same image and version; `None` for an image that the table does not know.
pub fn base_table(image: &str) -> Option<BaseTable> {
    let image = Image::parse(image, image, TextRange::default());
    let (name, language) = LANGUAGES.iter().find(|(name, _)| image.official() == Some(name))?;
    let is_lesson =
        *name == "python" && image.version().is_some_and(|v| v == "3.11" || v.starts_with("3.11."));
    let rows = Variant::ALL.into_iter().filter_map(|variant| {
        let other = as_variant(&image, variant)?;
        // The tag as it is written says more than the variant's usual one.
        let is_yours_now = Variant::of(&image) == variant;
        let (size, _) = base::size_of(if is_yours_now { &image } else { &other });
        let (security, use_case) = variant.words();
        Some(BaseRow {
            image: if is_yours_now { image.text.clone() } else { other.text },
            lesson: is_lesson.then(|| variant.lesson()),
            unpacked: size.unpacked,
            compressed: size.compressed,
            basis: size.basis,
            security,
            use_case,
            is_yours_now,
            is_recommended: variant == Variant::Slim,
        })
    });
    let version = image.version().map(|version| format!(" {version}")).unwrap_or_default();
    Some(BaseTable {
        title: format!("Base images for {language}{version}"),
        rows: rows.collect(),
        note: if is_lesson { LESSON_NOTE.to_owned() } else { String::new() },
    })
}

const LESSON_NOTE: &str =
    "The lesson calls the full image ~900 MB in one place and more than 1 GB in another.";

#[cfg(test)]
mod tests {
    use super::*;

    fn images(image: &str) -> Vec<String> {
        base_table(image)
            .map(|table| table.rows.into_iter().map(|row| row.image).collect())
            .unwrap_or_default()
    }

    #[test]
    fn variants_of_the_same_version() {
        assert_eq!(
            images("python:3.11"),
            ["python:3.11", "python:3.11-slim", "python:3.11-alpine"]
        );
        assert_eq!(images("node:22-alpine"), ["node:22", "node:22-slim", "node:22-alpine"]);
        assert_eq!(images("golang:1.26"), ["golang:1.26", "golang:1.26-alpine"]);
        assert_eq!(images("python"), ["python", "python:slim", "python:alpine"]);
    }

    #[test]
    fn the_lessons_figures_stand_beside_what_was_measured() {
        let table = base_table("python:3.11").expect("a table");
        assert_eq!(table.title, "Base images for Python 3.11");
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|row| (row.lesson, row.unpacked.map(|b| b.likely / 1_000_000)))
            .collect();
        assert_eq!(
            rows,
            [
                (Some(900_000_000), Some(1100)),
                (Some(120_000_000), Some(124)),
                (Some(50_000_000), Some(54))
            ]
        );
        assert!(table.rows[0].is_yours_now && table.rows[1].is_recommended);
    }

    #[test]
    fn the_lesson_has_no_figures_for_other_images() {
        let table = base_table("node:22").expect("a table");
        assert!(table.rows.iter().all(|row| row.lesson.is_none()));
        assert_eq!(base_table("acme/app:1"), None);
        assert_eq!(base_table("nginx:stable"), None);
    }
}
