import type { Console } from './console.js';

/** Returns whether stdin and stdout are a terminal. */
export const isInteractive = ({ stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>): boolean =>
  stdin.isTTY === true && stdout.isTTY === true;

/** Asks yes or no, on stderr if stdout is for JSON. Ctrl-C and the end of input mean no. */
export async function confirm(host: NodeJS.Process, console: Console, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const output = console.json ? console.stderr : console.stdout;
  const prompt = createInterface({ input: host.stdin, output });
  const answer = await new Promise<string | null>((resolve) => {
    prompt.once('close', () => resolve(null));
    prompt.question(`${question} [y/N] `).then(resolve, () => resolve(null));
  });
  prompt.close();
  if (answer === null) output.write('\n');
  return /^y(es)?$/i.test((answer ?? '').trim());
}
