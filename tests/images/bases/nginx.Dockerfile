# nginx: Debian's nginx, with the files, the user and the start of the official image.
ARG SUITE
FROM docker.io/library/debian:$SUITE-slim
RUN groupadd --system --gid 101 nginx && useradd --system --gid nginx --no-create-home --home /nonexistent --shell /bin/false --uid 101 nginx \
    && apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates curl nginx-light && rm -rf /var/lib/apt/lists/* \
    && rm -rf /etc/nginx/sites-* /etc/nginx/modules-enabled /etc/nginx/snippets /var/www /usr/share/nginx/html \
    && mkdir -p /etc/nginx/conf.d /usr/share/nginx/html /docker-entrypoint.d && echo '<h1>Welcome to nginx!</h1>' >/usr/share/nginx/html/index.html \
    && ln -sf /dev/stdout /var/log/nginx/access.log && ln -sf /dev/stderr /var/log/nginx/error.log
COPY nginx.conf /etc/nginx/nginx.conf
COPY nginx.default.conf /etc/nginx/conf.d/default.conf
RUN printf '%s\n' '#!/bin/sh' 'set -e' 'exec "$@"' >/docker-entrypoint.sh && chmod +x /docker-entrypoint.sh && nginx -t
ENTRYPOINT ["/docker-entrypoint.sh"]
EXPOSE 80
STOPSIGNAL SIGQUIT
CMD ["nginx", "-g", "daemon off;"]
