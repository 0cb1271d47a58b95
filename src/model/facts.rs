//! What is known of images by their names and tags: system, language, tools, user, folder and ports.

use super::Image;
use super::wrappers::is_in;

/// Suites of Debian and Ubuntu, oldest first.
const SUITES: &str = "jessie stretch buster bullseye bookworm trixie forky sid \
    xenial bionic focal jammy noble resolute";
/// Official images on Debian or Ubuntu where the tag says nothing else.
const ON_DEBIAN: &str = "python node ruby php golang rust gcc nginx perl debian ubuntu buildpack-deps eclipse-temurin \
    httpd postgres redis mongo mariadb rabbitmq memcached tomcat maven gradle wordpress erlang elixir haskell julia \
    swift pypy haproxy ghost";
/// Official images on Alpine where the tag says nothing else.
const ON_ALPINE: &str = "alpine caddy composer docker eclipse-mosquitto registry traefik";
/// Images on a relative of Red Hat's Linux, whoever made them.
const ON_REDHAT: &str = "centos fedora rockylinux almalinux amazonlinux oraclelinux amazoncorretto mysql \
    ubi8 ubi9 ubi10 ubi ubi-minimal";
/// Official images of a language that bring compilers and development packages.
const FULL: &str = "python node ruby golang rust gcc openjdk eclipse-temurin buildpack-deps perl";
/// Those of them that build on `buildpack-deps` with its curl, wget and git.
const BUILDPACK: &str = "python node ruby golang rust gcc buildpack-deps perl";
/// Official images that do not start as root.
const NON_ROOT: &str = "elasticsearch kibana logstash solr";
/// Official images whose own entry script starts as root and gives it up.
const GIVES_UP_ROOT: &str = "cassandra mariadb mongo mysql postgres rabbitmq redis valkey";
/// Official images whose own ENTRYPOINT, if any, starts the words as they are.
const PLAIN: &str = "python node ruby golang rust php debian ubuntu alpine";

/// nginx with a user of its own, by its makers.
const NGINX_UNPRIVILEGED: &str = "nginxinc/nginx-unprivileged";

/// Official images and the folder that they start in.
const FOLDERS: [(&str, &str); 4] = [
    ("python node debian ubuntu alpine ruby rust nginx busybox gcc perl buildpack-deps", "/"),
    ("golang", "/go"),
    ("php wordpress", "/var/www/html"),
    ("redis valkey", "/data"),
];

/// Official images and the ports that they expose.
const PORTS: [(&str, &[u16]); 9] = [
    ("nginx httpd wordpress traefik", &[80]),
    ("caddy", &[80, 443, 2019]),
    ("tomcat jetty", &[8080]),
    ("postgres", &[5432]),
    ("mysql mariadb", &[3306]),
    ("mongo", &[27017]),
    ("redis valkey", &[6379]),
    ("memcached", &[11211]),
    ("registry", &[5000]),
];

/// Languages, and the names of images that hold them.
const LANGUAGES: [(&str, &str); 8] = [
    ("python", "python pypy"),
    ("node", "node nodejs"),
    ("go", "golang go"),
    ("ruby", "ruby jruby"),
    ("php", "php"),
    ("rust", "rust"),
    ("java", "openjdk temurin eclipse-temurin amazoncorretto java jre jdk maven gradle tomcat"),
    ("dotnet", "sdk aspnet runtime dotnet"),
];

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

impl Family {
    /// The system that only has this program.
    pub(super) fn of_program(program: &str) -> Option<Self> {
        match program {
            "apt-get" | "apt" | "useradd" => Some(Self::Debian),
            "apk" => Some(Self::Alpine),
            "yum" | "dnf" | "microdnf" => Some(Self::RedHat),
            _ => None,
        }
    }
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

/// A program that an image has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the program it is named for")]
pub enum Tool {
    Shell,
    Bash,
    Apt,
    Apk,
    Curl,
    Wget,
    Git,
    Useradd,
}

impl Image {
    /// The release of Debian or Ubuntu that a tag names.
    pub fn suite(&self) -> Option<&str> {
        self.tag_parts().find(|part| is_in(SUITES, part))
    }

