/** Bundles umap-js and ml-pca, which only `map` needs, into dist/map, so that users need not install them. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** @returns the input files of the bundle */
export async function bundleMap(dist) {
  const { metafile } = await build({
    entryPoints: ['layout', 'sketch', 'thread/main'].map((name) => join(dist, 'map', `${name}.js`)),
    outdir: join(dist, 'map'),
    allowOverwrite: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

/** Writes dist/THIRD-PARTY-LICENSES.txt: the licences of the packages that are bundled in dist. */
export function writeLicences(root, dist, inputs) {
  const names = new Set(
    inputs.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []),
  );
  const texts = [...names].sort().map((name) => {
    const folder = join(root, 'node_modules', name);
    // Its own name: some are installed by another one.
    const { name: own, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = existsSync(folder)
      ? readdirSync(folder).find((each) => /^licen[cs]e/i.test(each))
      : undefined;
    const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
    return `${own} ${version} (${license})\n${text}`;
  });
  writeFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), texts.join(`\n${'─'.repeat(80)}\n`));
}
