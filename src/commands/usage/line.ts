import { type Command, Option } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

const HELP = `
Cost is what settled requests cost. A request whose answer never came may have
been billed all the same: "At most" adds what such requests can have cost, so
that Cost ≤ the provider's bill ≤ At most. It is shown where the two differ.
Days are UTC. It reads TURSO_DATABASE_URL and changes nothing there.

Examples:
  embeddings usage                         what did each run cost?
  embeddings usage --by day                and each day?
  embeddings usage --by model --json       for programs`;

/** `embeddings usage`. */
export function addUsage(program: Command, { run, json }: LineTools): void {
  program
    .command('usage')
    .description('what was spent, by run, day or model: the ledger of every request, added up')
    .addOption(new Option('--by <what>', 'one row for each').choices(['run', 'day', 'model']).default('run'))
    .option('--limit <n>', 'rows to show, the newest', integerOption('--limit', 1, 1_000_000), 50)
    .addOption(json())
    .addHelpText('after', HELP)
    .action(run(async () => (await import('./usage.js')).usage));
}
