import type { RunProgress } from '../contract/progress.js';
import { describeSelection } from '../contract/request.js';
import type { FailureTally } from './failures.js';
import { bar, clock, count, money, percentOf, quoted, span, spent } from './markdown.js';

/** What the details show besides the progress. Times are epoch ms of workflow time. */
export interface Surroundings {
  now: number;
  /** Samples a second over the last minute; null: not known. */
  perSecond: number | null;
  /** Nothing is sent until then; a past time means that the gate is open. */
  closedUntil: number;
  failures: FailureTally;
}

/** Returns the run's current details for the Web UI, as Markdown. Text from outside stands in code spans. */
export function renderDetails(run: RunProgress, around: Surroundings): string {
  const done = run.totals.stored + run.totals.unchanged + run.totals.failed;
  const about = run.planned ? '' : 'about ';
  return [
    headline(run, around, run.expected - done),
    '',
    `${bar(done, run.expected)} **${percentOf(done, run.expected)}%** · ${count(done)} of ${about}${count(run.expected)} samples`,
    '',
    ...[...figures(run, around)].map(([name, value]) => `- **${name}** ${value}`),
    ...failuresOf(around.failures),
    '',
    `As of ${clock(around.now, around.now)}`,
  ].join('\n');
}

function headline(run: RunProgress, { now, perSecond, closedUntil }: Surroundings, left: number): string {
  const { state, reason } = run;
  if (state === 'blocked')
    return `**blocked**: ${quoted(reason ?? '')}\n\nCure the cause, then: \`embeddings resume\``;
  if (state === 'throttled')
    return `**throttled**: the provider asked to wait (429) until ${clock(closedUntil, now)}; the run goes on by itself`;
  if (reason !== null) return `**${state}**: ${quoted(reason)}`;
  if (state !== 'running' || perSecond === null || left <= 0) return `**${state}**`;
  const rest = (left / perSecond) * 1000;
  return `**running** · about ${span(rest)} left, done at ${clock(now + rest, now)}`;
}

function* figures(run: RunProgress, { now, perSecond, closedUntil }: Surroundings) {
  const { totals } = run;
  const over = run.state === 'completed' || run.state === 'cancelled' || run.state === 'failed';
  const copied = totals.copied > 0 ? ` (${count(totals.copied)} copied from equal texts)` : '';
  yield [
    'Samples',
    `${count(totals.stored)} stored${copied} · ${count(totals.unchanged)} unchanged · ${count(totals.failed)} failed`,
  ] as const;
  const perhaps =
    run.uncertainNanos > 0
      ? ` · perhaps ${money(run.uncertainNanos)} more (answers lost or not believed)`
      : '';
  const cap = run.request.maxCostNanos === null ? '' : ` of at most ${money(run.request.maxCostNanos)}`;
  yield [
    'Cost',
    `${spent(totals)}${cap}${perhaps} · ${count(totals.tokens)} tokens · ${count(totals.requests)} requests`,
  ] as const;
  if (over) yield ['Took', span(now - Date.parse(run.startedAt))] as const;
  else {
    yield ['Throughput', perSecond === null ? '–' : throughput(perSecond)] as const;
    const pace = run.pacePerMinute === null ? '' : ` · learned pace ${count(run.pacePerMinute)} requests/min`;
    yield [
      'Window',
      `${run.inFlight === 1 ? '1 batch' : `${run.inFlight} batches`} under way, at most ${run.window}${pace}`,
    ] as const;
    if (run.bottleneck !== undefined) yield ['Bottleneck', quoted(run.bottleneck)] as const;
    yield ['Gate', closedUntil > now ? `closed until ${clock(closedUntil, now)}` : 'open'] as const;
  }
  // Temporal keeps summary and static details only for the first execution of a long run.
  yield [
    'Run',
    `${quoted(describeSelection(run.request))} · begun ${clock(Date.parse(run.startedAt), now)}`,
  ] as const;
  if (run.model !== null) yield ['Model', quoted(run.model)] as const;
}

const throughput = (perSecond: number): string =>
  perSecond >= 1
    ? `${count(Math.round(perSecond))} samples/s over the last minute`
    : `${(perSecond * 60).toFixed(1)} samples/min over the last minute`;

function failuresOf(failures: FailureTally): string[] {
  if (failures.length === 0) return [];
  const lines = failures.map(({ reason, count: times, ids, message }) => {
    const which = `${times > ids.length ? 'last ' : ''}${ids.length === 1 ? 'sample' : 'samples'} ${ids.join(', ')}`;
    return `- **${count(times)}** ${quoted(reason)} (${which}): ${quoted(message)}`;
  });
  return ['', '**Failures by reason**, with their last ids and message', '', ...lines];
}
