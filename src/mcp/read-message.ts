import {
  ErrorCode,
  type JSONRPCMessage,
  JSONRPCNotificationSchema,
  JSONRPCRequestSchema,
  type RequestId,
  RequestIdSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { gotOf, issueSentence } from '../issue-sentence.js';

/** An error response of JSON-RPC. `id` is null where the message has none that can be read. */
export interface ErrorAnswer {
  jsonrpc: '2.0';
  id: RequestId | null;
  error: { code: number; message: string };
}

export const errorAnswer = (id: RequestId | null, code: number, message: string): ErrorAnswer => ({
  ...{ jsonrpc: '2.0', id },
  error: { code, message },
});

/**
 * Checks one parsed message. Returns the message, or the answer that says why it is none. A response is returned
 * unchecked: it is never answered, and this server asks its clients nothing.
 */
export function readMessage(value: unknown): { message: JSONRPCMessage } | { refusal: ErrorAnswer } {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    return refusal(null, ErrorCode.InvalidRequest, `a message must be an object${gotOf(value)}`);
  if (!('method' in value) && ('result' in value || 'error' in value))
    return { message: value as JSONRPCMessage };
  const isRequest = 'id' in value;
  const id = isRequest ? RequestIdSchema.safeParse(value.id) : null;
  if (id?.success === false)
    return refusal(
      null,
      ErrorCode.InvalidRequest,
      `id must be text or a whole number${gotOf((value as { id: unknown }).id)}`,
    );
  const schema = isRequest ? JSONRPCRequestSchema : JSONRPCNotificationSchema;
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) return { message: read.data };
  const [issue] = read.error.issues;
  const code = issue?.path[0] === 'params' ? ErrorCode.InvalidParams : ErrorCode.InvalidRequest;
  const sentence = issue ? issueSentence(issue, 'the message') : 'this is no message of JSON-RPC 2.0';
  return refusal(id?.data ?? null, code, sentence);
}

const refusal = (id: RequestId | null, code: number, message: string) => ({
  refusal: errorAnswer(id, code, message),
});
