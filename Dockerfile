# syntax=docker/dockerfile:1.7
# The worker's image: built with everything, run with production dependencies only, as the user `node`.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# --no-save: the locked versions, the lock file left as it is. No scripts: from Node 22 on nothing is built at installation.
RUN npm install --no-save --ignore-scripts
COPY tsconfig.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
# On a tmpfs where the root is read-only (docker run --read-only --tmpfs /tmp), as docker-compose.yml has it.
ENV NODE_ENV=production EMBEDDINGS_HOME=/tmp/embeddings
WORKDIR /app
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/dist ./dist
USER node
# Settings come from the environment, secrets from files that it names (OPENROUTER_API_KEY_FILE): none is in a layer.
STOPSIGNAL SIGTERM
# Alive, polling Temporal, store in reach; a paused or blocked run is not the worker's illness.
HEALTHCHECK --interval=15s --timeout=10s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9464/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/worker.js"]
