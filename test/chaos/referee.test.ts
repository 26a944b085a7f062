import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { temporaryFolder } from '../support/cli.js';
import { type Evidence, judge, type Snapshot, snapshot, watchArgv } from './referee/index.mjs';

const CANARY = 'sk-or-canary-5f0c2a9e7b41';
const SAMPLES = 120;
const POISONED = 20;

let scene: Scene;
let sound: Evidence & { secrets: NonNullable<Evidence['secrets']> };
let snapshots: { before: Snapshot; after: Snapshot };
const folder = temporaryFolder();
const bill = join(folder.path, 'bill.jsonl');

beforeAll(async () => {
  const faults = [{ fault: { kind: 'status' as const, status: 400 }, contains: 'POISON' }];
  scene = await setScene(SAMPLES, { key: CANARY, billFile: bill, faults });
  inDatabase(scene.catalog, (db) =>
    expect(db.prepare("UPDATE samples SET title = 'POISON' WHERE id = ?").run(POISONED).changes).toBe(1),
  );
  const watch = watchArgv();
  const env = { OPENROUTER_API_KEY: CANARY, BATCH_SIZE: '40' };
  const first = await scene.run(['--all', '--json'], env);
  const before = await snapshot({ store: scene.store, bill });
  const second = await scene.run(['--all', '--json'], env);
  snapshots = { before, after: await snapshot({ store: scene.store, bill }) };
  sound = {
    catalog: scene.catalog,
    store: scene.store,
    bill,
    mayFail: [POISONED],
    report: json(second),
    kills: [],
    secondRun: snapshots,
    secrets: {
      canaries: [CANARY],
      folders: [scene.path],
      output: { first: first.stdout + first.stderr, second: second.stdout + second.stderr },
      argv: watch.stop(),
    },
  };
});

afterAll(async () => {
  await scene?.close();
  folder.remove();
});

function inDatabase(path: string, act: (db: Database.Database) => void): void {
  const db = new Database(path);
  try {
    act(db);
  } finally {
    db.close();
  }
}

/** A wrong product's store: a copy of the sound one, changed. */
function store(...sql: string[]): () => Partial<Evidence> {
  return () => {
    const path = join(folder.path, `${crypto.randomUUID()}.db`);
    inDatabase(scene.store, (db) => db.prepare('VACUUM INTO ?').run(path));
    inDatabase(path, (db) => {
      for (const statement of sql) expect(db.prepare(statement).run().changes).toBeGreaterThan(0);
    });
    return { store: path };
  };
}

/** A bill that differs from what the product believes. */
function billed(change: (lines: BillLine[]) => BillLine[]): () => Partial<Evidence> {
  return () => {
    const path = join(folder.path, `${crypto.randomUUID()}.jsonl`);
    const lines = readFileSync(bill, 'utf8').trim().split('\n');
    const changed = change(lines.map((line) => JSON.parse(line)));
    writeFileSync(path, changed.map((line) => JSON.stringify(line)).join('\n'));
    return { bill: path };
  };
}

interface BillLine {
  keys: string[];
  entry: { costNanos: number; at: string; since: string; fault?: string };
}

const last = (lines: BillLine[]): BillLine => lines.findLast((line) => line.keys.length > 0) as BillLine;
const free = (line: BillLine): BillLine => ({ ...line, entry: { ...line.entry, costNanos: 0 } });

const printed = (text: string) => (): Partial<Evidence> => ({
  secrets: { ...sound.secrets, output: { ...sound.secrets.output, worker: `headers: ${text}` } },
});

const left = (name: string, text: string) => (): Partial<Evidence> => {
  const place = temporaryFolder();
  writeFileSync(join(place.path, name), `{"level":30,"headers":"${text}"}\n`);
  return { secrets: { ...sound.secrets, folders: [scene.path, place.path] } };
};

const ONE_FLOAT = `UPDATE sample_embeddings SET vibe_vector = CAST(substr(vibe_vector, 1, 4000) || x'0000803f'
  || substr(vibe_vector, 4005) AS BLOB) WHERE sample_id = 11`;
const row = (id: number, columns: string): string =>
  `UPDATE sample_embeddings SET (${columns}) = (SELECT ${columns} FROM sample_embeddings WHERE sample_id = ${id})`;
const FAILURE = `INSERT INTO embedding_failures (sample_id, reason, message, permanent, attempts, run_id, failed_at)
  VALUES (11, 'Rejected', 'no', 1, 1, 'r', 't')`;

