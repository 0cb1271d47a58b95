# golang:VERSION: Debian's Go where the official image has it.
ARG SUITE
FROM docker.io/library/buildpack-deps:$SUITE-scm
ARG VERSION
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      g++ gcc libc6-dev make pkg-config golang-$VERSION-go && rm -rf /var/lib/apt/lists/* \
    && ln -s ../lib/go-$VERSION /usr/local/go
ENV GOTOOLCHAIN=local GOPATH=/go PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
RUN mkdir -p /go/src /go/bin && chmod -R 1777 /go && go version
WORKDIR /go
