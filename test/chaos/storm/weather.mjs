import { setTimeout as wait } from 'node:timers/promises';
import { POISON } from './stage.mjs';

const poison = { fault: { kind: 'status', status: 400, message: 'this input is refused' }, contains: POISON };

/** Faults of the provider; each affects a few requests. */
const TROUBLES = [
  (random) => ({ fault: { kind: 'status', status: 429, retryAfter: '1' }, times: random.integer(1, 2) }),
  (random) => ({
    fault: { kind: 'status', status: random.pick([500, 502, 503, 529]) },
    times: random.integer(1, 3),
  }),
  () => ({ fault: { kind: 'status', status: 524 }, times: 1 }),
  (random) => ({ fault: { kind: 'reset' }, times: random.integer(1, 2) }),
  () => ({ fault: { kind: 'reset-after-billing' }, times: 1 }),
  () => ({ fault: { kind: 'error-in-200', code: 502 }, times: 1 }),
  () => ({ fault: { kind: 'html' }, times: 1 }),
  (random) => ({ fault: { kind: 'slow', ms: random.integer(500, 4000) }, times: random.integer(2, 4) }),
];

/**
 * Changes the provider's faults until it is cleared. `hurry()` returns whether requests take `fastMs` each; otherwise
 * each takes `slowMs`, so that the run lasts as long as the storm. `calm`: no faults except poison and slowness.
 */
export function startWeather(provider, { random, calm, hurry, fastMs, slowMs }) {
  let over = false;
  const change = async () => {
    while (!over) {
      const troubles = calm ? [] : random.some(TROUBLES, random.integer(0, 3)).map((make) => make(random));
      const pace = { fault: { kind: 'slow', ms: hurry() ? fastMs : slowMs } };
      await provider.setFaults([poison, ...troubles, pace]);
      await wait(random.integer(300, 1200));
    }
  };
  const changing = change();
  return {
    async clear() {
      over = true;
      await changing;
      await provider.setFaults([poison]);
    },
  };
}
