/** Compiles src to dist and bundles the workflows, so that a worker starts without webpack. */
import { spawnSync } from 'node:child_process';
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages } from './build-pages.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
const require = createRequire(import.meta.url);

rmSync(dist, { recursive: true, force: true });
const tsc = spawnSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', root], {
  stdio: 'inherit',
});
if (tsc.status !== 0) process.exit(tsc.status ?? 1);

const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
const bundle = async (name, options) => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(dist, 'workflows', 'index.js'),
    logger: new DefaultLogger('WARN'),
    ...options,
  });
  writeFileSync(join(dist, name), code);
};
await bundle('workflow-bundle.js', {});
// For runs with EMBEDDINGS_CODEC_KEY: the failure converter works inside the workflow.
await bundle('workflow-bundle-sealed.js', {
  failureConverterPath: join(dist, 'hosting', 'sealed-failures.cjs'),
});
await buildPages(root);
chmodSync(join(dist, 'client.js'), 0o755);
