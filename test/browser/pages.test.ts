import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { startBrowser } from '../support/browser.js';

const ARTIFACTS = 'test-artifacts';
/** A title that would be markup, script and the end of the page's data, if it could. */
const HOSTILE = '</script><img src=x onerror=alert(1)><b>Jazz</b>';

let scene: Scene;
let browser: Browser;
let page: Page;
/** What a page must not do: speak to the console, fail, or ask for anything but itself. */
let complaints: string[];
beforeAll(async () => {
  mkdirSync(ARTIFACTS, { recursive: true });
  scene = await setScene(600);
  const { Database } = await import('../../src/sqlite.js');
  const db = new Database(scene.catalog);
  db.prepare('UPDATE samples SET title = ? WHERE id = (SELECT MIN(id) FROM samples)').run(HOSTILE);
  db.close();
  expect(json(await scene.run(['--all', '--json']))).toMatchObject({ state: 'completed', failed: 0 });
  expect(await scene.run(['map', '--out', 'map.html'])).toMatchObject({ code: 0 });
  expect(await scene.run(['report', '--out', 'report.html'])).toMatchObject({ code: 0 });
});
afterAll(() => scene?.close());
beforeEach(async () => {
  browser = await startBrowser();
  complaints = [];
});
afterEach(() => browser?.close());

async function open(name: string, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme });
  page.on('pageerror', (error) => complaints.push(error.message));
  // Software rendering says that it is slow.
  page.on('console', (line) => {
    if (!line.text().includes('GL Driver Message')) complaints.push(line.text());
  });
  page.on('request', (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(pathToFileURL(join(scene.path, `${name}.html`)).href);
  await page.waitForSelector('body[data-ready=true]');
}

describe('the map', () => {
  const shown = () => page.locator('#list button').allTextContents();

  it.each(['light', 'dark'] as const)('opens without a network, in %s', async (scheme) => {
    await open('map', scheme);
    expect(await page.locator('#count').textContent()).toMatch(/^\d+ samples$/);
    expect(await page.locator('#generation').textContent()).toBe(
      'generation 1: openai/text-embedding-3-small, 1536 dimensions',
    );
    expect(await page.locator('#legend button').count()).toBeGreaterThan(5);
    await page.screenshot({ path: `${ARTIFACTS}/map-${scheme}.png` });
    expect(complaints).toEqual([]);
  });

  it('search, arrows and Enter find a sample and its neighbours by keyboard alone', async () => {
    await open('map');
    await page.keyboard.press('/');
    await page.keyboard.type('jazz');
    await expect.poll(() => page.locator('#heading').textContent()).toMatch(/match/);
    for (const each of await shown()) expect(each.toLowerCase()).toContain('jazz');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#heading').textContent()).toMatch(/^Nearest to/);
    expect(await shown()).toHaveLength(9);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await page.locator('#list button:focus').textContent()).toBe((await shown())[1]);
    await page.screenshot({ path: `${ARTIFACTS}/map-neighbours.png` });
    await page.keyboard.press('Escape');
    await expect.poll(() => page.locator('#heading').textContent()).toBe('How to read it');
    expect(complaints).toEqual([]);
  });

  it('hovering names a sample, clicking it shows its neighbours', async () => {
    await open('map');
    const box = await page.locator('#canvas').boundingBox();
    if (box === null) throw new Error('no canvas');
    // Wherever a point is: the pixels are looked through until one answers.
    const tip = page.locator('#tip');
    for (let y = 20; y < box.height && !(await tip.isVisible()); y += 9)
      for (let x = 220; x < box.width && !(await tip.isVisible()); x += 9)
        await page.mouse.move(box.x + x, box.y + y);
    expect(await tip.locator('b').textContent()).not.toBe('');
    const name = (await tip.locator('b').textContent()) ?? '';
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => page.locator('#heading').textContent()).toBe(`Nearest to “${name}”`);
    expect(complaints).toEqual([]);
  });

  it('groups can be hidden, colours be those of moods, and a hostile title is a text', async () => {
    await open('map');
    const all = await page.locator('#count').textContent();
    await page.locator('#legend button').first().click();
    await expect.poll(() => page.locator('#count').textContent()).toMatch(/of/);
    await page.selectOption('#colour', 'mood');
    await expect.poll(() => page.locator('#count').textContent()).toBe(all);
    await page.fill('#search', 'onerror');
    expect((await shown())[0]).toContain(HOSTILE);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
  });
});

describe('the report', () => {
  it.each(['light', 'dark'] as const)(
    'opens without a network, in %s, and says what the ledger says',
    async (scheme) => {
      await open('report', scheme);
      expect(await page.locator('section.card svg').count()).toBeGreaterThanOrEqual(4);
      const { costNanos } = scene.sandbox.bill();
      expect(await page.locator('#figures').textContent()).toContain(`$${(costNanos / 1e9).toFixed(4)}`);
      await page.screenshot({ path: `${ARTIFACTS}/report-${scheme}.png`, fullPage: true });
      expect(complaints).toEqual([]);
    },
  );

  it('every chart is a table too, by keyboard; hovering says a number', async () => {
    await open('report');
    const fold = page.locator('section.card', { hasText: 'Coverage of the catalog' }).locator('summary');
    await fold.focus();
    await page.keyboard.press('Enter');
    const rows = page.locator('section.card', { hasText: 'Coverage of the catalog' }).locator('tbody tr');
    expect(await rows.count()).toBeGreaterThan(3);
    await page.locator('.chart').first().hover();
    expect(complaints).toEqual([]);
  });

  it('gives its figures as JSON', async () => {
    const { stdout } = await scene.run(['report', '--out', 'again.html', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      failed: 0,
      cost_nanodollars: scene.sandbox.bill().costNanos,
      runs: [{ state: 'completed' }],
    });
    expect(readFileSync(join(scene.path, 'again.html'), 'utf8')).toContain('Embedding report');
  });
});

describe('bad input', () => {
  it.each([
    ['map', ['--out', 'no/such/folder/map.html'], /--out no\/such\/folder\/map.html cannot be written/],
    ['report', ['--out', '.'], /--out \. cannot be written: it is a folder/],
  ])('%s %j', async (command, args, sentence) => {
    const { code, stderr } = await scene.run([command, ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(sentence);
  });

  it.each(['map', 'report'])('%s of a store that is not there', async (command) => {
    const { code, stderr } = await scene.run([command], { TURSO_DATABASE_URL: 'file:nowhere.db' });
    expect(code).toBe(2);
    expect(stderr).toMatch(/there is nothing to (draw|report) yet/);
  });
});
