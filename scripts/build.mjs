/**
 * Compiles src to dist and bundles the workflows, so that a worker starts without webpack. Builds in a separate folder
 * and then renames it, so that other processes that run from dist or build at the same time never see half a build.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages } from './build-pages.mjs';
import { bundleCli } from './bundle-cli.mjs';
import { bundleMap, writeLicences } from './bundle-map.mjs';
import { bundleTracing, tracedWorkflows } from './bundle-tracing.mjs';
import { putInPlace, remove, workFolder } from './put-in-place.mjs';
import { sourceHash } from './source-hash.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
// Taken before the build, so that a source that changes during the build is built again.
const hash = sourceHash(root);
const folder = workFolder(root, 'build');
const dist = join(folder, 'dist');
try {
  await compile();
  putInPlace(dist, join(root, 'dist'));
} finally {
  remove(folder);
}

async function compile() {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  const { status, signal } = spawnSync(process.execPath, [tsc, '-p', root, '--outDir', dist], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    if (signal !== null) console.error(`tsc was ended by ${signal}`);
    remove(folder);
    process.exit(status ?? 1);
  }
  await bundleWorkflows();
  const inputs = [
    ...(await bundleMap(dist)),
    ...(await bundleTracing(dist)),
    ...(await buildPages(root, dist)),
    // Last, because it bundles the results of the others.
    ...(await bundleCli(dist)),
  ];
  writeLicences(root, dist, inputs);
  chmodSync(join(dist, 'client.js'), 0o755);
  writeFileSync(join(dist, '.build-stamp'), `${hash}\n`);
}

async function bundleWorkflows() {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const bundle = async (name, options) => {
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(dist, 'workflows', 'index.js'),
      logger: new DefaultLogger('WARN'),
      ...options,
    });
    writeFileSync(join(dist, name), withoutPlace(code));
  };
  // For runs with EMBEDDINGS_CODEC_KEY: the failure converter runs inside the workflow.
  const sealed = { failureConverterPath: join(dist, 'hosting', 'sealed-failures.cjs') };
  const traced = tracedWorkflows(dist);
  await bundle('workflow-bundle.js', {});
  await bundle('workflow-bundle-sealed.js', sealed);
  await bundle('workflow-bundle-traced.js', traced);
  await bundle('workflow-bundle-traced-sealed.js', { ...traced, ...sealed });
}

/**
 * Replaces the build folder's paths in the bundle and in its source map by paths below dist. The source map keeps only
 * the texts of our own files; positions in packages are mapped without them.
 */
function withoutPlace(code) {
  const rename = (text) =>
    text
      .replaceAll(`${dist}/`, 'dist/')
      .replaceAll(dist.slice(root.length + 1), 'dist')
      .replaceAll(`${root}/`, '');
  return rename(code).replace(
    /(\/\/# sourceMappingURL=data:application\/json;charset=utf-8;base64,)([\w+/=]+)/g,
    (_, head, map) => {
      const { sources, sourcesContent, ...rest } = JSON.parse(rename(Buffer.from(map, 'base64').toString()));
      const texts = sourcesContent.map((text, index) =>
        sources[index].includes('node_modules') ? null : text,
      );
      return (
        head + Buffer.from(JSON.stringify({ ...rest, sources, sourcesContent: texts })).toString('base64')
      );
    },
  );
}
