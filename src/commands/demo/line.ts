import type { Command } from 'commander';
import { addDuplicates } from '../duplicates/line.js';
import { addExplain } from '../explain/line.js';
import { addFailures } from '../failures/line.js';
import { addKit } from '../kit/line.js';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';
import { addPages } from '../pages/line.js';
import { addSearch } from '../search/line.js';
import { addServe } from '../serve/line.js';
import { addStatus } from '../status/line.js';
import { refuseUnknownBeforeDefault } from '../unknown-command.js';
import { addUsage } from '../usage/line.js';
import { addVerify } from '../verify/line.js';

const HELP = `
The demo keeps its catalog, store and bill under EMBEDDINGS_HOME/demo. It changes none
of your settings and files.

Examples:
  embeddings demo                            run it; a second run goes on, and buys nothing twice
  embeddings demo --open                     the same, then hear it in a browser
  embeddings demo search dusty drum loop     find samples of the demo
  embeddings demo status --watch             from another terminal
  embeddings demo --samples 300              a smaller one
  embeddings demo --folder ~/Samples         your own sounds, with the sandbox as the provider
  embeddings demo map --samples 300`;

/** `embeddings demo`, and the reading commands on its result, such as `embeddings demo search`. */
export function addDemo(program: Command, tools: LineTools): void {
  const demo = program
    .command('demo')
    .description(
      'embed a demo catalog of 2,437 samples through a sandbox provider: nothing to pay, nothing to set up; then search it, draw it …',
    )
    .addHelpText('after', HELP);
  refuseUnknownBeforeDefault(demo);

  const sizeOption = integerOption('--samples', 1, 1_000_000);
  demo
    .command('run', { isDefault: true })
    .description('create the demo, or go on with it (the default)')
    .option('--samples <n>', 'size of the demo catalog', sizeOption, 2437)
    .option('--folder <path>', 'your own folder of audio files in place of the demo catalog')
    .option('--open', 'then open the page in a browser, where samples are heard, until Ctrl-C')
    .action(tools.run(async () => (await import('./demo.js')).demo));

  const there = tools.elsewhere(async (options, act) => {
    const { runOnDemo } = await import('./run-on-demo.js');
    return runOnDemo((options as { samples?: number }).samples, act);
  });
  for (const add of [
    addStatus,
    addFailures,
    addSearch,
    addKit,
    addServe,
    addDuplicates,
    addExplain,
    addPages,
    addVerify,
    addUsage,
  ])
    add(demo, there);
  for (const command of demo.commands)
    if (command.name() !== 'run')
      command.option(
        '--samples <n>',
        'use the demo of this size (default: the one that ran last)',
        sizeOption,
      );
}
