import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openStore } from '../../src/engines/libsql/index.js';
import type { Store } from '../../src/engines/store.js';
import { backends } from './scene.js';

describe.each(backends())('the identity of a store on $name', (backend) => {
  let url = '';
  let store: Store;

  beforeAll(() => backend.start());
  afterAll(() => backend.stop());
  beforeEach(async () => {
    url = await backend.empty();
    store = await openStore({ url });
  });
  afterEach(() => store.close());

  it('is unknown before its tables are there', async () => {
    expect(await store.identity()).toBeNull();
  });

  it('is made once, whoever opens it, and is another for each store', async () => {
    await store.migrate();
    await store.migrate();
    const first = await store.identity();
    expect(first).toEqual({ id: expect.stringMatching(/^[0-9a-f]{16}$/), collection: null });
    const again = await openStore({ url });
    expect(await again.identity()).toEqual(first);
    await again.close();
  });

  it('keeps the collection that came first', async () => {
    await store.migrate();
    expect(await store.claimFor('drums')).toBe('drums');
    expect(await store.claimFor('vocals')).toBe('drums');
    expect(await store.identity()).toMatchObject({ collection: 'drums' });
  });

  it('numbers text ids once, in the order they come', async () => {
    await store.migrate();
    expect(await store.numbersFor(['b', 'a', 'b'])).toEqual(
      new Map([
        ['b', 1],
        ['a', 2],
      ]),
    );
    const many = Array.from({ length: 1200 }, (_, index) => `key '${index}'`);
    const numbers = await store.numbersFor(['a', ...many]);
    expect(numbers.size).toBe(1201);
    expect(numbers.get('a')).toBe(2);
    expect(numbers.get("key '1199'")).toBe(1202);
    expect(await store.knownNumbers(['a', 'nobody'])).toEqual(new Map([['a', 2]]));
    expect(await store.keysOf([1, 1202, 5000])).toEqual(
      new Map([
        [1, 'b'],
        [1202, "key '1199'"],
      ]),
    );
  });

  it('numbers the same keys alike for two processes at once', async () => {
    await store.migrate();
    const other = await openStore({ url });
    const keys = Array.from({ length: 300 }, (_, index) => `k${index}`);
    const [one, two] = await Promise.all([store.numbersFor(keys), other.numbersFor([...keys].reverse())]);
    await other.close();
    expect(new Set(one.values()).size).toBe(300);
    expect(Object.fromEntries(two)).toEqual(Object.fromEntries(one));
  });
});
