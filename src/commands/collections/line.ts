import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings collections`. */
export function addCollections(program: Command, { run, json }: LineTools): void {
  program
    .command('collections')
    .description('list the collections of embeddings.config.yaml with their state, counts and cost')
    .option('--rename <old>', 'rename the collection <old> of a store to the name in --collection')
    .option('--collection <name>', 'with --rename: the new name (EMBEDDINGS_COLLECTION)')
    .addOption(json())
    .action(run(async () => (await import('./collections.js')).collections));
}
