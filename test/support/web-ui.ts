import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

/** Screenshots of the tests, git-ignored. The images in docs/images are chosen from them. */
const PICTURES = fileURLToPath(new URL('../../test-artifacts/web-ui/', import.meta.url));

/** Uses Temporal's Web UI as a person does: opens a page, and reloads it until it shows the expected text. */
export function webUi(page: Page, ui: string) {
  const namespace = `${ui}/namespaces/default`;

  /** Takes a screenshot of the page without the navigation around it. */
  const picture = async (name: string, height = 930): Promise<void> => {
    mkdirSync(PICTURES, { recursive: true });
    const clip = { x: 264, y: 64, width: 1016, height };
    await page.screenshot({ path: join(PICTURES, `${name}.png`), clip });
  };

  /** Returns the text of the page and of the frames in which it renders Markdown. */
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
      // The page is empty after loading and fills itself. It does not update later, so it is loaded again.
      for (let looks = 0; looks < 30; looks++) {
        const seen = await text();
        if (shown.test(seen)) return seen;
        await page.waitForTimeout(100);
      }
    }
  };

  return {
    picture,
    /** Opens the filtered list of runs. */
    list: (query: string, shown: RegExp) =>
      until(`${namespace}/workflows?query=${encodeURIComponent(query)}`, shown),
    /** Opens one tab of a run's page: `user-metadata`, `history`, `search-attributes`, … */
    run: (id: string, tab: string, shown: RegExp) => until(`${namespace}/workflows/${id}/${tab}`, shown),
    /** Returns all links and images in rendered Markdown, as HTML. */
    async links(): Promise<string[]> {
      const frames = page.frames().filter((frame) => frame !== page.mainFrame());
      const found = await Promise.all(
        frames.map((frame) => frame.locator('a, img').evaluateAll((all) => all.map((one) => one.outerHTML))),
      );
      return found.flat();
    },
  };
}
