/**
 * Builds each page of src/pages into one self-contained HTML file. The commands `map` and `report` insert the data of
 * their pages. The library's page requests its data from its server, which also sends the Content-Security-Policy.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

// Allows no network access. regl generates functions for its shaders, which needs 'unsafe-eval'; the library's page has
// these functions in map/regl-code.ts.
const POLICY =
  "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data: blob:";

/**
 * esbuild plugin: regl finds its functions by a fast hash of their texts instead of a SHA-256, which took longer than all
 * the rest of opening the map. The texts are regl's own, so that nobody can choose two with the same hash.
 */
export const quickRegl = {
  name: 'quick-regl',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]regl[\\/]dist[\\/]regl\.unchecked\.js$/ }, ({ path }) => {
      const source = readFileSync(path, 'utf8');
      const contents = source.replace(/function hex_sha256\(s\).*/, `var hex_sha256 = ${quickHash};`);
      if (contents === source)
        throw new Error(`${path} has no hex_sha256: adapt quickRegl in build-pages.mjs`);
      return { contents };
    });
  },
};

/** Returns 64 bits as hex digits. Runs in the pages. */
function quickHash(text) {
  let one = 1;
  let two = 2;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    one = Math.imul(one ^ code, 0x9e3779b1);
    two = Math.imul(two ^ code, 0x5f356495);
  }
  return [one, two].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

/** @returns the input files of the pages */
export async function buildPages(root, dist) {
  const inputs = [];
  const from = (...parts) => join(root, 'src', 'pages', ...parts);
  mkdirSync(join(dist, 'pages'), { recursive: true });
  for (const { name, title, served } of [
    { name: 'map', title: 'Sample map', served: false },
    { name: 'report', title: 'Embedding report', served: false },
    { name: 'library', title: 'Samples', served: true },
  ]) {
    const { outputFiles, metafile } = await build({
      entryPoints: [from(name, 'main.ts')],
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      plugins: [quickRegl],
      format: 'iife',
      target: 'es2022',
      define: { 'process.env.NODE_ENV': '"production"' },
      logLevel: 'warning',
    });
    inputs.push(...Object.keys(metafile.inputs));
    const script = outputFiles[0].text.replaceAll('</script', '<\\/script').replaceAll('<!--', '<\\!--');
    const css =
      readFileSync(from('shared', 'style.css'), 'utf8') + readFileSync(from(name, 'style.css'), 'utf8');
    const policy = served ? '' : `\n<meta http-equiv="Content-Security-Policy" content="${POLICY}" />`;
    const data = served ? '' : '\n<script id="data" type="application/json">%DATA%</script>';
    const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8" />
<meta name="viewport" content="width=device-width, initial-scale=1" />${policy}
<title>${title}</title>
<style>
${css}</style>
</head>
<body>
${readFileSync(from(name, 'body.html'), 'utf8')}${data}
<script>${script}</script>
</body>
</html>
`;
    writeFileSync(join(dist, 'pages', `${name}.html`), page);
  }
  return inputs;
}
