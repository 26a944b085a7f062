import type { OpenAPIHono } from '@hono/zod-openapi';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { createMcpServer } from '../mcp/create-server.js';
import type { ServerParts } from './parts.js';

/** The Model Context Protocol by streamable HTTP, without sessions: each request has a server of its own. */
export function addMcp(app: OpenAPIHono, { library }: ServerParts): void {
  app.all('/mcp', async (c) => {
    const server = await createMcpServer(library);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    c.req.raw.signal.addEventListener('abort', () => void server.close(), { once: true });
    await server.connect(transport);
    return transport.handleRequest(c.req.raw);
  });
}
