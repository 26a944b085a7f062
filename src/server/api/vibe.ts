import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Collection } from '../../collections/collection.js';
import { inWordsOf } from '../../search/in-words-of.js';
import { filterColumn, filterIn } from '../../search/named-filters.js';
import type { FieldFilter, SampleFilter } from '../../sources/types.js';
import type { ServerParts } from '../parts.js';
import { BadRequest } from '../refuse.js';
import { json, millisecondsSince, refusals, searchRefusals } from './responses.js';
import { vibeSampleOf } from './sample-of.js';
import {
  idParameter,
  type LibraryFilters,
  similarAnswer,
  similarQuery,
  vibeAnswer,
  vibeQuery,
} from './schemas.js';

const vibe = createRoute({
  method: 'get',
  path: '/api/v1/search/vibe',
  summary: 'Samples by what they feel like, for the front end of the sample library',
  request: { query: vibeQuery },
  responses: {
    200: json(vibeAnswer, 'Best first.'),
    ...refusals,
    ...searchRefusals,
  },
});

const similar = createRoute({
  method: 'get',
  path: '/api/v1/search/similar/{id}',
  summary: 'The samples most similar to one sample',
  request: { params: idParameter, query: similarQuery },
  responses: {
    200: json(similarAnswer, 'Best first, without the sample itself.'),
    ...refusals,
    ...searchRefusals,
  },
});

/** Adds the routes that the sample library's front end calls. */
export function addVibe(app: OpenAPIHono, { library }: ServerParts): void {
  app.openapi(vibe, async (c) => {
    const begun = performance.now();
    const { query, limit, ...filters } = c.req.valid('query');
    const filter = filterOf(filters, library.collection);
    const { signal } = c.req.raw;
    const { hits, empty } = await library.search(query, { mode: 'hybrid', limit, filter, signal });
    const results = hits.map(vibeSampleOf);
    return c.json(
      {
        ...{ query, results, count: results.length, execution_time_ms: millisecondsSince(begun) },
        ...whyNone(results, empty),
      },
      200,
    );
  });
  app.openapi(similar, async (c) => {
    const { limit, ...filters } = c.req.valid('query');
    const filter = filterOf(filters, library.collection);
    const { signal } = c.req.raw;
    const named = await library.find(c.req.valid('param').id);
    const examples = { query: null, like: [named], unlike: [] };
    const { hits, empty } = await library.byExample(examples, { limit, filter, signal });
    const results = hits.map(vibeSampleOf);
    return c.json(
      {
        ...{ reference_sample_id: named.called, results, count: results.length },
        ...whyNone(results, empty),
      },
      200,
    );
  });
}

/** Returns why nothing was found. Adds no field to answers with hits, so that the front end gets them unchanged. */
const whyNone = (results: readonly unknown[], empty: string | null) =>
  results.length === 0 ? { empty: empty && inWordsOf('front-end', empty) } : {};

/** Returns the filter of the front end's parameters. Throws a BadRequest when the collection has no such filter. */
function filterOf(given: LibraryFilters, collection: Collection): SampleFilter {
  const where: FieldFilter[] = [
    ...range('bpm', given.bpm_min, given.bpm_max),
    ...range('energy', given.energy_min, given.energy_max),
    ...range('danceability', given.danceability_min, given.danceability_max),
    ...(given.genre === undefined || given.genre.trim() === '' ? [] : [{ field: 'genre', is: given.genre }]),
  ];
  for (const { field } of where)
    if (filterColumn(field, collection.filters) === null)
      throw new BadRequest(
        400,
        'no-filter',
        `${collection.name} has no filter ${field}; it has ${collection.filters.join(', ')}`,
      );
  return filterIn({ where }, collection);
}

/** Returns the condition of a range. `name`: the parameters' name without _min and _max. */
function range(name: string, from?: number, to?: number): FieldFilter[] {
  if (from === undefined && to === undefined) return [];
  if (from !== undefined && to !== undefined && from > to)
    throw new BadRequest(
      400,
      'usage',
      `${name}_min ${from} is greater than ${name}_max ${to}: give the smaller number as ${name}_min`,
    );
  return [{ field: name, from: from ?? Number.NEGATIVE_INFINITY, to: to ?? Number.POSITIVE_INFINITY }];
}
