import {
  CallToolRequestSchema,
  type CallToolResult,
  ErrorCode,
  InitializeRequestSchema,
  type JSONRPCMessage,
  type JSONRPCRequest,
  ListToolsRequestSchema,
  PingRequestSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { z } from 'zod';
import { nearestName } from '../collections/nearest-name.js';
import { issueSentence } from '../issue-sentence.js';
import { INPUTS } from './inputs.js';
import { type ErrorAnswer, errorAnswer } from './read-message.js';

const METHODS: Readonly<Record<string, z.ZodType>> = {
  initialize: InitializeRequestSchema,
  ping: PingRequestSchema,
  'tools/list': ListToolsRequestSchema,
  'tools/call': CallToolRequestSchema,
};
const TOOLS: Readonly<Record<string, z.ZodObject>> = INPUTS;

/**
 * Checks a request before the SDK does, whose errors are lists of a schema's issues. Returns the answer to a request
 * that cannot be carried out; null: it can. Wrong arguments of a tool are a result with `isError`, which a model reads
 * and corrects; everything else is an error of the protocol.
 */
export function checkRequest({ id, method, params }: JSONRPCRequest): JSONRPCMessage | ErrorAnswer | null {
  const schema = ownOf(METHODS, method);
  if (schema === null)
    return errorAnswer(
      id,
      ErrorCode.MethodNotFound,
      `there is no method ${method}: ${instead(method, METHODS)}`,
    );
  const issue = firstIssue(schema, { method, params });
  if (issue) return errorAnswer(id, ErrorCode.InvalidParams, issueSentence(issue, 'the request'));
  if (params?.cursor !== undefined && method === 'tools/list')
    return errorAnswer(
      id,
      ErrorCode.InvalidParams,
      'params.cursor is of no list here: leave it out, all tools come at once',
    );
  if (method !== 'tools/call') return null;
  const tool = String(params?.name);
  const input = ownOf(TOOLS, tool);
  if (input === null)
    return errorAnswer(id, ErrorCode.InvalidParams, `there is no tool ${tool}: ${instead(tool, TOOLS)}`);
  const wrong = firstIssue(input, params?.arguments ?? {});
  return wrong ? { jsonrpc: '2.0', id, result: failed(argumentSentence(wrong, input)) } : null;
}

/** Returns the result of a tool that failed. `words`: a sentence for the model. */
export const failed = (words: string): CallToolResult => ({
  isError: true,
  content: [{ type: 'text', text: words }],
});

function argumentSentence(issue: z.core.$ZodIssue, { shape }: z.ZodObject): string {
  if (issue.code !== 'unrecognized_keys') return issueSentence(issue, 'the arguments');
  const [name = ''] = issue.keys;
  return `${name} is no argument of this tool: ${instead(name, shape)}`;
}

/** Returns what to do instead of a name that is none of `known`. */
function instead(name: string, known: object): string {
  const names = Object.keys(known);
  const near = nearestName(name, names);
  if (near !== null) return `did you mean ${near}?`;
  return names.length === 0 ? 'it takes none' : `there are ${names.join(', ')}`;
}

const firstIssue = (schema: z.ZodType, value: unknown): z.core.$ZodIssue | undefined =>
  schema.safeParse(value, { reportInput: true }).error?.issues[0];

const ownOf = <T>(record: Readonly<Record<string, T>>, name: string): T | null =>
  Object.hasOwn(record, name) ? (record[name] ?? null) : null;
