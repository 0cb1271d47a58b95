# buildpack-deps:SUITE-curl: what fetches.
ARG SUITE
FROM docker.io/library/debian:$SUITE
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      ca-certificates curl gnupg netbase tzdata wget \
    && rm -rf /var/lib/apt/lists/*
