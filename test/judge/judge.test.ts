import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '../../src/sqlite.js';
import { temporaryFolder } from '../support/cli.js';
import { type Evidence, judge, type Ledger, PICOS, readLedger, runWay, wayNamed } from './index.mjs';

/** What a judge is worth shows when the figures are wrong: each falsification is of one sound run, and is found. */

const folder = temporaryFolder();
/** Under a cap tokens are counted exactly, so that every nanodollar of a bound is needed. */
let sound: Evidence;
const copyOfStore = join(folder.path, 'copy.db');

beforeAll(async () => {
  await runWay(wayNamed('billed, then 504'), true, async (evidence, site) => {
    sound = evidence;
    const db = new Database(site.store.replace('file:', ''), { readonly: true });
    db.prepare('VACUUM INTO ?').run(copyOfStore);
    db.close();
  });
}, 900_000);
afterAll(() => folder.remove());

const rulesOf = (change: Partial<Evidence>): string[] => [
  ...new Set(judge({ ...sound, ...change }).map(({ rule }) => rule)),
];

/** The ledger as the judge reads it from a store that this SQL has falsified. */
async function falsified(name: string, sql: string): Promise<Ledger> {
  const path = join(folder.path, `${name.replaceAll(/\W+/g, '-')}.db`);
  const source = new Database(copyOfStore, { readonly: true });
  source.prepare('VACUUM INTO ?').run(path);
  source.close();
  const db = new Database(path);
  // The product's own triggers must not mend or refuse it.
  for (const { name: trigger } of db
    .prepare<[], { name: string }>("SELECT name FROM sqlite_master WHERE type = 'trigger'")
    .all())
    db.exec(`DROP TRIGGER "${trigger}"`);
  const { changes } = db.prepare(sql).run();
  db.close();
  expect(changes, name).toBeGreaterThan(0);
  return readLedger(`file:${path}`);
}

const ONE_SETTLED = "(SELECT request_id FROM api_usage WHERE status = 'settled' LIMIT 1)";
const ONE_UNCERTAIN = "(SELECT request_id FROM api_usage WHERE status = 'uncertain' LIMIT 1)";
const BOUND = "json_extract(extra_metadata, '$.bound_nanos')";
const hasColumn = (): boolean => {
  const db = new Database(copyOfStore, { readonly: true });
  const found = db.prepare("SELECT 1 FROM pragma_table_info('api_usage') WHERE name = 'bound_nanos'").get();
  db.close();
  return found !== undefined;
};
const lessBound = (): string =>
  `UPDATE api_usage SET ${hasColumn() ? 'bound_nanos = bound_nanos - 1,' : ''}
   extra_metadata = json_set(extra_metadata, '$.bound_nanos', ${BOUND} - 1) WHERE request_id = ${ONE_UNCERTAIN}`;

it('a sound run is found sound', () => {
  expect(judge(sound)).toEqual([]);
  expect(sound.ledger.attempts.filter(({ status }) => status === 'uncertain')).not.toEqual([]);
});

describe('a falsified ledger is found:', () => {
  it.each<[string, () => string, string]>([
    [
      'a nanodollar too much',
      () => `UPDATE api_usage SET total_cost_nanos = total_cost_nanos + 1 WHERE request_id = ${ONE_SETTLED}`,
      'bounds',
    ],
    [
      'a nanodollar too little',
      () => `UPDATE api_usage SET total_cost_nanos = total_cost_nanos - 1 WHERE request_id = ${ONE_SETTLED}`,
      'bounds',
    ],
    ['a bound a nanodollar too low', lessBound, 'bounds'],
    ['an attempt left out', () => `DELETE FROM api_usage WHERE request_id = ${ONE_UNCERTAIN}`, 'bounds'],
    [
      'an attempt left pending',
      () => `UPDATE api_usage SET status = 'pending' WHERE request_id = ${ONE_UNCERTAIN}`,
      'bounds',
    ],
    [
      'another text',
      () =>
        "UPDATE sample_embeddings SET embedding_source = embedding_source || '!' WHERE sample_id = (SELECT MIN(sample_id) FROM sample_embeddings)",
      'vectors',
    ],
    [
      'another vector',
      () =>
        'UPDATE sample_embeddings SET vibe_vector = zeroblob(6144) WHERE sample_id = (SELECT MIN(sample_id) FROM sample_embeddings)',
      'vectors',
    ],
    [
      'a sample lost',
      () => 'DELETE FROM sample_embeddings WHERE sample_id = (SELECT MIN(sample_id) FROM sample_embeddings)',
      'account',
    ],
    [
      'a sample stored and failed',
      () =>
        `INSERT INTO embedding_failures (sample_id, reason, message, permanent, attempts, run_id, failed_at)
         SELECT MIN(sample_id), 'Transient', '', 0, 1, '', '' FROM sample_embeddings`,
      'account',
    ],
  ])('%s', async (name, sql, rule) => {
    expect(rulesOf({ ledger: await falsified(name, sql()) })).toContain(rule);
  });
});

describe('a falsified bill, account or ending is found:', () => {
  const lost = () =>
    sound.bill.lines.find((line) => line.billed && !line.whole) as Evidence['bill']['lines'][0];
  const billWith = (line: Partial<Evidence['bill']['lines'][0]>): Partial<Evidence> => {
    const more = { ...lost(), ...line };
    const times = new Map(sound.bill.times);
    for (const key of more.keys) times.set(key, (times.get(key) ?? 0) + 2);
    return {
      bill: { lines: [...sound.bill.lines, more], picos: sound.bill.picos + more.picos, times },
    };
  };

  it.each<[string, () => Partial<Evidence>, string]>([
    ['a request more than the ledger knows', () => billWith({ picos: PICOS }), 'bounds'],
    ['texts bought too often', () => billWith({ picos: 0 }), 'purchases'],
    ['a cap that was passed by a nanodollar', () => ({ capPicos: sound.bill.picos - PICOS }), 'cap'],
    ['a sample that the run counts twice', () => ({ report: counted(1) }), 'account'],
    ['a sample that the run forgets', () => ({ report: counted(-1) }), 'account'],
    ['a sum of the run that is not the ledger’s', () => ({ report: cheaper() }), 'books'],
    ['a `usage` that fails', () => ({ usage: { ...sound.usage, code: 1 } }), 'books'],
    ['a `verify` that fails', () => ({ verify: { ...sound.usage, code: 1 } }), 'books'],
    ['an exit code of 0 at the cap', () => ({ codes: [0] }), 'end'],
    ['a run that was not capped and stops', () => ({ capped: false }), 'end'],
  ])('%s', (_name, change, rule) => {
    expect(rulesOf(change())).toContain(rule);
  });

  const counted = (more: number) => ({ ...sound.report, stored: sound.report?.stored + more });
  const cheaper = () => ({
    ...sound.report,
    total_cost_nanodollars: sound.report?.total_cost_nanodollars - 1,
  });
});
