import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { quickRegl } from '../../scripts/build-pages.mjs';
import { startBrowser } from '../support/browser.js';

const PAGES = fileURLToPath(new URL('../../src/pages', import.meta.url));
/** Draws a plot in a page where regl may generate its functions. Returns their hashes and texts. */
const HARNESS = `
import { createPlot, drawPoints } from './shared/plot.js';

window.generate = async () => {
  const [frame, canvas] = [document.createElement('div'), document.createElement('canvas')];
  frame.append(canvas);
  document.body.append(frame);
  const reglCode = {};
  const plot = createPlot({ canvas, frame, count: 3, reglCode });
  const groups = [{ name: 'a', colour: '#ff0000', size: 3 }];
  await drawPoints(plot, new Float32Array([0, 0, 0.5, 0.5, -0.5, 0.5]), { of: [0, 0, 0], groups });
  plot.select([0, 1]);
  plot.hover(2, { showReticleOnce: true });
  await plot.zoomToOrigin();
  return Object.entries(reglCode).map(([hash, code]) => [hash, String(code)]);
};`;

/** Writes what regl generates as one line of source text. */
function sourceOf([hash, code]: [hash: string, code: string]): string {
  const [, linked = '', body = ''] = /^function anonymous\((.*)\n\) {\n(.*)\n}$/s.exec(code) ?? [];
  // regl adds line breaks only to make the text readable. `batch`, the last procedure, is for commands that are called
  // with a list, which no plot does; it is a third of the text.
  const used = body.replaceAll('\n', '').replace(/"batch":function\(.*$/, '}');
  return `  '${hash}': function (${linked}) {${used}},`;
}

it('the library page has all functions that regl generates (vitest run FILE -u writes them)', async () => {
  const { outputFiles } = await build({
    stdin: { contents: HARNESS, resolveDir: PAGES },
    plugins: [quickRegl],
    ...{ bundle: true, write: false, format: 'iife', target: 'es2022' },
  });
  const browser = await startBrowser();
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
    const generated = await page.evaluate<[string, string][]>('generate()');
    const lines = [
      '// @ts-nocheck',
      '// Written by test/browser/regl-code.test.ts. Do not edit.',
      "import type { ReglCode } from '../../shared/plot-renderer.js';",
      '',
      '/** The functions that regl generates for a plot: the page of `serve` forbids it to generate them. */',
      'export const reglCode: ReglCode = {',
      ...generated.map(sourceOf).sort(),
      '};',
      '',
    ];
    await expect(lines.join('\n')).toMatchFileSnapshot(`${PAGES}/library/map/regl-code.ts`);
  } finally {
    await browser.close();
  }
});
