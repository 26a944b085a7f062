import { createClient } from '@libsql/client';
import { expect, test } from 'vitest';
import { createWriteQueue, type Transact } from '../../src/engines/libsql/write-queue.js';

/** A queue over a real database in memory, which counts its transactions. */
async function scene(deadlineMs = 30_000) {
  const client = createClient({ url: ':memory:' });
  await client.execute('CREATE TABLE t (n INTEGER PRIMARY KEY)');
  const transactions: string[] = [];
  const transact: Transact = (operation, statements) => {
    transactions.push(`${operation} (${statements.length})`);
    return client.batch(statements, 'write');
  };
  const numbers = async (): Promise<number[]> =>
    (await client.execute('SELECT n FROM t ORDER BY n')).rows.map((row) => Number(row.n));
  return { queue: createWriteQueue(deadlineMs, transact), transactions, numbers };
}
const insert = (n: number): { sql: string; args: number[] } => ({
  sql: 'INSERT INTO t VALUES (?) RETURNING n',
  args: [n],
});

test('writes that wait together share one transaction, each with its own results', async () => {
  const { queue, transactions, numbers } = await scene();
  const results = await Promise.all([
    queue.run('claim', [insert(1), insert(2)]),
    queue.run('commit', [insert(3)]),
  ]);
  expect(transactions).toEqual(['claim and commit (3)']);
  expect(results.map((each) => each.map(({ rows }) => rows[0]?.n))).toEqual([[1, 2], [3]]);
  expect(await numbers()).toEqual([1, 2, 3]);
});

test('a statement the database refuses harms only its own write', async () => {
  const { queue, transactions, numbers } = await scene();
  const [first, second, third] = await Promise.allSettled([
    queue.run('commit', [insert(1)]),
    queue.run('commit', [insert(2), insert(1)]),
    queue.run('claim', [insert(3)]),
  ]);
  expect([first?.status, second?.status, third?.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await numbers()).toEqual([1, 3]);
  expect(transactions).toHaveLength(4);
});

test('an outcome nobody knows is not repeated: every write of the transaction hears of it', async () => {
  const tried: string[] = [];
  const queue = createWriteQueue(30_000, async (operation) => {
    tried.push(operation);
    throw new Error('socket hang up');
  });
  const outcomes = await Promise.allSettled([queue.run('claim', []), queue.run('commit', [])]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(tried).toEqual(['claim and commit']);
});

test('a write that never got its turn is refused, and those after it still run', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let fails = true;
  const queue = createWriteQueue(50, async () => {
    await held;
    if (fails) throw new Error('socket hang up');
    return [];
  });
  const running = queue.run('commit', []);
  // Once the first is under way.
  await new Promise((resolve) => setTimeout(resolve, 10));
  const late = queue.run('claim', []);
  setTimeout(release, 120);
  await expect(running).rejects.toThrow('socket hang up');
  fails = false;
  await expect(late).rejects.toThrow('the store (claim): no turn within 50 ms');
  await expect(queue.run('commit', [])).resolves.toEqual([]);
});

test('a write that waits behind others that make progress gets its turn, however long they take', async () => {
  const large = { sql: '', args: [new Uint8Array(900_000)] };
  const queue = createWriteQueue(50, async () => {
    await new Promise((resolve) => setTimeout(resolve, 40));
    return [];
  });
  const writes = Array.from({ length: 6 }, () => queue.run('commit', [large]));
  await expect(Promise.all(writes)).resolves.toHaveLength(6);
});

test('large writes do not share, and small ones go before them', async () => {
  const { queue, transactions } = await scene();
  const large = { sql: 'SELECT length(?)', args: [new Uint8Array(3_000_000)] };
  await Promise.all([queue.run('a', [large]), queue.run('b', [large]), queue.run('c', [insert(1)])]);
  await queue.idle();
  expect(transactions).toEqual(['c and a (2)', 'b (1)']);
});
