import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@libsql/client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LIBRARY_FILTERS } from '../../src/collections/library-text.js';
import { type FastSearch, openFastSearch } from '../../src/search/index/open-fast-search.js';
import { byBoth, byWords } from '../../src/search/rank.js';
import { DIMENSIONS, type Library, makeLibrary } from './library.js';

const COUNT = 300;
const ids = Array.from({ length: COUNT }, (_, at) => 2 * at + 1);

let library: Library;
let folder: string;
let opened: FastSearch[];
beforeEach(async () => {
  library = await makeLibrary();
  await library.put(ids);
  // Not among what was written lately, which is always read again.
  await library.sql("UPDATE sample_embeddings SET created_at = '2020-01-01 00:00:00'");
  folder = mkdtempSync(join(tmpdir(), 'sample-embeddings-snapshot-'));
  opened = [];
});
afterEach(async () => {
  for (const fast of opened) await fast.close();
  await library.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = (kept: { folder: string; least?: number } | null = { folder, least: 100 }): FastSearch => {
  const { store, catalog, url: storeUrl } = library;
  const fast = openFastSearch({
    ...{ store, catalog, collection: { rows: null, filters: LIBRARY_FILTERS }, storeUrl },
    ...{ generation: 1, dimensions: DIMENSIONS },
    ...(kept !== null && { kept }),
  });
  opened.push(fast);
  return fast;
};
const files = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.index'));
const file = (): string => join(folder, files()[0] as string);
/** Reads all, and keeps it once nothing changes. */
const keep = async (): Promise<void> => {
  const fast = open();
  await fast.loaded();
  await fast.refresh();
  await fast.refresh();
  await fast.close();
};
/** All that is found, as the store and an index that reads everything anew find it. */
async function expectRight(fast: FastSearch): Promise<void> {
  await fast.loaded();
  expect(fast.state()).toMatchObject({ vectors: true, words: true });
  expect(fast.state()).not.toHaveProperty('error');
  const all = { limit: 1000, among: null };
  const page = { after: null, limit: 1000 };
  expect(await fast.reads.listed(null, page)).toEqual(await library.store.listed(null, page));
  const byId = (found: { sampleId: number; score: number }[]): string[] =>
    found.map(({ sampleId, score }) => `${sampleId} ${score.toFixed(6)}`).sort();
  for (let seed = 0; seed < 12; seed++) {
    const [text, query] = [library.text(seed), library.query(seed)];
    const ranking = { ...all, rows: COUNT };
    expect(byId(await byWords(fast.reads, text, ranking))).toEqual(
      byId(await byWords(library.store, text, ranking)),
    );
    expect(byId(await byBoth(fast.reads, query, text, ranking))).toEqual(
      byId(await byBoth(library.store, query, text, ranking)),
    );
  }
}
/** Changes a text behind everybody's back, long after it was written. */
const edit = async (id: number, text: string): Promise<void> => {
  const client = createClient({ url: library.url });
  await client.execute({
    sql: 'UPDATE sample_embeddings SET embedding_source = ? WHERE sample_id = ?',
    args: [text, id],
  });
  client.close();
  await library.store.enterMissing(null, 1000);
};

function flip(path: string, share: number): void {
  const bytes = readFileSync(path);
  const at = Math.floor(share * bytes.length);
  bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(path, bytes);
}

describe('an index that is kept in a file', () => {
  it('is what the store holds, and only its owner may read it', async () => {
    await keep();
    expect(files()).toHaveLength(1);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const fast = open();
    expect(fast.state().soon).toBe(true);
    await expectRight(fast);
  });

  it('is read in the place of the store', async () => {
    await keep();
    // What the store would not say.
    await library.sql('DELETE FROM sample_signatures WHERE sample_id = 3');
    await library.sql('INSERT INTO sample_signatures VALUES (3, NULL)');
    const fast = open();
    await fast.loaded();
    const { vector } = library.query(3);
    const all = { limit: 1000, candidates: null, among: null };
    const found = await fast.reads.nearest({ model: library.query(0).model, vector }, all);
    expect(found.some(({ sampleId }) => sampleId === 3)).toBe(true);
  });

  it('knows what was stored, changed, deleted and entered while nobody had it open', async () => {
    await keep();
    await library.put([2, 4, 6]);
    await library.put([1, 5], { seed: 4000 });
    await library.sql('DELETE FROM sample_embeddings WHERE sample_id IN (9, 11)');
    await expectRight(open());
  });

  it('knows a row that was edited by another program and kept its date', async () => {
    await edit(1, 'dark nothing');
    await keep();
    await edit(7, 'dark moody hip hop drum loop');
    const fast = open();
    await expectRight(fast);
    // And one that is edited and entered between two looks.
    await edit(13, 'warm dusty vinyl');
    await fast.refresh();
    await expectRight(fast);
  });

  it('knows a deletion that was made up for by another sample', async () => {
    await keep();
    await library.sql('DELETE FROM sample_embeddings WHERE sample_id = 21');
    await library.put([900]);
    await expectRight(open());
  });

  it('is not of a backup that was put back and went another way', async () => {
    const client = createClient({ url: library.url });
    const { rows } = await client.execute('SELECT MAX(number) AS newest FROM search_entries');
    await library.put([1], { seed: 100 });
    await keep();
    // As many transactions, with other samples.
    await client.execute({
      sql: 'DELETE FROM search_entries WHERE number > ?',
      args: [rows[0]?.newest ?? 0],
    });
    client.close();
    await edit(3, 'dark pad');
    await expectRight(open());
  });

  it.each<[string, (path: string) => void]>([
    ['cut short', (path) => truncateSync(path, statSync(path).size - 100)],
    ['empty', (path) => truncateSync(path, 0)],
    ['of something else', (path) => writeFileSync(path, 'nothing of ours')],
    ['damaged at its beginning', (path) => flip(path, 0.1)],
    ['damaged in its middle', (path) => flip(path, 0.5)],
    ['damaged near its end', (path) => flip(path, 0.9)],
    ['damaged at its end', (path) => flip(path, 0.999)],
  ])('is left where it is %s, and written anew', async (_, harm) => {
    await keep();
    harm(file());
    const fast = open();
    await expectRight(fast);
    await fast.refresh();
    await fast.refresh();
    await fast.close();
    const again = open();
    await expectRight(again);
    expect(files()).toHaveLength(1);
  });

  it('is not kept of few samples, nor where nothing can be written', async () => {
    const few = open({ folder });
    await expectRight(few);
    await few.refresh();
    expect(readdirSync(folder)).toEqual([]);
    // A file stands in the folder's place.
    const place = join(folder, 'file');
    writeFileSync(place, '');
    const other = open({ folder: place, least: 1 });
    await expectRight(other);
    await other.refresh();
    await expectRight(other);
  });

  it('is not waited for where the store cannot be read', async () => {
    const { store, catalog, url: storeUrl } = library;
    const fast = openFastSearch({
      ...{ store, catalog, collection: { rows: null, filters: LIBRARY_FILTERS }, storeUrl },
      ...{ generation: 9, dimensions: DIMENSIONS, kept: { folder } },
    });
    opened.push(fast);
    const page = { after: null, limit: 10 };
    expect(await fast.reads.listed(null, page)).toEqual(await store.listed(null, page));
    await fast.loaded();
    expect(fast.state().error).toContain('generation 9');
    const closed = open();
    const found = closed.reads.listed(null, page);
    await closed.close();
    expect((await found).total).toBe(COUNT);
  });

  it('is written by two at once', async () => {
    const both = [open(), open()];
    await Promise.all(both.map((fast) => fast.loaded()));
    for (let times = 0; times < 2; times++) await Promise.all(both.map((fast) => fast.refresh()));
    expect(readdirSync(folder)).toEqual(files());
    await expectRight(open());
  });
});
