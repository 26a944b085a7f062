import { setImmediate } from 'node:timers/promises';
import { documentForm } from '../../collections/document-form.js';
import type { Settings } from '../../config.js';
import { withStore } from '../../hosting/existing-store.js';
import { activeSettings } from '../../hosting/generation-settings.js';
import { openCatalogReadOnly } from '../../hosting/open-parts.js';
import { count, percent } from '../../terminal/format.js';
import { createProgress, type ProgressLine } from '../../terminal/progress.js';
import type { Problem } from '../../verify/kinds.js';
import { type Findings, type Report, verifyStore } from '../../verify/verify-store.js';
import type { Console } from '../console.js';
import { ExitCode } from '../exit-codes.js';
import { howMany, SHOWN } from './verify-report.js';

export interface VerifyResult {
  report: Report;
  /** The first problems, SHOWN at most. */
  shown: Problem[];
}

const words = ({ done, total, detail }: ProgressLine): string =>
  `Verified ${count(done)}/${count(total)} (${percent(done, total)})${detail === undefined ? '' : `, ${detail}`}`;

/** Verifies once, with a live line on stderr if that is a terminal: a large store takes a while. */
export async function verifyWithProgress(
  host: NodeJS.Process,
  console: Console,
  configured: Settings & { catalogUrl: string },
  findings: Partial<Findings> = {},
): Promise<VerifyResult> {
  const settings = await activeSettings(configured);
  const { model, dimensions, collection, generation } = settings;
  const { stderr } = console;
  const bar =
    stderr.isTTY === true
      ? createProgress({ stream: stderr, isTTY: true, columns: stderr.columns ?? 80, words })
      : null;
  const shown: Problem[] = [];
  let line: ProgressLine | null = null;
  // Nothing is being written, so the process may exit at once, after the bar has shown the cursor again.
  const onSignal = (): void => {
    bar?.stop();
    host.exit(ExitCode.Interrupted);
  };
  host.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const catalog = await openCatalogReadOnly(settings);
  try {
    const { samples } = await catalog.inspect();
    const all: Findings = {
      ...findings,
      async problem(problem) {
        if (shown.length < SHOWN) shown.push(problem);
        await findings.problem?.(problem);
      },
      async progress(done, problems) {
        line = { done, total: Math.max(samples, done), costNanos: 0, state: 'running' };
        if (problems > 0) line.detail = howMany(problems);
        bar?.update(line);
        // Reading a local file never yields to the event loop, but signals and the live line need it.
        await setImmediate();
      },
    };
    const verifying = (store: Parameters<typeof verifyStore>[0]['store']) =>
      verifyStore({ catalog, store }, { model, dimensions, generation, form: documentForm(collection) }, all);
    const report = (await withStore(settings, verifying)) ?? (await verifying(null));
    // A last update stops the spinner.
    if (line !== null) bar?.update({ ...(line as ProgressLine), state: 'completed' });
    return { report, shown };
  } finally {
    bar?.stop();
    host.off('SIGINT', onSignal).off('SIGTERM', onSignal);
    await catalog.close();
  }
}
