import { z } from 'zod';
import { gotOf } from '../issue-sentence.js';
import { ID_TOO_LONG, LONGEST_ID, LONGEST_QUERY, QUERY_TOO_LONG } from '../search/request-limits.js';

const whole = (from: number, to: number) => {
  const range = `${from.toLocaleString('en')} to ${to.toLocaleString('en')}`;
  const error = ({ input }: { input?: unknown }): string =>
    `must be a whole number from ${range}${gotOf(input)}`;
  return z.number({ error }).int({ error }).min(from, { error }).max(to, { error });
};

const MOST_CONDITIONS = 20;
const MOST_EXAMPLES = 20;

const limit = whole(1, 100).default(10).describe('how many samples');
const where = z
  .array(z.string())
  .max(MOST_CONDITIONS, `has more than ${MOST_CONDITIONS} conditions: leave some out`)
  .default([])
  .describe('conditions that all hold, like ["genre=techno", "bpm=120-128"]');
const query = z.string().min(1).max(LONGEST_QUERY, QUERY_TOO_LONG);
const id = z.union([z.number(), z.string().max(LONGEST_ID, ID_TOO_LONG)]);
const ids = z.array(id).max(MOST_EXAMPLES, `names more than ${MOST_EXAMPLES} samples: leave some out`);

/** The arguments of each tool. Others are refused: a misspelt one would be a condition that is silently ignored. */
export const INPUTS = {
  search_samples: z.strictObject({
    query: query
      .optional()
      .describe('what it feels or sounds like, in plain words; may be left out where there are conditions'),
    ...{ where, limit },
    mode: z
      .enum(['hybrid', 'vector', 'text'])
      .default('hybrid')
      .describe('by meaning and words, or by one of them; text buys nothing'),
  }),
  similar_samples: z.strictObject({
    like: ids.min(1, 'is empty: name a sample').describe('ids of samples that it is like'),
    unlike: ids.default([]).describe('ids of samples that it is not like'),
    query: query.optional().describe('a feeling besides'),
    ...{ where, limit },
  }),
  make_kit: z.strictObject({
    brief: query.describe('like "dusty boom bap, 90 bpm, A minor"'),
    pads: whole(1, 64).default(16).describe('how many samples at most'),
    seed: whole(0, 1_000_000).default(1).describe('another one gives another kit'),
  }),
  get_sample: z.strictObject({ id: id.describe('its id') }),
  library_status: z.strictObject({}),
  usage: z.strictObject({}),
};