/** Wrong products, and the rules that each of them breaks. */
const MUTANTS: [string, string[], () => Partial<Evidence>][] = [
  [
    'lost one sample',
    ['lost', 'count', 'paid-and-lost'],
    store('DELETE FROM sample_embeddings WHERE sample_id = 11'),
  ],
  [
    'stored a stranger',
    ['stranger', 'lost'],
    store('UPDATE sample_embeddings SET sample_id = 900900 WHERE sample_id = 11'),
  ],
  [
    'stored and failed the same sample',
    ['stored-and-failed', 'failed-without-cause', 'count'],
    store(FAILURE),
  ],
  [
    'gave up on a sound sample',
    ['failed-without-cause', 'count', 'paid-and-lost'],
    store(FAILURE, 'DELETE FROM sample_embeddings WHERE sample_id = 11'),
  ],
  [
    'counts a failure as stored',
    ['count'],
    () => ({ report: { ...sound.report, unchanged: SAMPLES, failed: 0 } }),
  ],
  [
    "stored one sample under another's text",
    ['text-of-another', 'paid-and-lost'],
    store(`${row(12, 'embedding_source, vibe_vector')} WHERE sample_id = 11`),
  ],
  ['swapped a vector', ['wrong-vector'], store(`${row(12, 'vibe_vector')} WHERE sample_id = 11`)],
  ['changed one float', ['wrong-vector'], store(ONE_FLOAT)],
  [
    'cut a vector short',
    ['wrong-vector'],
    store('UPDATE sample_embeddings SET vibe_vector = substr(vibe_vector, 1, 6140) WHERE sample_id = 11'),
  ],
  [
    'changed the text after buying it',
    ['text-never-bought', 'paid-and-lost'],
    store("UPDATE sample_embeddings SET embedding_source = embedding_source || ' ' WHERE sample_id = 11"),
  ],
  [
    'settled a nanodollar too much',
    ['settled-above-bill'],
    store(
      "UPDATE api_usage SET total_cost_nanos = total_cost_nanos + 1 WHERE rowid = (SELECT MAX(rowid) FROM api_usage WHERE status = 'settled')",
    ),
  ],
  [
    'settled a nanodollar too little',
    ['bill-above-ledger'],
    store(
      "UPDATE api_usage SET total_cost_nanos = total_cost_nanos - 1 WHERE rowid = (SELECT MAX(rowid) FROM api_usage WHERE status = 'settled')",
    ),
  ],
  [
    'sent a request that no ledger row knows',
    ['bill-above-ledger', 'bought-twice'],
    billed((lines) => [...lines, last(lines)]),
  ],
  [
    'bought a batch again that nothing had interrupted',
    ['bought-twice'],
    billed((lines) => [...lines, free(last(lines))]),
  ],
  [
    'left an attempt pending',
    ['pending'],
    store("UPDATE api_usage SET status = 'pending' WHERE status = 'failed'"),
  ],
  [
    'bought again on the second run',
    ['second-run-sent'],
    () => ({
      secondRun: { ...snapshots, after: { ...snapshots.after, requests: snapshots.before.requests + 1 } },
    }),
  ],
  ['leaked the key into the store', ['secret-in-file'], left('store.db', CANARY)],
  ['leaked the key into a log', ['secret-in-file'], left('worker.log', `Bearer ${CANARY}`)],
  [
    "leaked the key into a payload of Temporal's history",
    ['secret-in-file'],
    left('temporal.db', Buffer.from(`{"apiKey":"${CANARY}"}`).toString('base64')),
  ],
  ['printed the key', ['secret-in-output'], printed(CANARY)],
  [
    'put the key on a command line',
    ['secret-in-argv'],
    () => ({ secrets: { ...sound.secrets, argv: [...sound.secrets.argv, `node worker --key ${CANARY}`] } }),
  ],
];

const rulesOf = async (evidence: Evidence): Promise<string[]> => [
  ...new Set((await judge(evidence)).map(({ rule }) => rule)),
];

describe('the referee', () => {
  it('finds nothing in a sound run, which had a refused sample, many batches and a second run', async () => {
    expect(await judge(sound)).toEqual([]);
    expect(sound.report).toMatchObject({ unchanged: SAMPLES - 1, failed: 1 });
    expect([...sound.secrets.argv].some((line) => line.includes('start-dev'))).toBe(
      process.platform === 'linux',
    );
  });

  it.each(MUTANTS)('catches a product that %s', async (_, rules, change) => {
    expect((await rulesOf({ ...sound, ...change() })).sort()).toEqual([...rules].sort());
  });

  it('sees that a second run rewrote a row with the same values but another time', async () => {
    const { store: path } = store(
      "UPDATE sample_embeddings SET created_at = '2000-01-01 00:00:00' WHERE sample_id = 11",
    )();
    const after = await snapshot({ store: path as string, bill });
    expect(await rulesOf({ ...sound, secondRun: { ...snapshots, after } })).toEqual(['second-run-changed']);
  });

  it('excuses what was in flight at a kill, once, and an answer that the provider spoilt', async () => {
    const twice = billed((lines) => [...lines, free(last(lines))])();
    const line = last(
      readFileSync(bill, 'utf8')
        .trim()
        .split('\n')
        .map((text) => JSON.parse(text)),
    );
    const kill = (keys: string[]) => ({
      kind: 'worker',
      at: Date.parse(line.entry.at) + 60_000,
      keys,
      hashes: [],
    });
    expect(await rulesOf({ ...sound, ...twice, kills: [kill(line.keys)] })).toEqual([]);
    expect(await rulesOf({ ...sound, ...twice, kills: [kill(line.keys.slice(1))] })).toEqual([
      'bought-twice',
    ]);
    const thrice = billed((lines) => [...lines, free(last(lines)), free(last(lines))])();
    expect(await rulesOf({ ...sound, ...thrice, kills: [kill(line.keys)] })).toEqual(['bought-twice']);
    const spoilt = billed((lines) => [...lines, free({ ...line, entry: { ...line.entry, fault: 'nan' } })])();
    expect(await rulesOf({ ...sound, ...spoilt })).toEqual([]);
  });

  it('says all that is wrong at once, and that a store cannot be read', async () => {
    const many = { ...store(FAILURE)(), ...printed(CANARY)() };
    expect(await rulesOf({ ...sound, ...many })).toEqual(
      expect.arrayContaining(['stored-and-failed', 'secret-in-output']),
    );
    expect(await rulesOf({ ...sound, store: join(folder.path, 'none.db') })).toContain('unreadable');
  });
});
