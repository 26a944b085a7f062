import { onScene, until } from './scene.mjs';

/** A demo sample has about 310 tokens. */
const TOKENS = 310;
const LATENCY_MS = 150;
const MAY_REFUSE = 0.01;
const MUST_DELIVER = 0.97;

/** Measures the limit of a large account, stated and learned: one worker, two workers, limit halved during the run. */
export const tier = ['stated', 'learned'].flatMap((how) =>
  ['alone', 'two workers', 'halved'].map(
    (what) => (options) =>
      options.only === undefined || options.only === `${how}, ${what}` ? measure(how, what, options) : null,
  ),
);

function measure(how, what, { tokens = 10_000_000, minutes = 10 }) {
  const workers = what === 'two workers' ? 2 : 1;
  // The workers share one stated limit through the store.
  const settings = how === 'stated' ? { OPENROUTER_TOKENS_PER_MINUTE: String(tokens) } : {};
  const limitOf = (tokensPerMinute) => ({ tokensPerMinute, holdsSeconds: 2 });
  const late = what === 'halved' ? tokens / 2 : tokens;
  const samples = Math.round((((tokens + late) / 2) * minutes) / TOKENS);
  const sandbox = { limit: limitOf(tokens), latencyMs: LATENCY_MS };
  return onScene({ samples, sandbox, settings }, async ({ sandbox, embeddings, begin }) => {
    const run = embeddings('--all');
    if (workers === 2) {
      await until(() => (sandbox.bill().requests > 0 ? true : null));
      begin(['worker']);
    }
    let halvedAt = null;
    if (what === 'halved') {
      await until(() => (sandbox.bill().tokens > (tokens * minutes) / 2 ? true : null), minutes);
      sandbox.setLimit(limitOf(late));
      halvedAt = Date.now();
    }
    const { code, said } = await run;
    if (code !== 0 || said.stored !== samples)
      throw new Error(`${how}, ${what}: ${said?.state}, ${said?.stored} of ${samples} stored`);
    const { entries } = sandbox.bill();
    const good = entries.filter(({ status }) => status === 200);
    const from = Date.parse(good[0].at);
    const to = Date.parse(good.at(-1).at);
    const allowed = (((halvedAt ?? to) - from) * tokens + (to - (halvedAt ?? to)) * late) / 60_000;
    const delivered = good.reduce((sum, each) => sum + each.tokens, 0) / allowed;
    const refused = entries.filter(({ status }) => status === 429).length;
    return {
      line:
        `${tokens} tokens/min, ${how}, ${what}: delivered ${percent(delivered)} of it (goal 97), refused ${refused} of ` +
        `${entries.length} requests, ${percent(refused / entries.length)} (goal 1), in ${((to - from) / 1000).toFixed(0)} s`,
      held: delivered >= MUST_DELIVER && refused / entries.length <= MAY_REFUSE,
    };
  });
}

const percent = (share) => `${(100 * share).toFixed(2)} %`;
