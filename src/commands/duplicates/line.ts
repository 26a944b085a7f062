import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

const HELP = `
Near-duplicates have the same text except for numbering and punctuation, and lengths that
differ by less than 1 % or 30 ms. If a length is unknown, only the text is compared: "text
alone". Numbered takes of one pack may sound different: listen before you delete. Reads only.`;

/** `embeddings duplicates`. */
export function addDuplicates(program: Command, { run, json }: LineTools): void {
  program
    .command('duplicates')
    .description('list samples that seem to exist more than once')
    .option('--limit <n>', 'groups to show, the largest first', integerOption('--limit', 1, 100_000), 20)
    .addOption(json())
    .addHelpText('after', HELP)
    .action(run(async () => (await import('./duplicates.js')).duplicates));
}
