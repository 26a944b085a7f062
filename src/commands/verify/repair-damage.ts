import type { Settings } from '../../config.js';
import { loadTokenCounter } from '../../providers/tokens.js';
import { count, usd } from '../../terminal/format.js';
import type { Findings } from '../../verify/verify-store.js';
import { askPrice } from '../ask-price.js';

/** What to repair. Only ids are kept, so that even a completely damaged store fits into memory. */
export interface Damage {
  findings: Pick<Findings, 'damaged' | 'orphan'>;
  /** Samples to embed again, ascending. */
  ids: number[];
  orphans: number[];
  /** Returns `about 975 tokens, $0.0000195`; identical texts are bought once. */
  price(): Promise<string>;
}

export async function collectDamage(settings: Settings): Promise<Damage> {
  const countTokens = await loadTokenCounter();
  const ids: number[] = [];
  const orphans: number[] = [];
  const seen = new Set<string>();
  let tokens = 0;
  return {
    ids,
    orphans,
    findings: {
      damaged({ id, hash, text }) {
        // A selection cannot name negative ids; --all includes them.
        if (id < 0) return;
        ids.push(id);
        // Half of the hash, as in a dry run.
        const key = hash.slice(0, 24);
        if (!seen.has(key)) tokens += countTokens(text);
        seen.add(key);
      },
      orphan: (id) => void orphans.push(id),
    },
    async price() {
      const { nanosPerToken } = await askPrice(settings);
      const cost = nanosPerToken === null ? 'price unknown' : usd(Math.round(tokens * nanosPerToken));
      return `${count(tokens)} tokens, ${cost}`;
    },
  };
}
