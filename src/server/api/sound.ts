import { createRoute, type OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { openOriginal, openPlayable } from '../../sound/playable.js';
import type { RefusalKind, SoundRefusal } from '../../sound/refusal.js';
import { respondWithSound } from '../../sound/respond.js';
import { endQuietly } from '../end-quietly.js';
import type { ServerParts } from '../parts.js';
import { refuse } from '../refuse.js';
import { bodyRefusals, json, refusals } from './responses.js';
import { sampleNow } from './sample-of.js';
import { idParameter, refusal } from './schemas.js';

const answers = (description: string) => ({
  200: { description, content: { 'audio/*': { schema: { type: 'string' as const, format: 'binary' } } } },
  206: { description: 'The part that Range asks for.' },
  304: { description: 'The sound still matches If-None-Match.' },
  ...refusals,
  403: json(
    refusal,
    'The file is outside of the roots (outside) or cannot be read (unreadable); or the reasons for any request.',
  ),
  ...Object.fromEntries(
    ([404, 409, 415, 416] as const).map((status) => [status, json(refusal, 'Why there is no sound.')]),
  ),
});

const ROUTES = {
  preview: createRoute({
    method: 'get',
    path: '/api/v1/samples/{id}/preview',
    summary: 'The sound in a form that browsers play, with Range',
    request: { params: idParameter },
    responses: answers('AIFF and PCM of more than 16 bits come as a 16-bit WAV, others as they are.'),
  }),
  download: createRoute({
    method: 'get',
    path: '/api/v1/samples/{id}/download',
    summary: "The sample's own file, with Range",
    request: { params: idParameter },
    responses: answers('The file as it lies there.'),
  }),
};

const revealed = createRoute({
  method: 'post',
  path: '/api/v1/samples/{id}/reveal',
  summary: 'Shows the file in the file manager of the server, if the server serves only its own machine',
  request: { params: idParameter },
  responses: {
    204: { description: 'It was shown.' },
    ...refusals,
    ...bodyRefusals,
    ...Object.fromEntries(
      ([403, 404, 409, 501] as const).map((status) => [status, json(refusal, 'Why it cannot be shown.')]),
    ),
  },
});

const STATUS: Readonly<Record<RefusalKind, ContentfulStatusCode>> = {
  'no-path': 404,
  'no-root': 409,
  outside: 403,
  gone: 404,
  'not-a-file': 404,
  unreadable: 403,
  'no-audio': 415,
  unplayable: 415,
};

/** Adds the routes for a sample's sound. A request names a sample, never a path. */
export function addSound(app: OpenAPIHono, { library, reveal, report }: ServerParts): void {
  for (const route of [...Object.values(ROUTES), revealed]) app.openAPIRegistry.registerPath(route);
  const answer = async (c: Context, download: boolean): Promise<Response> => {
    const { path } = await sampleNow(library, c.req.param('id') ?? '');
    const found = await library.file(path);
    if (found.kind !== 'file') return refused(c, found);
    const sound = await (download ? openOriginal(found) : openPlayable(found));
    if (sound.kind !== 'sound') return refused(c, sound);
    const response = respondWithSound(c.req.raw, sound, { download });
    return response.status === 416 ? beyond(c, response) : endQuietly(response, c, report);
  };
  // These routes also answer HEAD.
  app.get('/api/v1/samples/:id/preview', (c) => answer(c, false));
  app.get('/api/v1/samples/:id/download', (c) => answer(c, true));
  app.post('/api/v1/samples/:id/reveal', async (c) => {
    const { path } = await sampleNow(library, c.req.param('id'));
    const found = await library.file(path);
    if (found.kind !== 'file') return refused(c, found);
    if (reveal === undefined)
      return refuse(
        c,
        501,
        'no-screen',
        'this server also serves other machines, so it opens no file manager: copy the path instead',
      );
    try {
      await reveal(found.path);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return refuse(c, 501, 'no-screen', `no file manager could be opened (${why}): copy the path instead`);
    }
    return c.body(null, 204);
  });
}

/** Answers 416 to a range that lies beyond the end of the sound. */
function beyond(c: Context, { headers }: Response): Response {
  const range = headers.get('content-range') ?? '';
  c.header('Content-Range', range);
  const bytes = range.replace(/^bytes \*\//, '');
  return refuse(c, 416, 'range', `the sound has ${bytes} bytes, and Range asks for none of them`);
}

const refused = (c: Context, { kind, sentence }: SoundRefusal): Response =>
  refuse(c, STATUS[kind], kind, sentence);