    /// Whether it is an official image that `names` has.
    fn is_any(&self, names: &str) -> bool {
        self.official().is_some_and(|name| is_in(names, name))
    }

    /// The last part of its repository: `python` of `org/python`.
    fn last_name(&self) -> &str {
        self.repository.rsplit('/').next().unwrap_or_default()
    }

    /// Whether it is one of Google's images without a shell.
    pub fn is_distroless(&self) -> bool {
        self.registry.as_deref() == Some("gcr.io") && self.repository.starts_with("distroless/")
    }

    /// Whether it is an official image of a language that brings compilers and development packages.
    pub fn is_full(&self) -> bool {
        self.is_any(FULL) && !self.is_reduced()
    }

    /// Whether it is made to build in, and its maker has another one to run the result on.
    pub fn is_for_building(&self) -> bool {
        let is_microsoft = self.registry.as_deref() == Some("mcr.microsoft.com");
        self.is_any("maven gradle")
            || (is_microsoft && self.repository == "dotnet/sdk")
            || (self.repository == "nvidia/cuda" && self.has_variant("devel"))
    }

    /// What system is inside, as far as name and tag tell.
    pub fn family(&self) -> Option<Family> {
        let name = self.last_name();
        let is_microsoft = self.registry.as_deref() == Some("mcr.microsoft.com");
        // Java's own images moved from Debian to Oracle's Linux with version 16.
        let is_old = || {
            self.version()
                .and_then(|text| text.split('.').next()?.parse().ok())
                .is_some_and(|version: u32| version < 16)
        };
        if self.is_for_windows
            || self.has_variant("windowsservercore")
            || self.has_variant("nanoserver")
            || self.repository.starts_with("windows")
        {
            Some(Family::Windows)
        } else if self.has_variant("alpine") || name == "alpine" {
            Some(Family::Alpine)
        } else if self.is_distroless() || (is_microsoft && self.has_variant("chiseled")) {
            Some(Family::Distroless)
        } else if self.suite().is_some() || is_in("debian ubuntu buildpack-deps", name) {
            Some(Family::Debian)
        } else if is_in(ON_REDHAT, name) || (self.is_any("openjdk") && !is_old()) {
            Some(Family::RedHat)
        } else if self.is_any(ON_ALPINE) {
            Some(Family::Alpine)
        } else if self.is_any(ON_DEBIAN)
            || self.is_any("openjdk")
            || self.repository == NGINX_UNPRIVILEGED
            || (is_microsoft
                && self.repository.starts_with("dotnet/")
                && !self.has_variant("azurelinux"))
        {
            Some(Family::Debian)
        } else {
            None
        }
    }

    /// The language that it is made for and its version, as far as name and tag tell: `("python", Some("3.11"))`.
    pub fn language(&self) -> Option<(&'static str, Option<&str>)> {
        let name = self.last_name();
        let plain = |text: &str| text.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
        // `my-python` holds Python; `node-exporter` holds no Node.js. Google puts the suite behind the language.
        let last = name.rsplit('-').next().unwrap_or_default();
        let word = match name.split_once('-') {
            Some((first, _)) if self.is_distroless() => plain(first),
            _ if self.official().is_some() => name.to_owned(),
            _ => plain(last),
        };
        let (language, _) = LANGUAGES.iter().find(|(_, names)| is_in(names, &word))?;
        let digits = name.split('-').next().unwrap_or_default();
        let digits = &digits[plain(digits).len()..];
        let in_name = Some(digits).filter(|digits| self.is_distroless() && !digits.is_empty());
        Some((language, in_name.or_else(|| self.version())))
    }

