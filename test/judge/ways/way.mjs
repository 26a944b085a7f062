/**
 * A way of lying, and what the product promises in spite of it.
 *
 * `settled ≤ bill ≤ settled + uncertain` is promised wherever the provider states nothing false about what it billed:
 * - `lower` (settled ≤ bill) needs that it states no more than it charged, and, where it states nothing, that its
 *   tokens are those of the model's public vocabulary;
 * - `upper` (bill ≤ settled + uncertain) needs that it charges no more tokens than a text has UTF-8 bytes, no more a
 *   token than the dearest price it has shown before, and does not state less than it charges in a form that may be
 *   true: fewer tokens at a cost to match. Zero tokens, fewer tokens than texts, fewer than the vocabulary counts and no
 *   cost, and a cost below tokens at the list price may be false, and are bounded.
 * A promise that is not made is a sentence that says why.
 *
 * `cap`: by how much the bill may pass `--max-cost`: 'nothing' where prices are as listed; 'one batch' where they are
 * not, since the first answer is the first to tell; 'in flight' where they rise in the middle, since what is on its way
 * was sent at the old price.
 *
 * `uncertain`: 'bounded': no more than the bytes of those texts whose price was not said, at the dearest price; so
 * nothing where all was said or surely not billed. 'any' where a false statement may be kept as a bound. `discount`: what
 * is charged below the list price, and said, may be uncertain too.
 *
 * `times`, `timesMarked`: how often a text may be charged, `retries` being MAX_RETRIES: once, and once more for each
 * attempt whose answer was lost.
 */
const PROMISES = {
  lower: true,
  upper: true,
  cap: 'nothing',
  uncertain: 'bounded',
  discount: false,
  times: () => 1,
  timesMarked: null,
  /** Samples that fail for good. */
  fails: 0,
  /** Runs that stop and go on by `--resume`, at most; the first exit code is then 3. */
  resumes: 0,
};

/** Each text once, and once again for each lost answer. */
export const perTry = (retries) => retries + 1;

/** `start()` gives the provider's way for one run: see startProvider. */
export const way = (name, says, start, promises = {}) => ({
  name,
  says,
  start,
  promises: { ...PROMISES, ...promises },
});
