import { z } from '@hono/zod-openapi';
import { DEEPEST } from '../../search/deepest.js';
import { decimalNumber } from '../../search/range.js';
import { ID_TOO_LONG, LONGEST_ID, LONGEST_QUERY, QUERY_TOO_LONG } from '../../search/request-limits.js';

/** Creates the schema of a number in a query string. A blank value counts as not given. */
const number = (from: number, to: number) =>
  z
    .string()
    .transform((text, context) => {
      if (text.trim() === '') return undefined;
      const value = decimalNumber(text);
      if (Number.isFinite(value) && value >= from && value <= to) return value;
      context.addIssue({ code: 'custom', message: `must be a number from ${from} to ${to}, got "${text}"` });
      return z.NEVER;
    })
    .optional();

const integer = (from: number, to: number, fallback: number) =>
  z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined || text.trim() === '') return fallback;
      const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
      if (value >= from && value <= to) return value;
      context.addIssue({
        code: 'custom',
        message: `must be a whole number from ${from} to ${to}, got "${text}"`,
      });
      return z.NEVER;
    });

/** What a cursor is that this server did not give for the same search. */
export const NOT_OURS = 'belongs to another search: leave it out to begin at the first hit';

const ANY = 1e12;
const text = z.string().max(LONGEST_QUERY, QUERY_TOO_LONG);

const limit = (most: number, fallback: number) =>
  integer(1, most, fallback).openapi({ type: 'integer', minimum: 1, maximum: most, default: fallback });

/** A number of a query string with its bounds, inclusive. */
const bounded = (minimum: number, maximum: number, description: string) =>
  number(minimum, maximum).openapi({ type: 'number', minimum, maximum, description });

/** Query parameters of the sample library's front end. */
const libraryFilters = {
  bpm_min: bounded(0, ANY, 'Beats a minute, inclusive.'),
  bpm_max: bounded(0, ANY, 'Beats a minute, inclusive.'),
  genre: z.string().optional().openapi({ description: 'Letter case is ignored.' }),
  energy_min: bounded(0, 1, '0 to 1, inclusive.'),
  energy_max: bounded(0, 1, '0 to 1, inclusive.'),
  danceability_min: bounded(0, 1, '0 to 1, inclusive.'),
  danceability_max: bounded(0, 1, '0 to 1, inclusive.'),
};

export const vibeQuery = z.object({
  query: text.openapi({ description: 'What the samples should feel like.', example: 'dark moody hip hop' }),
  limit: limit(100, 20),
  ...libraryFilters,
});
export const similarQuery = z.object({ limit: limit(100, 20), ...libraryFilters });
export type LibraryFilters = Omit<z.output<typeof similarQuery>, 'limit'>;

export const idParameter = z.object({
  id: z
    .string()
    .min(1)
    .max(LONGEST_ID, ID_TOO_LONG)
    .openapi({ param: { name: 'id', in: 'path' }, description: 'Id of the sample in the catalog.' }),
});

const nullable = <T extends z.ZodType>(schema: T) => schema.nullable();
const id = z.union([z.number(), z.string()]);

/** One sample in the form of the library's front end. */
export const vibeSample = z
  .object({
    id,
    title: nullable(z.string()),
    bpm: nullable(z.number()),
    musical_key: nullable(z.string()),
    genre: nullable(z.string()),
    duration: nullable(z.number()).openapi({ description: 'Seconds.' }),
    similarity: nullable(z.number()).openapi({ description: '1 − cosine distance.' }),
    mood: nullable(z.string()),
    mood_secondary: nullable(z.string()),
    energy_level: nullable(z.number()),
    danceability: nullable(z.number()),
    vibe_tags: z.array(z.string()),
    acousticness: nullable(z.number()),
    instrumentalness: nullable(z.number()),
    preview_url: nullable(z.string()),
    full_url: nullable(z.string()),
  })
  .openapi('VibeSample');
export type VibeSample = z.output<typeof vibeSample>;

const empty = nullable(z.string())
  .optional()
  .openapi({ description: 'Why nothing was found; only present if there are no samples.' });

export const vibeAnswer = z
  .object({
    query: z.string(),
    results: z.array(vibeSample),
    count: z.number(),
    execution_time_ms: z.number(),
    empty,
  })
  .openapi('VibeAnswer');

export const similarAnswer = z
  .object({ reference_sample_id: id, results: z.array(vibeSample), count: z.number(), empty })
  .openapi('SimilarAnswer');

export const refusal = z
  .object({
    code: z.string().openapi({ description: 'Error code for programs; each status lists its codes.' }),
    detail: z.string().openapi({ description: 'What is wrong, and the cure.' }),
  })
  .openapi('Refusal');

