/** Stands in the title of exactly one sample of the judge's catalog. */
export const MARK = 'zz-odd-one-out';

export const markedIndex = ({ texts }) => texts.findIndex((text) => text.includes(MARK));

/**
 * When a provider lies. Each takes `lie(request, index)`, which gives a reply, and gives what decides for one run:
 * `reply(request)`, undefined where the truth is told.
 */

export const always = (lie) => () => lie;

/** To these requests, counted from 1. */
export const atRequests = (ordinals, lie) => () => (request) =>
  ordinals.includes(request.ordinal) ? lie(request) : undefined;

/** To half of the batches, and never twice to the same text: with one retry every batch gets through. */
export const onceToHalf = (lie) => () => {
  const told = new Set();
  let turn = 0;
  return (request) => {
    if (request.texts.some((text) => told.has(text))) return undefined;
    turn += 1;
    for (const text of request.texts) told.add(text);
    return turn % 2 === 1 ? lie(request) : undefined;
  };
};

/** To whatever request holds the marked text, for ever. */
export const toMarked = (lie) => () => (request) => {
  const index = markedIndex(request);
  return index === -1 ? undefined : lie(request, index);
};

/** To the first request that holds the marked text. */
export const onceToMarked = (lie) => () => {
  let told = false;
  return (request) => {
    const index = markedIndex(request);
    if (told || index === -1) return undefined;
    told = true;
    return lie(request, index);
  };
};
