import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption, shareOption } from '../options.js';
import { JUDGED_FILE } from './judged-path.js';

const EVAL_HELP = `
A judged file has one line per query: {"query": "warm jazz", "grades": {"17": 3, "4": 0}}, with ids of
the catalog and grades from 0 (wrong) to 3 (exactly right). embeddings judge writes such a file.

Examples:
  embeddings judge                             judge what past searches find, in a terminal
  embeddings eval                              how good is the active generation?
  embeddings eval --generation 2               and the one that is being built?
  embeddings eval --at-least 0.6               exit 1 where it is worse, for a nightly check`;

/** `embeddings eval` and `embeddings judge`. */
export function addEval(program: Command, { run, runWith, json }: LineTools): void {
  program
    .command('eval')
    .description('measure how good search is, by queries that a person has judged')
    .option('--judged <file>', 'judged queries', JUDGED_FILE)
    .option(
      '--generation <n>',
      'generation to measure (default: the active one)',
      integerOption('--generation', 1, 1e9),
    )
    .option('--mode <mode>', 'hybrid, vector or text', 'hybrid')
    .option('--at-least <ndcg>', 'exit 1 where nDCG@10 is less', shareOption('--at-least'))
    .addOption(json())
    .addHelpText('after', EVAL_HELP)
    .action(run(async () => (await import('./eval.js')).evaluate));
  program
    .command('judge')
    .description('grade the hits of past queries, for eval and for trying other models')
    .argument('[file]', 'where the grades are kept', JUDGED_FILE)
    .option('--queries <n>', 'past queries at most', integerOption('--queries', 1, 10_000), 20)
    .option('--depth <n>', 'hits to judge per query', integerOption('--depth', 1, 100), 10)
    .action(runWith(async () => (await import('./judge.js')).judge));
}
