import { blockedFault } from '../fault.js';
import type { Backend } from './backend.js';

/** So long the tables are believed to be as they were found, in milliseconds. */
const BELIEVED_MS = 10_000;
/** Reads so far apart are not of one run: what changed between them is no surprise. */
const RUN_APART_MS = 60_000;

interface KnownShape<Shape> {
  shape: Shape;
  /** The backend's, when it was found. */
  generation: string;
  foundAt: number;
}

/**
 * The tables as they were found last; looked for again after ten seconds, and when the file is another. A column that
 * is gone in the middle of a run is a Fault, once: the rest of the run would be bought poorer.
 */
export function createShapes<Shape>(
  backend: Backend,
  { discover, lost }: { discover(): Promise<Shape>; lost(before: Shape, now: Shape): readonly string[] },
) {
  let known: KnownShape<Shape> | null = null;
  let finding: Promise<KnownShape<Shape>> | null = null;
  let usedAt = Number.NEGATIVE_INFINITY;

  const find = async (before: KnownShape<Shape> | null): Promise<KnownShape<Shape>> => {
    known = null;
    const generation = backend.generation();
    const shape = await discover();
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
    async current(): Promise<KnownShape<Shape>> {
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

export type Shapes<Shape> = ReturnType<typeof createShapes<Shape>>;
