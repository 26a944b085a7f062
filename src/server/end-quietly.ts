/**
 * Returns the same response with a body that simply ends once the client has disconnected. Otherwise the adapter for
 * Node writes the error to stderr, and a page aborts many sounds that it fetches ahead.
 */
export function endQuietly(response: Response, { signal }: Request): Response {
  if (response.body === null) return response;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (!signal.aborted) throw error;
          controller.close();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}
