import { hashOf } from './counters.js';
import { keyAt, type Plainness } from './keys.js';
import type { Name } from './tokens.js';
import { TIMED } from './vocabulary.js';

/** Collects numbers that are clearly the tempo of some names of a folder, for other names with only the number. */
export class ToldTempos {
  readonly #names = new Map<string, number>();
  readonly #openings = new Set<number>();

  add(name: Name, at: number): void {
    const number = name.tokens[at]?.number;
    if (number == null || number < 60 || number > 200) return;
    const isTold = hasBpmBeside(name, at) || hasKeyBeside(name, at, 'mode');
    if (isTold) {
      const key = firstWordAnd(name, at);
      this.#names.set(key, (this.#names.get(key) ?? 0) + 1);
    }
    if (isTold || name.tokens.some(({ lower }) => TIMED.has(lower))) this.#openings.add(openingOf(name, at));
  }

  /**
   * Returns whether two names with the same first word have the number beside "BPM" or beside a key with its mode; or
   * one name that is the same up to the number has it so, or plays in time: "crunch_140_tops" for "crunch_140".
   */
  has(name: Name, at: number): boolean {
    return (this.#names.get(firstWordAnd(name, at)) ?? 0) > 1 || this.#openings.has(openingOf(name, at));
  }
}

const firstWordAnd = ({ tokens }: Name, at: number): string => `${tokens[0]?.lower} ${tokens[at]?.text}`;

function openingOf({ tokens }: Name, at: number): number {
  let opening = '';
  for (let i = 0; i <= at; i += 1) opening += ` ${tokens[i]?.lower}`;
  return hashOf(opening);
}

const RANK = { letter: 0, accidental: 1, mode: 2 } as const;

/** Returns whether a key at least as plain as `least` stands directly before or after the number. */
export function hasKeyBeside({ tokens }: Name, at: number, least: Plainness): boolean {
  const fits = (key: ReturnType<typeof keyAt>) =>
    key !== null && RANK[key.plainness] >= RANK[least] && (key.plainness === 'mode' || !key.small);
  if (fits(keyAt(tokens, at + 1))) return true;
  for (const from of [at - 1, at - 2]) {
    const key = from < 0 ? null : keyAt(tokens, from);
    if (key?.to === at - 1 && fits(key)) return true;
  }
  return false;
}

export const hasBpmBeside = ({ tokens }: Name, at: number): boolean =>
  tokens[at + 1]?.lower === 'bpm' || tokens[at - 1]?.lower === 'bpm';
