# The first stage builds and gathers; the image is what was gathered, and nothing else: Node.js, the
# libraries it is linked with, and the exporter. No shell, no package manager, nothing to update.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim@sha256:d6aa754f16b3197301076f047b5def2f02ea1dbbc2ca920407d46d7ec7f87b20

FROM ${NODE_IMAGE} AS build
WORKDIR /build
# A registry other than npm's own, for all packages.
ARG NPM_CONFIG_REGISTRY
ENV NPM_CONFIG_UPDATE_NOTIFIER=false
COPY package.json package-lock.json ./
# No package's own script is run. bcrypt, the only package with a native part, comes compiled for x64, arm64 and arm.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.types.json ./
COPY scripts/build ./scripts/build
COPY src ./src
RUN npm run --silent build

WORKDIR /image/app
# The bundle needs two packages beside it: bcrypt, and node-gyp-build, which finds bcrypt's native part. Their
# sources, and native parts for other machines, stay behind. Programs other than the exporter use simulator.*.
RUN cp /build/package.json . \
  && cp -R /build/dist dist \
  && rm dist/simulator.* \
  && mkdir node_modules \
  && cp -R /build/node_modules/bcrypt /build/node_modules/node-gyp-build node_modules/ \
  && rm -r node_modules/bcrypt/src node_modules/bcrypt/test node_modules/bcrypt/examples \
  && find node_modules/bcrypt/prebuilds -mindepth 1 -maxdepth 1 \
    ! -name "linux-$(node --print process.arch)" -exec rm -r {} +
COPY LICENSE THIRD-PARTY-LICENSES.md ./
COPY config/scenarios ./config/scenarios
COPY scripts/image /build/scripts/image
RUN sh /build/scripts/image/gather.sh /image
# The directory for `--storage.path`. A new named volume takes its owner and mode from it. Its group is root's,
# because OpenShift runs an image as any user of that group.
RUN install --directory --mode=0770 /storage/sag-app-exporter
# The image is built only if the exporter starts in it, and finds bcrypt.
RUN chroot /image /usr/local/bin/node /app/dist/main.js --version \
  && chroot /image /usr/local/bin/node --input-type=commonjs -e "require('/app/node_modules/bcrypt')"

FROM scratch
COPY --from=build /image /
COPY --from=build --chown=65532:0 /storage/ /var/lib/
ARG VERSION=unknown
ARG REVISION=
ARG CREATED=
LABEL org.opencontainers.image.title="sag-app-exporter" \
  org.opencontainers.image.description="Prometheus exporter for Alibaba Cloud Smart Access Gateway (SAG) APP" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.authors="The sag-app-exporter authors" \
  org.opencontainers.image.vendor="The sag-app-exporter authors" \
  org.opencontainers.image.url="https://github.com/sag-app-exporter/sag-app-exporter" \
  org.opencontainers.image.source="https://github.com/sag-app-exporter/sag-app-exporter" \
  org.opencontainers.image.documentation="https://github.com/sag-app-exporter/sag-app-exporter/tree/main/docs" \
  org.opencontainers.image.version="${VERSION}" \
  org.opencontainers.image.revision="${REVISION}" \
  org.opencontainers.image.created="${CREATED}" \
  org.opencontainers.image.base.name="scratch"
ENV NODE_ENV=production \
  HOME=/home/nonroot \
  SAG_APP_EXPORTER_REVISION="${REVISION}"
# Any other user does as well: everything can be read, and nothing is written but below `--storage.path`.
USER 65532:65532
EXPOSE 10313 10314
HEALTHCHECK --interval=30s --timeout=10s --start-period=15s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/dist/main.js", "healthcheck"]
ENTRYPOINT ["/usr/local/bin/node", "/app/dist/main.js"]
