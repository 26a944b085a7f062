import { judgeBooks } from './books.mjs';
import { judgeEnd } from './end.mjs';
import { judgeBounds, judgeCap } from './money.mjs';
import { judgeAccount, judgePurchases, judgeVectors } from './samples.mjs';

export { figuresOf, nanos } from './money.mjs';

const RULES = {
  end: judgeEnd,
  bounds: judgeBounds,
  cap: judgeCap,
  purchases: judgePurchases,
  vectors: judgeVectors,
  account: judgeAccount,
  books: judgeBooks,
};

/** Every rule that the evidence breaks, as `{ rule, message }`; what the evidence is: see index.d.mts. */
export const judge = (evidence) =>
  Object.entries(RULES).flatMap(([rule, look]) =>
    look(evidence)
      .filter(Boolean)
      .map((message) => ({ rule, message })),
  );
