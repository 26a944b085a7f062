import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings status`. */
export function addStatus(program: Command, { run, json }: LineTools): void {
  program
    .command('status')
    .description('show the progress of the run, also when no worker is up')
    .option('--watch', 'update until the run ends')
    .addOption(json())
    .action(run(async () => (await import('./status.js')).status));
}
