import { accessSync, constants } from 'node:fs';
import { priceOf } from '../../activities/preflight.js';
import { loadSettings, required, type Settings } from '../../config.js';
import { createOpenRouter } from '../../embedding/openrouter.js';
import { connectClient } from '../../hosting/client.js';
import { withStore } from '../../hosting/latest-run.js';
import { configuredTemporal } from '../../hosting/temporal.js';
import { openHomeFolder } from '../../local/home-folder.js';
import { isMissingFile, parseStoreUrl } from '../../store/url.js';
import { count, plain, usd } from '../../terminal/format.js';
import { createConsole } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { checkCatalog } from './check-catalog.js';

interface Check {
  name: string;
  ok: boolean;
  detail: string;
}

const CHECKS: Record<string, (settings: Settings) => Promise<string>> = {
  async Node() {
    return process.version;
  },
  Catalog: checkCatalog,
  async Store(settings) {
    const { storeUrl } = required(settings, 'storeUrl');
    parseStoreUrl(storeUrl);
    if (isMissingFile(storeUrl)) return 'not there yet: the first run makes it';
    return (
      (await withStore(settings, async (store) => `${count(await store.countVectors())} vectors`)) ?? 'empty'
    );
  },
  async OpenRouter(settings) {
    const { apiKey } = required(settings, 'apiKey');
    const key = await createOpenRouter({ apiKey, baseUrl: settings.baseUrl }).key();
    if (!key.checked) return 'the provider does not say whether the key is good: the first request will tell';
    return key.limitRemainingUsd === null
      ? 'the key is accepted'
      : `the key is accepted, ${usd(key.limitRemainingUsd * 1e9)} left`;
  },
  async Model(settings) {
    const provider = createOpenRouter({ apiKey: settings.apiKey, baseUrl: settings.baseUrl });
    const { nanosPerToken, source } = await priceOf(provider, settings.model);
    const price =
      nanosPerToken === null
        ? 'no price known'
        : `${usd(nanosPerToken * 1e6)} per million tokens (${source})`;
    return `${settings.model}, ${settings.dimensions} dimensions, ${price}`;
  },
  async Temporal(settings) {
    const target = configuredTemporal(settings);
    if (target !== null) {
      const client = await connectClient(target);
      await client.connection.close();
      return `${target.connectionOptions.address}, namespace ${target.namespace}`;
    }
    const { findTemporalCli } = await import('../../local/temporal/find-binary.js');
    const { temporalCliPath: cliPath, pathVariable: pathVar, cacheDir } = settings;
    const path = await findTemporalCli({
      ...(cliPath !== undefined && { cliPath }),
      pathVar,
      cacheDir,
      log: () => undefined,
    });
    return `our own, by ${path}`;
  },
  async Home(settings) {
    openHomeFolder(settings.home);
    accessSync(settings.home, constants.W_OK);
    return settings.home;
  },
};

/** `embeddings doctor`: every part is tried; exit 2 when one is not well. */
export async function doctor(host: NodeJS.Process, options: { json?: boolean }): Promise<number> {
  const console = createConsole(host, options.json === true);
  const settings = loadSettings();
  const checks: Check[] = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    const result = await check(settings).then(
      (detail) => ({ name, ok: true, detail }),
      (error: unknown) => ({
        name,
        ok: false,
        detail: error instanceof Error ? error.message : String(error),
      }),
    );
    checks.push(result);
    if (!console.json) console.say(`${result.ok ? '✓' : '✗'} ${name.padEnd(10)} ${plain(result.detail)}`);
  }
  const well = checks.every((check) => check.ok);
  console.answer({ ok: well, checks });
  if (!console.json)
    console.say(well ? 'All is well.' : 'Cure what is marked ✗, then run embeddings doctor again.');
  return well ? ExitCode.Ok : ExitCode.Usage;
}
