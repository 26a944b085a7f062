/**
 * `npm run chaos`: a long run in which everything that can be killed is killed, judged from outside.
 *   npm run chaos -- --minutes 5 --seed 7      bad weather for so long, then a clear sky
 *   npm run chaos -- --scenario kills          100 random kills over one run, the provider calm
 * Further: --samples 20000, --kills 100, --poison 20, --batch-size N, --no-cache (the provider forgets its answers).
 * Exit code 1 when the referee finds anything; the folder with all that was written is then kept, and named.
 */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runStorm } from './run-storm.mjs';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'storm' },
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(randomInt(1, 1_000_000)) },
    samples: { type: 'string', default: '20000' },
    kills: { type: 'string' },
    poison: { type: 'string' },
    'batch-size': { type: 'string' },
    'no-cache': { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
  },
});
const onlyKills = values.scenario === 'kills';
if (!onlyKills && values.scenario !== 'storm') {
  console.error(`--scenario must be storm or kills, got "${values.scenario}"`);
  process.exit(2);
}
const seed = Number(values.seed);
const samples = Number(values.samples);
const kills = values.kills ?? (onlyKills ? 100 : null);
console.log(`seed ${seed} · ${samples} samples · response cache ${values['no-cache'] ? 'off' : 'on'}`);
const result = await runStorm({
  seed,
  samples,
  calm: onlyKills,
  ...(kills === null ? { minutes: Number(values.minutes) } : { kills: Number(kills) }),
  poison: Number(values.poison ?? (onlyKills ? 0 : 20)),
  batchSize: Number(values['batch-size'] ?? (onlyKills ? 20 : 50)),
  cache: !values['no-cache'],
  log: values.quiet ? undefined : console.log,
});

const byKind = Object.entries(result.kills).map(([kind, count]) => `${kind} ${count}`);
const total = Object.values(result.kills).reduce((sum, count) => sum + count, 0);
const lines = [
  `seed ${seed} · ${total} kills (${byKind.join(', ')}) in ${result.stormSeconds} s · all of it ${result.seconds} s`,
  `${result.requests} requests, ${result.repeatsFromCache} of them repeats from the provider's cache · ${result.uncertain} uncertain attempts`,
  `${total} random kills over one ${samples}-sample run: ${result.lost} lost, ${result.boughtTwice} bought twice, ${result.inFlight} in flight`,
  `${result.failed} failed · failed for a passing reason and sent again: ${result.failedInStorm.join(', ') || 'none'}`,
  `the command ended by itself ${result.ends.length} times: ${result.ends.map(({ code, state }) => `${code}${state === null ? '' : ` ${state}`}`).join(', ')}`,
];
console.log(lines.join('\n'));
for (const { rule, message } of result.violations) console.log(`VIOLATION ${rule}: ${message}`);
if (result.violations.length > 0) console.log(`What was written is in ${result.folder}`);
console.log(result.violations.length === 0 ? 'The referee finds nothing.' : 'The referee objects.');
process.exit(result.violations.length === 0 ? 0 : 1);
