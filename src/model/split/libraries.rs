//! Which library a development package leaves for run time, by Debian's and Alpine's own indexes.

use super::super::{Family, Model, Stage};

/// Packages to build with that leave nothing for run time.
const NOTHING: &str = "build-essential gcc g++ make cmake pkg-config pkgconf autoconf automake libtool clang cargo rustc \
    python3-dev libpython3-dev libc6-dev linux-libc-dev linux-headers musl-dev build-base";

/// Development packages of Debian, each with the packages that a program needs when it runs: in bookworm, and in
/// trixie where that has another name. Read from the package indexes of both (2026-11-22).
const DEBIAN: [(&str, &str, &str); 47] = [
    ("default-libmysqlclient-dev", "libmariadb3", ""),
    ("freetds-dev", "libct4 libsybdb5", ""),
    ("libblas-dev", "libblas3", ""),
    ("libbz2-dev", "libbz2-1.0", ""),
    ("libcurl4-gnutls-dev", "libcurl3-gnutls", "libcurl3t64-gnutls"),
    ("libcurl4-openssl-dev", "libcurl4", "libcurl4t64"),
    ("libexpat1-dev", "libexpat1", ""),
    ("libffi-dev", "libffi8", ""),
    ("libfreetype-dev", "libfreetype6", ""),
    ("libfreetype6-dev", "libfreetype6", ""),
    ("libgdal-dev", "libgdal32", "libgdal36"),
    ("libgeos-dev", "libgeos-c1v5", "libgeos-c1t64"),
    ("libgmp-dev", "libgmp10", ""),
    ("libjpeg-dev", "libjpeg62-turbo", ""),
    ("libjpeg62-turbo-dev", "libjpeg62-turbo", ""),
    ("libkrb5-dev", "libgssapi-krb5-2", ""),
    ("liblapack-dev", "liblapack3", ""),
    ("liblcms2-dev", "liblcms2-2", ""),
    ("libldap-dev", "libldap-2.5-0", "libldap2"),
    ("libldap2-dev", "libldap-2.5-0", "libldap2"),
    ("liblzma-dev", "liblzma5", ""),
    ("libmagic-dev", "libmagic1", "libmagic1t64"),
    ("libmariadb-dev", "libmariadb3", ""),
    ("libmemcached-dev", "libmemcached11", "libmemcached11t64"),
    ("libmpfr-dev", "libmpfr6", ""),
    ("libopenblas-dev", "libopenblas0", ""),
    ("libopenjp2-7-dev", "libopenjp2-7", ""),
    ("libpng-dev", "libpng16-16", "libpng16-16t64"),
    ("libpq-dev", "libpq5", ""),
    ("libproj-dev", "libproj25", ""),
    ("libreadline-dev", "libreadline8", "libreadline8t64"),
    ("libsasl2-dev", "libsasl2-2", ""),
    ("libsnappy-dev", "libsnappy1v5", ""),
    ("libsndfile1-dev", "libsndfile1", ""),
    ("libsodium-dev", "libsodium23", ""),
    ("libsqlite3-dev", "libsqlite3-0", ""),
    ("libssl-dev", "libssl3", "libssl3t64"),
    ("libtiff-dev", "libtiff6", ""),
    ("libwebp-dev", "libwebp7 libwebpdemux2 libwebpmux3", ""),
    ("libxml2-dev", "libxml2", ""),
    ("libxslt1-dev", "libxslt1.1", ""),
    ("libyaml-dev", "libyaml-0-2", ""),
    ("libzmq3-dev", "libzmq5", ""),
    ("portaudio19-dev", "libportaudio2", ""),
    ("unixodbc-dev", "libodbc2", ""),
    ("uuid-dev", "libuuid1", ""),
    ("zlib1g-dev", "zlib1g", ""),
];

/// Of those, what has the same name in every release that still gets built.
const ANY_SUITE: &str = "libpq-dev libmariadb-dev default-libmysqlclient-dev libsqlite3-dev zlib1g-dev libxml2-dev \
    libxslt1-dev uuid-dev";

/// The same for Alpine, whose names hold no version.
const ALPINE: [(&str, &str); 14] = [
    ("freetype-dev", "freetype"),
    ("jpeg-dev", "libjpeg-turbo"),
    ("libffi-dev", "libffi"),
    ("libjpeg-turbo-dev", "libjpeg-turbo"),
    ("libpng-dev", "libpng"),
    ("libpq-dev", "libpq"),
    ("libwebp-dev", "libwebp"),
    ("libxml2-dev", "libxml2"),
    ("libxslt-dev", "libxslt"),
    ("mariadb-connector-c-dev", "mariadb-connector-c"),
    ("openssl-dev", "libssl3 libcrypto3"),
    ("postgresql-dev", "libpq"),
    ("sqlite-dev", "sqlite-libs"),
    ("zlib-dev", "zlib"),
];

/// What has to be installed for run time in place of the development package `name`, with blanks between; empty
/// where nothing has. `None` where that is not known.
pub fn libraries(model: &Model, stage: &Stage, name: &str) -> Option<&'static str> {
    let is_tool = NOTHING.split_whitespace().any(|tool| tool == name);
    match model.family(stage)? {
        _ if is_tool => Some(""),
        Family::Debian => {
            let (_, older, newer) = DEBIAN.iter().find(|(dev, ..)| *dev == name)?;
            let suite = model.root_image(stage).and_then(|(_, image)| image.suite());
            match (suite, *newer) {
                (_, "") if super::is_in(ANY_SUITE, name) => Some(older),
                (Some("bookworm"), _) | (None | Some("trixie"), "") => Some(older),
                (Some("trixie"), newer) => Some(newer),
                // In trixie, a package with `t64` in its name is found by the older name too.
                (None, newer) if newer.contains("t64") => Some(older),
                _ => None,
            }
        }
        Family::Alpine => ALPINE.iter().find(|(dev, _)| *dev == name).map(|(_, library)| *library),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Input;
    use crate::syntax::parse;

    #[test]
    fn by_suite() {
        for (image, dev, expected) in [
            ("python:3.11-slim-bookworm", "libpq-dev", Some("libpq5")),
            ("python:3.11-slim-bullseye", "libpq-dev", Some("libpq5")),
            ("python:3.11-slim-bullseye", "libffi-dev", None),
            ("python:3.11-slim-bookworm", "libssl-dev", Some("libssl3")),
            ("python:3.11-slim-trixie", "libssl-dev", Some("libssl3t64")),
            ("python:3.11-slim", "libssl-dev", Some("libssl3")),
            ("python:3.11-slim", "libldap2-dev", None),
            ("python:3.11", "gcc", Some("")),
            ("python:3.11", "libxyz-dev", None),
            ("node:22-alpine", "postgresql-dev", Some("libpq")),
            ("fedora:42", "libpq-devel", None),
        ] {
            let input = Input::new(format!("FROM {image}\n"));
            let file = parse(&input.dockerfile);
            let model = Model::build(&file, &input);
            let stage = model.final_stage().unwrap();
            assert_eq!(libraries(&model, stage, dev), expected, "{image} {dev}");
        }
    }

    #[test]
    fn sorted_and_each_once() {
        assert!(DEBIAN.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert!(ALPINE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
