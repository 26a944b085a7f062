import type { InStatement, ResultSet } from '@libsql/client';

/** The part of libSQL's client that a connection uses. */
export interface Database {
  execute(statement: InStatement): Promise<ResultSet>;
  batch(statements: InStatement[], mode: 'read' | 'write'): Promise<ResultSet[]>;
  /** Opens a new connection after a busy database has left the old one unusable. */
  reconnect(): void | Promise<void>;
  close(): void | Promise<void>;
}

/** One call to the thread, which answers in the order of the calls. */
export type Call =
  | { do: 'execute'; statement: InStatement }
  | { do: 'batch'; statements: InStatement[]; mode: 'read' | 'write' }
  | { do: 'reconnect' }
  | { do: 'close' };

export type Answer = { results: ResultSet[] } | { error: PlainError };

/** An error in the form that is posted between threads, where classes and most properties are lost. */
export interface PlainError {
  name: string;
  message: string;
  code?: string;
  cause?: PlainError;
}

const MAX_CAUSES = 5;

export function plainError(error: unknown, depth = 0): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, code, cause } = error as Error & { code?: unknown };
  return {
    ...{ name, message },
    ...(typeof code === 'string' && { code }),
    ...(cause instanceof Error && depth < MAX_CAUSES && { cause: plainError(cause, depth + 1) }),
  };
}

export function errorOf({ name, message, code, cause }: PlainError): Error {
  const error = new Error(message, cause === undefined ? undefined : { cause: errorOf(cause) });
  return Object.assign(error, { name }, code === undefined ? {} : { code });
}
