import { afterAll, beforeAll, expect, it } from 'vitest';
import { appOf, type Stage, setStage } from './stage.js';

let stage: Stage;
let ask: ReturnType<typeof appOf>['ask'];
beforeAll(async () => {
  stage = await setStage(1100);
  ({ ask } = appOf(stage.library));
});
afterAll(() => stage?.close());

interface Page {
  results: { id: number }[];
  next_cursor: string | null;
}

async function walk(asked: string, limit: number): Promise<number[]> {
  const ids: number[] = [];
  for (let cursor = ''; ; ) {
    const answer = await ask(`/api/v1/search?${asked}&limit=${limit}${cursor}`);
    expect(answer.status, await answer.clone().text()).toBe(200);
    const { results, next_cursor: next } = (await answer.json()) as Page;
    ids.push(...results.map(({ id }) => id));
    if (next === null) return ids;
    cursor = `&cursor=${next}`;
  }
}

it.each([
  ['q=dark+moody', 1000],
  ['q=dark+moody&mode=vector', 1000],
  ['q=dark+moody&mode=text', 1],
  ['like=1', 1000],
  ['like=1&unlike=2&q=warm', 1000],
  ['q=dark&where=genre%3Dtechno', 1],
  ['q=dark+moody&min_similarity=0.2', 1],
])('pages of any size have the same hits, each once: %s', async (asked, least) => {
  const whole = await walk(asked, 200);
  expect(whole.length).toBeGreaterThanOrEqual(least);
  expect(new Set(whole).size).toBe(whole.length);
  for (const limit of [37, 100]) expect(await walk(asked, limit), `${limit} a page`).toEqual(whole);
});

it('a page may be larger than the one before', async () => {
  const whole = await walk('q=dark+moody', 200);
  const first = (await (await ask('/api/v1/search?q=dark+moody&limit=30')).json()) as Page;
  const second = await ask(`/api/v1/search?q=dark+moody&limit=90&cursor=${first.next_cursor}`);
  expect(((await second.json()) as Page).results.map(({ id }) => id)).toEqual(whole.slice(30, 120));
});
