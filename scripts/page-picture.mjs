/**
 * `node scripts/page-picture.mjs`: creates docs/images/page.png, a screenshot of `embeddings demo serve` in a real
 * Chromium: a search, and a hit that plays.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import chromium from '@sparticuz/chromium';
import { chromium as launcher } from 'playwright-core';

const CLIENT = fileURLToPath(new URL('../dist/client.js', import.meta.url));
const OUT = fileURLToPath(new URL('../docs/images/page.png', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'sample-embeddings-picture-'));

/** Returns the page's address once it is served. */
async function addressOf(child) {
  for await (const line of createInterface({ input: child.stdout })) {
    const address = /^Page\s+(http\S+)/.exec(line)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error('embeddings demo serve ended before it listened');
}

async function draw(address) {
  const browser = await launcher.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args,
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 720 }, colorScheme: 'light' });
    await page.goto(address);
    await page.waitForSelector('body[data-ready=true]');
    await page.waitForSelector('#filters input[type=checkbox]:not(:disabled)');
    const search = async (query) => {
      await page.fill('#q', query);
      const answered = page.waitForResponse(
        (response) => response.url().includes('/api/v1/search?') && !response.url().includes('mode=text'),
      );
      await page.keyboard.press('Enter');
      await answered;
    };
    const query = 'dusty lo-fi beat, late at night';
    // The first search buys the query's vector, so that the screenshot shows a search whose vector is known.
    for (const each of [query, 'warm', query]) await search(each);
    await page.focus('#results');
    for (const key of ['ArrowDown', 't', 'ArrowDown', 'ArrowDown', 't']) await page.keyboard.press(key);
    await page.waitForSelector('#toast', { state: 'hidden' });
    await page.keyboard.press('ArrowDown');
    await page.waitForSelector('#results [data-sound=plays]');
    await page.waitForTimeout(1200);
    await page.screenshot({ path: OUT });
  } finally {
    await browser.close();
  }
}

try {
  const { status } = spawnSync(process.execPath, [CLIENT, 'demo'], { cwd: home, stdio: 'ignore' });
  if (status !== 0) throw new Error(`embeddings demo ended with ${status}`);
  const child = spawn(process.execPath, [CLIENT, 'demo', 'serve', '--port', '0'], {
    ...{ cwd: home, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const ended = once(child, 'exit');
  try {
    await draw(await addressOf(child));
  } finally {
    child.kill('SIGINT');
    await ended;
  }
  console.log(`${OUT}: ${Math.round(statSync(OUT).size / 1000)} kB`);
} finally {
  rmSync(home, { recursive: true, force: true });
}
