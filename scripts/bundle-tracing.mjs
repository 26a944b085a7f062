/**
 * Bundles OpenTelemetry and Temporal's interceptors for it into dist/tracing, so that users need not install them. They
 * are loaded only when traces are requested. Temporal's SDK is not bundled, since a process may load it only once.
 */
import { join } from 'node:path';
import { build } from 'esbuild';

const OUTSIDE = ['activity', 'client', 'common', 'worker', 'workflow'].map((name) => `@temporalio/${name}`);

/** @returns the input files of the bundle */
export async function bundleTracing(dist) {
  const { metafile } = await build({
    entryPoints: [join(dist, 'tracing', 'open-traces.js')],
    outdir: join(dist, 'tracing'),
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: OUTSIDE,
    // Of a package's two module formats, ES modules can be tree-shaken.
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** Returns options for the workflow bundler: the interceptors of a traced workflow. */
export const tracedWorkflows = (dist) => ({
  workflowInterceptorModules: [join(dist, 'tracing', 'workflow-interceptors.js')],
});
