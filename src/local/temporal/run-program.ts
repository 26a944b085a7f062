import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export interface Outcome {
  ok: boolean;
  /** Both streams, trimmed. */
  output: string;
  /** One line with the cause; empty when ok. */
  reason: string;
}

/** Runs a program to its end with only this environment; SIGKILL after `timeoutMs`. Never throws. */
export function runProgram(
  file: string,
  args: string[],
  timeoutMs: number,
  env: Record<string, string>,
): Promise<Outcome> {
  return new Promise((resolve) => {
    const options = { env, timeout: timeoutMs, killSignal: 'SIGKILL' as const, maxBuffer: 16 * 1024 * 1024 };
    execFile(file, args, options, (error, stdout, stderr) => {
      const output = `${stdout}\n${stderr}`.trim();
      if (error === null) return resolve({ ok: true, output, reason: '' });
      const said = stderr.trim().split('\n').at(-1);
      const late = error.killed ? `no answer within ${timeoutMs / 1000} s` : undefined;
      resolve({
        ok: false,
        output,
        reason: late ?? (said || (error.message.split('\n')[0] ?? 'failed')).slice(0, 200),
      });
    });
  });
}

/** Returns every executable file of that name in the directories of a PATH value, in order. */
export function executablesOnPath(name: string, pathVar: string): string[] {
  const directories = pathVar.split(delimiter).filter((directory) => isAbsolute(directory));
  return [...new Set(directories)].map((directory) => join(directory, name)).filter(isExecutable);
}

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
