import type { Store } from '../engines/store.js';
import type { Catalog } from '../sources/types.js';
import { groupDuplicates, textKey } from './fold.js';
import { describeSamples, type SampleHit } from './sample-hit.js';

export interface DuplicateParts {
  store: Pick<Store, 'textsAfter'>;
  catalog: Pick<Catalog, 'readIds'>;
  shown?: readonly string[];
  file: string | null;
  /** Called with the number of stored texts read so far. */
  progress?: (done: number) => void;
}

/** Samples that are takes of one sound, judged by text and duration. */
export interface DuplicateGroup {
  /** `text`: the texts are equal; `numbering`: equal except for numbering and punctuation. */
  same: 'text' | 'numbering';
  /** Whether all durations are known and equal; false: the text alone decided. */
  measured: boolean;
  samples: SampleHit[];
}

const PAGE = 1000;

/**
 * Returns groups of near-duplicates, the largest first, without samples that have left the catalog. Texts are compared
 * by their keys, so each is read once, and only samples that share a key are read from the catalog.
 */
export async function findDuplicates(parts: DuplicateParts): Promise<DuplicateGroup[]> {
  const shared = await sharedTexts(parts);
  const ids = [...shared.keys()].sort((a, b) => a - b);
  const groups: DuplicateGroup[] = [];
  const hits = new Map<number, SampleHit>();
  for (let from = 0; from < ids.length; from += PAGE) {
    const some = ids.slice(from, from + PAGE);
    const described = await describeSamples(
      parts,
      some.map((sampleId) => ({ sampleId, similarity: null, score: 0 })),
    );
    for (const [at, hit] of described.entries()) if (hit.gone !== true) hits.set(some[at] as number, hit);
  }
  const there = ids.filter((id) => hits.has(id));
  const found = groupDuplicates(there, (id) => ({
    text: shared.get(id)?.text ?? null,
    duration: hits.get(id)?.duration ?? null,
  }));
  for (const group of found) {
    if (group.length < 2) continue;
    const hashes = new Set(group.map((id) => shared.get(id)?.same));
    const samples = group.map((id, at) => ({ ...(hits.get(id) as SampleHit), rank: at + 1 }));
    groups.push({
      same: hashes.size === 1 ? 'text' : 'numbering',
      measured: samples.every(({ duration }) => duration !== null),
      samples,
    });
  }
  return groups.sort((a, b) => b.samples.length - a.samples.length);
}

interface SharedText {
  text: string;
  /** Equal for equal texts. */
  same: string;
}

/** Returns, by sample, the texts whose key another text shares. */
async function sharedTexts({ store, progress }: DuplicateParts): Promise<Map<number, SharedText>> {
  const firsts = new Map<string, [number, SharedText]>();
  const shared = new Map<number, SharedText>();
  let done = 0;
  for (let after: number | null = null; ; ) {
    const rows = await store.textsAfter(after, PAGE);
    for (const { sampleId, text, contentHash } of rows) {
      const key = textKey(text);
      if (key === null || text === null) continue;
      const own: SharedText = { text, same: contentHash ?? text };
      const first = firsts.get(key);
      if (first === undefined) firsts.set(key, [sampleId, own]);
      else shared.set(sampleId, own).set(...first);
    }
    done += rows.length;
    progress?.(done);
    after = rows.at(-1)?.sampleId ?? null;
    if (rows.length < PAGE || after === null) return shared;
  }
}
