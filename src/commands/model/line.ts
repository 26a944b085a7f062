import type { Command } from 'commander';
import type { LineTools } from '../line-tools.js';
import { integerOption, usdOption } from '../options.js';

const HELP = `
A generation is the set of vectors that one model, length, set of prefixes and template give.
Search reads the active one; another is built beside it by an ordinary run, with the same ledger, caps and
resume, while search goes on. A switch takes one transaction, and so does going back.

Examples:
  embeddings model list
  embeddings model try openai/text-embedding-3-large --dimensions 3072
  embeddings model build openai/text-embedding-3-large --dimensions 3072 --max-cost 2
  embeddings model build --shorten 512 --eight-bit     from the active one, nothing is bought
  embeddings model switch                              to the one that was built, once it is complete
  embeddings model rollback                            to the one before, nothing is bought
  embeddings model drop 1                              its vectors are deleted, their space is free`;

/** `embeddings model list`, `try`, `build`, `switch`, `rollback` and `drop`. */
export function addModel(program: Command, { run, runWith, json }: LineTools): void {
  const model = program
    .command('model')
    .description('change the model while search goes on: list, try, build, switch, rollback, drop')
    .addHelpText('after', HELP);

  model
    .command('list')
    .description('every generation: its model, state, samples and size')
    .addOption(json())
    .action(run(async () => (await import('./list.js')).list));

  addBuildOptions(
    model
      .command('try')
      .description('embed some samples with another model, and say how much search would change')
      .argument('[model]', 'id of the model at the provider; default: the model of the active generation'),
  )
    .option('--sample <n>', 'samples that are compared', integerOption('--sample', 20, 20_000), 500)
    .option(
      '--judged <file>',
      'judged queries, for nDCG@10 of both; default: judged.jsonl, if embeddings judge has made it',
    )
    .addOption(json())
    .action(runWith(async () => (await import('./try.js')).tryModel));

  addBuildOptions(
    model
      .command('build')
      .description('embed the library with another model, beside the active one')
      .argument('[model]', 'id of the model at the provider; default: the model of the active generation'),
  )
    .option('--detach', 'start it and return')
    .addOption(json())
    .action(runWith(async () => (await import('./build.js')).build));

  model
    .command('switch')
    .description('make search read another generation, which must be complete')
    .argument('[generation]', 'its number; default: the only one that is being built')
    .option('--allow-missing', 'switch even if samples are missing in it that search finds today')
    .addOption(json())
    .action(runWith(async () => (await import('./switch.js')).switchTo));

  model
    .command('rollback')
    .description('make search read the previous generation again')
    .addOption(json())
    .action(run(async () => (await import('./switch.js')).rollback));

  model
    .command('drop')
    .description('delete a generation that is not active, and free its space')
    .argument('<generation>', 'its number')
    .option('--yes', 'do not ask')
    .addOption(json())
    .action(runWith(async () => (await import('./drop.js')).drop));
}

const addBuildOptions = (command: Command): Command =>
  command
    .option(
      '--dimensions <n>',
      'numbers of a vector, as the model gives them',
      integerOption('--dimensions', 1, 65_536),
    )
    .option('--query-prefix <text>', 'prefix of each query, if the model needs one')
    .option('--document-prefix <text>', 'goes before each text')
    .option(
      '--shorten <n>',
      'keep the first n numbers of the active vectors: nothing is bought',
      integerOption('--shorten', 1, 65_536),
    )
    .option('--eight-bit', 'keep a byte a number: nothing is bought')
    .option('--max-cost <usd>', 'never spend more than this', usdOption('--max-cost'))
    .option('--yes', 'do not ask');
