import type { Settings } from '../../config.js';
import { waitsForAPerson } from '../../contract/progress.js';
import type { RunRequest } from '../../contract/request.js';
import type { JoinedRun } from '../../hosting/join-run.js';
import { otherModel } from '../../hosting/open-run.js';
import { resumeCommand } from '../../hosting/resume-command.js';
import { plain, usd } from '../../terminal/format.js';

/**
 * Returns panel lines for a run that existed before this command: its state, the settings it began with where today's
 * differ, and the user's choices. Empty for a new run. `today`: the request of this command.
 */
export function originalSettings(
  run: JoinedRun,
  settings: Settings,
  today: RunRequest | null,
): [string, string][] {
  const { before, how } = run;
  if (before === null) return [];
  const waited = waitsForAPerson(before);
  const stays = before.state === 'paused' && how === 'joined';
  const lines: [string, string][] = [];
  if (waited) {
    const state = String(before.state);
    const reason = plain(before.reason ?? '');
    // Some reasons begin with the state's name.
    const text = reason.startsWith(state) ? reason : [state, reason].filter(Boolean).join(': ');
    lines.push([stays ? 'It is' : 'It was', text]);
  }
  const differs = differences(run, settings, today);
  if (differs.length > 0) lines.push(['Began with', differs.join('; ')]);
  const goesOn = stays
    ? `go on with it: ${resumeCommand(before)}`
    : waited
      ? 'it goes on now, and what is sent is paid for'
      : 'it goes on as it began';
  const end =
    differs.length > 0
      ? "to use today's settings: embeddings cancel, then start again"
      : 'end it: embeddings cancel';
  if (waited || differs.length > 0) lines.push(['Choice', `${goesOn} · ${end}`]);
  return lines;
}

/** Returns each difference, such as `batch size 100 (today 20)`. */
function differences(
  { request: began, before }: JoinedRun,
  settings: Settings,
  today: RunRequest | null,
): string[] {
  const found: string[] = [];
  const models = before === null ? null : otherModel(before, settings);
  if (models !== null) found.push(`${models.run} (today ${models.today})`);
  if (today === null) return found;
  const compare = (what: string, run: unknown, now: unknown): void => {
    if (run !== now) found.push(`${what} ${run} (today ${now})`);
  };
  compare('batch size', began.batchSize, today.batchSize);
  compare('requests in flight', began.concurrency, today.concurrency);
  compare('retries', began.maxRetries, today.maxRetries);
  compare('when blocked', began.onBlocked, today.onBlocked);
  // A cap given in this command replaces the run's cap, so it is no difference.
  if (today.maxCostNanos === null && began.maxCostNanos !== null)
    found.push(`a cap of ${usd(began.maxCostNanos)}, unless it was changed since (today none)`);
  return found;
}
