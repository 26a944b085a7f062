import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings status`. */
export function addStatus(program: Command, { run, json }: LineTools): void {
  program
    .command('status')
    .description('where the run stands, also when no worker is up')
    .option('--watch', 'keep looking until it ends')
    .addOption(json())
    .action(run(async () => (await import('./status.js')).status));
}
