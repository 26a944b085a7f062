import { parentPort, workerData } from 'node:worker_threads';
import { createClient, type ResultSet } from '@libsql/client/sqlite3';
import { type Answer, type Call, plainError } from './messages.js';

const { url, timeout, keptMb } = workerData as { url: string; timeout: number; keptMb: number };
const client = createClient({ url, timeout });
let isNew = true;

/**
 * Sets the page cache, which a new connection does not keep. Runs with the first call, so that an unreadable file fails
 * that call.
 */
async function keepPages(): Promise<void> {
  if (!isNew) return;
  await client.execute(`PRAGMA cache_size = -${Math.round(1024 * keptMb)}`);
  isNew = false;
}

async function carryOut(call: Call): Promise<ResultSet[]> {
  switch (call.do) {
    case 'execute':
      await keepPages();
      return [await client.execute(call.statement)];
    case 'batch':
      await keepPages();
      return client.batch(call.statements, call.mode);
    case 'reconnect':
      await client.reconnect();
      isNew = true;
      return [];
    case 'close':
      client.close();
      return [];
  }
}

/** Copies a result for posting. Rows lose access by position, which is not enumerable and not used here. */
const plain = ({ columns, columnTypes, rows, rowsAffected, lastInsertRowid }: ResultSet): object => ({
  ...{ columns, columnTypes, rowsAffected, lastInsertRowid },
  rows: rows.map((row) => ({ ...row })),
});

let turn = Promise.resolve();
parentPort?.on('message', (call: Call) => {
  turn = turn.then(async () => {
    let answer: Answer;
    try {
      answer = { results: (await carryOut(call)).map(plain) as unknown as ResultSet[] };
    } catch (error) {
      answer = { error: plainError(error) };
    }
    parentPort?.postMessage(answer);
  });
});
