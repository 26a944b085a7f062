import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type OpenPage, openPage, type ServedPage, servePage } from './served-page.js';

let served: ServedPage;
let opened: OpenPage;
beforeAll(async () => {
  served = await servePage(60);
});
afterAll(async () => {
  await served?.close();
  expect(served.reports).toEqual([]);
});
afterEach(() => opened?.browser.close());

async function open(token: string | null, options?: Parameters<typeof openPage>[1]): Promise<Page> {
  const { address } = await served.serve(await served.stage.open(), token);
  opened = await openPage(`${address}#view=map`, options);
  return opened.page;
}

const PATIENCE = { timeout: 15_000 };
const sounds = async () => (await opened.begun()).length;

/** Runs in the page's own task: what a debugger evaluates is exempt from the page's policy. */
const EVALUATE = `new Promise((resolve) => {
  addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective + ' ' + event.blockedURI));
  setTimeout(() => { try { resolve(eval('"evaluated"')); } catch {} });
})`;
/** Declares `canvas`, `width`, `height` and the pixels of the plot as `data`, in a script that runs in the page. */
const PIXELS = `const canvas = document.querySelector('#plot canvas');
  const { width, height } = canvas;
  const copy = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d');
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, width, height);`;
/** Where the canvas shows a vivid colour, which is in a point: x and y from its upper left corner. Null: nowhere. */
const POINT = `(() => {
  ${PIXELS}
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.slice(at, at + 3);
    if (Math.max(...colour) - Math.min(...colour) < 80) continue;
    const scale = canvas.clientWidth / width;
    const [x, y] = [scale * ((at / 4) % width), scale * Math.floor(at / 4 / width)];
    const box = canvas.getBoundingClientRect();
    // Not a point that the legend or a control covers.
    if (document.elementFromPoint(box.x + x, box.y + y + 2) === canvas) return [x, y];
  }
  return null;
})()`;
/** The shares of the plot's width and height that the drawn points span. */
const SPAN = `(() => {
  ${PIXELS}
  let [left, right, top, bottom] = [width, 0, height, 0];
  for (let at = 0; at < data.length; at += 4) {
    const colour = data.slice(at, at + 3);
    if (Math.max(...colour) - Math.min(...colour) < 40) continue;
    const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  return Math.min((right - left) / width, (bottom - top) / height);
})()`;
const point = async (page: Page): Promise<{ x: number; y: number }> => {
  await expect.poll(() => page.evaluate(POINT), PATIENCE).not.toBeNull();
  const [x, y] = await page.evaluate<[number, number]>(POINT);
  return { x, y: y + 2 };
};

describe.each([null, 'a-token'])('with the token %s', (token) => {
  it('nothing evaluates text, and the map is drawn', async () => {
    const page = await open(token);
    const policy = (await (await page.reload())?.headerValue('content-security-policy')) ?? '';
    expect(policy).toMatch(/script-src 'sha256-[\w+/=]+';/);
    expect(policy).not.toContain('unsafe-eval');
    await page.waitForSelector('#map[data-ready]');
    await expect.poll(() => page.evaluate(POINT), PATIENCE).not.toBeNull();
    // Points at all edges are drawn, not only those in the middle.
    await expect.poll(() => page.evaluate<number>(SPAN), PATIENCE).toBeGreaterThan(0.6);
    expect(opened.complaints).toEqual([]);
    expect(await page.evaluate(EVALUATE)).toBe('script-src eval');
  });

  it.each([
    ['light', 1280, 1],
    ['dark', 360, 2],
  ] as const)(
    'the map answers pointer and keys, %s, %d px wide',
    async (colorScheme, width, deviceScaleFactor) => {
      const page = await open(token, { colorScheme, width, deviceScaleFactor });
      await page.waitForSelector('#map[data-ready]');
      const plot = page.locator('#plot');
      // Browsers play nothing before the first key or click.
      await page.keyboard.press('l');
      let before = '';
      for (const act of [
        async () => plot.hover({ position: await point(page) }),
        async () => plot.press('ArrowDown'),
        // The player's bar has made the map smaller.
        async () => plot.click({ position: await point(page) }),
      ]) {
        const played = await sounds();
        await act();
        // A click plays what the pointer has rested on, which may be playing already.
        await expect.poll(sounds, PATIENCE).toBeGreaterThan(played);
        const title = (await page.locator('#tip').textContent()) ?? '';
        expect(title).not.toBe(before);
        await expect.poll(() => page.locator('#now .title').textContent()).toBe(title);
        before = title;
      }
      expect(opened.complaints).toEqual([]);
    },
  );
});

it('a driver that needs other drawing functions is told with the cure', async () => {
  const page = await open(null);
  await page.addInitScript(`{
    const { getProgramParameter } = WebGLRenderingContext.prototype;
    WebGLRenderingContext.prototype.getProgramParameter = function (program, name) {
      const value = getProgramParameter.call(this, program, name);
      return name === this.ACTIVE_UNIFORMS ? value - 1 : value;
    };
  }`);
  await page.reload();
  await expect
    .poll(() => page.locator('#map [role=status]').textContent(), PATIENCE)
    .toMatch(/cannot be drawn here.*embeddings map/);
});
