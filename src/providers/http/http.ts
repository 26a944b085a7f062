import { FailureType } from '../../contract/failure.js';
import { invalidResponse } from '../answers/check-answer.js';
import { jsonOrNull, parseJsonBody } from '../answers/json.js';
import { workShown } from '../answers/work-shown.js';
import { type Asked, sizeOf } from '../errors/about-the-model.js';
import { httpError } from '../errors/classify.js';
import { connectionError } from '../errors/connection-error.js';
import { errorText, isPage } from '../errors/error-body.js';
import { EmbeddingError } from '../errors/errors.js';

export interface Call {
  /** Operation and subject, for sentences. */
  what: string;
  /** Limit for the whole call, body included, milliseconds. */
  timeoutMs: number;
  /** Largest answer that is read, bytes after decompression. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
  /** What is sent, to tell an error about it from an echo; absent: nothing that an error could echo. */
  asked?: Asked;
  /** The request sets a highest price. */
  maxPrice?: boolean;
  /** Never to appear in a message. */
  secret: string | null;
}

export interface HttpAnswer {
  headers: Headers;
  body: Buffer;
}

/** An error answer to a request without texts costs nothing: only its first bytes are read. */
const MAX_ERROR_BYTES = 65_536;

/**
 * Makes one HTTP exchange, from sending to the last byte. Throws an EmbeddingError for all but a 2xx, and the signal's
 * own reason when the caller aborted.
 */
export async function exchange(
  send: (signal: AbortSignal) => Promise<Response>,
  call: Call,
): Promise<HttpAnswer> {
  const { what, timeoutMs, maxBytes, signal, secret, asked, maxPrice = false } = call;
  signal?.throwIfAborted();
  // Not AbortSignal.any with AbortSignal.timeout: in Node 20 those may be collected before they fire, and leak.
  const ending = new AbortController();
  const cancel = (): void => ending.abort();
  signal?.addEventListener('abort', cancel, { once: true });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    ending.abort();
  }, timeoutMs);

  try {
    const response = await send(ending.signal);
    const { status, headers } = response;
    if (status < 200 || status >= 300) {
      // When texts were sent, the body may be a whole answer, with its usage after the vectors.
      const text = await readError(response, asked === undefined ? MAX_ERROR_BYTES : maxBytes);
      ending.signal.throwIfAborted();
      const json = jsonOrNull(text);
      const body = errorText(json, text, headers);
      const sent = asked && { asked, work: workShown(json, sizeOf(asked.texts)) };
      throw httpError({ what, status, headers, body, maxPrice, secret, ...sent });
    }
    const body = await readWhole(response, maxBytes);
    if (body === null) throw invalidResponse(what, `the answer is larger than ${maxBytes} bytes`);
    return { headers, body };
  } catch (error) {
    signal?.throwIfAborted();
    if (late) throw tooLate(what, timeoutMs);
    throw error instanceof EmbeddingError ? error : connectionError(what, error, secret);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

/**
 * Reads a JSON body with `parse`; default: the whole body. Throws InvalidResponse for anything else, also for HTML from
 * a captive portal.
 */
export function parseJson(
  what: string,
  { body, headers }: HttpAnswer,
  parse: (body: Buffer) => unknown = parseJsonBody,
): unknown {
  try {
    return parse(body);
  } catch {
    const text = body.toString('utf8');
    const type = headers.get('content-type')?.split(';')[0]?.slice(0, 50) || 'no content type';
    const page = isPage(type, text);
    const is = page ? 'a page, not JSON' : 'not whole JSON';
    throw invalidResponse(what, `the answer is ${is} (${type}, ${text.length} characters)`, { page });
  }
}

const tooLate = (what: string, timeoutMs: number): EmbeddingError =>
  new EmbeddingError(`${what}: no whole answer within ${timeoutMs / 1000} s`, {
    type: FailureType.Transient,
    status: null,
    retryAfterMs: null,
    billed: 'maybe',
  });

async function readWhole(response: Response, maxBytes: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop early cancels the body, and with it the connection.
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Returns the part of an error body that arrived. The status counts even when the body breaks off. */
async function readError(response: Response, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.byteLength;
      if (size > maxBytes) break;
    }
  } catch {
    // The part that came before the connection broke is used.
  }
  return Buffer.concat(chunks).toString('utf8');
}
