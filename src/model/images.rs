//! Image references: their parts, where each stands, and what the parts of a tag say.

use super::wrappers::parts;
use crate::text::TextRange;

/// `registry/repository:tag@digest` with variables filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// All of it as Docker sees it.
    pub text: String,
    /// Where it is written.
    pub range: TextRange,
    /// The host, where one is named.
    pub registry: Option<String>,
    /// Everything between registry and tag: `library/python`, `org/app`.
    pub repository: String,
    /// Behind the colon.
    pub tag: Option<String>,
    /// `sha256:...`
    pub digest: Option<String>,
    /// Where the registry is written; `None` for each part that a variable holds together with others.
    pub registry_range: Option<TextRange>,
    /// Where the repository is written.
    pub repository_range: Option<TextRange>,
    /// Where the tag is written, if it can be changed there.
    pub tag_range: Option<TextRange>,
    /// Where the digest is written.
    pub digest_range: Option<TextRange>,
    /// Whether the learner said what it is made from; its parts are then those of that image, and none is written.
    pub is_told: bool,
    /// Whether FROM asks for its Windows variant with `--platform`.
    pub is_for_windows: bool,
}

impl Image {
    /// Takes a reference apart. `text` has its variables filled in; `written` is what stands at `range`.
    pub fn parse(text: &str, written: &str, range: TextRange) -> Self {
        let (rest, digest) =
            text.split_once('@').map_or((text, None), |(rest, digest)| (rest, Some(digest)));
        let (registry, path) = match rest.split_once('/') {
            Some((host, path)) if host == "localhost" || host.contains(['.', ':']) => {
                (Some(host), path)
            }
            _ => (None, rest),
        };
        let (repository, tag) =
            path.split_once(':').map_or((path, None), |(name, tag)| (name, Some(tag)));
        let place = Places::of(written);
        let (tag_at, digest_at) = (place.colon, place.at);
        let end = digest_at.unwrap_or(written.len());
        let range_of = |from: usize, to: usize| {
            (from < to).then(|| TextRange::new(range.start + from, range.start + to))
        };
        let is_whole = tag.is_some() == tag_at.is_some() && digest.is_some() == digest_at.is_some();
        let name_end = tag_at.unwrap_or(end);
        let slash = place.slash.filter(|_| registry.is_some());
        let is_named = is_whole && registry.is_some() == slash.is_some();
        Self {
            text: text.to_owned(),
            range,
            registry_range: slash.and_then(|slash| range_of(0, slash)),
            repository_range: range_of(slash.map_or(0, |slash| slash + 1), name_end)
                .filter(|_| is_named),
            tag_range: tag_at.and_then(|at| range_of(at + 1, end)).filter(|_| tag.is_some()),
            digest_range: digest_at
                .and_then(|at| range_of(at + 1, written.len()))
                .filter(|_| digest.is_some()),
            registry: registry.map(str::to_owned),
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            digest: digest.map(str::to_owned),
            is_told: false,
            is_for_windows: false,
        }
    }

    /// The same image, which is made from `known`: what holds for that one holds for it.
    #[must_use]
    pub fn made_from(self, known: &str) -> Self {
        let known = Self::parse(known, "", TextRange::at(self.range.start));
        let Self { text, range, is_for_windows, .. } = self;
        Self { text, range, is_for_windows, is_told: true, ..known }
    }

    /// The name among Docker's official images, wherever a copy of it is pulled from.
    pub fn official(&self) -> Option<&str> {
        let name = match self.registry.as_deref() {
            None | Some("docker.io" | "index.docker.io") => {
                self.repository.strip_prefix("library/").unwrap_or(&self.repository)
            }
            Some("public.ecr.aws") => self.repository.strip_prefix("docker/library/")?,
            Some(host) if host.contains(".dkr.ecr.") => {
                self.repository.strip_prefix("docker-hub/library/")?
            }
            Some(_) => return None,
        };
        (!name.contains('/')).then_some(name)
    }

    /// Whether Docker Hub serves it.
    pub fn is_on_docker_hub(&self) -> bool {
        !self.is_told
            && matches!(self.registry.as_deref(), None | Some("docker.io" | "index.docker.io"))
    }

    pub(super) fn tag_parts(&self) -> impl Iterator<Item = &str> {
        parts(self.tag.as_deref().unwrap_or_default(), b'-')
    }

    /// The version that a tag starts with: `3.11` of `3.11-slim`.
    pub fn version(&self) -> Option<&str> {
        let first = self.tag_parts().next()?;
        (first.starts_with(|c: char| c.is_ascii_digit())
            && first.chars().all(|c| c.is_ascii_digit() || c == '.'))
        .then_some(first)
    }

