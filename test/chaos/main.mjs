/**
 * `npm run chaos`: runs with injected faults, judged from outside.
 *   npm run chaos -- --minutes 5 --seed 7      a storm of kills and provider faults, then a phase without faults
 *   npm run chaos -- --scenario kills          100 random kills over one run, no faults of the provider
 *   npm run chaos -- --scenario figures        poison, a revoked key, endless 429s, limits stated and learned
 *   npm run chaos -- --scenario limits         one of them: poison, revoked, endless or limits
 *   npm run chaos -- --scenario tier           10M tokens a minute for an hour: alone, by two workers, halved meanwhile
 *   npm run chaos -- --scenario lies           a provider that lies, each way with and without a cap (half an hour)
 * Options for storm and kills: --samples 20000, --kills 100, --poison 20, --batch-size N, --latency MS, --shared N
 * (samples with the text of another sample), --no-cache (no response cache in the provider). For lies: --only REGEXP
 * (of their names). For limits: --requests 600, --tokens 1000000 (a minute). For tier: --minutes 10, --tokens 10000000,
 * --only 'learned, halved'. Exit code 1 when a goal is missed or the referee finds a violation.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { measureLies } from '../judge/lies.mjs';
import { FIGURES, measureFigures, QUICK } from './figures/main.mjs';
import { reportStorm } from './storm/report.mjs';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'storm' },
    minutes: { type: 'string' },
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
    samples: { type: 'string', default: '20000' },
    kills: { type: 'string' },
    poison: { type: 'string' },
    'batch-size': { type: 'string' },
    'no-cache': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    requests: { type: 'string' },
    tokens: { type: 'string' },
    only: { type: 'string' },
    latency: { type: 'string' },
    shared: { type: 'string' },
  },
});
const { scenario } = values;
const known = ['storm', 'kills', 'lies', 'figures', ...FIGURES];
if (!known.includes(scenario)) {
  console.error(`--scenario must be one of ${known.join(', ')}, got "${scenario}"`);
  process.exit(2);
}
const numbers = ['requests', 'tokens', 'minutes'].filter((name) => values[name] !== undefined);
const limits = {
  ...Object.fromEntries(numbers.map((name) => [name, Number(values[name])])),
  only: values.only,
};
const measure = () => {
  if (scenario === 'storm' || scenario === 'kills')
    return reportStorm({ ...values, minutes: values.minutes ?? '5' });
  if (scenario === 'lies') return measureLies({ only: values.only });
  return measureFigures(scenario === 'figures' ? QUICK : [scenario], limits);
};
process.exit(await measure());
