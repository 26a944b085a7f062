import { type Command, Option } from 'commander';
import type { LineTools } from '../line-tools.js';

const KINDS = ['splice', 'mixxx', 'beets', 'rekordbox', 'csv', 'jsonl'];

const HELP = `
Examples:
  embeddings init                                    asks, and writes .env
  embeddings init --table sounds                     a table of DATABASE_URL
  embeddings init --from splice                      Splice's library, where Splice keeps it
  embeddings init --from csv samples.csv             a file; again after it has changed
  embeddings init --from csv samples.csv --column title="Sample name" --column id=Path`;

/** `embeddings init`. */
export function addInit(program: Command, { runWith, json }: LineTools): void {
  program
    .command('init')
    .description(
      'write .env from a few questions; each answer is checked, and existing values are kept. With --table or --from: declare a table, or the library of a program, in embeddings.config.yaml',
    )
    .argument('[path]', 'with --from: the library or the file, as --path')
    .option('--table <name>', 'a table or view of DATABASE_URL, as a collection')
    .addOption(
      new Option('--from <kind>', 'the library of a program, or a file of rows, as a collection').choices(
        KINDS,
      ),
    )
    .option('--path <path>', 'with --from: where it is (default: looked for where the program keeps it)')
    .option(
      '--column <what=name>',
      'with --from csv, jsonl or rekordbox: which column has which role, like title="Sample name"; may be repeated',
      (text: string, before: string[] = []) => [...before, text],
    )
    .option(
      '--replace',
      'with --from csv, jsonl or rekordbox: this file takes the place of the one that the collection was read from',
    )
    .option(
      '--encoding <name>',
      'with --from csv, jsonl or rekordbox: how the file writes its letters, like shift_jis (default: detected)',
    )
    .option('--collection <name>', 'with --table or --from: the name of the collection')
    .addOption(json())
    .addHelpText('after', HELP)
    .action(runWith(async () => (await import('./init.js')).init));
}
