import { once } from 'node:events';
import { escapedInJson } from '../../terminal/inert.js';
import type { Problem } from '../../verify/kinds.js';
import type { Report } from '../../verify/verify-store.js';

/** The answer of `verify --json`, written while problems are found: a list of a million problems is never in memory. */
export interface JsonReport {
  problem(problem: Problem): Promise<void>;
  /**
   * Ends the document. Until then the output is not valid JSON, so an interrupted command leaves an invalid document.
   */
  end(report: Report, more?: object): void;
}

/** Creates the writer of `{problems: [{kind, sample_id, message}], checked, ok, counts, …}`, one problem per line. */
export function createJsonReport(stdout: NodeJS.WriteStream): JsonReport {
  let written = 0;
  return {
    async problem({ kind, sampleId, textId = sampleId, message }) {
      const before = written++ === 0 ? '{"problems": [\n' : ',\n';
      if (!stdout.write(before + escapedInJson(JSON.stringify({ kind, sample_id: textId, message }))))
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
      stdout.write(`${begun}],\n${escapedInJson(JSON.stringify(rest, null, 2)).slice(2)}\n`);
    },
  };
}
