import { answerFor } from './byte-range.js';
import { contentDisposition } from './file-name.js';
import type { SoundBytes } from './playable.js';

export interface RespondOptions {
  /** Save the file under its name instead of playing it. Default: false. */
  download?: boolean;
}

/**
 * Answers GET and HEAD (405 for others) with the requested bytes. The file is opened when the first bytes are read. It
 * is closed at the end, by an error, when the body is cancelled, and when the request is aborted.
 */
export function respondWithSound(
  request: Request,
  sound: SoundBytes,
  { download = false }: RespondOptions = {},
): Response {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } });
  const asked = (name: string): string | null => request.headers.get(name);
  const { status, from, to, headers } = answerFor(
    {
      // Range is defined for GET alone.
      range: request.method === 'GET' ? asked('range') : null,
      ifRange: asked('if-range'),
      ifNoneMatch: asked('if-none-match'),
      ifModifiedSince: asked('if-modified-since'),
    },
    sound,
  );
  const all = {
    ...headers,
    // A browser revalidates its copy each time, which transfers no file bytes.
    'Cache-Control': 'private, no-cache',
    'X-Content-Type-Options': 'nosniff',
    ...(status === 304 || status === 416
      ? {}
      : {
          'Content-Type': sound.type,
          'Content-Disposition': contentDisposition(download ? 'attachment' : 'inline', sound.name),
        }),
  };
  const hasBody = request.method === 'GET' && from < to;
  return new Response(hasBody ? streamOf(sound.read(from, to), request) : null, {
    status,
    headers: all,
  });
}

/**
 * Creates a stream that reads only on demand. A generator suspended at a `yield` runs its `finally` only on `return()`.
 * The stream keeps a reference to the request: undici refers weakly to what aborts the signal, so after garbage
 * collection of the request the signal would never fire, and the file would stay open.
 */
function streamOf(
  chunks: AsyncGenerator<Uint8Array, void, undefined>,
  request: Request,
): ReadableStream<Uint8Array> {
  let stop = (): void => {};
  const ended = (): void => request.signal.removeEventListener('abort', stop);
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        stop = () => {
          controller.error(request.signal.reason);
          ended();
          void chunks.return().catch(() => {});
        };
        if (request.signal.aborted) stop();
        else request.signal.addEventListener('abort', stop);
      },
      async pull(controller) {
        try {
          const { done, value } = await chunks.next();
          if (request.signal.aborted) return;
          if (value !== undefined) controller.enqueue(value);
          if (!done) return;
          ended();
          controller.close();
        } catch (error) {
          ended();
          throw error;
        }
      },
      async cancel() {
        ended();
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
