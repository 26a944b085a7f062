import chromium from '@sparticuz/chromium';
import { type Browser, chromium as launcher } from 'playwright-core';

/**
 * Starts a real headless Chromium. The caller closes it. WebGL works, in software. `strict`: keeps the same-origin
 * policy, which the default arguments turn off; default false.
 */
export async function startBrowser({ strict = false } = {}): Promise<Browser> {
  return launcher.launch({
    executablePath: await chromium.executablePath(),
    args: [
      ...chromium.args.filter((arg) => !strict || arg !== '--disable-web-security'),
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
    headless: true,
  });
}
