import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings verify`. */
export function addVerify(program: Command, { run, json }: LineTools): void {
  program
    .command('verify')
    .description('read every stored vector back and check it; exit 1 when something is wrong')
    .option(
      '--repair',
      'embed only the damaged samples again (paid), remove rows of samples that are gone; asks first on a terminal',
    )
    .option('--yes', 'ask nothing')
    .addOption(json())
    .action(run(async () => (await import('./verify.js')).verify));
}
