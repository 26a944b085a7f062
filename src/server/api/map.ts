import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { ServerParts } from '../parts.js';
import { json, refusals } from './responses.js';
import { refusal } from './schemas.js';

const names = z.object({
  names: z.array(z.string()),
  of: z.string().openapi({ description: 'For each sample, an index into names: uint16, base64.' }),
});

const answer = z
  .object({
    ids: z.array(z.number()),
    textIds: z.array(z.string().nullable()).optional().openapi({
      description: 'If the ids of the catalog are text: these ids, in the same order.',
    }),
    titles: z.array(z.string()),
    genres: names,
    moods: names,
    places: z.string().openapi({ description: 'x, y of each sample, −1 to 1: float32, base64.' }),
    sketches: z
      .string()
      .openapi({ description: 'The values of each sample, as many as numbers says: int8, base64.' }),
    numbers: z.number(),
  })
  .openapi('Map');

const progress = z
  .object({ what: z.string(), share: z.number().openapi({ description: '0 to 1.' }) })
  .openapi('MapProgress');

const route = createRoute({
  method: 'get',
  path: '/api/v1/map',
  summary: 'All samples on a plane, similar samples near each other',
  responses: {
    200: json(answer, 'The map, as it was at the first request.'),
    202: json(progress, 'The map is being made: request it again in a second.'),
    ...refusals,
    400: json(refusal, 'There is nothing to draw.'),
  },
});

/**
 * Adds the map's route. The first request starts building the map in the background, once. After a failure the next
 * request gets the error, and the request after that starts again.
 */
export function addMap(app: OpenAPIHono, { map }: ServerParts): void {
  if (map === undefined) return;
  let made: string | null = null;
  let failed: { error: unknown } | null = null;
  let making: { what: string; share: number } | null = null;
  const make = async (): Promise<void> => {
    making = { what: 'Reading', share: 0 };
    try {
      const packed = await map((what, share) => {
        making = { what, share: Math.min(1, share) };
      });
      made = JSON.stringify(packed);
    } catch (error) {
      failed = { error };
    } finally {
      making = null;
    }
  };
  app.openAPIRegistry.registerPath(route);
  app.get(route.path, (c) => {
    if (made !== null) return c.body(made, 200, { 'Content-Type': 'application/json' });
    if (failed !== null) {
      const { error } = failed;
      failed = null;
      throw error;
    }
    if (making === null) void make();
    c.header('Retry-After', '1');
    return c.json(making, 202);
  });
}