/** A parameter that may be repeated, each value once. Every condition and example costs a search of its own. */
const several = (most: number) =>
  z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((given) => [...new Set(given === undefined ? [] : Array.isArray(given) ? given : [given])])
    .refine((given) => given.length <= most, `names more than ${most} values: leave some out`)
    .openapi({ type: 'array', items: { type: 'string' }, maxItems: most });
const MOST_CONDITIONS = 50;
const MOST_EXAMPLES = 100;

const where = several(MOST_CONDITIONS).openapi({
  description:
    'A column and its value, like pack=Dusty Breaks, or a range of numbers, like bpm=80-95; may be repeated. /api/v1/facets names the columns.',
});

export const searchQuery = z.object({
  q: text.optional().openapi({
    description:
      'What the samples should feel like. Without it and without examples, the samples that fit `where` are listed.',
    example: 'dusty drum loop',
  }),
  like: several(MOST_EXAMPLES).openapi({
    description: 'Ids of samples that the hits should be like; may be repeated.',
  }),
  unlike: several(MOST_EXAMPLES).openapi({
    description: 'Ids of samples that the hits should not be like; may be repeated.',
  }),
  mode: z.enum(['hybrid', 'vector', 'text']).default('hybrid').openapi({
    description: 'Search by meaning and words, or by one of them. With examples it is always by meaning.',
  }),
  limit: limit(200, 50),
  cursor: z
    .string()
    .max(200, NOT_OURS)
    .optional()
    .transform((text) => (text === '' ? undefined : text))
    .openapi({
      description: `next_cursor of the previous answer; limit may differ. Only the first ${DEEPEST.toLocaleString('en')} hits are available.`,
    }),
  min_similarity: bounded(-1, 1, 'Leaves out samples below this similarity.'),
  where,
});

export const whereQuery = z.object({ where });

/** One sample with all columns that its collection displays or filters by. */
export const sample = z
  .object({
    id,
    title: nullable(z.string()),
    similarity: nullable(z.number()),
    score: z.number(),
    duration: nullable(z.number()).openapi({ description: 'Seconds.' }),
    path: nullable(z.string()).openapi({ description: 'Path of the audio file in the catalog.' }),
    file: nullable(z.string()).openapi({
      description:
        'Path of that file on the machine of the server, with links resolved; null: it does not exist, or cannot be read.',
    }),
    gone: z.boolean().openapi({ description: 'The sample is no longer in the catalog.' }),
    preview_url: nullable(z.string()),
    download_url: nullable(z.string()),
    fields: z.record(z.string(), z.unknown()),
  })
  .openapi('Sample');
export type ApiSample = z.output<typeof sample>;

export const searchAnswer = z
  .object({
    results: z.array(sample),
    count: z.number().openapi({ description: 'Number of samples in this answer.' }),
    total: nullable(z.number()).openapi({
      description: 'How many samples fit, if there are only conditions; null: all samples are ranked.',
    }),
    next_cursor: nullable(z.string()).openapi({
      description: `Null: these are the last hits, or the last of the first ${DEEPEST.toLocaleString('en')}.`,
    }),
    empty: nullable(z.string()).openapi({ description: 'Why nothing was found.' }),
    bought: nullable(z.object({ tokens: nullable(z.number()), cost_usd: nullable(z.number()) })).openapi({
      description: "Cost of the query's vector; null: the vector was known.",
    }),
    execution_time_ms: z.number(),
  })
  .openapi('SearchAnswer');

export const facetsAnswer = z
  .object({
    facets: z.array(
      z.union([
        z.object({
          field: z.string(),
          kind: z.literal('values'),
          values: z.array(z.object({ value: z.string(), count: z.number() })),
          distinct: z
            .number()
            .openapi({ description: 'Number of different values; the 50 most frequent ones are given.' }),
        }),
        z.object({
          field: z.string(),
          kind: z.literal('range'),
          min: z.number(),
          max: z.number(),
          count: z.number(),
          bins: z
            .array(z.number())
            .openapi({ description: 'Number of samples in each of the bins, which have equal width.' }),
        }),
      ]),
    ),
  })
  .openapi('Facets');

export const statusAnswer = z
  .object({
    collection: z.string(),
    model: z.string(),
    generation: z
      .number()
      .openapi({ description: 'Generation whose vectors are searched; see embeddings model list.' }),
    dimensions: z.number(),
    columns: z.array(z.string()),
    filters: z.array(z.string()),
    samples: z.number(),
    stored: z.number(),
    failed: z.number(),
    run: nullable(z.object({ state: z.string(), reason: nullable(z.string()), updated_at: z.string() })),
    sound: nullable(z.string()).openapi({
      description: 'Why no sound can be played; null: sounds can be played.',
    }),
    reveals: z.boolean().openapi({ description: 'Whether files can be shown in the file manager.' }),
  })
  .openapi('Status');
