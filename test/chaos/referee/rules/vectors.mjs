import { textKey } from '../bill.mjs';
import { some } from '../violation.mjs';

/** Bought and kept nowhere, by design: it tells refused texts from a provider that refuses everything. */
const ASKED = textKey('openai/text-embedding-3-small', 'Title: a sample');

/** Every vector is the one that the provider gave for exactly the text beside it, and the text is its sample's own. */
export function judgeVectors({ store, bill, catalog }) {
  const { samples } = store;
  const words = new Map(catalog.map((sample) => [sample.id, sample.words]));
  const unbought = [];
  const wrong = [];
  const foreign = [];
  for (const [id, { key, vector, text }] of samples) {
    const given = bill.texts.get(key);
    if (given === undefined) unbought.push(id);
    else if (!given.vectors.has(vector)) wrong.push(id);
    if (words.get(id)?.some((word) => !text.includes(word))) foreign.push(id);
  }
  const kept = new Set([...samples.values()].map(({ key }) => key));
  const dropped = [...bill.texts.keys()].filter((key) => !kept.has(key) && key !== ASKED);
  return [
    some('text-never-bought', 'stored with a text that the provider never saw', unbought),
    some('wrong-vector', "stored with a vector that is not the provider's for that text", wrong),
    some('text-of-another', 'stored with a text that lacks their own words', foreign),
    some('paid-and-lost', 'texts charged and stored nowhere', dropped),
  ];
}
