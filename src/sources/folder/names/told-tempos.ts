import { hashOf } from './counters.js';
import { keyAt, type Plainness } from './keys.js';
import type { Name, Token } from './tokens.js';
import { MACHINE_NUMBERS, TIMED } from './vocabulary.js';

/**
 * How other names of the folder tell a number: `opening-key`, a name that is the same up to the number has it beside
 * "BPM" or beside a key with its mode; `opening`, such a name plays in time or has the key elsewhere; `first-word`, only
 * the first word is the same, but two names have the number beside "BPM" or such a key.
 */
export type ToldBy = 'opening-key' | 'opening' | 'first-word';

/** Collects numbers that are clearly the tempo of some names of a folder, for other names with only the number. */
export class ToldTempos {
  readonly #names = new Map<string, number>();
  readonly #openings = new Map<number, 'opening-key' | 'opening'>();

  add(name: Name, at: number): void {
    const number = name.tokens[at]?.number;
    if (number == null || number < 60 || number > 200) return;
    if (hasBpmBeside(name, at) || hasKeyBeside(name, at, 'mode')) {
      const key = firstWordAnd(name, at);
      this.#names.set(key, (this.#names.get(key) ?? 0) + 1);
      this.#openings.set(openingOf(name, at), 'opening-key');
    } else if (name.tokens.some(({ lower }) => TIMED.has(lower)) || hasKeyElsewhere(name, at)) {
      const opening = openingOf(name, at);
      if (!this.#openings.has(opening)) this.#openings.set(opening, 'opening');
    }
  }

  /** "crunch_140_tops" tells "crunch_140"; "Pad_124_Sound_Em" tells "Pad_124_Future". */
  toldBy(name: Name, at: number): ToldBy | null {
    const opening = this.#openings.get(openingOf(name, at));
    if (opening !== undefined) return opening;
    return (this.#names.get(firstWordAnd(name, at)) ?? 0) > 1 ? 'first-word' : null;
  }
}

/** "Pad_124_Sound_Em": the only such number of the name, between "_", and the name ends in a key with its mode. */
function hasKeyElsewhere({ tokens }: Name, at: number): boolean {
  const isPart = (token: Token | undefined) => token?.before === '_';
  if (!isPart(tokens[at]) || !isPart(tokens[at + 1]) || tokens[at + 1]?.number !== null) return false;
  if (MACHINE_NUMBERS.has(tokens[at]?.number as number)) return false;
  if (tokens.some(({ number }, i) => i !== at && number !== null && number >= 60 && number <= 200))
    return false;
  const from = [tokens.length - 1, tokens.length - 2].find((i) => i > at && keyAt(tokens, i) !== null);
  const key = from === undefined ? null : keyAt(tokens, from);
  return key?.plainness === 'mode' && !key.small && key.to === tokens.length - 1;
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
