import { mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Outcome, runProgram } from './run-program.js';

const DOWNLOAD_TIMEOUT_MS = 20_000;

/** Files that Temporal's SDKs have downloaded: `temporal-sdk-typescript-1.24.0` and the like, newest name first. */
export function sdkDownloads(
  program: 'temporal' | 'temporal-test-server',
  directories = [tmpdir()],
): string[] {
  return directories.flatMap((directory) => {
    try {
      const names = readdirSync(directory).filter((name) =>
        /^-sdk-[a-z]+-[\w.]+$/.test(afterPrefix(name, program)),
      );
      return names
        .sort()
        .reverse()
        .map((name) => join(directory, name));
    } catch {
      return [];
    }
  });
}

const afterPrefix = (name: string, prefix: string): string =>
  name.startsWith(prefix) ? name.slice(prefix.length) : '';

/**
 * Lets the SDK fetch the CLI into `cacheDir`, where sdkDownloads() then finds it. In a process of its own: the SDK's
 * native runtime can be set up only once in a process, a download in it cannot be given up, and this one can be killed.
 */
export async function downloadBySdk(cacheDir: string): Promise<Outcome> {
  let testing: string;
  try {
    testing = createRequire(import.meta.url).resolve('@temporalio/testing');
    mkdirSync(cacheDir, { recursive: true, mode: 0o700 });
  } catch {
    return { ok: false, output: '', reason: '@temporalio/testing is not installed' };
  }
  const script = `
    const { TestWorkflowEnvironment } = require(process.argv[1]);
    const executable = { type: 'cached-download', downloadDir: process.argv[2] };
    TestWorkflowEnvironment.createLocal({ server: { executable } }).then((e) => e.teardown()).then(
      () => process.exit(0),
      (error) => { console.error(String(error?.message ?? error).replaceAll('\\n', ' ')); process.exit(1); });`;
  return runProgram(process.execPath, ['-e', script, testing, cacheDir], DOWNLOAD_TIMEOUT_MS);
}
