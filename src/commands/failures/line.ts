import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

/** `embeddings failures`. */
export function addFailures(program: Command, { run, json }: LineTools): void {
  program
    .command('failures')
    .description('the samples that failed, and why')
    .option('--limit <n>', 'rows to show', integerOption('--limit', 1, 1_000_000), 50)
    .addOption(json())
    .action(run(async () => (await import('./failures.js')).failures));
}
