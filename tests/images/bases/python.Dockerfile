# python:3.11: CPython beside compilers.
ARG SUITE
FROM localhost/drydock/cpython AS cpython
FROM docker.io/library/buildpack-deps:$SUITE
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends libbluetooth-dev tk-dev uuid-dev && rm -rf /var/lib/apt/lists/*
COPY --from=cpython /usr/local /usr/local
RUN ldconfig && python3 --version
ENV LANG=C.UTF-8
CMD ["python3"]
