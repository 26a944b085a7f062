/** The hits of a search, with its start and end in ms of one clock. */
export interface Answer<H> {
  from: number;
  to: number;
  query: string;
  hits: H[];
}

/** Start and end of `switch`, and start and end of `rollback`, in ms of the same clock. */
export interface Switches {
  switching: number;
  switched: number;
  back: number;
  backAgain: number;
}

type IsOf<H> = (query: string, hits: readonly H[]) => boolean;

/**
 * Returns the answers that are not entirely from the generation that was active at the time of the search. An answer
 * whose search ran during a switch may be from either generation, but never from both.
 */
export const wrongAnswers = <H, A extends Answer<H>>(
  answers: readonly A[],
  { switching, switched, back, backAgain }: Switches,
  [isOfFirst, isOfSecond]: readonly [IsOf<H>, IsOf<H>],
): A[] =>
  answers.filter(({ from, to, query, hits }) => {
    if (to < switching || from > backAgain) return !isOfFirst(query, hits);
    if (from > switched && to < back) return !isOfSecond(query, hits);
    return !isOfFirst(query, hits) && !isOfSecond(query, hits);
  });
