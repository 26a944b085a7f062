import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Answer } from '../support/answers.js';
import { SETTINGS } from '../support/cli.js';

/** Id and similarity. */
export type Hit = [number, number];

export interface Searched extends Answer<Hit> {
  source: 'memory' | 'store';
}

interface SearchError {
  from: number;
  to: number;
  error: string;
}

/** A second process that searches all the time. */
export interface Searching {
  answers: Searched[];
  errors: SearchError[];
  /** Resolves once each source has given so many answers to questions that were asked after `time`, in epoch ms. */
  since(time: number, count: number): Promise<void>;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('search-process.mjs', import.meta.url));

export function startSearching(env: Record<string, string>): Searching {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
  const child: ChildProcess = spawn(process.execPath, [PROGRAM], {
    env: { ...own, ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const answers: Searched[] = [];
  const errors: SearchError[] = [];
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    const found = JSON.parse(line) as Searched | SearchError;
    if ('error' in found) errors.push(found);
    else answers.push(found);
  });
  return {
    answers,
    errors,
    async since(time, count) {
      const enough = (source: string): boolean =>
        answers.filter((one) => one.source === source && one.from > time).length >= count;
      while (!enough('memory') || !enough('store')) {
        if (child.exitCode !== null || child.signalCode !== null)
          throw new Error(`the search process ended: ${errors.at(-1)?.error ?? 'it said nothing'}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async stop() {
      child.stdin?.end();
      await ended;
    },
  };
}
