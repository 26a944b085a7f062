import { PassThrough, Readable } from 'node:stream';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { NoSuchSample } from '../../domain/find-sample.js';
import { findAll, type SampleLibrary } from '../../search/library.js';
import { ID_TOO_LONG, LONGEST_ID } from '../../search/request-limits.js';
import type { SampleHit } from '../../search/sample-hit.js';
import { contentDisposition } from '../../sound/file-name.js';
import { BYTE_ORDER_MARK, csvOf } from '../../take/csv.js';
import { m3u8Of } from '../../take/m3u8.js';
import { openerOf } from '../../take/open-found.js';
import { prepareSamples } from '../../take/prepare.js';
import { writeZip } from '../../take/zip.js';
import { endQuietly } from '../end-quietly.js';
import type { ServerParts } from '../parts.js';
import { bodyRefusals, noSample, refusals } from './responses.js';
import { sampleOf } from './sample-of.js';
import { sample } from './schemas.js';

const FORMS = {
  zip: 'application/zip',
  m3u8: 'audio/x-mpegurl',
  csv: 'text/csv',
  json: 'application/json',
} as const;

const asked = z.strictObject({
  ids: z
    .array(z.union([z.number(), z.string().max(LONGEST_ID, ID_TOO_LONG)]))
    .min(1, 'is empty: name a sample')
    .max(1000, 'names more than 1,000 samples: take them in parts'),
  form: z.enum(['zip', 'm3u8', 'csv', 'json']),
});

const FILE = { schema: { type: 'string' as const, format: 'binary' } };
const CONTENT = {
  [FORMS.zip]: FILE,
  [FORMS.m3u8]: FILE,
  [FORMS.csv]: FILE,
  [FORMS.json]: { schema: z.array(sample) },
};

const route = createRoute({
  method: 'post',
  path: '/api/v1/take',
  summary: 'Samples as one file, in the order of the ids: their sounds as a zip, a playlist, or a table',
  request: { body: { required: true, content: { 'application/json': { schema: asked } } } },
  responses: {
    200: {
      description:
        'The file. Samples that are no longer in the catalog are left out; a zip also leaves out samples without a ' +
        'readable file, and files that are not sounds. "Left out.txt" in the zip lists them with the reason. An id that is given twice counts once.',
      content: CONTENT,
    },
    ...noSample,
    ...refusals,
    ...bodyRefusals,
  },
});

/** Adds the export of samples, from the tray or a search, as one file. */
export function addTake(app: OpenAPIHono, { library, report }: ServerParts): void {
  app.openapi(route, async (c) => {
    const { ids, form } = c.req.valid('json');
    const named = await findAll(library, ids);
    const once = [...new Map(named.map((each) => [each.number, each])).values()];
    const found = await library.describe(once);
    const hits = found.filter(({ gone }) => gone !== true);
    const gone = found.filter((hit) => hit.gone === true);
    if (hits.length === 0) throw new NoSuchSample('none of these samples is in the catalog: name others');
    const headers = {
      'Content-Type': FORMS[form],
      'Content-Disposition': contentDisposition('attachment', `samples.${form}`),
    };
    const body =
      form === 'zip'
        ? zipOf(hits, { library, gone, signal: c.req.raw.signal })
        : await textOf(hits, form, library);
    return endQuietly(new Response(body, { headers }), c, report);
  });
}

async function textOf(
  hits: readonly SampleHit[],
  form: 'm3u8' | 'csv' | 'json',
  library: SampleLibrary,
): Promise<string> {
  switch (form) {
    case 'csv':
      return BYTE_ORDER_MARK + csvOf(hits);
    case 'json':
      return JSON.stringify(await Promise.all(hits.map((hit) => sampleOf(hit, library))));
    case 'm3u8':
      return m3u8Of(
        await Promise.all(
          hits.map(async (hit) => {
            const path = await library.place(hit.path);
            // The disk may be connected later, so the playlist keeps the catalog's path.
            return path === null ? { hit } : { hit, path };
          }),
        ),
      );
  }
}

function zipOf(
  hits: readonly SampleHit[],
  { library, gone, signal }: { library: SampleLibrary; gone: readonly SampleHit[]; signal: AbortSignal },
): ReadableStream {
  const stream = new PassThrough();
  // Clients must not learn paths on the server's disk.
  const samples = prepareSamples(hits, openerOf(library.file, { places: false }));
  const lost = gone.map((hit) => ({ hit, reason: 'it is not in the catalog any more' }));
  writeZip(followedBy(samples, lost), stream, { signal, tellLeftOut: true }).catch((error: unknown) => {
    // Unzip programs refuse a truncated zip, so the client notices.
    stream.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return Readable.toWeb(stream) as ReadableStream;
}

async function* followedBy<T>(first: AsyncIterable<T>, last: readonly T[]): AsyncGenerator<T> {
  yield* first;
  yield* last;
}
