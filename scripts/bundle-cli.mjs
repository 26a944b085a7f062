/**
 * Bundles the modules of the command line into few files in dist/cli: to find and read hundreds of small files takes a
 * third of a second. Packages with native parts are not bundled, nor Temporal's, which a process may load only once.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

/** Packages to bundle: pure JavaScript in many files, and all that need zod, which a process may load only once. */
const INSIDE = [
  ...['cli-table3', 'commander', 'dotenv', 'kysely', 'lru-cache', 'openai', 'yaml', 'zod'],
  ...['@libsql/client', '@libsql/core', '@libsql/hrana-client'],
  ...[
    '@asteasolutions/zod-to-openapi',
    '@hono/zod-openapi',
    '@hono/zod-validator',
    'hono',
    '@hono/node-server',
  ],
  ...['@modelcontextprotocol/sdk', 'zod-to-json-schema'],
];
/** Matches the name of a package or of a Node module. */
const BARE = /^[^./]/;

/** @returns the input files of the bundle */
export async function bundleCli(dist) {
  const outdir = join(dist, 'cli');
  const { metafile } = await build({
    entryPoints: [join(dist, 'commands', 'run-command-line.js')],
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    chunkNames: '[name]-[hash]',
    absWorkingDir: dirname(dist),
    plugins: [ownPlaces(outdir, dist), oneLanguage, outside],
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module';\nconst require = requireFrom(import.meta.url);",
    },
    metafile: true,
    logLevel: 'warning',
  });
  const entry = join(dist, 'client.js');
  const text = await readFile(entry, 'utf8');
  await writeFile(entry, text.replace("'./commands/run-command-line.js'", "'./cli/run-command-line.js'"));
  return Object.keys(metafile.inputs);
}

const outside = {
  name: 'packages that stay outside',
  setup({ onResolve }) {
    onResolve({ filter: BARE }, ({ path, importer, kind }) => {
      if (kind === 'entry-point' || path.startsWith('node:')) return undefined;
      const name = /^(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path;
      // Dependencies of a bundled package are bundled too, resolved from its own folder.
      const isInner = INSIDE.some((each) => importer.includes(`/node_modules/${each}/`));
      return INSIDE.includes(name) || isInner ? undefined : { path, external: true };
    });
  },
};

/** Keeps one of zod's fifty languages, because our messages replace zod's. */
const oneLanguage = {
  name: 'one language',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/** Keeps import.meta.url of our own files at their place before bundling, so that they find files beside themselves. */
const ownPlaces = (outdir, dist) => ({
  name: 'own places',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      if (!path.startsWith(`${dist}/`)) return undefined;
      const text = await readFile(path, 'utf8');
      const place = JSON.stringify(relative(outdir, path));
      return {
        contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
        loader: 'js',
      };
    });
  },
});
