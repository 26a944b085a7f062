import { blockedFault } from '../fault.js';
import type { Backend } from './backend.js';

/** How long a shape is reused before the tables are checked again, in milliseconds. */
const BELIEVED_MS = 10_000;
/** Reads this far apart are not of one run: a change between them is no Fault. Milliseconds. */
const RUN_APART_MS = 60_000;

interface KnownShape<Shape> {
  shape: Shape;
  /** The backend's generation when the shape was found. */
  generation: string;
  foundAt: number;
}

/**
 * Caches the shape of the tables. Finds it again after ten seconds, and when the file was replaced. Throws a Fault,
 * once, when a column disappears during a run: the rest of the run would be paid for, and embedded without that column.
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
        `The catalog in ${backend.place} has lost ${gone.join(', ')} during a run: restore it, then embeddings ` +
          'resume; if it is resumed without it, the other samples are embedded without it',
      );
    // If the file was replaced meanwhile, the empty generation makes the next reader find the shape again.
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
    /** Makes the next call find the shape again and compare it with the known one. */
    expire(): void {
      if (known !== null) known = { ...known, foundAt: Number.NEGATIVE_INFINITY };
    },
    /** Drops the known shape: the next one is not compared with it. */
    forget(): void {
      known = null;
    },
  };
}

export type Shapes<Shape> = ReturnType<typeof createShapes<Shape>>;
