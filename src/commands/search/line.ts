import { type Command, InvalidArgumentError, Option } from 'commander';
import { usageFault } from '../../fault.js';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';

const HELP = `
Similarity is 1 − cosine distance. Filters look at today's catalog. The query is
bought once and kept: asked again it costs nothing. --mode text buys nothing.

Examples:
  embeddings search dark moody hip hop
  embeddings search warm analog bass --bpm 80-95 --key "C minor" --limit 20
  embeddings search something to wake up to --mode vector --json
  embeddings search "don't stop" --mode text
  embeddings similar 523 --genre techno`;

/** `embeddings search` and `embeddings similar`. */
export function addSearch(program: Command, { runWith, json }: LineTools): void {
  const filtered = (command: Command): Command =>
    command
      .option('--limit <n>', 'samples to show', integerOption('--limit', 1, 1000), 10)
      .option('--min-similarity <x>', 'leave out what is less similar, -1 to 1', similarityOption)
      .option('--genre <name>', 'only this genre')
      .option('--key <name>', 'only this musical key, like "C minor"')
      .option('--bpm <from-to>', 'only these beats a minute, like 80-95', bpmOption)
      .option('--mood <name>', 'only this mood, the primary or the secondary one')
      .option('--tag <name>', 'only samples with this tag')
      .addOption(json());
  filtered(
    program
      .command('search')
      .description('find samples by what they feel like')
      .argument('<text...>', 'what to look for; quotes are not needed', joined)
      .addOption(
        new Option('--mode <how>', 'by meaning and words, or by one of them')
          .choices(['hybrid', 'vector', 'text'])
          .default('hybrid'),
      )
      .addHelpText('after', HELP),
  ).action(runWith(async () => (await import('./search.js')).search));
  filtered(
    program
      .command('similar')
      .description('find the samples nearest to one of them')
      .argument('<id>', 'its id', (text) => {
        if (/^\d+$/.test(text) && Number.isSafeInteger(Number(text))) return text;
        throw new InvalidArgumentError('It must be the id of a sample, like 523.');
      }),
  ).action(runWith(async () => (await import('./search.js')).similar));
}

const joined = (word: string, before?: string): string => (before === undefined ? word : `${before} ${word}`);

function similarityOption(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= -1 && value <= 1) return value;
  throw usageFault(`--min-similarity must be a number from -1 to 1, got "${text}"`);
}

function bpmOption(text: string): { from: number; to: number } {
  const [, from, to] = /^(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(text.trim()) ?? [];
  if (from !== undefined && Number(from) <= Number(to ?? from))
    return { from: Number(from), to: Number(to ?? from) };
  throw usageFault(`--bpm must be a number or a range like 80-95, got "${text}"`);
}
