import { inert, inertJson } from '../terminal/inert.js';

/** Where a command writes: given by the entry, so that tests can capture it. */
export interface Console {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Lines for a person, made inert: on stdout, or on stderr where stdout is JSON's. */
  say(line: string): void;
  /** The command's answer as JSON; only with `--json`. */
  answer(value: unknown): void;
  json: boolean;
}

/** `words`: what is said of each sentence where the command runs (see site.ts); default the sentence itself. */
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
