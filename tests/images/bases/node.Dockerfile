# node:MAJOR and its slim form: Debian's Node with npm, Yarn and Corepack where the official image has them.
ARG SUITE
ARG BELOW
FROM docker.io/library/buildpack-deps:$SUITE-curl AS tools
ARG NPM
RUN registry=${npm_config_registry:-https://registry.npmjs.org} && for package in npm/-/npm-$NPM corepack/-/corepack-0.29.4 yarn/-/yarn-1.22.22; do \
      name=${package%%/*} && mkdir -p /out/$name \
      && curl -fsSL "${registry%/}/$package.tgz" | tar -xz -C /out/$name --strip-components=1; \
    done && test -x /out/yarn/bin/yarn.js

FROM docker.io/library/$BELOW
RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nodejs && rm -rf /var/lib/apt/lists/* \
    && mv /usr/bin/node /usr/local/bin/node && ln -s node /usr/local/bin/nodejs
COPY --from=tools /out/npm /usr/local/lib/node_modules/npm
COPY --from=tools /out/corepack /usr/local/lib/node_modules/corepack
COPY --from=tools /out/yarn /opt/yarn-v1.22.22
RUN cd /usr/local/bin \
    && ln -s ../lib/node_modules/npm/bin/npm-cli.js npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js npx \
    && ln -s ../lib/node_modules/corepack/dist/corepack.js corepack && chmod +x ../lib/node_modules/corepack/dist/corepack.js \
    && ln -s /opt/yarn-v1.22.22/bin/yarn yarn && ln -s /opt/yarn-v1.22.22/bin/yarnpkg yarnpkg && chmod +x /opt/yarn-v1.22.22/bin/* \
    && npm --version && yarn --version
# As the official one: what is no program is given to node.
RUN printf '%s\n' '#!/bin/sh' 'set -e' \
      'if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then set -- node "$@"; fi' \
      'exec "$@"' >/usr/local/bin/docker-entrypoint.sh && chmod +x /usr/local/bin/docker-entrypoint.sh
ENTRYPOINT ["docker-entrypoint.sh"]
CMD ["node"]
