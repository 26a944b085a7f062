import { blockedFault } from '../fault.js';
import type { Backend, Shape } from './backend.js';
import { discover } from './inspect.js';

/** So long the tables are believed to be as they were found, in milliseconds. */
const BELIEVED_MS = 10_000;
/** Reads so far apart are not of one run: what changed between them is no surprise. */
const RUN_APART_MS = 60_000;

interface KnownShape {
  shape: Shape;
  /** The backend's, when it was found. */
  generation: string;
  foundAt: number;
}

/**
 * The tables as they were found last; looked for again after ten seconds, and when the file is another. A column that
 * is gone in the middle of a run is a Fault, once: the rest of the run would be bought poorer.
 */
export function createShapes(backend: Backend) {
  let known: KnownShape | null = null;
  let finding: Promise<KnownShape> | null = null;
  let usedAt = Number.NEGATIVE_INFINITY;

  const find = async (before: KnownShape | null): Promise<KnownShape> => {
    known = null;
    const generation = backend.generation();
    const shape = await discover(backend);
    const gone = before === null ? [] : lost(before.shape, shape);
    if (gone.length > 0)
      throw blockedFault(
        `The catalog in ${backend.place} has lost ${gone.join(', ')} during a run: bring it back, then embeddings ` +
          'resume; resumed without it, the rest is embedded without it',
      );
    // A file that is another by now is looked at once more by whoever reads it.
    return {
      shape,
      generation: backend.generation() === generation ? generation : '',
      foundAt: performance.now(),
    };
  };

  return {
    async current(): Promise<KnownShape> {
      const now = performance.now();
      const before = known;
      const sameRun = now - usedAt < RUN_APART_MS;
      usedAt = now;
      if (before?.generation === backend.generation() && now - before.foundAt < BELIEVED_MS) return before;
      finding ??= find(sameRun ? before : null).finally(() => {
        finding = null;
      });
      known = await finding;
      return known;
    },
    /** Has them looked for again. */
    expire(): void {
      if (known !== null) known = { ...known, foundAt: Number.NEGATIVE_INFINITY };
    },
    /** Takes whatever is found next for what there is. */
    forget(): void {
      known = null;
    },
  };
}

function lost(before: Shape, now: Shape): string[] {
  if (before.fromAnalyses !== null && now.fromAnalyses === null) return ['the table vibe_analyses'];
  return [
    ...before.samples.filter((column) => !now.samples.includes(column)).map((column) => `samples.${column}`),
    ...before.analyses
      .filter((column) => !now.analyses.includes(column))
      .map((column) => `vibe_analyses.${column}`),
  ];
}
