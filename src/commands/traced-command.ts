import { inert } from '../terminal/inert.js';
import { startTraces } from '../tracing/traces.js';
import type { Traces } from '../tracing/types.js';
import { endingSignals } from './until-signal.js';

/** Commands that run for days: a span over all of it would not be useful. Their work has its own spans. */
const LASTING = new Set(['worker', 'dev', 'serve', 'mcp', 'codec-server']);

/** Runs a command's action, in a span if OTEL_* asks for traces. `names`: as typed, `['schedule', 'create']`. */
export async function tracedCommand(
  host: NodeJS.Process,
  names: readonly string[],
  act: () => Promise<number>,
): Promise<number> {
  const traces = await startTraces(host.env);
  if (traces === null) return act();
  const lasting = LASTING.has(names.at(-1) ?? '');
  const tell = (sentence: string): void => void host.stderr.write(`${inert(sentence)}\n`);
  // A worker writes it to its log. Commands with a live bar, which would overwrite it, print it at the end.
  if (lasting && !names.includes('worker')) traces.onTrouble(tell);
  const forget = lasting ? () => undefined : flushOnSignal(host, traces);
  try {
    if (lasting) return await act();
    return await traces.span(['embeddings', ...names].join(' '), {}, async (note) => {
      const code = await act();
      note({ 'process.exit.code': code });
      return code;
    });
  } finally {
    await traces.flush();
    forget();
    if (!lasting) traces.onTrouble(tell);
  }
}

/** For commands that a signal ends at once: sends the spans collected so far before the process ends. */
function flushOnSignal(host: NodeJS.Process, traces: Traces): () => void {
  const signals = endingSignals();
  const on = (signal: NodeJS.Signals): void => {
    // Other listeners end the command in order.
    if (host.listenerCount(signal) > 1) return;
    void traces.flush().then(() => {
      forget();
      host.kill(host.pid, signal);
    });
  };
  const forget = (): void => {
    for (const signal of signals) host.off(signal, on);
  };
  for (const signal of signals) host.on(signal, on);
  return forget;
}
