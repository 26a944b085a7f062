import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** Pictures of what tests see, git-ignored; those in docs/images are chosen from them. */
const PICTURES = fileURLToPath(new URL('../../test-artifacts/web-ui/', import.meta.url));

/** A person before Temporal's Web UI: goes to a page, and looks again until it shows what it should. */
export function webUi(page: Page, ui: string) {
  const namespace = `${ui}/namespaces/default`;

  /** Of the page without the frame around it. */
  const picture = async (name: string, height = 930): Promise<void> => {
    mkdirSync(PICTURES, { recursive: true });
    const clip = { x: 264, y: 64, width: 1016, height };
    await page.screenshot({ path: join(PICTURES, `${name}.png`), clip });
  };

  /** Text of the page and of the frames in which it renders Markdown. */
  const text = async (): Promise<string> => {
    const parts = await Promise.all(
      page.frames().map((frame) =>
        frame
          .locator('body')
          // biome-ignore lint/performance/useDomNodeTextContent: what a person sees, line by line
          .innerText({ timeout: 2000 })
          .catch(() => ''),
      ),
    );
    return parts.join('\n');
  };

  const until = async (url: string, shown: RegExp): Promise<string> => {
    for (;;) {
      await page.goto(url, { waitUntil: 'load' });
      // The page is empty when it has loaded, and fills itself; what it tells is as old as its loading.
      for (let looks = 0; looks < 30; looks++) {
        const seen = await text();
        if (shown.test(seen)) return seen;
        await page.waitForTimeout(100);
      }
    }
  };

  return {
    picture,
    /** The list of runs, filtered. */
    list: (query: string, shown: RegExp) =>
      until(`${namespace}/workflows?query=${encodeURIComponent(query)}`, shown),
    /** One tab of a run's page: `user-metadata`, `history`, `search-attributes`, … */
    run: (id: string, tab: string, shown: RegExp) => until(`${namespace}/workflows/${id}/${tab}`, shown),
    /** Addresses of all links in what is rendered from Markdown. */
    async links(): Promise<string[]> {
      const frames = page.frames().filter((frame) => frame !== page.mainFrame());
      const found = await Promise.all(
        frames.map((frame) => frame.locator('a, img').evaluateAll((all) => all.map((one) => one.outerHTML))),
      );
      return found.flat();
    },
  };
}
