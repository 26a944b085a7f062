import { onScene } from './scene.mjs';

const BATCH = 4;
const LARGE_BATCH = 40;
/** A demo sample has about 310 tokens. */
const TOKENS = 310;

const requestsOf = ({ requests = 600, minutes = 2 }) => ({
  limit: { requestsPerMinute: requests },
  batch: BATCH,
  samples: Math.round(requests * minutes * BATCH),
  settings: { OPENROUTER_REQUESTS_PER_MINUTE: String(requests) },
});
/** Takes longer: when the limit is first hit, all requests in flight are refused, and only 80 are sent a minute. */
const tokensOf = ({ tokens = 1_000_000, minutes = 5 }) => ({
  limit: { tokensPerMinute: tokens },
  batch: LARGE_BATCH,
  samples: Math.round((tokens * minutes) / TOKENS),
  settings: { OPENROUTER_TOKENS_PER_MINUTE: String(tokens) },
});

/** Measure how much of a provider's limit is delivered and how much is refused: stated in the settings, and learned. */
export const limits = [
  (options) => measure('requests/min, stated', requestsOf(options), 0.02),
  (options) => measure('requests/min, learned', { ...requestsOf(options), settings: {} }, 0.05),
  (options) => measure('tokens/min, stated', tokensOf(options), 0.02),
  (options) => measure('tokens/min, learned', { ...tokensOf(options), settings: {} }, 0.05),
];

/** Measures one run against a limited provider, from its first request to its last. */
function measure(name, { limit, batch, samples, settings }, mayRefuse) {
  const sandbox = { limit: { ...limit, holdsSeconds: 2 }, latencyMs: 100 };
  return onScene({ samples, sandbox, settings }, async ({ sandbox, embeddings }) => {
    const { code, said } = await embeddings('--all', '--batch-size', String(batch));
    if (code !== 0 || said.stored !== samples)
      throw new Error(`${name}: ${said?.state}, ${said?.stored} of ${samples} stored`);
    const { entries } = sandbox.bill();
    const good = entries.filter(({ status }) => status === 200);
    const seconds = (Date.parse(good.at(-1).at) - Date.parse(good[0].at)) / 1000;
    const did = 'tokensPerMinute' in limit ? good.reduce((sum, each) => sum + each.tokens, 0) : good.length;
    const delivered = did / seconds / (Object.values(limit)[0] / 60);
    const refused = entries.filter(({ status }) => status === 429).length / entries.length;
    return {
      line:
        `${Object.values(limit)[0]} ${name}: delivered ${percent(delivered)} of it (goal 95), ` +
        `refused ${percent(refused)} of ${entries.length} requests (goal ${100 * mayRefuse}) in ${seconds.toFixed(0)} s`,
      held: delivered >= 0.95 && refused <= mayRefuse,
    };
  });
}

const percent = (share) => `${(100 * share).toFixed(1)} %`;
