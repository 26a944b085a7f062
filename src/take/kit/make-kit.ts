import type { BoughtQuery } from '../../search/query-vector.js';
import { openRolePool, type RolePool } from '../../search/role-pool.js';
import type { SampleHit } from '../../search/sample-hit.js';
import type { SearchParts } from '../../search/search-samples.js';
import { createTurns } from '../../turns.js';
import { factsOf } from '../facts.js';
import { type Brief, readBrief } from './brief.js';
import {
  type Anchor,
  type Candidate,
  type Chosen,
  type ChosenKit,
  candidateOf,
  chooseKit,
  feelScale,
} from './choose.js';
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
  /** The reasons for it, in words. */
  why: string[];
}

export interface Kit {
  brief: Brief;
  /** The tempo and the key that the pads fit. */
  anchor: Anchor;
  pads: KitPad[];
  /** What differs from the request, as sentences. */
  notes: string[];
  /** Tokens and price of the one query; null when nothing was bought. */
  bought: BoughtQuery | null;
}

export interface KitOptions {
  pads: number;
  seed: number;
  /** The most samples that are examined. Default: as openRolePool. */
  most?: number;
}

/** The alternative when the query for the feel cannot be bought. */
const WAY_AROUND = 'name tempo and key alone, which buys nothing: embeddings kit "90 bpm, A minor"';

/**
 * Makes a kit of at most `pads` samples that fit together; the same for the same library, text and seed. Buys one query
 * at most. `parts.shown` names every column that says what a sample is. Throws a usage Fault for a text that is empty
 * or too long, and the Faults of a search.
 */
export async function makeKit(
  parts: SearchParts,
  text: string,
  { pads, seed, most }: KitOptions,
): Promise<Kit> {
  const brief = readBrief(text);
  const groups = ROLES.map(({ spelled }) => spelled);
  const pool = await openRolePool(parts, brief.feel, groups, {
    wayAround: WAY_AROUND,
    ...(most !== undefined && { most }),
  });
  const { candidates, chosen, anchor } = await chooseFrom(pool, brief, { pads, seed });
  return {
    ...{ brief, anchor, bought: pool.bought },
    pads: chosen.map((each, at) => padOf(each, at + 1, anchor)),
    notes: notesOf(candidates, chosen, { brief, anchor, pads, whole: pool.isWhole() }),
  };
}

/** How often more samples of a role are examined when there are some and none fits. */
const TRIES_FOR_FIT = 3;
/** How often more samples of a role are examined when there are none. */
const TRIES_FOR_ANY = 1;

/** Examines more samples of a role if none fits; then, while a pad is empty, more of all, up to the whole library. */
async function chooseFrom(
  pool: RolePool,
  brief: Brief,
  { pads, seed }: { pads: number; seed: number },
): Promise<ChosenKit & { candidates: Candidate[] }> {
  const known = new Map<number, Candidate>();
  const look = async (): Promise<Candidate[]> => {
    const found: Candidate[] = [];
    // This reads the words of thousands of samples, and a server has other requests.
    const turns = createTurns();
    for (const sample of pool.samples()) {
      const candidate = known.get(sample.number) ?? candidateOf(sample);
      known.set(sample.number, candidate);
      found.push(candidate);
      if (turns.isDue()) await turns.give();
    }
    return found;
  };
  let candidates = await look();
  // The scale of the nearest samples, so that samples that are examined later do not change their worth.
  const scale = feelScale(candidates);
  const tries = new Map<Role, number>();
  const again = (role: Role): boolean => {
    const most = candidates.some(({ roles }) => roles.includes(role)) ? TRIES_FOR_FIT : TRIES_FOR_ANY;
    const tried = tries.get(role) ?? 0;
    tries.set(role, tried + 1);
    return tried < most;
  };
  for (;;) {
    const kit = chooseKit(candidates, brief, { pads, seed, scale });
    const deeper = kit.missing
      .filter(again)
      .map((missing) => ROLES.findIndex(({ role }) => role === missing));
    if (!(await pool.deepen(deeper)) && (kit.chosen.length >= pads || !(await pool.widen())))
      return { ...kit, candidates };
    candidates = await look();
  }
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
  { brief, anchor, pads, whole }: { brief: Brief; anchor: Anchor; pads: number; whole: boolean },
): string[] {
  const notes: string[] = [];
  const looked = `the ${candidates.length.toLocaleString('en')} samples that were looked at`;
  const wanting = [...new Set(chosen.flatMap(({ instead }) => instead ?? []))];
  const none = wanting.filter((role) => !candidates.some(({ roles }) => roles.includes(role)));
  const unfit = wanting.filter((role) => !none.includes(role));
  if (none.length > 0)
    notes.push(
      `${whole ? 'The library has' : `Among ${looked} there is`} no ${none.join(', no ')}: other samples fill these pads.`,
    );
  if (unfit.length > 0)
    notes.push(
      `Of ${unfit.join(', ')}, nothing ${whole ? 'in the library' : `among ${looked}`} goes with key and tempo: other samples fill these pads.`,
    );
  if (chosen.length < pads)
    notes.push(
      `Only ${chosen.length} of ${pads} pads are filled: nothing else ${whole ? 'in the library' : `among ${looked}`} goes with them without repeating one.`,
    );
  if (brief.key === null && anchor.key !== null)
    notes.push(`No key was asked for: all goes with ${anchor.key}.`);
  if (brief.bpm === null && anchor.bpm !== null)
    notes.push(`No tempo was asked for: all goes with ${Number(anchor.bpm.toFixed(1))} BPM.`);
  return notes;
}
