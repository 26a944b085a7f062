import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings explain`. */
export function addExplain(program: Command, { runWith, json }: LineTools): void {
  program
    .command('explain')
    .description('why a sample is or is not up to date, and what the next run would do with it')
    .argument('<id>', 'its id')
    .addOption(json())
    .action(runWith(async () => (await import('./explain.js')).explain));
}
