import { type Command, InvalidArgumentError } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings explain`. */
export function addExplain(program: Command, { runWith, json }: LineTools): void {
  program
    .command('explain')
    .description('why a sample is or is not up to date, and what the next run would do with it')
    .argument('<id>', 'its id', (text) => {
      if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return text;
      throw new InvalidArgumentError('It must be the id of a sample, like 523.');
    })
    .addOption(json())
    .action(runWith(async () => (await import('./explain.js')).explain));
}
