import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Fault, Unavailable, usageFault } from '../../fault.js';
import { openLibrary } from '../../hosting/open-library.js';
import { createApp } from '../../server/app.js';
import { type Listening, listen } from '../../server/listen.js';
import { reveal } from '../../sound/reveal.js';
import { checkSoundRoots } from '../../sound/roots.js';
import { count } from '../../terminal/format.js';
import { type Console, createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { reportIndexing } from '../search/with-search.js';
import { HERE, type Site } from '../site.js';
import { untilSignal } from '../until-signal.js';
import { baseOf, hostOf, isLoopback, originOf, pageOf } from './addresses.js';
import { drawMap } from './draw-map.js';
import { unavailableFeatures } from './unavailable-features.js';

interface ServeOptions {
  open?: boolean;
  port: number;
  host: string;
  token?: string;
  allowOrigin?: string[];
  /** Nanodollars. */
  maxDailyCost: number;
}

/** `embeddings serve`: the page and the API, until Ctrl-C. */
export async function serve(
  host: NodeJS.Process,
  { open = false, port, host: asked, token: given, allowOrigin = [], maxDailyCost }: ServeOptions,
  site: Site = HERE,
): Promise<number> {
  const console = createConsole(host, false, site.words);
  const address = hostOf(asked);
  const token = given ?? (isLoopback(address) ? null : randomBytes(16).toString('hex'));
  if (token !== null && token.length < 8)
    throw usageFault('--token is too short to be safe: give 8 characters or more');
  const allowOrigins = allowOrigin.map(originOf);
  const signal = untilSignal(host);
  const settings = site.settings();
  if (site.makeSound === undefined)
    await checkSoundRoots(settings.soundRoots).catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      // The disk may be connected later.
      console.say(error.message);
    });
  const library = await openLibrary(settings, {
    cap: { nanos: maxDailyCost, setting: '--max-daily-cost' },
    ...(site.makeSound && { makeSound: site.makeSound }),
    progress: reportIndexing(console.say),
  });
  let listening: Listening | null = null;
  try {
    const app = createApp(
      {
        library,
        page: thePage(),
        map: (progress) => drawMap(settings, progress),
        // A remote client could not see a file manager that opens on this machine.
        ...(isLoopback(address) && { reveal }),
        report: (error) => console.say(`A request failed: ${wordsOf(error)}`),
      },
      { token, allowOrigins },
    );
    listening = await listen(app, { host: address, port });
    const { stored } = await library.status();
    for (const sentence of await unavailableFeatures(settings, library)) console.say(sentence);
    await printAddresses(console, listening, { token, open, stored });
    await signal.caught;
    console.say('Stopping.');
  } finally {
    await listening?.close();
    await library.close();
    signal.forget();
  }
  return ExitCode.Ok;
}

/** A stack trace helps only with errors that nobody foresaw. */
const wordsOf = (error: unknown): string => {
  if (error instanceof Unavailable || error instanceof Fault) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
};

async function printAddresses(
  console: Console,
  listening: Listening,
  { token, open, stored }: { token: string | null; open: boolean; stored: number },
): Promise<void> {
  const base = baseOf(listening);
  const page = pageOf(base, token);
  console.say(`${count(stored)} samples can be found.`);
  console.say(`Page   ${page}`);
  console.say(`API    ${base}/api/v1 · described at ${base}/openapi.json`);
  if (token !== null) console.say(`Token  ${token}, which clients send as Authorization: Bearer TOKEN`);
  console.say('Ctrl-C ends it.');
  if (!open) return;
  const { default: openUrl } = await import('open');
  const browser = await openUrl(page).catch((error: unknown) => error);
  if (browser instanceof Error)
    console.say(`The browser could not be opened (${browser.message}): open the page yourself`);
}

/** Returns the page's HTML; null if this build has none. */
function thePage(): string | null {
  const path = fileURLToPath(new URL('../../pages/library.html', import.meta.url));
  return existsSync(path) ? readFileSync(path, 'utf8') : null;
}
