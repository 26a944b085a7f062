import { type Command, Option } from 'commander';
import { usageFault } from '../../fault.js';
import { rangeOption } from '../../search/range.js';
import { readWhere } from '../../search/where.js';
import type { FieldFilter } from '../../sources/types.js';
import type { LineTools } from '../line-tools.js';
import { integerOption } from '../options.js';
import { addTakeOptions, TAKE_HELP } from '../take/options.js';

const HELP = `
Similarity is 1 − cosine distance. Filters look at today's catalog. A query is
bought once and kept: the same query costs nothing later. --mode text buys nothing.

--where names a column of the collection's filters, or one of the options above: pack="Dusty Breaks" (letter case
is ignored), bpm=92, or a range, both ends included: bpm=80-95, gain=-12--3, bpm=80..,
bpm=..95. A text in quotes is a value, not a range: take='"80-95"'.
${TAKE_HELP}

--fold shows samples as one hit if they have the same length and, except for numbering and
punctuation, the same text; embeddings duplicates lists such samples of the whole library.

Examples:
  embeddings search dark moody hip hop
  embeddings search warm analog bass --bpm 80-95 --key "C minor" --limit 20
  embeddings search something to wake up to --mode vector --json
  embeddings search "don't stop" --mode text
  embeddings search snare --where pack="Dusty Breaks" --where bpm=80-95
  embeddings search dusty kicks --limit 32 --to /media/card --bank 16 --max-seconds 10
  embeddings similar 523 --genre techno
  embeddings similar kicks/1.wav`;

/** `embeddings search` and `embeddings similar`. */
export function addSearch(program: Command, { runWith, json }: LineTools): void {
  const filtered = (command: Command): Command =>
    addTakeOptions(command)
      .option('--limit <n>', 'samples to show', integerOption('--limit', 1, 1000), 10)
      .option('--min-similarity <x>', 'leave out samples below this similarity, -1 to 1', similarityOption)
      .option('--genre <name>', 'only this genre')
      .option('--key <name>', 'only this musical key, like "C minor"')
      .option('--bpm <from-to>', 'only these beats a minute, like 80-95', rangeOption('--bpm', '80-95'))
      .option('--mood <name>', 'only this mood, the primary or the secondary one')
      .option('--tag <name>', 'only samples with this tag')
      .option('--energy <from-to>', 'only this energy, like 0.2-0.6', rangeOption('--energy', '0.2-0.6'))
      .option(
        '--danceability <from-to>',
        'only this danceability, like 0.5..',
        rangeOption('--danceability', '0.5..'),
      )
      .option(
        '--duration <from-to>',
        'only this length in seconds, like ..4',
        rangeOption('--duration', '..4'),
      )
      .option(
        '--where <field=value>',
        'only rows with this value in this column, or in a range like bpm=80-95; may be repeated',
        (text: string, before: FieldFilter[] = []) => [...before, readWhere(text)],
      )
      .option('--diverse', 'leave out samples that are similar to a better hit, for more variety')
      .option('--fold', 'show near-duplicates as one hit: the best, with the number of others')
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
      .description('find the samples most similar to one sample')
      .argument('<id>', 'its id'),
  ).action(runWith(async () => (await import('./search.js')).similar));
}

const joined = (word: string, before?: string): string => (before === undefined ? word : `${before} ${word}`);

function similarityOption(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= -1 && value <= 1) return value;
  throw usageFault(`--min-similarity must be a number from -1 to 1, got "${text}"`);
}
