/** What a search gave, and when it was asked, in ms of one clock. */
export interface Answer<H> {
  from: number;
  to: number;
  query: string;
  hits: H[];
}

/** Ms of that clock: when `switch` was called and had ended, and the same of `rollback`. */
export interface Switches {
  switching: number;
  switched: number;
  back: number;
  backAgain: number;
}

type IsOf<H> = (query: string, hits: readonly H[]) => boolean;

/**
 * The answers that are not of the generation that was active when they were asked, or not all of it. One that was under way
 * during a switch may be of either, and never of both.
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
