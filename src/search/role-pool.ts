import { storedForm } from '../engines/vector-form.js';
import { type BoughtQuery, queryVector } from './query-vector.js';
import { type RankedSample, type Slices, slicesOfAll, slicesOfWords } from './role-lists.js';
import { describeSamples, type SampleHit } from './sample-hit.js';
import type { SearchParts } from './search-samples.js';
import { lookAtStore } from './store-look.js';

/** A sample that may be chosen. */
export interface PoolSample {
  /** The store's number. */
  number: number;
  /** `similarity` is to the feel, null where there is none. */
  hit: SampleHit;
  /** The text that was embedded; null: it was not kept. */
  text: string | null;
}

/** Samples to choose from; more are loaded on request. */
export interface RolePool {
  /** Returns the loaded samples that are in the catalog, by number, ascending. */
  samples(): PoolSample[];
  /** Loads more samples with the words of these groups; false: there are no others, or `most` is reached. */
  deepen(groups: readonly number[]): Promise<boolean>;
  /** Loads more samples of the whole library; false as above. */
  widen(): Promise<boolean>;
  /** Returns whether all stored samples were loaded. */
  isWhole(): boolean;
  /** Tokens and cost of the one query; null: it was cached, or there was no query. */
  bought: BoughtQuery | null;
}

export interface PoolOptions {
  /** What the user can do if the query cannot be bought, as a part of a sentence. */
  wayAround: string;
  /** Most samples that are loaded. Default: 50,000. */
  most?: number;
}

const MOST = 50_000;
/** Samples that are read from the catalog at once. */
const AT_ONCE = 1000;
/** Words of the groups that replace an empty feel: a query has no more terms. */
const WORDS = 30;

/**
 * Opens a pool of the samples nearest to a feel: those whose texts hold the words of each group, and those of the whole
 * library. Buys one query, or none if the feel is empty; then the texts alone decide. Throws the Faults of a search.
 */
export async function openRolePool(
  parts: SearchParts,
  feel: string,
  groups: readonly (readonly string[])[],
  { wayAround, most = MOST }: PoolOptions,
): Promise<RolePool> {
  const { store, model, progress } = parts;
  const rows = await lookAtStore(store, { model: feel === '' ? null : model, ...(progress && { progress }) });
  const asked =
    feel === ''
      ? null
      : await queryVector(store, parts.provider, model, feel, {
          ...{ cap: parts.cap, aside: parts.aside, wayAround },
        });
  const query = asked && { model: model.model, vector: storedForm(asked.vector, model.stored) };
  const lists = groups.map((words) => slicesOfWords(words, { parts, query, rows, most }));
  const all = slicesOfAll(groups.flat().slice(0, WORDS), { parts, query, rows, most });
  /** By sample number; null: the sample has left the catalog. */
  const seen = new Map<number, PoolSample | null>();

  const advance = async (list: Slices | undefined): Promise<boolean> => {
    while (list !== undefined && seen.size < most) {
      const { done, value } = await list.next();
      if (done === true) return false;
      const fresh = value.filter(({ sampleId }) => !seen.has(sampleId)).slice(0, most - seen.size);
      for (let from = 0; from < fresh.length; from += AT_ONCE)
        for (const [number, sample] of await read(parts, fresh.slice(from, from + AT_ONCE)))
          seen.set(number, sample);
      if (fresh.length > 0) return true;
    }
    return false;
  };
  const deepen = async (some: readonly number[]): Promise<boolean> => {
    let more = false;
    for (const index of some) more = (await advance(lists[index])) || more;
    return more;
  };
  await deepen([...groups.keys()]);
  await advance(all);
  return {
    deepen,
    widen: () => advance(all),
    isWhole: () => seen.size >= rows,
    samples: () => [...seen.values()].filter((each) => each !== null).sort((a, b) => a.number - b.number),
    bought: asked?.bought ?? null,
  };
}

async function read(
  parts: SearchParts,
  listed: readonly RankedSample[],
): Promise<(readonly [number, PoolSample | null])[]> {
  const texts = await parts.store.textsOf(listed.map(({ sampleId }) => sampleId));
  const hits = await describeSamples(
    parts,
    listed.map(({ sampleId, similarity }) => ({ sampleId, similarity, score: similarity ?? 0 })),
  );
  return hits.map((hit, at) => {
    const number = (listed[at] as RankedSample).sampleId;
    const text = texts.get(number)?.text ?? null;
    return [number, hit.gone === true ? null : { number, hit, text }] as const;
  });
}
