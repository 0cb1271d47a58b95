# rust:1: Debian's Rust and Cargo, with the folders of the official image.
ARG SUITE
FROM docker.io/library/buildpack-deps:$SUITE
ENV RUSTUP_HOME=/usr/local/rustup CARGO_HOME=/usr/local/cargo PATH=/usr/local/cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends cargo rustc && rm -rf /var/lib/apt/lists/* \
    && mkdir -p /usr/local/cargo/bin /usr/local/rustup && cd /usr/bin && mv cargo rustc rustdoc /usr/local/cargo/bin/ \
    && chmod -R a+w /usr/local/cargo /usr/local/rustup && cargo --version && rustc --version
