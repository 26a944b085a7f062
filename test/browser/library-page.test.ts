import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type OpenPage,
  openPage,
  type ServedPage,
  secondsOf,
  seriousFaults,
  servePage,
} from './served-page.js';

const ARTIFACTS = 'test-artifacts';

let served: ServedPage;
let address: string;
let opened: OpenPage;
let page: Page;
beforeAll(async () => {
  mkdirSync(ARTIFACTS, { recursive: true });
  served = await servePage(120);
  ({ address } = await served.serve(await served.stage.open()));
});
afterAll(async () => {
  await served?.close();
  expect(served.reports).toEqual([]);
});
afterEach(() => opened?.browser.close());

async function open(
  hash = '',
  options: Parameters<typeof openPage>[1] & { at?: string } = {},
): Promise<void> {
  opened = await openPage(`${options.at ?? address}${hash}`, options);
  page = opened.page;
}

const press = async (...keys: string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};
const live = () => page.locator('#live').textContent();
const active = () => page.locator('#results [aria-selected=true]');
const each = <T>(selector: string, what: string): Promise<T[]> =>
  page.evaluate<T[]>(`[...document.querySelectorAll('${selector}')].map((one) => ${what})`);
const ids = (list = 'results') => each<number>(`#${list} [role=option]`, 'Number(one.dataset.id)');
const toHave = (selector: string, count = 1) =>
  expect.poll(() => page.locator(selector).count(), { timeout: 15_000 }).toBe(count);

it('a link of another site buys nothing until somebody presses Enter', async () => {
  const { requests } = served.stage.sandbox.bill();
  await open();
  const elsewhere = `<a href="${address}#q=never asked before by anyone">a link</a>`;
  await page.goto(`data:text/html,${encodeURIComponent(elsewhere)}`);
  await page.click('a');
  await expect.poll(() => page.inputValue('#q').catch(() => '')).toBe('never asked before by anyone');
  await expect.poll(() => page.locator('body').getAttribute('data-ready')).toBe('true');
  await page.waitForLoadState('networkidle');
  expect(served.stage.sandbox.bill().requests).toBe(requests);
  await press('Enter');
  await toHave('#results:not([hidden])');
  await expect.poll(() => served.stage.sandbox.bill().requests).toBe(requests + 1);
});

