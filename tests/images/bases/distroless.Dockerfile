# gcr.io/distroless/static, base and cc: certificates, time zones and users; libc; the C++ library.
ARG SUITE
FROM docker.io/library/debian:$SUITE-slim AS debian
ARG PACKAGES
RUN apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ca-certificates && mkdir /debs && cd /debs && apt-get download base-files netbase tzdata $PACKAGES
RUN mkdir -p /out && for deb in /debs/*.deb; do dpkg-deb -x "$deb" /out; done \
    && rm -rf /out/usr/share/man /out/usr/share/locale && mkdir -p /out/etc/ssl/certs /out/home/nonroot /out/root /out/tmp && chmod 1777 /out/tmp \
    && cat /usr/share/ca-certificates/mozilla/*.crt >/out/etc/ssl/certs/ca-certificates.crt \
    && printf 'root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n' >/out/etc/passwd \
    && printf 'root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n' >/out/etc/group && chown 65532:65532 /out/home/nonroot

FROM scratch
ARG NUMBER
COPY --from=debian /out /
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER $NUMBER
WORKDIR /
