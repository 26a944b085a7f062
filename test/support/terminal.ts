import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { CLIENT, SETTINGS } from './cli.js';

export interface InTerminal {
  /** Types these characters; `\r` is Enter, `\u0003` Ctrl-C. */
  type(keys: string): void;
  /** Resolves once the screen has shown the text, after the text of the last call. */
  says(text: string): Promise<void>;
  /** Returns all output without the terminal's control sequences. */
  shown(): string;
  /** Returns all output as the terminal got it. */
  raw(): string;
  done: Promise<number | null>;
}

/** Starts the built CLI in a terminal of 100 columns. */
export const startInTerminal = (
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): InTerminal => runInTerminal(cwd, `'${process.execPath}' '${CLIENT}' ${args.join(' ')}`, env);

/** The same for any program, given as a line for sh. The terminal is a real one, from script(1). */
export function runInTerminal(cwd: string, program: string, env: Record<string, string> = {}): InTerminal {
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !SETTINGS.test(name)));
  const line = `stty cols 100 rows 40; exec ${program}`;
  const script =
    process.platform === 'linux' ? ['-qec', line, '/dev/null'] : ['-q', '/dev/null', 'sh', '-c', line];
  const child = spawn('script', script, {
    cwd,
    env: { ...own, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  let seen = 0;
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
  });
  const shown = (): string => stripVTControlCharacters(output);
  return {
    shown,
    raw: () => output,
    type: (keys) => void child.stdin.write(keys),
    async says(text) {
      for (;;) {
        const at = shown().indexOf(text, seen);
        if (at >= 0) {
          seen = at + text.length;
          return;
        }
        if (child.exitCode !== null) throw new Error(`ended without saying ${text}:\n${shown()}`);
        await Promise.race([once(child.stdout, 'data'), once(child, 'close')]);
      }
    },
    done: once(child, 'close').then(([code]) => code),
  };
}
