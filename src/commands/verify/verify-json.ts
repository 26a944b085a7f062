import { once } from 'node:events';
import type { Problem } from '../../verify/kinds.js';
import type { Report } from '../../verify/verify-store.js';

/** The answer of `verify --json`, written while it is found: a list of a million problems is never held. */
export interface JsonReport {
  problem(problem: Problem): Promise<void>;
  /** Ends the document. Before it, nothing is a whole one: who is interrupted leaves no valid JSON behind. */
  end(report: Report, more?: object): void;
}

/** `{problems: [{kind, sample_id, message}], checked, ok, counts, …}`, a line a problem. */
export function createJsonReport(stdout: NodeJS.WriteStream): JsonReport {
  let written = 0;
  return {
    async problem({ kind, sampleId, textId = sampleId, message }) {
      const before = written++ === 0 ? '{"problems": [\n' : ',\n';
      if (!stdout.write(before + JSON.stringify({ kind, sample_id: textId, message })))
        await once(stdout, 'drain');
    },
    end({ checked, problems, counts, missing, failed, adoptable, hidden, unseen, ledger }, more = {}) {
      const rest = {
        checked,
        ok: problems === 0,
        counts,
        missing,
        failed,
        adoptable,
        hidden,
        unseen,
        ledger_checked: ledger,
        ...more,
      };
      const begun = written === 0 ? '{"problems": [' : '\n';
      stdout.write(`${begun}],\n${JSON.stringify(rest, null, 2).slice(2)}\n`);
    },
  };
}
