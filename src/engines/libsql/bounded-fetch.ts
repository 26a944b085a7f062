/** A libSQL server answers with 10 MB at most; a larger answer is not from one. */
const MAX_BYTES = 64 * 2 ** 20;

/** Statuses whose answers have no body. */
const EMPTY = new Set([204, 205, 304]);

/**
 * Creates a fetch with the limits that the libSQL client lacks: each call ends after `deadlineMs()`, follows no
 * redirect (the token would be sent along), and reads at most `maxBytes`, counted after decompression.
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
