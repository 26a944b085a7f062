import { type Command, Option } from 'commander';
import { usageFault } from '../../fault.js';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

const HELP = `
Cost is what settled requests cost. A request without an answer may still have
been billed: "At most" adds the highest cost of such requests, so that Cost ≤
the provider's bill ≤ At most. It is shown if the two differ. Days are UTC. It
reads TURSO_DATABASE_URL and changes nothing there.

--reconcile and --management-key compare the ledger with the provider's own
activity, by completed day (UTC) and model. Every difference is explained by
attempts, or reported as unexplained: exit code 1. FILE is the JSON of GET
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
    .description('show what was spent, by run, day or model, from the ledger of all requests')
    .addOption(new Option('--by <what>', 'one row for each').choices(['run', 'day', 'model']).default('run'))
    .option('--limit <n>', 'rows to show, the newest', integerOption('--limit', 1, 1_000_000), 50)
    .addOption(
      new Option('--reconcile <file>', "compare with the provider's activity in this file").conflicts(
        'managementKey',
      ),
    )
    .option('--management-key [-]', "compare with the provider's activity, fetched now", managementKeyOption)
    .option('--shared-key', 'with these: other programs use the key too, so extra requests are theirs')
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
