import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings init`. */
export function addInit(program: Command, { run }: LineTools): void {
  program
    .command('init')
    .description('write .env from a few questions; each answer is checked, and what is there is kept')
    .action(run(async () => (await import('./init.js')).init));
}
