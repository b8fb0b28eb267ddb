# The image of the API: one binary with libpq and OpenSSL inside, and the certificates of the
# public authorities for databases that are reached over TLS. Needs BuildKit.
#
#   docker build -t stagepunt .
#   docker build -t stagepunt --build-arg BASE=<an image with glibc 2.36 or newer> .

ARG RUST_VERSION=1.95.0
ARG BASE=debian:bookworm-slim

FROM rust:${RUST_VERSION}-bookworm AS build
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
WORKDIR /src
COPY . .
# Two folders stay between builds, so that only what changed is compiled.
# OpenSSL is linked statically only when its folders are named. Relocations are packed: they
# are read at the start and stay in memory, 2 MB otherwise. That wants glibc 2.36.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    OPENSSL_STATIC=1 \
    OPENSSL_LIB_DIR="$(dirname "$(gcc -print-file-name=libssl.a)")" \
    OPENSSL_INCLUDE_DIR=/usr/include \
    RUSTFLAGS="-C link-arg=-Wl,-z,pack-relative-relocs" \
    cargo build --release --locked --features static-libpq \
    && install -D target/release/stagepunt /image/usr/local/bin/stagepunt \
    && install -D -m 0644 /etc/ssl/certs/ca-certificates.crt /image/etc/ssl/certs/ca-certificates.crt

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Stagepunt" \
      org.opencontainers.image.description="Open API for regional internship placement in Dutch GP care" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /image/ /
ENV MODE=production \
    LISTEN=0.0.0.0:8080 \
    DRAIN_SECONDS=5 \
    MALLOC_ARENA_MAX=2 \
    MALLOC_MMAP_THRESHOLD_=8192 \
    MALLOC_TRIM_THRESHOLD_=65536 \
    SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
USER 65532:65532
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s --retries=3 \
    CMD ["/usr/local/bin/stagepunt", "health"]
ENTRYPOINT ["/usr/local/bin/stagepunt"]
CMD ["serve"]
