/**
 * Compiles src to dist and bundles the workflows, so that a worker starts without webpack. Builds in a folder of its own
 * and puts it in place as a whole: whoever runs from dist meanwhile, or builds too, finds no half of it.
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
// Before building: a source that changes meanwhile must be built again.
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
    // Last, as it takes in what the others have made.
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
  // For runs with EMBEDDINGS_CODEC_KEY: the failure converter works inside the workflow.
  const sealed = { failureConverterPath: join(dist, 'hosting', 'sealed-failures.cjs') };
  const traced = tracedWorkflows(dist);
  await bundle('workflow-bundle.js', {});
  await bundle('workflow-bundle-sealed.js', sealed);
  await bundle('workflow-bundle-traced.js', traced);
  await bundle('workflow-bundle-traced-sealed.js', { ...traced, ...sealed });
}

/**
 * The bundle names its files as they will lie in dist, wherever it was built: in its modules and in its source map, which
 * holds the text of our own files alone. Places in packages are found without theirs.
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
