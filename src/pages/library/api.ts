import type { z } from '@hono/zod-openapi';
import type { ApiSample, facetsAnswer, searchAnswer, statusAnswer } from '../../server/api/schemas.js';
import { parametersOf, type Question } from './question.js';

export type Sample = ApiSample;
export type SearchAnswer = z.output<typeof searchAnswer>;
export type Facet = z.output<typeof facetsAnswer>['facets'][number];
export type Status = z.output<typeof statusAnswer>;

/** A request that was refused or got no answer. The message is a sentence for a person. */
export class Refused extends Error {
  constructor(
    /** HTTP status; 0: there was no answer. */
    readonly status: number,
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

const NO_ANSWER = 'The server does not answer. Is embeddings serve still running? Start it and try again.';

/** Requests an address of our own server. Throws a Refused, or an AbortError when `signal` aborts it. */
export async function request(
  address: string,
  signal?: AbortSignal,
  more: RequestInit = {},
): Promise<Response> {
  const response = await fetch(address, { ...more, ...(signal && { signal }) }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refused(0, 'no-answer', NO_ANSWER);
  });
  if (response.ok) return response;
  const refusal = (await response.json().catch(() => null)) as { code?: unknown; detail?: unknown } | null;
  throw new Refused(
    response.status,
    typeof refusal?.code === 'string' ? refusal.code : 'failed',
    typeof refusal?.detail === 'string' ? refusal.detail : `The server answered ${response.status}.`,
  );
}

const json = async <T>(address: string, signal?: AbortSignal): Promise<T> =>
  (await (await request(address, signal)).json()) as T;

/** Searches. `limit`: 1 to 200. */
export function search(
  question: Question,
  { cursor, limit, signal }: { cursor: string | null; limit: number; signal: AbortSignal },
): Promise<SearchAnswer> {
  const parameters = parametersOf(question);
  parameters.set('limit', String(limit));
  if (cursor !== null) parameters.set('cursor', cursor);
  return json(`/api/v1/search?${parameters}`, signal);
}

export async function facets(where: readonly string[], signal: AbortSignal): Promise<Facet[]> {
  const parameters = new URLSearchParams(where.map((condition) => ['where', condition]));
  return (await json<{ facets: Facet[] }>(`/api/v1/facets?${parameters}`, signal)).facets;
}

/** Returns the samples as one file, in their order. */
export async function taken(
  samples: readonly Sample[],
  form: 'zip' | 'm3u8' | 'csv' | 'json',
): Promise<Blob> {
  const body = JSON.stringify({ ids: samples.map(({ id }) => id), form });
  const headers = { 'Content-Type': 'application/json' };
  return (await request('/api/v1/take', undefined, { method: 'POST', headers, body })).blob();
}

/** Asks the server to show the file in the file manager. */
export async function revealed(id: string): Promise<void> {
  const headers = { 'Content-Type': 'application/json' };
  await request(`/api/v1/samples/${encodeURIComponent(id)}/reveal`, undefined, { method: 'POST', headers });
}

export const status = (): Promise<Status> => json('/api/v1/status');

export const sampleOf = (id: string): Promise<Sample> => json(`/api/v1/samples/${encodeURIComponent(id)}`);
