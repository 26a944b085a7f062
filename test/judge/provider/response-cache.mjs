import { createHash } from 'node:crypto';

/** OpenRouter's response cache: the byte-identical repeat of a request that asked for it is answered for nothing. */
export function createResponseCache(on) {
  const kept = new Set();
  return {
    /** `{ hit, keep() }` for a request; never a hit where the cache is off or was not asked for. */
    look(headers, raw) {
      if (!on || headers['x-openrouter-cache'] !== 'true') return { hit: false, keep() {} };
      const key = createHash('sha256')
        .update(headers.authorization ?? '')
        .update(raw)
        .digest('hex');
      const cleared = headers['x-openrouter-cache-clear'] === 'true';
      return { hit: kept.has(key) && !cleared, keep: () => kept.add(key) };
    },
  };
}
