import { setImmediate as turn } from 'node:timers/promises';
import type { InStatement, ResultSet } from '@libsql/client';
import { isOneStatementsFault, storeError } from './errors.js';

export interface WriteQueue {
  /** Resolves once the statements are committed, together with nothing or with others; whole or not at all. */
  run(operation: string, statements: InStatement[]): Promise<ResultSet[]>;
  /** Resolves when nothing is waiting or running any more. */
  idle(): Promise<void>;
}

/** One transaction. `deadline`: of performance.now(), which no setting of the clock moves. */
export type Transact = (
  operation: string,
  statements: InStatement[],
  deadline: number,
) => Promise<ResultSet[]>;

interface Waiting {
  operation: string;
  statements: InStatement[];
  bytes: number;
  /** Of performance.now(), counted from the moment the write was asked for, waiting included. */
  deadline: number;
  resolve(results: ResultSet[]): void;
  reject(error: unknown): void;
}

/** Of one shared transaction: far below what servers take in one request. */
const MAX_BYTES = 4_000_000;
const MAX_WRITES = 32;

/**
 * One transaction at a time in this process: parallel writers wedge sqld until it is restarted. Writes that wait at
 * the same moment share one, and so one wait for the disk or the network; where the database refuses a statement of a
 * shared transaction, each of its writes is tried alone, so that nobody pays for another's mistake.
 */
export function createWriteQueue(deadlineMs: number, transact: Transact): WriteQueue {
  const waiting: Waiting[] = [];
  let draining: Promise<void> | null = null;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // What comes in this turn of the event loop goes together.
      await turn();
      await runGroup(nextGroup(waiting));
    }
    draining = null;
  }

  async function runGroup(group: Waiting[]): Promise<void> {
    const operation = [...new Set(group.map((write) => write.operation))].join(' and ');
    const deadline = Math.min(...group.map((write) => write.deadline));
    try {
      if (performance.now() >= deadline)
        throw storeError(operation, new Error(`no turn within ${deadlineMs} ms`));
      const statements = group.flatMap((write) => write.statements);
      const results = await transact(operation, statements, deadline);
      for (const write of group) write.resolve(results.splice(0, write.statements.length));
    } catch (error) {
      // Anything else may have been committed: repeating it is for those who know whether it can be repeated.
      if (group.length > 1 && isOneStatementsFault(error)) for (const write of group) await runGroup([write]);
      else for (const write of group) write.reject(error);
    }
  }

  return {
    run: (operation, statements) =>
      new Promise((resolve, reject) => {
        const deadline = performance.now() + deadlineMs;
        waiting.push({ operation, statements, bytes: sizeOf(statements), deadline, resolve, reject });
        draining ??= drain();
      }),
    async idle() {
      while (draining !== null) await draining;
    },
  };
}

/** The oldest write, and those after it that fit; one that is out of time goes alone, to be refused alone. */
function nextGroup(waiting: Waiting[]): Waiting[] {
  const now = performance.now();
  let bytes = 0;
  let count = 0;
  for (const write of waiting) {
    bytes += write.bytes;
    if (count > 0 && (bytes > MAX_BYTES || count === MAX_WRITES || now >= write.deadline)) break;
    count += 1;
    if (now >= write.deadline) break;
  }
  return waiting.splice(0, count);
}

/** Bytes of the bound texts and blobs, roughly. */
function sizeOf(statements: InStatement[]): number {
  let bytes = 0;
  for (const statement of statements) {
    if (typeof statement === 'string' || !Array.isArray(statement.args)) continue;
    for (const value of statement.args) {
      if (typeof value === 'string') bytes += value.length;
      else if (ArrayBuffer.isView(value)) bytes += value.byteLength;
    }
  }
  return bytes;
}
