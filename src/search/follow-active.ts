import type { PlannedGeneration } from '../contract/generation.js';
import type { Store } from '../engines/store.js';

/** What a search works with, of the generation that is active. */
export interface FollowActive<P> {
  /** As it was last looked at. */
  readonly parts: P;
  /**
   * Carries a search out over the active generation. Where another one has become active meanwhile, it is carried out
   * again over that: an answer is never mixed, nor of a generation that was not active any more when it began.
   */
  over<T>(search: (parts: P) => Promise<T>): Promise<T>;
}

/** `look`: opens what is needed for the generation that is active now. `left`: hears of parts that are used no more. */
export async function followActive<P extends { generation: Pick<PlannedGeneration, 'number'> }>(
  store: Pick<Store, 'activeNumber' | 'lastActive'>,
  look: () => Promise<P>,
  left: (parts: P) => void = () => undefined,
): Promise<FollowActive<P>> {
  let parts = await look();
  /** Of searches at once, one looks for all. */
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
