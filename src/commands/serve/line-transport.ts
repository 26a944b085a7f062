import type { Readable, Writable } from 'node:stream';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { ErrorCode, type JSONRPCMessage, type RequestId } from '@modelcontextprotocol/sdk/types.js';
import { hideSecrets } from '../../hide-secrets.js';
import { type ErrorAnswer, errorAnswer, readMessage } from '../../mcp/read-message.js';
import { LARGEST_REQUEST } from '../../search/request-limits.js';
import { readLines } from './read-lines.js';

/**
 * Carries one JSON-RPC message a line. The SDK's own transport closes at a line of 10 MiB, and at the end of its input
 * drops the requests that are being answered.
 */
export class LineTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: NonNullable<Transport['onmessage']>;
  readonly #input: Readable;
  readonly #output: Writable;
  /** How many requests with an id are not answered yet. */
  readonly #open = new Map<RequestId, number>();
  #whenAnswered: () => void = () => undefined;
  #closed = false;

  constructor(input: Readable, output: Writable) {
    this.#input = input;
    this.#output = output;
  }

  /** Does nothing: messages are read by `readAll`, once the server is connected. */
  async start(): Promise<void> {}

  /** Resolves once the input has ended and every request is answered. Throws if the input cannot be read. */
  async readAll(): Promise<void> {
    try {
      for await (const line of readLines(this.#input, LARGEST_REQUEST)) this.#take(line);
    } catch (error) {
      if (this.#closed) return;
      const { code, message } = error as NodeJS.ErrnoException;
      throw new Error(`stdin cannot be read (${code ?? message}): start the command again`, { cause: error });
    }
    if (this.#open.size > 0)
      await new Promise<void>((resolve) => {
        this.#whenAnswered = resolve;
      });
  }

  send(message: JSONRPCMessage): Promise<void> {
    if ('id' in message && !('method' in message) && message.id !== undefined) this.#closeRequest(message.id);
    return this.#write(message);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#input.destroy();
    this.onclose?.();
  }

  #take(line: string | null): void {
    if (line?.trim() === '') return;
    const read = readLine(line);
    if ('refusal' in read) {
      void this.#write(read.refusal);
      return;
    }
    const { message } = read;
    if ('method' in message && 'id' in message)
      this.#open.set(message.id, (this.#open.get(message.id) ?? 0) + 1);
    this.onmessage?.(message);
    // The server does not answer a request that is cancelled.
    if ('method' in message && message.method === 'notifications/cancelled')
      this.#closeRequest(message.params?.requestId as RequestId);
  }

  #closeRequest(id: RequestId): void {
    const left = (this.#open.get(id) ?? 1) - 1;
    if (left > 0) this.#open.set(id, left);
    else this.#open.delete(id);
    if (this.#open.size === 0) this.#whenAnswered();
  }

  #write(message: JSONRPCMessage | ErrorAnswer): Promise<void> {
    return new Promise((resolve) => {
      if (this.#output.write(`${JSON.stringify(message)}\n`)) resolve();
      else this.#output.once('drain', resolve);
    });
  }
}

/** Reads the message of a line. Null: the line was too long. */
function readLine(line: string | null): { message: JSONRPCMessage } | { refusal: ErrorAnswer } {
  const no = (code: number, words: string) => ({ refusal: errorAnswer(null, code, words) });
  if (line === null)
    return no(
      ErrorCode.InvalidRequest,
      `the line has more than ${LARGEST_REQUEST.toLocaleString('en')} bytes: send less`,
    );
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    const words = hideSecrets((error as Error).message);
    return no(ErrorCode.ParseError, `the line is no JSON (${words}): send one message a line`);
  }
  return Array.isArray(value)
    ? no(ErrorCode.InvalidRequest, 'a list of messages is not read here: send each on its own line')
    : readMessage(value);
}
