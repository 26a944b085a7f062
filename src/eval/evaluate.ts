import type { BoughtQuery } from '../search/query-vector.js';
import type { SearchAnswer } from '../search/search-samples.js';
import type { JudgedQuery } from './judged-file.js';
import { DEPTH, type Mean, meanOf, ndcg, recall } from './metrics.js';

export interface Evaluation {
  /** Queries with a grade above 0. */
  queries: number;
  /** Null: no query has a grade above 0. */
  ndcg: Mean | null;
  recall: Mean | null;
  /** Milliseconds of a search whose query vector is known already. */
  latencyMs: { p50: number; p95: number };
  /** Cost of the queries' vectors; 0 when all were known. Null: a price is not known. */
  costNanos: number | null;
  /** Number of query vectors bought. */
  bought: number;
  /** The result of each query, the worst first. */
  each: { query: string; ndcg: number }[];
}

/** Searches every judged query twice: the first search may buy the query's vector, the second one is timed. */
export async function evaluate(
  judged: readonly JudgedQuery[],
  search: (query: string, limit: number) => Promise<SearchAnswer>,
  progress: (done: number) => void = () => undefined,
): Promise<Evaluation> {
  const each: Evaluation['each'] = [];
  const recalls: number[] = [];
  const times: number[] = [];
  const buys: BoughtQuery[] = [];
  for (const [at, { query, grades }] of judged.entries()) {
    const { hits, bought } = await search(query, DEPTH);
    if (bought !== null) buys.push(bought);
    const began = performance.now();
    await search(query, DEPTH);
    times.push(performance.now() - began);
    const ranking = hits.map((hit) => String(hit.sample_id));
    const found = ndcg(ranking, grades);
    const share = recall(ranking, grades);
    if (found !== null) each.push({ query, ndcg: found });
    if (share !== null) recalls.push(share);
    progress(at + 1);
  }
  times.sort((a, b) => a - b);
  const place = (share: number): number => times[Math.floor(share * (times.length - 1))] ?? 0;
  return {
    queries: each.length,
    ndcg: meanOf(each.map((one) => one.ndcg)),
    recall: meanOf(recalls),
    latencyMs: { p50: place(0.5), p95: place(0.95) },
    costNanos: buys.some(({ costNanos }) => costNanos === null)
      ? null
      : buys.reduce((sum, { costNanos }) => sum + (costNanos ?? 0), 0),
    bought: buys.length,
    each: each.sort((a, b) => a.ndcg - b.ndcg),
  };
}
