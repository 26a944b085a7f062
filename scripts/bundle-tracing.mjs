/**
 * Puts OpenTelemetry and Temporal's interceptors for it into dist/tracing: nobody has to install them, and nothing of
 * them is loaded before traces are asked for. Temporal's SDK itself stays outside, as a process may hold it once.
 */
import { join } from 'node:path';
import { build } from 'esbuild';

const OUTSIDE = ['activity', 'client', 'common', 'worker', 'workflow'].map((name) => `@temporalio/${name}`);

/** @returns the inputs that the files are made of */
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
    // Of the two forms that a package comes in, the one that can be cut down.
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** For the bundler of workflows: the interceptors that a traced workflow has. */
export const tracedWorkflows = (dist) => ({
  workflowInterceptorModules: [join(dist, 'tracing', 'workflow-interceptors.js')],
});
