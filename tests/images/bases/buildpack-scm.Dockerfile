# buildpack-deps:SUITE-scm: what gets sources.
ARG SUITE
FROM docker.io/library/buildpack-deps:$SUITE-curl
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      git mercurial openssh-client procps subversion \
    && rm -rf /var/lib/apt/lists/*
