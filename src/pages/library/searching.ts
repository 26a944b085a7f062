import { Refused, type Sample, search } from './api.js';
import { type Cell, cell } from './cell.js';
import { asksAnything, type Question } from './question.js';
import { addSpent } from './spending.js';

export type Found =
  | { state: 'nothing-asked' }
  /** `before`: earlier hits, which are shown meanwhile. */
  | { state: 'asking'; question: Question; before: readonly Sample[] }
  | {
      state: 'found';
      question: Question;
      samples: readonly Sample[];
      /** Number of all matching samples; null for a ranked search, which does not count them. */
      total: number | null;
      /** Cursor of the next page; null: there are no more samples. */
      next: string | null;
      /** Why nothing was found. */
      empty: string | null;
      bought: { cost_usd: number | null } | null;
      milliseconds: number;
      /** Whether this is a preview by words only, while the user types. */
      provisional: boolean;
    }
  | { state: 'refused'; question: Question; refusal: Refused };

export interface Searching {
  found: Cell<Found>;
  ask(question: Question): void;
  /** Searches by words, which costs nothing. Earlier hits stay when it finds nothing. */
  preview(question: Question): void;
  /** Loads and returns the next samples; an empty list when there are no more. */
  more(): Promise<readonly Sample[]>;
}

const LIMIT = 50;

/** Creates the search state. Only one search runs at a time: a new search aborts the one before. */
export function createSearching(): Searching {
  const found = cell<Found>({ state: 'nothing-asked' });
  let controller = new AbortController();
  let coming: Promise<readonly Sample[]> | null = null;

  const shown = (): readonly Sample[] => {
    const now = found.get();
    return now.state === 'found' ? now.samples : now.state === 'asking' ? now.before : [];
  };
  const run = async (question: Question, provisional: boolean): Promise<void> => {
    controller.abort();
    controller = new AbortController();
    coming = null;
    const { signal } = controller;
    try {
      const answer = await search(question, { cursor: null, limit: LIMIT, signal });
      if (signal.aborted || (provisional && answer.results.length === 0)) return;
      if (answer.bought?.cost_usd) addSpent(answer.bought.cost_usd);
      const { results: samples, total, next_cursor: next, empty, bought } = answer;
      const milliseconds = answer.execution_time_ms;
      found.set({ state: 'found', question, samples, total, next, empty, bought, milliseconds, provisional });
    } catch (error) {
      if (signal.aborted || provisional) return;
      found.set({ state: 'refused', question, refusal: refusedOf(error) });
    }
  };
  return {
    found,
    ask(question) {
      if (!asksAnything(question)) {
        controller.abort();
        found.set({ state: 'nothing-asked' });
        return;
      }
      found.set({ state: 'asking', question, before: shown() });
      void run(question, false);
    },
    preview: (question) => void run({ ...question, mode: 'text', like: [], unlike: [] }, true),
    more() {
      const now = found.get();
      if (now.state !== 'found' || now.next === null) return Promise.resolve([]);
      const { question, next } = now;
      const { signal } = controller;
      coming ??= search(question, { cursor: next, limit: LIMIT, signal })
        .then((answer) => {
          if (signal.aborted) return [];
          const samples = [...now.samples, ...answer.results];
          found.set({ ...now, samples, next: answer.next_cursor, bought: null });
          return answer.results;
        })
        .catch(() => [])
        .finally(() => {
          coming = null;
        });
      return coming;
    },
  };
}

function refusedOf(error: unknown): Refused {
  if (error instanceof Refused) return error;
  return new Refused(0, 'failed', error instanceof Error ? error.message : String(error));
}
