import { afterEach, describe, expect, it } from 'vitest';
import { json } from '../e2e/scene.js';
import { idsOf, judge } from '../support/referee.js';
import { type OpenBook, setOpenBook } from './temporal-on-file.js';

const KEY = { EMBEDDINGS_CODEC_KEY: Buffer.alloc(32, 7).toString('base64') };
const OTHER = { EMBEDDINGS_CODEC_KEY: '0f'.repeat(32) };
const IS_ANOTHER = /^error: EMBEDDINGS_CODEC_KEY is not the key that this run was started with: set/;
const IS_PLAIN = /^error: EMBEDDINGS_CODEC_KEY is set, but this run was started without one/;
const IS_NOT_SET = /^error: EMBEDDINGS_CODEC_KEY is not set, but this run was started with one: set it/;

/** No sample has the last id: it only marks the selection. */
const SELECTION = '1-100000,918273645';
const SENTENCE = 'canary sentence of the provider';
/** Selection, plan, batch ids, counts, money, an error's sentence, its stack. */
const TELLTALES = [
  '918273645',
  '"selection"',
  '"b1"',
  '"totals"',
  '"costNanos"',
  'text-embedding-3-small',
  SENTENCE,
  'dist/cli/',
];
const found = (bytes: string): string[] => TELLTALES.filter((telltale) => bytes.includes(telltale));

let book: OpenBook;
const workers: ReturnType<OpenBook['start']>[] = [];
const startWorker = (env: Record<string, string>): ReturnType<OpenBook['start']> => {
  const worker = book.start(['worker', '--grace', '5'], env);
  workers.push(worker);
  return worker;
};
const stop = async (worker: ReturnType<OpenBook['start']>): Promise<void> => {
  worker.child.kill('SIGTERM');
  await worker.done;
};
afterEach(async () => {
  await Promise.all(workers.splice(0).map(stop));
  await book?.close();
});
const failOnce = (): void =>
  book.sandbox.setFaults([{ fault: { kind: 'status', status: 500, message: SENTENCE }, times: 1 }]);

describe('a run with EMBEDDINGS_CODEC_KEY', () => {
  it('keeps nothing in plain in Temporal, and is read, paused and gone on with by those who have the key', async () => {
    book = await setOpenBook(300);
    failOnce();
    startWorker(KEY);
    const first = book.start(['--sample-ids', SELECTION, '--json'], KEY);
    await book.charged(50);
    // It must not be over before the command that pauses it has started.
    book.sandbox.setLatency(1500);
    expect(await book.run(['pause'], KEY)).toMatchObject({ code: 0 });
    const paused = await first.done;
    expect(paused.code).toBe(3);
    const run = json(paused);
    expect(json(await book.run(['status', '--json'], KEY))).toMatchObject({
      state: 'paused',
      source: 'run',
      run_id: run.run_id,
    });

    for (const args of [['status'], ['pause'], ['resume'], ['--resume'], ['worker'], ['--all']])
      for (const [env, sentence] of [
        [OTHER, IS_ANOTHER],
        [{}, IS_NOT_SET],
      ] as const) {
        const refused = await book.run(args, env);
        expect(refused.code, args.join()).toBe(2);
        expect(refused.stderr, args.join()).toMatch(sentence);
        expect(refused.stdout + refused.stderr).not.toContain(KEY.EMBEDDINGS_CODEC_KEY);
      }

    // The run must not be over before the next command looks at it.
    book.sandbox.setLatency(1500);
    expect(await book.run(['resume'], KEY)).toMatchObject({ code: 0 });
    const whole = await book.run(['--sample-ids', SELECTION, '--json'], KEY);
    expect(json(whole)).toMatchObject({ state: 'completed', run_id: run.run_id, stored: 300, failed: 0 });
    judge(book.store, idsOf(book.catalog), book.sandbox.bill());
    const { history, database } = await book.bytes();
    expect(found(history)).toEqual([]);
    expect(found(database)).toEqual([]);
    // They are there, sealed: the failed attempt among them.
    expect(history).toContain('binary/encrypted');
    expect(database).toContain('Encoded failure');

    // One that is over does not stand in the way of a run with another key.
    await Promise.all(workers.splice(0).map(stop));
    startWorker(OTHER);
    expect(json(await book.run(['--all', '--json'], OTHER))).toMatchObject({ state: 'completed', stored: 0 });
    // A dozen refused commands, each a process of its own.
  }, 180_000);

  it('tells why it failed to those who have the key, and to nobody else', async () => {
    book = await setOpenBook(30);
    startWorker(KEY);
    book.sandbox.setFaults([{ fault: { kind: 'status', status: 402, message: SENTENCE } }]);
    const failed = await book.run(['--sample-ids', SELECTION, '--on-blocked', 'fail', '--json'], KEY);
    expect(failed.code).toBe(3);
    expect(json(failed).reason).toContain(SENTENCE);
    expect(await book.failure()).toBe('Unknown encoding: binary/encrypted');
    const { history, database } = await book.bytes();
    expect(history).toContain('Encoded failure');
    expect(found(history)).toEqual([]);
    expect(found(database)).toEqual([]);
  }, 180_000);
});

describe('a run without EMBEDDINGS_CODEC_KEY', () => {
  it('shows all of it in plain, is refused by those who have a key, and stands in the way of none when it is over', async () => {
    book = await setOpenBook(300);
    failOnce();
    const plain = startWorker({});
    const first = book.start(['--sample-ids', SELECTION, '--json']);
    await book.charged(50);
    // It must not be over before the command that pauses it has started.
    book.sandbox.setLatency(1500);
    expect(await book.run(['pause'])).toMatchObject({ code: 0 });
    const paused = json(await first.done);
    const before = await book.bytes();
    expect(found(before.history)).toEqual(TELLTALES);
    expect(found(before.database)).toEqual(TELLTALES);

    for (const args of [['status'], ['resume'], ['worker']]) {
      const refused = await book.run(args, KEY);
      expect(refused.code, args.join()).toBe(2);
      expect(refused.stderr, args.join()).toMatch(IS_PLAIN);
    }
    book.sandbox.setLatency(100);
    expect(await book.run(['resume'])).toMatchObject({ code: 0 });
    const whole = json(await book.run(['status', '--watch', '--json']));
    expect(whole).toMatchObject({ state: 'completed', run_id: paused.run_id, stored: 300, failed: 0 });
    judge(book.store, idsOf(book.catalog), book.sandbox.bill());

    await stop(plain);
    startWorker(KEY);
    expect(json(await book.run(['--all', '--json'], KEY))).toMatchObject({ state: 'completed', stored: 0 });
  }, 180_000);
});

describe('a worker with EMBEDDINGS_CODEC_KEY', () => {
  it('buys nothing for a run that somebody without the key has started', async () => {
    book = await setOpenBook(30);
    const worker = startWorker(KEY);
    await worker.says(/"worker/);
    const request = {
      selection: { kind: 'all' },
      reset: true,
      batchSize: 10,
      maxRetries: 0,
      concurrency: 1,
      maxCostNanos: null,
      onBlocked: 'wait',
    };
    await book.plant(request);
    expect((await worker.done).code).toBe(2);
    expect(book.sandbox.bill()).toMatchObject({ inputs: 0 });
  });
});
