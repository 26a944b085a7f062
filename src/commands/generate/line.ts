import { type Command, Option } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption, usdOption } from '../options.js';
import { refuseUnknown } from '../unknown-command.js';

/** `embeddings generate`, the default command. */
export function addGenerate(program: Command, { run, json }: LineTools): void {
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
      new Option('--resume', 'go on with the run that stopped, or start the last one again').conflicts([
        'reset',
        'dryRun',
      ]),
    )
    .option('--dry-run', 'count tokens and cost; send nothing, write nothing, need no key')
    .option(
      '--reset',
      'embed every selected sample again, also those that are up to date (this is paid for again)',
    )
    .option('--prune', 'with --all: delete vectors of samples that are gone from the catalog')
    .option('--accept-shape', 'run although the catalog has lost a field that the last texts contained')
    .option(
      '--batch-size <n>',
      'samples per request (BATCH_SIZE, default 100)',
      integerOption('--batch-size', 1, 2048),
    )
    .option(
      '--max-retries <n>',
      'retries per batch (MAX_RETRIES, default 3)',
      integerOption('--max-retries', 0, 100),
    )
    .option(
      '--concurrency <n>',
      'requests in flight (CONCURRENCY, default 8)',
      integerOption('--concurrency', 1, 256),
    )
    .option('--max-cost <usd>', 'never spend more than this', usdOption('--max-cost'))
    .addOption(
      new Option('--on-blocked <what>', 'what a run does when it is blocked')
        .choices(['wait', 'fail'])
        .default('wait'),
    )
    .option('--progress-file <file>', 'keep a JSON progress file up to date')
    .option('--detach', 'start the run and return at once')
    .option('--yes', 'ask nothing')
    .addOption(json())
    .action(([unknown]: string[], options: object, command: Command) => {
      if (unknown !== undefined) refuseUnknown(program, unknown);
      return run(async () => (await import('./generate.js')).generate)(options, command);
    });
}
