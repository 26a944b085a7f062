import type { OpenAPIHono } from '@hono/zod-openapi';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { isJsonContentType } from '@modelcontextprotocol/sdk/shared/mediaType.js';
import {
  ErrorCode,
  isJSONRPCRequest,
  type JSONRPCMessage,
  SUPPORTED_PROTOCOL_VERSIONS,
} from '@modelcontextprotocol/sdk/types.js';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { connectServer, instructionsFor } from '../mcp/create-server.js';
import { type ErrorAnswer, errorAnswer, readMessage } from '../mcp/read-message.js';
import type { ServerParts } from './parts.js';

/** Milliseconds that instructions are cached. Each request has its own MCP server, so none is notified of changes. */
const FRESH_MS = 10_000;
/** The SDK refuses more in one body. */
const MOST_MESSAGES = 100;

/**
 * Adds the Model Context Protocol over streamable HTTP, without sessions: each request creates its own server. There is
 * no stream to GET, as this server sends nothing by itself, and no session to DELETE.
 */
export function addMcp(app: OpenAPIHono, { library }: ServerParts): void {
  let known: { text: string; at: number } | null = null;
  const instructions = async (): Promise<string> => {
    if (known === null || performance.now() - known.at > FRESH_MS)
      known = { text: await instructionsFor(library), at: performance.now() };
    return known.text;
  };
  app.post('/mcp', async (c) => {
    const wrong = headersAreWrong(c);
    if (wrong) return wrong;
    const read = readBody(await c.req.text());
    // A client of the protocol reads the error of a request only from an answer of status 200.
    if ('refusal' in read) return c.json(read.refusal, read.refusal.id === null ? 400 : 200);
    if (read.messages.length === 0) return c.body(null, 202);
    const transport = new WebStandardStreamableHTTPServerTransport({ enableJsonResponse: true });
    const server = await connectServer(transport, library, await instructions());
    c.req.raw.signal.addEventListener('abort', () => void server.close(), { once: true });
    const { url, headers } = c.req.raw;
    const asked = new Request(url, { method: 'POST', headers: new Headers(headers) });
    asked.headers.set('accept', 'application/json, text/event-stream');
    return transport.handleRequest(asked, { parsedBody: read.messages });
  });
}

function headersAreWrong(c: Context): Response | null {
  const no = (status: ContentfulStatusCode, message: string): Response =>
    c.json(errorAnswer(null, -32_000, message), status);
  const accept = c.req.header('accept') ?? '*/*';
  if (!/application\/(?:json|\*)|\*\/\*/i.test(accept))
    return no(406, 'answers are JSON: send Accept: application/json, text/event-stream');
  if (!isJsonContentType(c.req.header('content-type') ?? null))
    return no(415, 'a message is JSON: send Content-Type: application/json');
  const version = c.req.header('mcp-protocol-version');
  if (version !== undefined && !SUPPORTED_PROTOCOL_VERSIONS.includes(version))
    return no(
      400,
      `MCP-Protocol-Version ${version} is not spoken here: send one of ${SUPPORTED_PROTOCOL_VERSIONS.join(', ')}`,
    );
  return null;
}

/** Reads one message, or the list of messages of older versions of the protocol. The first wrong one is refused. */
function readBody(body: string): { messages: JSONRPCMessage[] } | { refusal: ErrorAnswer } {
  const no = (code: number, message: string) => ({ refusal: errorAnswer(null, code, message) });
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return no(ErrorCode.ParseError, 'the body is no JSON: send a message of JSON-RPC');
  }
  const given = Array.isArray(value) ? value : [value];
  if (given.length === 0) return no(ErrorCode.InvalidRequest, 'the list of messages is empty: send one');
  if (given.length > MOST_MESSAGES)
    return no(ErrorCode.InvalidRequest, `there are more than ${MOST_MESSAGES} messages: send fewer at once`);
  const messages: JSONRPCMessage[] = [];
  for (const each of given) {
    const read = readMessage(each);
    if ('refusal' in read) return read;
    messages.push(read.message);
  }
  const requests = messages.filter(isJSONRPCRequest);
  const ids = requests.map(({ id }) => id);
  if (new Set(ids).size < ids.length)
    return no(ErrorCode.InvalidRequest, 'two requests have the same id: give each its own');
  if (requests.length > 1 && requests.some(({ method }) => method === 'initialize'))
    return no(ErrorCode.InvalidRequest, 'initialize is not alone: send it by itself');
  // Notifications change nothing in a server of one request. One that cancels a request of the same list would leave
  // it without an answer, so that the response never comes.
  return { messages: requests };
}
