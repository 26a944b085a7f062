import type { BoughtQuery } from '../../search/query-vector.js';
import { poolOf } from '../../search/role-pool.js';
import type { SampleHit } from '../../search/sample-hit.js';
import type { SearchParts } from '../../search/search-samples.js';
import { factsOf } from '../facts.js';
import { type Brief, readBrief } from './brief.js';
import { type Anchor, type Candidate, type Chosen, candidateOf, chooseKit } from './choose.js';
import { keyWords } from './harmony.js';
import { ROLES, type Role } from './roles.js';
import { tempoWords } from './tempo.js';

export interface KitPad {
  /** From 1. */
  pad: number;
  /** Null: the sample's words do not say what it is. */
  role: Role | null;
  hit: SampleHit;
  key: string | null;
  /** Null: it is a one-shot, or its tempo is not known. */
  bpm: number | null;
  /** What speaks for it, in words. */
  why: string[];
}

export interface Kit {
  brief: Brief;
  /** What tempo and key the pads go with. */
  anchor: Anchor;
  pads: KitPad[];
  /** What is not as it was wished for, as sentences. */
  notes: string[];
  /** What the one query was bought for; null: nothing was bought. */
  bought: BoughtQuery | null;
}

/**
 * A kit of samples that go together, of at most `pads`: the same for the same library, text and seed. Buys one query at most.
 * `parts.shown` names every column that tells what a sample is.
 */
export async function makeKit(
  parts: SearchParts,
  text: string,
  { pads, seed }: { pads: number; seed: number },
): Promise<Kit> {
  const brief = readBrief(text);
  const { samples, bought } = await poolOf(
    parts,
    brief.feel,
    ROLES.map(({ spelled }) => spelled),
  );
  const candidates = samples.map(candidateOf);
  const { chosen, anchor } = chooseKit(candidates, brief, { pads, seed });
  return {
    ...{ brief, anchor, bought },
    pads: chosen.map((each, at) => padOf(each, at + 1, anchor)),
    notes: notesOf(candidates, chosen, { brief, anchor, pads }),
  };
}

function padOf({ role, instead, sample, keyFit, tempoFit }: Chosen, pad: number, anchor: Anchor): KitPad {
  const why: string[] = [];
  if (instead !== null) why.push(`for want of a fitting ${instead}`);
  if (role === null) why.push('near to the feel; what it is nobody says');
  if (keyFit !== null) why.push(keyWords(keyFit, anchor.key, sample.key));
  why.push(tempoFit === null ? 'one-shot' : tempoWords(tempoFit, anchor.bpm, sample.bpm));
  const { key } = factsOf(sample.hit);
  return { ...{ pad, role, key, why }, bpm: sample.bpm, hit: { ...sample.hit, rank: pad } };
}

function notesOf(
  candidates: readonly Candidate[],
  chosen: readonly Chosen[],
  { brief, anchor, pads }: { brief: Brief; anchor: Anchor; pads: number },
): string[] {
  const notes: string[] = [];
  const wanting = [...new Set(chosen.flatMap(({ instead }) => instead ?? []))];
  const none = wanting.filter((role) => !candidates.some(({ roles }) => roles.includes(role)));
  const unfit = wanting.filter((role) => !none.includes(role));
  if (none.length > 0) notes.push(`The library has no ${none.join(', no ')}: other samples fill these pads.`);
  if (unfit.length > 0)
    notes.push(
      `Of ${unfit.join(', ')} there is nothing that goes with key and tempo: other samples fill these pads.`,
    );
  if (chosen.length < pads)
    notes.push(
      `Only ${chosen.length} of ${pads} pads are filled: nothing else goes with them without repeating one.`,
    );
  if (brief.key === null && anchor.key !== null)
    notes.push(`No key was asked for: all goes with ${anchor.key}.`);
  if (brief.bpm === null && anchor.bpm !== null)
    notes.push(`No tempo was asked for: all goes with ${Number(anchor.bpm.toFixed(1))} BPM.`);
  return notes;
}
