import { setImmediate as turn } from 'node:timers/promises';
import type { InStatement, ResultSet } from '@libsql/client';
import { Unavailable } from '../../fault.js';
import { isOneStatementsFault } from './errors.js';
import { createWritePace, type WritePace } from './write-pace.js';

export interface WriteQueue {
  /**
   * Resolves once the statements are committed, alone or together with other writes; all of them or none. `deadlineMs`:
   * instead of the queue's own.
   */
  run(operation: string, statements: InStatement[], deadlineMs?: number): Promise<ResultSet[]>;
  /** Resolves when nothing is waiting or running any more. */
  idle(): Promise<void>;
}

/** Runs one transaction of about `bytes` bytes. `deadline`: by performance.now(), which is monotonic. */
export type Transact = (
  operation: string,
  statements: InStatement[],
  deadline: number,
  bytes: number,
) => Promise<ResultSet[]>;

interface Waiting {
  operation: string;
  statements: InStatement[];
  bytes: number;
  deadlineMs: number;
  /** By performance.now(). */
  askedAt: number;
  resolve(results: ResultSet[]): void;
  reject(error: unknown): void;
}

const MAX_WRITES = 64;
/** Claims and leases are smaller. They go before writes with vectors, which may take long on a slow link. */
const SMALL_BYTES = 16_000;

/**
 * Creates a queue that runs one transaction at a time in this process: parallel writers block sqld until it is
 * restarted. Writes that wait at the same moment share a transaction, and so one wait for the disk or the network. If
 * the database refuses a statement of a shared transaction, each of its writes is tried alone, so that one bad write
 * does not fail the others. A write is refused if nothing was committed for `deadlineMs` while it waited; as long as
 * other writes are committed, it keeps waiting.
 */
export function createWriteQueue(deadlineMs: number, transact: Transact): WriteQueue {
  const waiting: Waiting[] = [];
  const pace = createWritePace();
  let draining: Promise<void> | null = null;
  let committedAt = Number.NEGATIVE_INFINITY;
  const deadlineOf = (write: Waiting): number => Math.max(write.askedAt, committedAt) + write.deadlineMs;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      // Writes of the same turn of the event loop go together.
      await turn();
      await runGroup(nextGroup(waiting, pace, deadlineOf));
    }
    draining = null;
  }

  async function runGroup(group: Waiting[]): Promise<void> {
    const operation = [...new Set(group.map((write) => write.operation))].join(' and ');
    const deadline = Math.min(...group.map(deadlineOf));
    const bytes = group.reduce((sum, write) => sum + write.bytes, 0);
    const began = performance.now();
    try {
      if (began >= deadline) throw noTurn(operation, group);
      const statements = group.flatMap((write) => write.statements);
      const results = await transact(operation, statements, deadline, bytes);
      committedAt = performance.now();
      pace.committed(bytes, committedAt - began);
      for (const write of group) write.resolve(results.splice(0, write.statements.length));
    } catch (error) {
      const took = performance.now() - began;
      if (took >= deadlineMs) pace.gaveUp(bytes, took);
      // After any other error the transaction may have been committed: only the caller knows whether to repeat it.
      if (group.length > 1 && isOneStatementsFault(error)) for (const write of group) await runGroup([write]);
      else for (const write of group) write.reject(error);
    }
  }

  return {
    run: (operation, statements, own = deadlineMs) =>
      new Promise((resolve, reject) => {
        const askedAt = performance.now();
        const bytes = sizeOf(statements);
        waiting.push({ operation, statements, bytes, deadlineMs: own, askedAt, resolve, reject });
        draining ??= drain();
      }),
    async idle() {
      while (draining !== null) await draining;
    },
  };
}

const noTurn = (operation: string, [write]: Waiting[]): Unavailable =>
  new Unavailable(
    'busy',
    `the store (${operation}): no turn within ${write?.deadlineMs} ms: other writes wait for a lock or a slow link; try again later`,
  );

/**
 * Picks the next group: all small writes, then large ones from the oldest on while they fit. If the large ones would
 * take long, the small ones go alone first. A write past its deadline goes alone, to be refused alone. Only writes with
 * the same time limit go together: the shortest would end the attempt of all.
 */
function nextGroup(waiting: Waiting[], pace: WritePace, deadlineOf: (write: Waiting) => number): Waiting[] {
  const now = performance.now();
  const late = waiting.findIndex((write) => now >= deadlineOf(write));
  if (late >= 0) return waiting.splice(late, 1);
  const alike = waiting.filter(({ deadlineMs }) => deadlineMs === waiting[0]?.deadlineMs);
  const small = alike.filter(({ bytes }) => bytes < SMALL_BYTES);
  const large = alike.filter(({ bytes }) => bytes >= SMALL_BYTES);
  const group = small.slice(0, large.length > 0 ? MAX_WRITES - 1 : MAX_WRITES);
  let bytes = 0;
  for (const [index, write] of large.entries()) {
    bytes += write.bytes;
    if (group.length === MAX_WRITES || (index > 0 && bytes > pace.mostBytes())) break;
    if (small.length > 0 && pace.isSlow(bytes)) break;
    group.push(write);
  }
  const taken = new Set(group);
  waiting.splice(0, waiting.length, ...waiting.filter((write) => !taken.has(write)));
  return group;
}

/** Returns the approximate bytes of the bound texts and blobs. */
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