describe('by keyboard alone', () => {
  it('what is typed before the page knows the library is kept', async () => {
    await open();
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/api/v1/status', async (route) => {
      await asked;
      await route.continue();
    });
    await page.goto('about:blank');
    await page.goto(address, { waitUntil: 'commit' });
    await page.waitForSelector('#q');
    await page.keyboard.type('dark moody');
    answer();
    await expect.poll(() => page.locator('body').getAttribute('data-ready')).toBe('true');
    await page.keyboard.type(' loop');
    expect(await page.inputValue('#q')).toBe('dark moody loop');
    await press('Enter');
    await toHave('#results:not([hidden])');
  });

  it('a feeling is typed, and twenty hits sound one after the other', async () => {
    await open();
    // Out of the box, so that short sounds go on until they are heard, and into it again.
    await press('Escape', 'l', '/');
    await page.keyboard.type('dusty drum loop');
    await press('ArrowDown');
    await toHave('#results [data-sound=plays]');
    expect(await page.locator('#summary').textContent()).toMatch(
      /^50\+ hits · by meaning and words · \d+ ms · the query cost \$0\.0000000\d+ · \$0\.0000000\d+ today$/,
    );
    const order = await ids();
    for (let hit = 1; hit <= 20; hit++) {
      await expect
        .poll(async () => (await opened.begun()).length, { timeout: 15_000 })
        .toBeGreaterThanOrEqual(hit);
      await expect.poll(opened.loudness).toBeGreaterThan(0.1);
      expect(await active().getAttribute('data-sound')).toBe('plays');
      if (hit < 20) await press('ArrowDown');
    }
    const begun = await opened.begun();
    expect(begun.map((seconds) => seconds.toFixed(3))).toEqual(
      order.slice(0, 20).map((id) => secondsOf(id).toFixed(3)),
    );
    await expect.poll(live).toMatch(/^20 of 50, .+, plays$/);
    await page.screenshot({ path: `${ARTIFACTS}/library.png` });
    await press(' ');
    await expect.poll(opened.loudness).toBe(0);
    expect(await active().getAttribute('data-sound')).toBe('paused');
    await press(' ');
    await expect.poll(opened.loudness).toBeGreaterThan(0.1);
    expect(opened.complaints).toEqual([]);
  });

  it('the file of a hit is shown in the file manager', async () => {
    await open('#q=warm&mode=text');
    await toHave('#results:not([hidden])');
    await press('ArrowDown', 'ArrowDown', 'o');
    const id = Number((await ids())[1]);
    await expect.poll(() => served.revealed).toEqual([served.fileOf(id)]);
    await expect.poll(live).toMatch(/is shown in the file manager$/);
    expect(opened.complaints).toEqual([]);
  });

  it('the tray is filled, put in order, heard and saved, and is there again', async () => {
    await open('#q=warm&mode=text');
    await toHave('#results:not([hidden])');
    await press('ArrowDown', 'l', 't', 'ArrowDown', 'Enter', 'ArrowDown', 't');
    await expect.poll(live).toMatch(/is in the tray, 3 in all/);
    await press('Shift+T', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Alt+ArrowUp', 'Alt+ArrowUp');
    const [first, second, third] = await ids();
    const collected = () => ids('collected');
    expect(await collected()).toEqual([third, first, second]);
    await toHave('#collected [data-sound=plays]');
    await press('End', 'Delete');
    expect(await collected()).toEqual([third, first]);

    const saved = async (name: string): Promise<string> => {
      const download = page.waitForEvent('download');
      await page.getByRole('button', { name, exact: true }).focus();
      await press('Enter');
      return readFileSync(await (await download).path(), 'utf8');
    };
    const list = JSON.parse(await saved('JSON')) as { id: number; file: string; title: string }[];
    expect(list.map(({ id }) => id)).toEqual([third, first]);
    const csv = await saved('CSV');
    for (const { title } of list) expect(csv).toContain(title);
    const playlist = await saved('M3U8');
    expect(playlist.split('\n').filter((line) => line.startsWith('/'))).toEqual(list.map(({ file }) => file));
    expect((await saved('Zip')).startsWith('PK')).toBe(true);
    await page.reload();
    await toHave('#collected [role=option]', 2);
    expect(opened.complaints).toEqual([]);
  });

  it('more and less like a hit, filters with counts, and Back', async () => {
    await open('#q=dark');
    await toHave('#results:not([hidden])');
    await press('ArrowDown', 'm');
    await toHave('#chips .like');
    await expect.poll(() => page.locator('#summary').textContent()).toMatch(/by example/);
    await press('ArrowDown', 'n');
    await toHave('#chips .unlike');
    expect(new URL(page.url()).hash).toMatch(/like=\d+&unlike=\d+/);
    await page.goBack();
    await toHave('#chips .unlike', 0);
    await page.goBack();
    await toHave('#chips li', 0);

    await toHave('#filters input[type=checkbox]:not(:disabled) >> nth=0');
    await press('f', 'f');
    await toHave('#filters :focus');
    await page.locator('#filters [data-key^="genre="]').first().focus();
    await press(' ');
    await toHave('#chips .where');
    const genre = await page.locator('#chips .where bdi').textContent();
    await expect
      .poll(async () => new Set(await page.locator('#results .c0 bdi').allTextContents()))
      .toEqual(new Set([genre]));
    const counted = await page
      .locator('#filters label', { hasText: genre ?? '' })
      .first()
      .locator('small')
      .textContent();
    expect(Number(counted)).toBeGreaterThan(0);
    await page.locator('#chips button').focus();
    await press('Enter');
    await toHave('#chips li', 0);
    expect(opened.complaints).toEqual([]);
  });

  it('a filter alone lists what fits, and that can be heard', async () => {
    await open();
    await toHave('#filters input[type=checkbox]:not(:disabled) >> nth=0');
    await press('Escape', 'f', 'f');
    const genres = page.locator('#filters [data-key^="genre="]');
    await genres.first().focus();
    await press(' ');
    await toHave('#results:not([hidden])');
    await expect
      .poll(() => page.locator('#summary').textContent())
      .toMatch(/^\d+ samples? fits? · in order of id · \d+ ms$/);
    const listed = await ids();
    expect(listed).toEqual([...listed].sort((a, b) => a - b));
    expect(new URL(page.url()).hash).toMatch(/^#where=genre/);
    await page.locator('#q').focus();
    await press('ArrowDown');
    await toHave('#results [data-sound=plays]');
    await press('m');
    await expect.poll(() => page.locator('#summary').textContent()).toMatch(/by example/);
    await page.goBack();
    await expect.poll(() => ids()).toEqual(listed);
    expect(opened.complaints).toEqual([]);
  });

  it('a hit is dragged out as its file', async () => {
    await open('#q=warm&mode=text');
    await toHave('#results:not([hidden])');
    await page.evaluate(`addEventListener('dragstart', ({ dataTransfer }) => {
      const given = (type) => dataTransfer.getData(type);
      window.dragged = { file: given('DownloadURL'), list: given('text/uri-list'), text: given('text/plain') };
    })`);
    const row = page.locator('#results [role=option]').first();
    await row.hover();
    await page.mouse.down();
    await page.mouse.move(600, 500, { steps: 5 });
    await page.mouse.up();
    const dragged = await page.evaluate<{ file: string; list: string; text: string }>('window.dragged');
    const [, type, name, at = ''] = /^([\w/]+):([^:]+):(http.+)$/.exec(dragged.file) ?? [];
    const [id = 0] = await ids();
    const path = served.fileOf(id);
    expect([type, name]).toEqual(['audio/wav', path.split('/').at(-1)]);
    expect(dragged.list).toBe(at);
    expect(path.endsWith(dragged.text)).toBe(true);
    // Another program sends neither Origin nor Sec-Fetch-Site.
    const answer = await fetch(at);
    expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(path))).toBe(true);
    expect(opened.complaints).toEqual([]);
  });

  it('the map is walked by arrows, and what lies there sounds', async () => {
    await open('#q=warm&mode=text');
    await toHave('#results:not([hidden])');
    await press('ArrowDown', 'l', 'g');
    await toHave('#map[data-ready]');
    expect(await seriousFaults(page)).toEqual([]);
    await page.locator('#plot').focus();
    for (const key of ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']) {
      const before = (await opened.begun()).length;
      const last = await page.locator('#tip').textContent();
      await press(key);
      // At the border nobody lies further on.
      if ((await page.locator('#tip').textContent()) === last) continue;
      await expect.poll(async () => (await opened.begun()).length, { timeout: 5000 }).toBeGreaterThan(before);
      await expect.poll(opened.loudness).toBeGreaterThan(0.1);
      expect(await page.locator('#now .title').textContent()).toBe(await page.locator('#tip').textContent());
    }
    await page.screenshot({ path: `${ARTIFACTS}/library-map.png` });
    expect(new URL(page.url()).hash).toMatch(/view=map/);
    await page.goBack();
    await toHave('#map:not([hidden])', 0);
    expect(opened.complaints).toEqual([]);
  });

  it('keys are told and Esc steps back', async () => {
    await open('#q=warm&mode=text');
    await toHave('#results:not([hidden])');
    await press('ArrowDown', '?');
    await toHave('#keys[open]');
    await press('Escape');
    await toHave('#keys[open]', 0);
    await toHave('#results [data-sound=plays]');
    await press('Escape');
    await toHave('#results [data-sound=plays]', 0);
    await press('Escape');
    await toHave('#q:focus');
    await press('Escape', 'Escape', '/');
    await toHave('#q:focus');
    expect(opened.complaints).toEqual([]);
  });
});

