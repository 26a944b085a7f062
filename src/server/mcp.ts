import type { OpenAPIHono } from '@hono/zod-openapi';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { createMcpServer, instructionsFor } from '../mcp/create-server.js';
import type { ServerParts } from './parts.js';

/** Milliseconds that instructions are cached. Each request has its own MCP server, so none is notified of changes. */
const FRESH_MS = 10_000;

/** Adds the Model Context Protocol over streamable HTTP, without sessions: each request creates its own server. */
export function addMcp(app: OpenAPIHono, { library }: ServerParts): void {
  let known: { text: string; at: number } | null = null;
  const instructions = async (): Promise<string> => {
    if (known === null || performance.now() - known.at > FRESH_MS)
      known = { text: await instructionsFor(library), at: performance.now() };
    return known.text;
  };
  app.all('/mcp', async (c) => {
    const server = createMcpServer(library, await instructions());
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    c.req.raw.signal.addEventListener('abort', () => void server.close(), { once: true });
    await server.connect(transport);
    return transport.handleRequest(c.req.raw);
  });
}
