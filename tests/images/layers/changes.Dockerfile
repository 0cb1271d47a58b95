FROM debian:bookworm-slim
WORKDIR /app
COPY . .
RUN dd if=/dev/zero of=/app/data bs=1M count=20
RUN chown -R nobody /app
RUN rm -rf /app/data
RUN useradd --create-home --shell /bin/bash appuser
RUN mkdir -p /var/lib/app && touch /var/lib/app/ready
