# CPython 3.11 under /usr/local, from the source that Debian 12 keeps: Debian's own python3 looks for packages elsewhere.
# Built on Debian 12, so it runs on 13 as well. No profile-guided optimisation: only files and start-up matter here.
FROM docker.io/library/buildpack-deps:bookworm
RUN sed -i 's/^Types: deb$/Types: deb deb-src/' /etc/apt/sources.list.d/debian.sources \
    && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends uuid-dev \
    && cd /tmp && apt-get source --download-only --tar-only python3.11 \
    && mkdir python && tar -xf python3.11_*.orig.tar.* -C python --strip-components=1
RUN cd /tmp/python \
    && ./configure --enable-shared --enable-loadable-sqlite-extensions --with-ensurepip --without-static-libpython \
         LDFLAGS='-Wl,--strip-all' \
    && nice -n 10 make -j "$(nproc)" && make install && ldconfig \
    && find /usr/local -depth \( -type d -name test -o -type d -name tests -o -type d -name idle_test -o -name '*.py[co]' \) -exec rm -rf '{}' + \
    && python3 -m pip install --no-cache-dir --root-user-action=ignore pip==24.0 setuptools==79.0.1 wheel==0.45.1 \
    && find /usr/local -depth -name __pycache__ -exec rm -rf '{}' + \
    && cd /usr/local/bin && ln -s python3 python && ln -s pydoc3 pydoc && ln -s python3-config python-config && ln -s idle3 idle \
    && python --version && pip --version
# As in the official image nothing is compiled yet: whoever runs Python as root adds those files in a layer of their own.
RUN find /usr/local -depth -name __pycache__ -exec rm -rf '{}' +
