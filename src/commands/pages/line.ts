import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';

/** `embeddings report` and `embeddings map`. */
export function addPages(program: Command, { run, json }: LineTools): void {
  program
    .command('report')
    .description('spending, throughput, failures and coverage as one HTML file')
    .option('--out <file>', 'where to, - for stdout', 'report.html')
    .addOption(json())
    .action(run(async () => (await import('./report.js')).report));
  program
    .command('map')
    .description('the library as a picture, similar samples near each other; one HTML file')
    .option('--out <file>', 'where to, - for stdout', 'map.html')
    .addOption(json())
    .action(run(async () => (await import('./map.js')).map));
}
