import { textKey } from '../bill.mjs';
import { some } from '../violation.mjs';

/** The text of canary requests, which is bought but not stored, by design. */
const PROBE = 'Title: a sample';

/**
 * Rule: every vector of every generation is the one that the provider returned for exactly the text stored with it, and
 * the text belongs to the sample.
 */
export function judgeVectors({ store, bill, catalog }) {
  const words = new Map(catalog.map((sample) => [sample.id, sample.words]));
  const unbought = [];
  const wrong = [];
  const foreign = [];
  const kept = new Set();
  const models = new Set(['openai/text-embedding-3-small']);
  for (const { samples } of [store, ...store.beside])
    for (const [id, { key, model, vector, text }] of samples) {
      kept.add(key);
      models.add(model);
      const given = bill.texts.get(key);
      if (given === undefined) unbought.push(id);
      else if (!given.vectors.has(vector)) wrong.push(id);
      if (words.get(id)?.some((word) => !text.includes(word))) foreign.push(id);
    }
  for (const model of models) for (const text of [PROBE, ...store.queries]) kept.add(textKey(model, text));
  const dropped = [...bill.texts.keys()].filter((key) => !kept.has(key));
  return [
    some('text-never-bought', 'stored with a text that the provider never saw', unbought),
    some('wrong-vector', "stored with a vector that is not the provider's for that text", wrong),
    some('text-of-another', 'stored with a text that lacks their own words', foreign),
    some('paid-and-lost', 'texts charged and stored nowhere', dropped),
  ];
}