    /// Whether it has the program; `None` where name and tag do not tell.
    pub fn has(&self, tool: Tool) -> Option<bool> {
        let family = self.family();
        let is_debug = self.has_variant("debug");
        let official = self.official().is_some();
        match (tool, family?) {
            (Tool::Shell | Tool::Wget, Family::Distroless) => Some(is_debug),
            (_, Family::Distroless | Family::Windows) => Some(false),
            (Tool::Apt, family) => Some(family == Family::Debian),
            (Tool::Apk, family) => Some(family == Family::Alpine),
            (Tool::Shell, _)
            | (Tool::Bash | Tool::Useradd, Family::Debian | Family::RedHat)
            | (Tool::Wget, Family::Alpine)
            | (Tool::Curl, Family::RedHat) => Some(true),
            (Tool::Curl, _)
                if self.is_any("php nginx") || self.repository == NGINX_UNPRIVILEGED =>
            {
                Some(true)
            }
            (_, Family::Alpine) if self.is_any(BUILDPACK) || self.is_any("alpine") => Some(false),
            (Tool::Useradd, Family::Alpine) if official => Some(false),
            (_, Family::Debian) if self.is_any(BUILDPACK) => Some(!self.is_reduced()),
            (_, Family::Debian) if self.is_any("debian ubuntu") => Some(false),
            _ => None,
        }
    }

    /// Whether the entry script that it comes with changes to another user.
    pub fn gives_up_root(&self) -> bool {
        self.is_any(GIVES_UP_ROOT)
    }

    /// Whether its own ENTRYPOINT, if it has one, starts the words of CMD as they are.
    pub fn starts_plainly(&self) -> bool {
        self.is_any(PLAIN)
    }

    /// The folder that it starts in, where that is known.
    pub fn workdir(&self) -> Option<&'static str> {
        FOLDERS.iter().find(|(names, _)| self.is_any(names)).map(|&(_, folder)| folder)
    }

