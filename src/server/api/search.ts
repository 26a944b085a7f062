import { createHash } from 'node:crypto';
import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import { inWordsOf } from '../../search/in-words-of.js';
import { findAll } from '../../search/library.js';
import { dollarsOf } from '../../search/query-vector.js';
import { readFilter } from '../../search/where.js';
import type { ServerParts } from '../parts.js';
import { BadRequest } from '../refuse.js';
import { json, millisecondsSince, noSample, refusals, searchRefusals } from './responses.js';
import { sampleNow, sampleOf } from './sample-of.js';
import {
  facetsAnswer,
  idParameter,
  sample,
  searchAnswer,
  searchQuery,
  statusAnswer,
  whereQuery,
} from './schemas.js';

const search = createRoute({
  method: 'get',
  path: '/api/v1/search',
  summary: 'Samples by what they feel like, by examples, or by both',
  request: { query: searchQuery },
  responses: { 200: json(searchAnswer, 'Best first.'), ...refusals, ...searchRefusals },
});

const facets = createRoute({
  method: 'get',
  path: '/api/v1/facets',
  summary: 'What there is to choose by, with counts',
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
  summary: 'How many samples there are, how many are embedded, how the newest run stands',
  responses: { 200: json(statusAnswer, 'The collection.'), ...refusals },
});

/** Our own searches, with every filter of the collection. */
export function addSearch(app: OpenAPIHono, { library }: ServerParts): void {
  app.openapi(search, async (c) => {
    const begun = performance.now();
    const { q, like, unlike, mode, limit, cursor, min_similarity, where } = c.req.valid('query');
    const filter = readFilter(where, library.collection);
    const query = q === undefined || q.trim() === '' ? null : q;
    const hash = hashOf({ q, like, unlike, mode, min_similarity, where });
    const from = cursor === undefined ? 0 : offsetIn(cursor, hash);
    const { signal } = c.req.raw;
    const options = {
      ...{ from, limit, filter, signal },
      ...(min_similarity !== undefined && { minSimilarity: min_similarity }),
    };
    const found =
      like.length === 0 && unlike.length === 0
        ? await library.search(query ?? '', { ...options, mode })
        : await library.byExample(
            { query, like: await findAll(library, like), unlike: await findAll(library, unlike) },
            options,
          );
    const results = await Promise.all(found.hits.map((hit) => sampleOf(hit, library)));
    return c.json(
      {
        ...{ results, count: results.length },
        empty: found.empty && inWordsOf('search', found.empty),
        next_cursor: found.more ? cursorAt(from + limit, hash) : null,
        bought: found.bought && { tokens: found.bought.tokens, cost_usd: dollarsOf(found.bought) },
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
      },
      200,
    );
  });
}

const hashOf = (asked: object): string =>
  createHash('sha256').update(JSON.stringify(asked)).digest('base64url').slice(0, 12);

const cursorAt = (offset: number, hash: string): string =>
  Buffer.from(`${offset}.${hash}`).toString('base64url');

function offsetIn(cursor: string, hash: string): number {
  const [, offset, of] = /^(\d{1,4})\.([\w-]{12})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (offset === undefined || of !== hash)
    throw new BadRequest(400, 'cursor', 'cursor is of another search: leave it out to begin at the first');
  return Number(offset);
}