    /// Where `part` stands between the dashes of the tag, if the tag is written out there. `source` is the file.
    pub fn part_range(&self, source: &str, part: &str) -> Option<TextRange> {
        let tag = self.tag_range?;
        let mut start = tag.start;
        tag.of(source).split('-').find_map(|one| {
            let range = TextRange::new(start, start + one.len());
            start = range.end + 1;
            (one == part).then_some(range)
        })
    }

    /// Whether the tag has a part that is or starts with `name`: `slim`, `alpine`.
    pub fn has_variant(&self, name: &str) -> bool {
        self.tag_parts().any(|part| part.starts_with(name))
    }

    /// Whether the tag names a variant that leaves something out, or another system.
    pub fn is_reduced(&self) -> bool {
        let reduced = ["slim", "alpine", "jre", "distroless", "windowsservercore", "nanoserver"];
        reduced.iter().any(|name| self.has_variant(name))
    }
}

/// Where the signs stand that set the parts of a reference apart, those inside of `${…}` left out.
#[derive(Default)]
struct Places {
    /// The first `/`.
    slash: Option<usize>,
    /// The `:` before a tag.
    colon: Option<usize>,
    /// The `@` before a digest.
    at: Option<usize>,
}

impl Places {
    fn of(written: &str) -> Self {
        let mut places = Self::default();
        let mut depth = 0;
        for (at, c) in written.char_indices() {
            match c {
                // With quotes or escapes, nothing can be edited by its place.
                '"' | '\'' | '\\' => return Self::default(),
                '{' => depth += 1,
                '}' => depth -= 1,
                _ if depth != 0 => {}
                '/' => {
                    places.slash.get_or_insert(at);
                    places.colon = None;
                }
                ':' => drop(places.colon.get_or_insert(at)),
                '@' => {
                    places.at = Some(at);
                    break;
                }
                _ => {}
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(text: &str) -> Image {
        Image::parse(text, text, TextRange::new(0, text.len()))
    }

    #[test]
    fn parts() {
        let one = image("host:5000/org/app:1.2-slim-bookworm@sha256:ab");
        assert_eq!(one.registry.as_deref(), Some("host:5000"));
        assert_eq!(
            (one.repository.as_str(), one.tag.as_deref()),
            ("org/app", Some("1.2-slim-bookworm"))
        );
        assert_eq!(one.digest.as_deref(), Some("sha256:ab"));
        assert_eq!((one.version(), one.suite()), (Some("1.2"), Some("bookworm")));
        assert_eq!(one.tag_range.map(|range| range.of(&one.text)), Some("1.2-slim-bookworm"));
    }

    #[test]
    fn official_wherever_it_is_pulled_from() {
        for text in [
            "python:3.11",
            "docker.io/library/python:3.11",
            "public.ecr.aws/docker/library/python:3.11",
            "123456789012.dkr.ecr.us-east-1.amazonaws.com/docker-hub/library/python:3.11",
        ] {
            assert_eq!(image(text).official(), Some("python"), "{text}");
        }
        assert_eq!(image("org/python").official(), None);
        assert_eq!(image("ghcr.io/python:3").official(), None);
    }

    #[test]
    fn tags_with_variables_keep_their_place() {
        let written = "python:${PY:-3}-slim";
        let one = Image::parse("python:3.11-slim", written, TextRange::new(5, 5 + written.len()));
        assert_eq!(one.tag_range, Some(TextRange::new(12, 25)));
        assert_eq!(Image::parse("python:3", "${BASE}", TextRange::new(0, 7)).tag_range, None);
    }

    /// Registry, repository, tag and digest as they are written.
    fn written(text: &str, written: &str) -> [Option<String>; 4] {
        let one = Image::parse(text, written, TextRange::new(0, written.len()));
        let ranges = [one.registry_range, one.repository_range, one.tag_range, one.digest_range];
        ranges.map(|range| range.map(|range| range.of(written).to_owned()))
    }

    #[test]
    fn where_the_parts_stand() {
        for (text, source, parts) in [
            ("python", "python", [None, Some("python"), None, None]),
            (
                "a.io/b/c:1@sha256:d",
                "a.io/b/c:1@sha256:d",
                [Some("a.io"), Some("b/c"), Some("1"), Some("sha256:d")],
            ),
            (
                "org/app:1-slim",
                "org/app:${V:-1}-slim",
                [None, Some("org/app"), Some("${V:-1}-slim"), None],
            ),
            ("a.io/app:1", "${REG}/app:1", [Some("${REG}"), Some("app"), Some("1"), None]),
            ("a.io/app:1", "${IMAGE}:1", [None, None, Some("1"), None]),
            ("app:1@sha256:d", "${IMAGE}", [None, None, None, None]),
            ("app@sha256:d", "app@$DIGEST", [None, Some("app"), None, Some("$DIGEST")]),
        ] {
            assert_eq!(
                written(text, source),
                parts.map(|part| part.map(str::to_owned)),
                "{source}"
            );
        }
    }
}
