/** An answer of libSQL's server holds 10 MB at most; what is larger is none of its. */
const MAX_BYTES = 64 * 2 ** 20;

/** Statuses whose answers have no body. */
const EMPTY = new Set([204, 205, 304]);

/**
 * What the libSQL client lacks: each call ends by `deadlineMs()`, follows no redirect (the token would travel along), and
 * takes no more than `maxBytes`, counted after decompression.
 */
export const boundedFetch =
  (deadlineMs: () => number, maxBytes = MAX_BYTES, send: typeof fetch = fetch): typeof fetch =>
  async (input, init) => {
    const signal = AbortSignal.timeout(deadlineMs());
    const answer = await send(input, { ...init, redirect: 'error', signal });
    const { status, statusText, headers, body } = answer;
    if (body === null || EMPTY.has(status)) return answer;
    return new Response(body.pipeThrough(counting(maxBytes)), { status, statusText, headers });
  };

function counting(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > maxBytes) controller.error(new Error(`the answer is larger than ${maxBytes} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
