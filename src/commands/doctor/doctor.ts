import { loadSettings, type Settings } from '../../config.js';
import { plain } from '../../terminal/format.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { checkCatalog } from './check-catalog.js';
import { checkHome } from './check-home.js';
import { checkKey, checkModel } from './check-provider.js';
import { checkStore } from './check-store.js';
import { checkTemporal } from './check-temporal.js';
import { buyOneText } from './try-embedding.js';

interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

/** The checks in order: free ones before paid ones. Each returns a few words, or throws. */
const CHECKS: Record<string, (settings: Settings) => Promise<string>> = {
  Node: async () => process.version,
  Settings: async ({ envFile }) =>
    envFile === null ? 'of the environment; no .env was found' : `of the environment, and of ${envFile}`,
  Home: checkHome,
  Catalog: checkCatalog,
  Store: checkStore,
  Key: checkKey,
  Model: checkModel,
  Temporal: checkTemporal,
};

/** The paid check. It runs only if nothing that it needs has failed: a text that cannot be booked is not bought. */
const EMBEDDING = 'Embedding';
const NEEDED = ['Store', 'Key', 'Model'];

/** `embeddings doctor`: tries every part as a run would use it. Exit 2 if one fails. */
export async function doctor(host: NodeJS.Process, options: { json?: boolean }): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = loadSettings();
  const checks: Check[] = [];
  const note = (check: Check): void => {
    checks.push(check);
    if (!console.json)
      console.say(`${check.ok ? '✓' : '✗'} ${check.name.padEnd(EMBEDDING.length)} ${plain(check.detail)}`);
  };
  const run = async (name: string, check: () => Promise<string>): Promise<void> =>
    note(
      await check().then(
        (detail) => ({ name, ok: true, detail }),
        (error: unknown) => ({
          name,
          ok: false,
          detail: error instanceof Error ? error.message : String(error),
        }),
      ),
    );
  for (const [name, check] of Object.entries(CHECKS)) await run(name, () => check(settings));
  const failed = checks.filter((check) => !check.ok && NEEDED.includes(check.name)).map(({ name }) => name);
  if (failed.length === 0) await run(EMBEDDING, () => buyOneText(settings));
  else
    note({
      name: EMBEDDING,
      ok: false,
      detail: `not tried, nothing was bought: first fix ${failed.join(', ')}`,
    });
  const well = checks.every((check) => check.ok);
  console.answer({ ok: well, checks });
  if (!console.json)
    console.say(well ? 'All is well.' : 'Fix the lines marked ✗, then run embeddings doctor again.');
  return well ? ExitCode.Ok : ExitCode.Usage;
}
