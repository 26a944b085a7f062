import type { PlannedGeneration } from '../contract/generation.js';
import type { Store } from '../engines/store.js';

/** The parts that a search needs, for the active generation. */
export interface FollowActive<P> {
  /** The parts of the last look. */
  readonly parts: P;
  /**
   * Runs a search over the active generation. If another generation has become active meanwhile, the search is repeated
   * over that one. So an answer never mixes generations, and its generation was active when the search began.
   */
  over<T>(search: (parts: P) => Promise<T>): Promise<T>;
}

/** `look`: opens the parts for the generation that is active now. `left`: called with parts that are no longer used. */
export async function followActive<P extends { generation: Pick<PlannedGeneration, 'number'> }>(
  store: Pick<Store, 'activeNumber' | 'lastActive'>,
  look: () => Promise<P>,
  left: (parts: P) => void = () => undefined,
): Promise<FollowActive<P>> {
  let parts = await look();
  /** Parallel searches share one look (singleflight). */
  let looking: Promise<void> | null = null;
  const lookAgain = async (): Promise<void> => {
    looking ??= look().then((now) => {
      left(parts);
      parts = now;
    });
    try {
      await looking;
    } finally {
      looking = null;
    }
  };
  return {
    get parts() {
      return parts;
    },
    async over(search) {
      if ((await store.activeNumber()) !== parts.generation.number) await lookAgain();
      for (;;) {
        const own = parts;
        const found = await search(own).then(
          (answer) => ({ answer }),
          (error: unknown) => ({ error }),
        );
        if (store.lastActive() === own.generation.number) {
          if ('error' in found) throw found.error;
          return found.answer;
        }
        if (parts === own) await lookAgain();
      }
    },
  };
}
