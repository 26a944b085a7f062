import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings init`. */
export function addInit(program: Command, { run, json }: LineTools): void {
  program
    .command('init')
    .description(
      'write .env from a few questions; each answer is checked, and what is there is kept. With --table: declare a table in embeddings.config.yaml',
    )
    .option('--table <name>', 'a table or view of DATABASE_URL, as a collection')
    .option('--collection <name>', 'with --table: the name of the collection (default: that of the table)')
    .addOption(json())
    .action(run(async () => (await import('./init.js')).init));
}
