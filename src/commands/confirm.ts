import type { Console } from './console.js';

/** Whether there is a person to ask. */
export const canAsk = ({ stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>): boolean =>
  stdin.isTTY === true && stdout.isTTY === true;

/** Asks a person, on stderr where stdout is JSON's; anything but yes is no, Ctrl-C and the end of input included. */
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
