import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings collections`. */
export function addCollections(program: Command, { run, json }: LineTools): void {
  program
    .command('collections')
    .description('what embeddings.config.yaml declares: each collection with its state, counts and cost')
    .option('--rename <old>', 'give the store of the collection <old> to the one that --collection names')
    .option('--collection <name>', 'with --rename: the new name (EMBEDDINGS_COLLECTION)')
    .addOption(json())
    .action(run(async () => (await import('./collections.js')).collections));
}
