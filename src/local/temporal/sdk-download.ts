import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { helperEnvironment } from './helper-environment.js';
import { type Outcome, runProgram } from './run-program.js';

/** For a download of 45 MB; a closed network is noticed within a second or two. */
const DOWNLOAD_TIMEOUT_MS = 90_000;

/**
 * Returns the files that Temporal's SDK has downloaded into `cacheDir`, such as `temporal-sdk-typescript-1.24.0`,
 * newest name first. Never uses the temporary folder, the SDK's default: every local user may put a program there.
 */
export function sdkDownloads(program: 'temporal' | 'temporal-test-server', cacheDir: string): string[] {
  try {
    const names = readdirSync(cacheDir).filter((name) =>
      /^-sdk-[a-z]+-[\w.]+$/.test(afterPrefix(name, program)),
    );
    return names
      .sort()
      .reverse()
      .map((name) => join(cacheDir, name));
  } catch {
    return [];
  }
}

const afterPrefix = (name: string, prefix: string): string =>
  name.startsWith(prefix) ? name.slice(prefix.length) : '';

/**
 * Makes the SDK download the CLI into `cacheDir`, where sdkDownloads() then finds it. Runs in a separate process, which
 * can be killed: the SDK's native runtime can be set up only once per process, and its download cannot be cancelled.
 */
export async function downloadBySdk(cacheDir: string, pathVar: string): Promise<Outcome> {
  let testing: string;
  try {
    testing = createRequire(import.meta.url).resolve('@temporalio/testing');
  } catch {
    return { ok: false, output: '', reason: '@temporalio/testing is not installed' };
  }
  const script = `
    const { TestWorkflowEnvironment } = require(process.argv[1]);
    const executable = { type: 'cached-download', downloadDir: process.argv[2] };
    TestWorkflowEnvironment.createLocal({ server: { executable } }).then((e) => e.teardown()).then(
      () => process.exit(0),
      (error) => { console.error(String(error?.message ?? error).replaceAll('\\n', ' ')); process.exit(1); });`;
  const args = ['-e', script, testing, cacheDir];
  return runProgram(process.execPath, args, DOWNLOAD_TIMEOUT_MS, helperEnvironment(pathVar, 'network'));
}
