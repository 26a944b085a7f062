import { runStorm } from './run-storm.mjs';

/**
 * Runs one storm with the options of the command line and prints its figures and the referee's verdict.
 * @returns the exit code: 1 when the referee finds a violation; then the folder with all files is printed.
 */
export async function reportStorm(values) {
  const onlyKills = values.scenario === 'kills';
  const seed = Number(values.seed);
  const samples = Number(values.samples);
  const kills = values.kills ?? (onlyKills ? 100 : null);
  const shared = Number(values.shared ?? 0);
  console.log(
    `seed ${seed} · ${samples} samples, ${shared} of them with another’s text · response cache ${values['no-cache'] ? 'off' : 'on'}`,
  );
  const result = await runStorm({
    seed,
    samples,
    calm: onlyKills,
    ...(kills === null ? { minutes: Number(values.minutes) } : { kills: Number(kills) }),
    shared,
    ...(values.latency && { latencyMs: Number(values.latency) }),
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
    `${total} random kills over one ${samples}-sample run: ${result.lost} lost, ${result.boughtTwice} bought twice, ${result.inFlight} in flight${again(result.repeats)}`,
    `${result.failed} failed · failed for a passing reason and sent again: ${result.failedInStorm.join(', ') || 'none'}`,
    `the command ended by itself ${result.ends.length} times: ${result.ends.map(({ code, state }) => `${code}${state === null ? '' : ` ${state}`}`).join(', ')}`,
  ];
  console.log(lines.join('\n'));
  for (const { rule, message } of result.violations) console.log(`VIOLATION ${rule}: ${message}`);
  if (result.violations.length > 0) console.log(`What was written is in ${result.folder}`);
  console.log(result.violations.length === 0 ? 'The referee finds nothing.' : 'The referee objects.');
  return result.violations.length === 0 ? 0 : 1;
}

const again = (repeats) =>
  repeats.length === 0 ? '' : ` (asked for again ${repeats.join(', ')} ms after the first answer)`;
