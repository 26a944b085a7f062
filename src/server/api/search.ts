import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono, type z } from '@hono/zod-openapi';
import { inWordsOf } from '../../search/in-words-of.js';
import { findAll, type SampleLibrary } from '../../search/library.js';
import { type BoughtQuery, dollarsOf } from '../../search/query-vector.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { readFilter } from '../../search/where.js';
import type { ServerParts } from '../parts.js';
import { BadRequest } from '../refuse.js';
import { json, millisecondsSince, noSample, refusals, searchRefusals } from './responses.js';
import { sampleNow, sampleOf } from './sample-of.js';
import {
  facetsAnswer,
  idParameter,
  NOT_OURS,
  sample,
  searchAnswer,
  searchQuery,
  statusAnswer,
  whereQuery,
} from './schemas.js';

const search = createRoute({
  method: 'get',
  path: '/api/v1/search',
  summary: 'Samples by what they feel like, by examples, or by both; by conditions alone in order of id',
  request: { query: searchQuery },
  responses: { 200: json(searchAnswer, 'Best first.'), ...refusals, ...searchRefusals },
});

const facets = createRoute({
  method: 'get',
  path: '/api/v1/facets',
  summary: 'Values to filter by, with counts',
  request: { query: whereQuery },
  responses: { 200: json(facetsAnswer, 'By column.'), ...refusals },
});

const one = createRoute({
  method: 'get',
  path: '/api/v1/samples/{id}',
  summary: 'One sample as the catalog has it now',
  request: { params: idParameter },
  responses: {
    200: json(sample, 'The sample.'),
    ...noSample,
    ...refusals,
  },
});

const status = createRoute({
  method: 'get',
  path: '/api/v1/status',
  summary: 'Number of samples, number of embedded samples, state of the newest run',
  responses: { 200: json(statusAnswer, 'The collection.'), ...refusals },
});

/** Adds this project's own search API, with every filter of the collection. */
export function addSearch(app: OpenAPIHono, { library, reveal }: ServerParts): void {
  app.openapi(search, async (c) => {
    const begun = performance.now();
    const { cursor, ...asked } = c.req.valid('query');
    // The hash excludes `limit`: pages may differ in length, and the ranking stays the same.
    const { limit: _, ...ranking } = asked;
    const hash = hashOf(ranking);
    const place = cursor === undefined ? null : placeIn(cursor, hash);
    const look = isBrowsing(asked) ? browse : rank;
    const { hits, total, next, empty, bought } = await look(library, asked, place, c.req.raw.signal);
    const results = await Promise.all(hits.map((hit) => sampleOf(hit, library)));
    return c.json(
      {
        ...{ results, count: results.length, total },
        empty: empty && inWordsOf('search', empty),
        next_cursor: next === null ? null : cursorAt(next, hash),
        bought: bought && { tokens: bought.tokens, cost_usd: dollarsOf(bought) },
        execution_time_ms: millisecondsSince(begun),
      },
      200,
    );
  });
  app.openapi(facets, async (c) => {
    const filter = readFilter(c.req.valid('query').where, library.collection);
    return c.json({ facets: await library.facets(filter) }, 200);
  });
  app.openapi(one, async (c) => {
    const hit = await sampleNow(library, c.req.valid('param').id);
    return c.json(await sampleOf(hit, library), 200);
  });
  app.openapi(status, async (c) => {
    const { collection, columns } = library;
    const { samples, stored, failed, run } = await library.status();
    const { number, recipe, dimensions } = library.generation();
    return c.json(
      {
        ...{ collection: collection.name, model: recipe.model },
        ...{ generation: number, dimensions, columns: [...columns] },
        ...{ filters: [...collection.filters], samples, stored, failed },
        run: run && { state: run.state, reason: run.reason, updated_at: run.updatedAt },
        sound: await library.whyUnheard(),
        reveals: reveal !== undefined,
      },
      200,
    );
  });
}

type Asked = Omit<z.output<typeof searchQuery>, 'cursor'>;

interface Page {
  hits: SampleHit[];
  /** Hits on all pages; null for a ranked search, which ranks every sample. */
  total: number | null;
  /** `place` of the next page; null when there is none. */
  next: number | null;
  empty: string | null;
  bought: BoughtQuery | null;
}

/** Returns whether there are only conditions, so that there is nothing to rank by. */
const isBrowsing = ({ q = '', like, unlike, where }: Asked): boolean =>
  q.trim() === '' && like.length === 0 && unlike.length === 0 && where.length > 0;

/** Lists the samples that meet the conditions. `place`: number of the last sample on the previous page. */
async function browse(
  library: SampleLibrary,
  { limit, min_similarity, where }: Asked,
  place: number | null,
  signal: AbortSignal,
): Promise<Page> {
  if (min_similarity !== undefined)
    throw new BadRequest(400, 'usage', 'min_similarity needs q or like: add one of them');
  const filter = readFilter(where, library.collection);
  return { ...(await library.browse(filter, { after: place, limit, signal })), bought: null };
}

/** Ranks the samples. `place`: number of hits on the previous pages. */
async function rank(
  library: SampleLibrary,
  { q = '', like, unlike, mode, limit, min_similarity, where }: Asked,
  place: number | null,
  signal: AbortSignal,
): Promise<Page> {
  const from = place ?? 0;
  if (from < 0) throw new BadRequest(400, 'cursor', `cursor ${NOT_OURS}`);
  const options = {
    ...{ from, limit, filter: readFilter(where, library.collection), signal },
    ...(min_similarity !== undefined && { minSimilarity: min_similarity }),
  };
  const query = q.trim() === '' ? null : q;
  const { hits, more, empty, bought } =
    like.length === 0 && unlike.length === 0
      ? await library.search(query ?? '', { ...options, mode })
      : await library.byExample(
          { query, like: await findAll(library, like), unlike: await findAll(library, unlike) },
          options,
        );
  return { hits, total: null, next: more ? from + limit : null, empty, bought };
}

const hashOf = (asked: object): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12);

const cursorAt = (place: number, hash: string): string =>
  Buffer.from(`${place}.${hash}`).toString('base64url');

function placeIn(cursor: string, hash: string): number {
  const [, text, of] = /^(-?\d{1,16})\.([\w-]{12})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const place = Number(text);
  if (!Number.isSafeInteger(place) || of !== hash) throw new BadRequest(400, 'cursor', `cursor ${NOT_OURS}`);
  return place;
}
