# python:3.11-slim: CPython beside the libraries that its modules are linked with.
ARG SUITE
FROM localhost/drydock/cpython AS cpython
FROM docker.io/library/debian:$SUITE-slim
ARG LIBRARIES
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates netbase tzdata $LIBRARIES && rm -rf /var/lib/apt/lists/*
COPY --from=cpython /usr/local /usr/local
RUN ldconfig && python3 -B -c 'import bz2, ctypes, curses, dbm.gnu, lzma, readline, sqlite3, ssl, uuid, zlib'
ENV LANG=C.UTF-8
CMD ["python3"]
