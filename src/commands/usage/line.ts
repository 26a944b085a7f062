import { type Command, Option } from 'commander';
import { usageFault } from '../../fault.js';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

const HELP = `
Cost is what settled requests cost. A request whose answer never came may have
been billed all the same: "At most" adds what such requests can have cost, so
that Cost ≤ the provider's bill ≤ At most. It is shown where the two differ.
Days are UTC. It reads TURSO_DATABASE_URL and changes nothing there.

--reconcile and --management-key hold the ledger against the provider's own
activity, by completed day (UTC) and model. Every difference is explained by
attempts, or said to be unexplained: exit code 1. FILE is the JSON of GET
/activity, or the CSV that the Activity page of openrouter.ai exports. A
management key is made at openrouter.ai/settings/management-keys and read from
OPENROUTER_MANAGEMENT_KEY, or from stdin with "--management-key -": on a command
line others could see it, in ps.

Examples:
  embeddings usage                         what did each run cost?
  embeddings usage --by day                and each day?
  embeddings usage --by model --json       for programs
  embeddings usage --reconcile activity.csv
  embeddings usage --management-key - < key.txt`;

/** `embeddings usage`. */
export function addUsage(program: Command, { run, json }: LineTools): void {
  program
    .command('usage')
    .description('what was spent, by run, day or model: the ledger of every request, added up')
    .addOption(new Option('--by <what>', 'one row for each').choices(['run', 'day', 'model']).default('run'))
    .option('--limit <n>', 'rows to show, the newest', integerOption('--limit', 1, 1_000_000), 50)
    .addOption(
      new Option('--reconcile <file>', "compare with the provider's activity in this file").conflicts(
        'managementKey',
      ),
    )
    .option('--management-key [-]', "compare with the provider's activity, asked now", managementKeyOption)
    .option('--shared-key', 'with these: others use the key too, so what is more than ours is theirs')
    .addOption(json())
    .addHelpText('after', HELP)
    .action(run(async () => (await import('./usage.js')).usage));
}

/** Checks that the value is `-` (stdin), never the key itself. */
function managementKeyOption(text: string): '-' {
  if (text === '-') return text;
  throw usageFault(
    '--management-key takes no key, which others could see in ps: put it into OPENROUTER_MANAGEMENT_KEY, or give it on stdin with --management-key -',
  );
}
