import { Refused, type Sample, search } from './api.js';
import { type Cell, cell } from './cell.js';
import { asksAnything, type Question } from './question.js';
import { addSpent } from './spending.js';

export type Found =
  | { state: 'nothing-asked' }
  /** `before`: what is shown meanwhile. */
  | { state: 'asking'; question: Question; before: readonly Sample[] }
  | {
      state: 'found';
      question: Question;
      samples: readonly Sample[];
      /** How many there are in all; null: they are ranked, and nobody counted. */
      total: number | null;
      /** Null: these are all. */
      next: string | null;
      /** Why there is none. */
      empty: string | null;
      bought: { cost_usd: number | null } | null;
      milliseconds: number;
      /** By words alone, while somebody types. */
      provisional: boolean;
    }
  | { state: 'refused'; question: Question; refusal: Refused };

export interface Searching {
  found: Cell<Found>;
  ask(question: Question): void;
  /** By words, which costs nothing; what was found before stays where there is nothing of them. */
  preview(question: Question): void;
  /** The next ones; resolves with them, none where there are no more. */
  more(): Promise<readonly Sample[]>;
}

const LIMIT = 50;

/** One search at a time: another one ends it. */
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
