/**
 * Puts what the command line loads into few files, dist/cli: hundreds of small ones take a third of a second to find and
 * read. Packages with native parts, and Temporal's, which a process may hold once, stay outside.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { build } from 'esbuild';

/** Pure JavaScript in many files; and whoever needs zod, of which a process may hold one. */
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
/** A package, or a module of Node's. */
const BARE = /^[^./]/;

/** @returns the inputs that the files are made of */
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
      // What an inner package needs is found from where it is.
      const isInner = INSIDE.some((each) => importer.includes(`/node_modules/${each}/`));
      return INSIDE.includes(name) || isInner ? undefined : { path, external: true };
    });
  },
};

/** zod's sentences are replaced by ours; of their fifty languages one is enough. */
const oneLanguage = {
  name: 'one language',
  setup({ onLoad }) {
    onLoad({ filter: /\/zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};

/** A file of ours that looks for others beside itself finds them where it was. */
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
