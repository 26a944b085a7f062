import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/**
 * Returns the same response with a body whose errors the adapter for Node does not see: it would write them to stderr
 * with their stacks. A body simply ends once the client has disconnected, as a page aborts many sounds that it fetches
 * ahead. `report` is called with any other error, and the connection is closed, so that the client notices.
 */
export function endQuietly(response: Response, c: Context, report: (error: unknown) => void): Response {
  if (response.body === null) return response;
  const { signal } = c.req.raw;
  // Absent where no connection is: a test asks the app itself.
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  const reader = response.body.getReader();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          if (signal.aborted) return controller.close();
          report(error);
          if (outgoing === undefined) throw error;
          // A body that ends short of its Content-Length would leave the client waiting.
          outgoing.destroy();
          controller.close();
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return new Response(body, response);
}
