import { Command, Option } from 'commander';
import { inert } from '../terminal/inert.js';
import { integerOption, usdOption } from './options.js';

type Action = (host: NodeJS.Process, options: never) => Promise<number>;

const EXAMPLES = `
Examples:
  embeddings demo                          try it: a demo catalog, a sandbox provider, nothing to pay
  embeddings --dry-run --all               what would it cost?
  embeddings --all                         embed everything that is new or has changed
  embeddings --sample-ids 1,5,10-20        these samples only
  embeddings --resume                      go on where it stopped
  embeddings status --watch                look at a run from another terminal

Settings come from the environment or .env: OPENROUTER_API_KEY, TURSO_DATABASE_URL, TURSO_AUTH_TOKEN,
DATABASE_URL; without TEMPORAL_ADDRESS the command brings its own Temporal. \`embeddings doctor\` checks them.

Exit codes: 0 all well · 1 some samples failed · 2 bad usage or configuration · 3 blocked or paused, work
remains · 130 interrupted`;

const USAGE_HELP = `
Cost is what settled requests cost. A request whose answer never came may have
been billed all the same: "At most" adds what such requests can have cost, so
that Cost ≤ the provider's bill ≤ At most. It is shown where the two differ.
Days are UTC. It reads TURSO_DATABASE_URL and changes nothing there.

Examples:
  embeddings usage                         what did each run cost?
  embeddings usage --by day                and each day?
  embeddings usage --by model --json       for programs`;

/** The command line. Actions are imported when they are called, so that --help loads next to nothing. */
export function buildProgram(host: NodeJS.Process, exitWith: (code: number) => void): Command {
  const program = new Command('embeddings');
  program
    .description(
      'Embeds the metadata of audio samples through OpenRouter into a Turso (libSQL) database, durably.',
    )
    .addHelpText('after', EXAMPLES)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(inert(text)),
    })
    .showHelpAfterError('(see embeddings --help)')
    .enablePositionalOptions();

  const run =
    (load: () => Promise<Action>) =>
    async (options: object): Promise<void> => {
      const action = await load();
      exitWith(await action(host, options as never));
    };
  const json = new Option('--json', 'print JSON on stdout, nothing else');

  program
    .command('generate', { isDefault: true })
    .description('embed samples (the default command)')
    .argument('[unknown...]')
    .addOption(
      new Option('--all', 'every sample of the catalog').conflicts(['sampleIds', 'failed', 'resume']),
    )
    .addOption(
      new Option('--sample-ids <ids>', 'ids and ranges, like 1,5,10-20').conflicts([
        'all',
        'failed',
        'resume',
      ]),
    )
    .addOption(
      new Option('--failed', 'only the samples that failed').conflicts(['all', 'sampleIds', 'resume']),
    )
    .addOption(
      new Option('--resume', 'go on with the run that stopped, or ask for the last one again').conflicts([
        'reset',
        'dryRun',
      ]),
    )
    .option('--dry-run', 'count tokens and cost; send nothing, write nothing, need no key')
    .option('--reset', 'embed every selected sample anew, also what is up to date (this is paid for again)')
    .option(
      '--batch-size <n>',
      'samples a request (BATCH_SIZE, default 100)',
      integerOption('--batch-size', 1, 2048),
    )
    .option(
      '--max-retries <n>',
      'retries of a batch (MAX_RETRIES, default 3)',
      integerOption('--max-retries', 0, 100),
    )
    .option(
      '--concurrency <n>',
      'requests in flight (CONCURRENCY, default 8)',
      integerOption('--concurrency', 1, 256),
    )
    .option('--max-cost <usd>', 'never spend more than this', usdOption('--max-cost'))
    .addOption(
      new Option('--on-blocked <what>', 'what a run does that cannot go on')
        .choices(['wait', 'fail'])
        .default('wait'),
    )
    .option('--progress-file <file>', 'keep a JSON progress file up to date')
    .option('--detach', 'start the run and return at once')
    .option('--yes', 'ask nothing')
    .addOption(json)
    .action(async (unknown: string[], options: object) => {
      const { generate } = await import('./generate.js');
      exitWith(await generate(host, { ...options, unknown } as never));
    });

  program
    .command('status')
    .description('where the run stands, also when no worker is up')
    .option('--watch', 'keep looking until it ends')
    .addOption(json)
    .action(run(async () => (await import('./status.js')).status as Action));

  for (const [name, description] of [
    ['pause', 'let the batches under way finish and send no more'],
    ['cancel', 'end the run; what is stored stays'],
  ] as const)
    program
      .command(name)
      .description(description)
      .addOption(json)
      .action(run(async () => (await import('./control.js'))[name] as Action));

  program
    .command('resume')
    .description('go on after a pause or a block')
    .option('--max-cost <usd>', 'a new cap for the whole run', usdOption('--max-cost'))
    .addOption(json)
    .action(run(async () => (await import('./control.js')).resume as Action));

  program
    .command('failures')
    .description('the samples that failed, and why')
    .option('--limit <n>', 'rows to show', integerOption('--limit', 1, 1_000_000), 50)
    .addOption(json)
    .action(run(async () => (await import('./failures.js')).failures as Action));

  program
    .command('verify')
    .description('read every stored vector back and check it; exit 1 when something is off')
    .option(
      '--repair',
      'embed exactly the damaged samples again (paid), remove rows of samples that are gone',
    )
    .option('--yes', 'ask nothing')
    .addOption(json)
    .action(run(async () => (await import('./verify.js')).verify as Action));

  program
    .command('usage')
    .description('what was spent, by run, day or model: the ledger of every request, added up')
    .addOption(new Option('--by <what>', 'one row for each').choices(['run', 'day', 'model']).default('run'))
    .option('--limit <n>', 'rows to show, the newest', integerOption('--limit', 1, 1_000_000), 50)
    .addOption(json)
    .addHelpText('after', USAGE_HELP)
    .action(run(async () => (await import('./usage.js')).usage as Action));

  program
    .command('doctor')
    .description('check every setting and connection; each fault is named with its cure')
    .addOption(json)
    .action(run(async () => (await import('./doctor.js')).doctor as Action));

  program
    .command('worker')
    .description('run a worker until it is told to stop')
    .option(
      '--grace <seconds>',
      'time for batches under way when stopping',
      integerOption('--grace', 0, 3600),
      30,
    )
    .action(run(async () => (await import('./worker.js')).worker as Action));

  program
    .command('dev')
    .description("keep Temporal's dev server, its Web UI and a worker up until Ctrl-C")
    .action(run(async () => (await import('./dev.js')).dev as Action));

  program
    .command('demo')
    .description(
      'embed a demo catalog of 2,437 samples through a sandbox provider: nothing to pay, nothing to set up',
    )
    .option('--samples <n>', 'size of the demo catalog', integerOption('--samples', 1, 1_000_000), 2437)
    .action(run(async () => (await import('./demo.js')).demo as Action));

  return program;
}
