/** Whether there is a person to ask. */
export const canAsk = ({ stdin, stdout }: Pick<NodeJS.Process, 'stdin' | 'stdout'>): boolean =>
  stdin.isTTY === true && stdout.isTTY === true;

/** Asks a person; anything but yes is no. */
export async function confirm(host: NodeJS.Process, question: string): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: host.stdin, output: host.stdout });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}
