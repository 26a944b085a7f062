import { inert, inertJson } from '../terminal/inert.js';

/** Where a command writes; passed in, so that tests can capture it. */
export interface Console {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Prints a line for a person, without control characters: on stdout, or on stderr if stdout is for JSON. */
  say(line: string): void;
  /** Prints the command's answer as JSON; only with `--json`. */
  answer(value: unknown): void;
  json: boolean;
}

/** Creates a Console. `words` rewrites each sentence for the site of the command (see site.ts); default: unchanged. */
export function createConsole(
  host: Pick<Console, 'stdout' | 'stderr'>,
  json: boolean,
  words = (sentence: string): string => sentence,
): Console {
  const { stdout, stderr } = host;
  return {
    stdout,
    stderr,
    json,
    say: (line) => void (json ? stderr : stdout).write(`${inert(words(line))}\n`),
    answer: (value) => void (json && stdout.write(`${inertJson(value)}\n`)),
  };
}
