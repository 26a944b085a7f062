import { join } from 'node:path';
import { renderSourceText } from '../../src/collections/source-text.js';
import { loadSettings } from '../../src/config.js';
import { openStore } from '../../src/engines/libsql/index.js';
import { openLibrary } from '../../src/hosting/open-library.js';
import { createDemoCatalog } from '../../src/local/demo-catalog/index.js';
import { type Sandbox, startSandbox } from '../../src/local/sandbox-openrouter/index.js';
import { createOpenRouter } from '../../src/providers/openrouter.js';
import type { DailyCap } from '../../src/search/daily-cap.js';
import { createApp } from '../../src/server/app.js';
import type { GuardOptions } from '../../src/server/guard.js';
import type { ServerParts } from '../../src/server/parts.js';
import { openCatalog } from '../../src/sources/index.js';
import type { KitLibrary } from '../../src/take/kit-library.js';
import { temporaryFolder } from '../support/cli.js';

const MODEL = 'openai/text-embedding-3-small';

/** A demo catalog whose samples are stored, and a library over it. */
export interface Stage {
  path: string;
  env: Record<string, string>;
  sandbox: Sandbox;
  library: KitLibrary;
  /** Opens the same once more; `changed`: settings that are others. */
  open(cap?: DailyCap, changed?: Record<string, string>): Promise<KitLibrary>;
  close(): Promise<void>;
}

/** `more`: settings besides. */
export async function setStage(samples: number, more: Record<string, string> = {}): Promise<Stage> {
  const folder = temporaryFolder();
  const catalogPath = join(folder.path, 'catalog.db');
  const url = more.TURSO_DATABASE_URL ?? `file:${join(folder.path, 'store.db')}`;
  await createDemoCatalog({ path: catalogPath, samples });
  const sandbox = await startSandbox({ key: 'sk-canary' });
  const provider = createOpenRouter({ apiKey: 'sk-canary', baseUrl: sandbox.baseUrl });
  const catalog = await openCatalog(catalogPath);
  const store = await openStore({ url });
  await store.migrate();
  const rows = await catalog.readPage({ after: null, limit: samples });
  for (let from = 0; from < rows.length; from += 100) {
    const some = rows.slice(from, from + 100);
    const texts = some.map((row) => renderSourceText(row).text);
    const { vectors } = await provider.embed({ model: MODEL, dimensions: 1536, texts, subject: 'a batch' });
    await store.commit({
      ...{ runId: 'stage', batchId: String(from), model: MODEL, fence: 0 },
      runStartedAt: '2026-01-01T00:00:00.000Z',
      vectors: some.map(({ id }, at) => ({
        ...{ sampleId: id, text: texts[at] as string, contentHash: String(id) },
        vector: vectors[at] as Uint8Array,
      })),
      ...{ copies: [], failures: [], settlements: [], notedDelta: 0 },
    });
  }
  await store.close();
  await catalog.close();
  const env = {
    OPENROUTER_API_KEY: 'sk-canary',
    OPENROUTER_BASE_URL: sandbox.baseUrl,
    DATABASE_URL: catalogPath,
    TURSO_DATABASE_URL: url,
    ...more,
  };
  const opened: KitLibrary[] = [];
  const open = async (cap?: DailyCap, changed: Record<string, string> = {}): Promise<KitLibrary> => {
    const library = await openLibrary(
      loadSettings({ ...env, ...changed }, folder.path),
      cap === undefined ? {} : { cap },
    );
    opened.push(library);
    return library;
  };
  return {
    ...{ path: folder.path, env, sandbox, open, library: await open() },
    async close() {
      for (const library of opened) await library.close();
      await sandbox.stop();
      folder.remove();
    },
  };
}

/** The app over a library. What nobody foresaw is in `reports`. */
export function appOf(
  library: KitLibrary,
  options: Partial<GuardOptions & Pick<ServerParts, 'page' | 'reveal'>> = {},
) {
  const reports: unknown[] = [];
  const { page = null, token = null, allowOrigins = [], reveal } = options;
  const app = createApp(
    { library, page, report: (error) => reports.push(error), ...(reveal && { reveal }) },
    { token, allowOrigins },
  );
  const ask = async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
    app.request(`http://localhost:8787${path}`, { ...init, headers: { host: 'localhost:8787', ...headers } });
  return { app, ask, reports };
}
