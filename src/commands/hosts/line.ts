import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

/** `embeddings doctor`, `worker` and `dev`. */
export function addHosts(program: Command, { run, json }: LineTools): void {
  program
    .command('doctor')
    .description('check every setting and connection, and embed one text; each fault is shown with its fix')
    .addOption(json())
    .action(run(async () => (await import('../doctor/doctor.js')).doctor));

  program
    .command('worker')
    .description('run a worker until it is told to stop')
    .option(
      '--grace <seconds>',
      'time for batches under way when stopping',
      integerOption('--grace', 0, 3600),
      30,
    )
    .option(
      '--metrics-port <n>',
      'port of 127.0.0.1 for /healthz and /metrics, 0 for any (default: 9464, or another where that is taken)',
      integerOption('--metrics-port', 0, 65_535),
    )
    .option('--build-id <id>', 'this release, for worker versioning (default: EMBEDDINGS_BUILD_ID, or none)')
    .option('--make-current', 'send new runs to this build; runs under way stay on theirs')
    .action(run(async () => (await import('./worker.js')).worker));

  program
    .command('dev')
    .description("keep Temporal's dev server, its Web UI and a worker up until Ctrl-C")
    .action(run(async () => (await import('./dev.js')).dev));
}
