# The first stage builds and gathers; the image is what was gathered, and nothing else: Node.js, the
# libraries it is linked with, and the exporter. No shell, no package manager, nothing to update.
ARG NODE_IMAGE=docker.io/library/node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /build
# A registry other than npm's own, for all packages.
ARG NPM_CONFIG_REGISTRY
ENV NPM_CONFIG_UPDATE_NOTIFIER=false
COPY package.json package-lock.json ./
# No package's own script is run: what is native (bcrypt) comes compiled, for x64, arm64 and arm.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run --silent build

WORKDIR /image/app
RUN cp /build/package.json /build/package-lock.json . \
  && npm ci --omit=dev --ignore-scripts --no-audit --no-fund \
  && node /build/scripts/image/trim.mjs node_modules \
  && rm package-lock.json \
  && cp -R /build/dist dist \
  && find dist -name '*.d.ts' -delete
COPY LICENSE THIRD-PARTY-LICENSES.md ./
COPY config/scenarios ./config/scenarios
RUN sh /build/scripts/image/gather.sh /image
# The directory for `--storage.path`. A new named volume takes its owner and mode from it. Its group is root's,
# because OpenShift runs an image as any user of that group.
RUN install --directory --mode=0770 /storage/sag-app-exporter
# What cannot start is no image.
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
