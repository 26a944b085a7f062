import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { CLIENT, SETTINGS } from '../support/cli.js';
import type { Stage } from './stage.js';

/** `embeddings mcp` over a stage's library, spoken to by lines. */
export interface McpProcess {
  child: ChildProcessWithoutNullStreams;
  /** Sends a line as it is. */
  line(text: string): void;
  /** Sends a message. */
  send(message: unknown): void;
  /** The next line of stdout; null: stdout has ended. */
  next(): Promise<unknown>;
  /** Resolves at the end of the process. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

/** `stdin`: a file descriptor instead of a pipe. */
export function startMcp(
  { path, env }: Stage,
  more: Record<string, string> = {},
  stdin: 'pipe' | number = 'pipe',
): McpProcess {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
  const child = spawn(process.execPath, [CLIENT, 'mcp'], {
    cwd: path,
    env: { ...own, ...env, ...more },
    stdio: [stdin, 'pipe', 'pipe'],
  }) as ChildProcessWithoutNullStreams;
  const said = text(child.stderr);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  child.stdin?.on('error', () => undefined);
  const line = (written: string): void => {
    child.stdin.write(`${written}\n`);
  };
  return {
    child,
    line,
    send: (message) => line(JSON.stringify(message)),
    async next() {
      const { value, done } = await lines.next();
      return done ? null : (JSON.parse(value) as unknown);
    },
    ended: once(child, 'close').then(async ([code, signal]) => ({ code, signal, stderr: await said })),
  };
}
