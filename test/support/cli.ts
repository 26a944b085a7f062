import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const CLIENT = fileURLToPath(new URL('../../dist/client.js', import.meta.url));

export interface Finished {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  child: ChildProcess;
  done: Promise<Finished>;
  /** Resolves once stdout or stderr holds the text. */
  says(text: string | RegExp): Promise<void>;
  /** The same, but resolves with the match. */
  finds(pattern: RegExp): Promise<RegExpExecArray>;
  /** Returns all output so far. */
  output(): string;
}

/** Environment variables of the developer that are kept from tests. */
export const SETTINGS =
  /^(OPENROUTER|TURSO|DATABASE_URL|SAMPLES_ROOT|EMBEDDING|TEMPORAL|BATCH_SIZE|MAX_RETRIES|CONCURRENCY|LOG_LEVEL|OTEL_|TRACEPARENT)/;

/** Starts the built CLI in `cwd` with these settings. */
export function startCli(cwd: string, args: readonly string[], env: Record<string, string> = {}): Running {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
  const child = spawn(process.execPath, [CLIENT, ...args], {
    cwd,
    env: { ...own, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const done = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }));
  const says = async (text: string | RegExp): Promise<void> => {
    const there = (): boolean =>
      typeof text === 'string' ? (stdout + stderr).includes(text) : text.test(stdout + stderr);
    while (!there()) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw new Error(`ended without saying ${text}:\n${stdout}\n${stderr}`);
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), once(child, 'close')]);
    }
  };
  const finds = async (pattern: RegExp): Promise<RegExpExecArray> => {
    await says(pattern);
    return pattern.exec(stdout + stderr) as RegExpExecArray;
  };
  return { child, done, says, finds, output: () => stdout + stderr };
}

export const runCli = (
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Finished> => startCli(cwd, args, env).done;

/** Creates a temporary folder. The caller removes it. */
export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'sample-embeddings-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}
