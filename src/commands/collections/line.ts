import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings collections`. */
export function addCollections(program: Command, { run, json }: LineTools): void {
  program
    .command('collections')
    .description('what embeddings.config.yaml declares: each collection with its state, counts and cost')
    .addOption(json())
    .action(run(async () => (await import('./collections.js')).collections));
}
