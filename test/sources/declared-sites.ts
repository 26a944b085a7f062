import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore } from '../../src/engines/libsql/index.js';
import { openDeclared } from '../../src/sources/declared/index.js';
import type { Catalog, DeclaredRows, SampleRow, TextIdMap } from '../../src/sources/types.js';

/** The numbers of text ids, in a real store. */
export interface TestTextIds extends TextIdMap {
  close(): Promise<void>;
}

export async function openTextIds(): Promise<TestTextIds> {
  const directory = await mkdtemp(join(tmpdir(), 'sample-embeddings-keys-'));
  const store = await openStore({ url: `file:${join(directory, 'store.db')}` });
  await store.migrate();
  return {
    numbersFor: (keys) => store.numbersFor(keys),
    knownNumbers: (keys) => store.knownNumbers(keys),
    keysOf: (numbers) => store.keysOf(numbers),
    async close() {
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const declared = (rows: { table: string } | { select: string }, more: Partial<DeclaredRows> = {}) =>
  ({ id: 'id', fields: ['title'], ...rows, ...more }) as DeclaredRows;

export async function using<T>(
  url: string,
  rows: DeclaredRows,
  textIds: TextIdMap,
  run: (catalog: Catalog) => Promise<T>,
): Promise<T> {
  const catalog = await openDeclared(url, rows, textIds);
  try {
    return await run(catalog);
  } finally {
    await catalog.close();
  }
}

/** Every row, a page at a time; `between` runs after each page. */
export async function pageThrough(
  catalog: Pick<Catalog, 'readPage'>,
  limit: number,
  between: (page: SampleRow[]) => Promise<void> | void = () => {},
): Promise<SampleRow[]> {
  const seen: SampleRow[] = [];
  for (let after: number | null = null; ; ) {
    const page: SampleRow[] = await catalog.readPage({ after, limit });
    seen.push(...page);
    after = page.at(-1)?.id ?? null;
    if (page.length < limit) return seen;
    await between(page);
  }
}

export const upTo = (count: number) => Array.from({ length: count }, (_, i) => i + 1);