describe('for everybody', () => {
  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const)('axe finds nothing serious, %s, %d px wide', async (colorScheme, width) => {
    await open('#q=warm&mode=text&where=bpm%3D40..200', { colorScheme, width });
    await toHave('#results:not([hidden])');
    await press('ArrowDown', 't');
    await press('Shift+T');
    for (const step of ['page', 'keys']) {
      if (step === 'keys') await press('?');
      expect(await seriousFaults(page), step).toEqual([]);
      await page.screenshot({ path: `${ARTIFACTS}/library-${colorScheme}-${width}-${step}.png` });
    }
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect(wider).toBeLessThanOrEqual(0);
    expect(opened.complaints).toEqual([]);
  });
});

describe('bad input', () => {
  it('hostile titles are texts', async () => {
    const hostile = [
      '</script><img src=x onerror=alert(1)><b>Jazz</b>',
      '\u202Egnp.exe \u2066hidden',
      '\u001b[2J\u001b[31mred',
      '[click](javascript:alert(1)) **bold**',
      'x'.repeat(10_000),
      '=HYPERLINK("http://evil.example")',
    ];
    await open('#q=warm&mode=text');
    await toHave('#results:not([hidden])');
    const found = await ids();
    const { Database } = await import('../../src/sqlite.js');
    const db = new Database(served.stage.env.DATABASE_URL as string);
    const titles = hostile.map((title, index) => [title, found[index] as number] as const);
    const before = titles.map(
      ([, id]) => db.prepare('SELECT title FROM samples WHERE id = ?').pluck().get(id) as string,
    );
    for (const [title, id] of titles) db.prepare('UPDATE samples SET title = ? WHERE id = ?').run(title, id);
    try {
      await page.reload();
      await toHave('#results:not([hidden])');
      const shown = await page.locator('#results .title').allTextContents();
      for (const [index, title] of hostile.entries())
        expect(shown[index]).toBe(title.length > 300 ? `${title.slice(0, 300)}…` : title);
      expect(await page.locator('#results img, #results b').count()).toBe(0);
      expect(new Set(await each('#results .title', 'one.localName'))).toEqual(new Set(['bdi']));
      const heights = (await each<number>('#results .row', 'one.clientHeight')).slice(0, 6);
      expect(Math.max(...heights)).toBeLessThan(60);
      expect(opened.complaints).toEqual([]);
    } finally {
      for (const [index, [, id]] of titles.entries())
        db.prepare('UPDATE samples SET title = ? WHERE id = ?').run(before[index], id);
      db.close();
    }
  });

  it('a file that is gone says so, and the next one sounds', async () => {
    await open('#q=warm&mode=text');
    await toHave('#results:not([hidden])');
    const [gone, next] = await ids();
    rmSync(served.fileOf(gone as number));
    await press('ArrowDown');
    await toHave('#results [data-sound=failed]');
    expect(await page.locator('#player .why').textContent()).toMatch(/The file is not there/);
    await expect.poll(live).toMatch(/cannot be heard\. The file is not there/);
    await press('ArrowDown');
    await toHave('#results [data-sound=plays]');
    expect(await opened.begun()).toEqual([expect.closeTo(secondsOf(next as number), 3)]);
  });

  it('a query that cannot be bought may be searched by words', async () => {
    const { address: at } = await served.serve(
      await served.stage.open({ nanos: 0, setting: '--max-daily-cost' }),
    );
    await open('', { at });
    await page.keyboard.type('something warm that nobody has asked for');
    await press('Enter');
    await toHave('#message h2');
    expect(await page.locator('#message').textContent()).toMatch(/did not work.*--max-daily-cost/s);
    await page.getByRole('button', { name: 'Search by words alone' }).focus();
    await press('Enter');
    await toHave('#results:not([hidden])');
    expect(await page.locator('#summary').textContent()).toMatch(/by words/);
  });

  it('a catalog whose files may not be read says why, and hides what cannot work', async () => {
    const { SAMPLES_ROOT: _, ...env } = served.stage.env;
    const { address: at } = await served.serve(await served.openWith(env));
    await open('#q=warm&mode=text', { at });
    expect(await page.locator('#notice').textContent()).toMatch(/SAMPLES_ROOT/);
    await toHave('#results:not([hidden])');
    await press('ArrowDown');
    expect(await page.locator('#play, #download').count()).toBe(0);
    await expect.poll(live).toMatch(/^1 of \d+, [^,]+$/);
    expect(opened.complaints).toEqual([]);
  });

  it('a server that has gone, and a search without a hit, say what to do', async () => {
    const { address: at, listening } = await served.serve(served.stage.library);
    await open('#q=zzqqxx&mode=text', { at });
    await expect.poll(() => page.locator('#message').textContent()).toMatch(/Nothing was found.*other/s);
    await page.locator('#q').fill('warm');
    await press('Enter');
    await toHave('#results:not([hidden])');
    await listening.close();
    await page.locator('#q').fill('cold');
    await press('Enter');
    await expect
      .poll(() => page.locator('#message').textContent())
      .toMatch(/No answer.*embeddings serve.*Try again/s);
  });
});