    /// The ports that it exposes itself; `None` where that is not known.
    pub fn ports(&self) -> Option<&'static [u16]> {
        if self.repository == NGINX_UNPRIVILEGED {
            return Some(&[8080]);
        }
        if self.is_any("php") {
            return Some(if self.has_variant("apache") {
                &[80]
            } else if self.has_variant("fpm") {
                &[9000]
            } else {
                &[]
            });
        }
        let known = PORTS.iter().find(|(names, _)| self.is_any(names)).map(|&(_, ports)| ports);
        known.or_else(|| self.is_any(PLAIN).then_some([].as_slice()))
    }

    /// Who it starts as.
    pub fn default_user(&self) -> DefaultUser {
        let registry = self.registry.as_deref().unwrap_or_default();
        let non_root = self.has_variant("nonroot")
            || self.tag_parts().any(|part| part == "unprivileged")
            || registry == "cgr.dev"
            // AWS Lambda runs a function as a user of its own, whatever the image says.
            || (registry == "public.ecr.aws" && self.repository.starts_with("lambda/"))
            || self.repository == NGINX_UNPRIVILEGED
            || self.repository.starts_with("bitnami/")
            || (registry == "mcr.microsoft.com" && self.has_variant("chiseled"))
            || self.is_any(NON_ROOT);
        if non_root {
            DefaultUser::NonRoot
        } else if self.official().is_some() || self.family() == Some(Family::Distroless) {
            DefaultUser::Root
        } else {
            DefaultUser::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::TextRange;

    fn image(text: &str) -> Image {
        Image::parse(text, text, TextRange::new(0, text.len()))
    }

    #[test]
    fn systems_and_users() {
        use DefaultUser::{NonRoot, Root, Unknown};
        for (text, family, user) in [
            ("python:3.11-alpine3.24", Some(Family::Alpine), Root),
            ("python:3.11", Some(Family::Debian), Root),
            ("eclipse-temurin:21-jre", Some(Family::Debian), Root),
            ("openjdk:11", Some(Family::Debian), Root),
            ("openjdk:21", Some(Family::RedHat), Root),
            ("registry.access.redhat.com/ubi9:9.4", Some(Family::RedHat), Unknown),
            ("caddy:2", Some(Family::Alpine), Root),
            ("org/app:3.10-slim-buster", Some(Family::Debian), Unknown),
            ("acme/app:1", None, Unknown),
            ("gcr.io/distroless/python3:nonroot", Some(Family::Distroless), NonRoot),
            ("gcr.io/distroless/static-debian12", Some(Family::Distroless), Root),
            ("mcr.microsoft.com/dotnet/aspnet:8.0", Some(Family::Debian), Unknown),
            (
                "mcr.microsoft.com/dotnet/aspnet:8.0-jammy-chiseled",
                Some(Family::Distroless),
                NonRoot,
            ),
            ("mcr.microsoft.com/windows/nanoserver:ltsc2022", Some(Family::Windows), Unknown),
            ("cgr.dev/chainguard/python:latest", None, NonRoot),
            ("elasticsearch:8.1", None, NonRoot),
        ] {
            assert_eq!(
                (image(text).family(), image(text).default_user()),
                (family, user),
                "{text}"
            );
        }
    }

    #[test]
    fn languages() {
        for (text, expected) in [
            ("python:3.11-slim", Some(("python", Some("3.11")))),
            (
                "1.dkr.ecr.eu-west-1.amazonaws.com/cruddur-python:3.10-slim-buster",
                Some(("python", Some("3.10"))),
            ),
            ("gcr.io/distroless/nodejs20-debian12:nonroot", Some(("node", Some("20")))),
            ("gcr.io/distroless/python3-debian12", Some(("python", Some("3")))),
            ("golang:alpine", Some(("go", None))),
            ("eclipse-temurin:21-jdk", Some(("java", Some("21")))),
            ("mcr.microsoft.com/dotnet/sdk:8.0", Some(("dotnet", Some("8.0")))),
            ("prom/node-exporter:1.8", None),
            ("debian:12", None),
        ] {
            assert_eq!(image(text).language(), expected, "{text}");
        }
    }

    /// Shell, curl, wget, git: `+` is there, `-` is not, `?` is not known.
    fn tools(text: &str) -> String {
        let sign = |tool| match image(text).has(tool) {
            Some(true) => '+',
            Some(false) => '-',
            None => '?',
        };
        [Tool::Shell, Tool::Curl, Tool::Wget, Tool::Git].map(sign).iter().collect()
    }

    #[test]
    fn programs() {
        for (text, expected) in [
            ("python:3.11", "++++"),
            ("python:3.11-slim", "+---"),
            ("node:20-bookworm-slim", "+---"),
            ("node:20-alpine", "+-+-"),
            ("golang:1.22", "++++"),
            ("debian:12", "+---"),
            ("alpine", "+-+-"),
            ("php:8.3-fpm", "++??"),
            ("nginxinc/nginx-unprivileged:stable", "++??"),
            ("fedora:40", "++??"),
            ("postgres:16", "+???"),
            ("gcr.io/distroless/base", "----"),
            ("gcr.io/distroless/base:debug", "+-+-"),
            ("acme/app:1", "????"),
        ] {
            assert_eq!(tools(text), expected, "{text}");
        }
        assert_eq!(image("node:20").has(Tool::Apt), Some(true));
        assert_eq!(image("node:20-alpine").has(Tool::Bash), Some(false));
        assert_eq!(image("alpine:3").has(Tool::Useradd), Some(false));
    }

    #[test]
    fn folders_and_ports() {
        for (text, folder, ports) in [
            ("golang:1.22", Some("/go"), Some([].as_slice())),
            ("nginx:1.27", Some("/"), Some(&[80])),
            ("php:8-apache", Some("/var/www/html"), Some(&[80])),
            ("acme/app", None, None),
        ] {
            assert_eq!((image(text).workdir(), image(text).ports()), (folder, ports), "{text}");
        }
    }
}
