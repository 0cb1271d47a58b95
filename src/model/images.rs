//! Image references: their parts, and what a name and a tag tell about the image.

use crate::text::TextRange;

/// Debian's suites, oldest first.
const DEBIAN_SUITES: [&str; 8] =
    ["jessie", "stretch", "buster", "bullseye", "bookworm", "trixie", "forky", "sid"];
/// Ubuntu's code names that stand in tags, oldest first.
const UBUNTU_SUITES: [&str; 6] = ["xenial", "bionic", "focal", "jammy", "noble", "resolute"];
/// Official images that do not start as root.
const OFFICIAL_NON_ROOT: [&str; 4] = ["elasticsearch", "kibana", "logstash", "solr"];
/// Official images whose own entry script starts as root and gives it up.
const OFFICIAL_GIVES_UP_ROOT: [&str; 8] =
    ["cassandra", "mariadb", "mongo", "mysql", "postgres", "rabbitmq", "redis", "valkey"];

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
    /// Where the tag is written, if it can be changed there.
    pub tag_range: Option<TextRange>,
    /// `sha256:...`
    pub digest: Option<String>,
}

/// The kind of system an image holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// apt-get, useradd.
    Debian,
    /// apk, adduser.
    Alpine,
    /// yum or dnf.
    RedHat,
    /// Neither shell nor package manager.
    Distroless,
    /// Not Linux.
    Windows,
}

/// Who an image starts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultUser {
    /// root.
    Root,
    /// Somebody else.
    NonRoot,
    /// The name does not tell.
    Unknown,
}

impl Image {
    /// Takes a reference apart. `text` has its variables filled in; `written` stands at `range`.
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
        let written_tag = written_tag(written)
            .map(|(start, end)| TextRange::new(range.start + start, range.start + end));
        Self {
            text: text.to_owned(),
            range,
            registry: registry.map(str::to_owned),
            repository: repository.to_owned(),
            tag: tag.map(str::to_owned),
            tag_range: written_tag.filter(|_| tag.is_some() && written.len() == range.len()),
            digest: digest.map(str::to_owned),
        }
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
        matches!(self.registry.as_deref(), None | Some("docker.io" | "index.docker.io"))
    }

    fn tag_parts(&self) -> impl Iterator<Item = &str> {
        self.tag.as_deref().unwrap_or_default().split('-')
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

    /// The release of Debian or Ubuntu that a tag names.
    pub fn suite(&self) -> Option<&str> {
        self.tag_parts().find(|part| DEBIAN_SUITES.contains(part) || UBUNTU_SUITES.contains(part))
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

    /// Whether it is an official image of a language that brings compilers and development packages.
    pub fn is_full(&self) -> bool {
        let full = [
            "python",
            "node",
            "ruby",
            "golang",
            "rust",
            "gcc",
            "openjdk",
            "buildpack-deps",
            "perl",
        ];
        self.official().is_some_and(|name| full.contains(&name)) && !self.is_reduced()
    }

    /// What system is inside, as far as name and tag tell.
    pub fn family(&self) -> Option<Family> {
        let name = self.repository.rsplit('/').next().unwrap_or_default();
        if self.has_variant("windowsservercore")
            || self.has_variant("nanoserver")
            || self.repository.starts_with("windows")
        {
            Some(Family::Windows)
        } else if self.has_variant("alpine") || name == "alpine" {
            Some(Family::Alpine)
        } else if self.registry.as_deref() == Some("gcr.io")
            && self.repository.starts_with("distroless/")
        {
            Some(Family::Distroless)
        } else if self.suite().is_some() || matches!(name, "debian" | "ubuntu" | "buildpack-deps") {
            Some(Family::Debian)
        } else if matches!(
            name,
            "centos" | "fedora" | "rockylinux" | "almalinux" | "amazonlinux" | "ubi8" | "ubi9"
        ) {
            Some(Family::RedHat)
        } else {
            let debian = [
                "python", "node", "ruby", "php", "golang", "rust", "gcc", "nginx", "openjdk",
                "perl",
            ];
            self.official().filter(|name| debian.contains(name)).map(|_| Family::Debian)
        }
    }

    /// Whether the entry script that it comes with changes to another user.
    pub fn gives_up_root(&self) -> bool {
        self.official().is_some_and(|name| OFFICIAL_GIVES_UP_ROOT.contains(&name))
    }

    /// Who it starts as.
    pub fn default_user(&self) -> DefaultUser {
        let non_root = self.has_variant("nonroot")
            || self.tag_parts().any(|part| part == "unprivileged")
            || matches!(self.registry.as_deref(), Some("cgr.dev"))
            // AWS Lambda runs a function as a user of its own, whatever the image says.
            || (self.registry.as_deref() == Some("public.ecr.aws")
                && self.repository.starts_with("lambda/"))
            || self.repository == "nginxinc/nginx-unprivileged"
            || self.repository.starts_with("bitnami/")
            || self.official().is_some_and(|name| OFFICIAL_NON_ROOT.contains(&name));
        let distroless = self.family() == Some(Family::Distroless);
        match self.official() {
            _ if non_root => DefaultUser::NonRoot,
            Some(_) => DefaultUser::Root,
            None if distroless => DefaultUser::Root,
            None => DefaultUser::Unknown,
        }
    }
}

/// Where the tag stands in a reference as it is written, which may hold variables.
fn written_tag(written: &str) -> Option<(usize, usize)> {
    let mut depth = 0;
    let mut start = None;
    let mut end = written.len();
    for (at, c) in written.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            '/' if depth == 0 => start = None,
            ':' if depth == 0 && start.is_none() => start = Some(at + 1),
            '@' if depth == 0 => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    start.filter(|&start| start < end).map(|start| (start, end))
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

    #[test]
    fn facts() {
        assert_eq!(image("python:3.11-alpine3.24").family(), Some(Family::Alpine));
        assert_eq!(image("python:3.11").family(), Some(Family::Debian));
        assert_eq!(image("acme/app:1").family(), None);
        assert_eq!(image("python:3.11").default_user(), DefaultUser::Root);
        assert_eq!(image("gcr.io/distroless/python3:nonroot").default_user(), DefaultUser::NonRoot);
        assert_eq!(image("acme/app:1").default_user(), DefaultUser::Unknown);
    }
}
