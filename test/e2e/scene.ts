import { join } from 'node:path';
import { createDemoCatalog } from '../../src/local/demo-catalog/index.js';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/local/sandbox-openrouter/index.js';
import { runCli, startCli, temporaryFolder } from '../support/cli.js';

/** A folder with a catalog and a sandbox provider: what a person has before the first command. */
export interface Scene {
  path: string;
  catalog: string;
  store: string;
  sandbox: Sandbox;
  env: Record<string, string>;
  run(args: string[], env?: Record<string, string>): ReturnType<typeof runCli>;
  start(args: string[], env?: Record<string, string>): ReturnType<typeof startCli>;
  /** Resolves once the provider has charged for this many texts. */
  charged(inputs: number): Promise<void>;
  close(): Promise<void>;
}

export async function setScene(samples: number, options: SandboxOptions = {}): Promise<Scene> {
  const folder = temporaryFolder();
  const catalog = join(folder.path, 'catalog.db');
  const store = join(folder.path, 'store.db');
  await createDemoCatalog({ path: catalog, samples });
  const sandbox = await startSandbox({ key: 'sk-canary', ...options });
  const env = {
    OPENROUTER_API_KEY: 'sk-canary',
    OPENROUTER_BASE_URL: sandbox.baseUrl,
    DATABASE_URL: catalog,
    TURSO_DATABASE_URL: `file:${store}`,
  };
  return {
    path: folder.path,
    catalog,
    store,
    sandbox,
    env,
    run: (args, more = {}) => runCli(folder.path, args, { ...env, ...more }),
    start: (args, more = {}) => startCli(folder.path, args, { ...env, ...more }),
    async charged(inputs) {
      while (sandbox.bill().inputs < inputs) await new Promise((resolve) => setTimeout(resolve, 10));
    },
    async close() {
      await sandbox.stop();
      folder.remove();
    },
  };
}

export const json = (output: { stdout: string }): Record<string, unknown> =>
  JSON.parse(output.stdout) as Record<string, unknown>;
