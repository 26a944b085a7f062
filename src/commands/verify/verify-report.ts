import { hidesSamples } from '../../sources/types.js';
import { count, plain } from '../../terminal/format.js';
import { hanging } from '../../terminal/hanging.js';
import { type Counts, KINDS, type Problem, type ProblemKind } from '../../verify/kinds.js';
import type { Report } from '../../verify/verify-store.js';
import type { Console } from '../console.js';

/** Problems shown one by one; `--json` has all of them. */
export const SHOWN = 50;

/** Prints what was found. `shown`: the first problems, SHOWN at most. */
export function showReport(console: Console, report: Report, shown: readonly Problem[]): void {
  if (console.json) return;
  const { checked, problems, counts, missing, failed, adoptable, hidden, unseen } = report;
  const read = `Read ${count(checked)} ${checked === 1 ? 'vector' : 'vectors'} back`;
  console.say(problems === 0 ? `${read}: all is well.` : `${read}: ${howMany(problems)}.`);
  if (problems > 0) showProblems(console, problems, counts, shown);
  if (unseen > 0)
    console.say(
      `${count(unseen)} stored samples cannot be checked: row-level security hides rows of ${hidden.filter((table) => hidesSamples([table])).join(' and ')} from this role, so it is unknown whether they are gone. Use a DATABASE_URL whose role sees every row.`,
    );
  if (hidden.includes('vibe_analyses'))
    console.say(
      'Row-level security hides rows of vibe_analyses from this role: samples that are stale here may be up to date for a role that sees every row.',
    );
  if (adoptable > 0)
    console.say(`${count(adoptable)} by the old script: the next run takes them over without paying.`);
  if (failed > 0) console.say(`${count(failed)} failed and not stored: embeddings failures says why.`);
  if (missing > 0) console.say(`${count(missing)} not embedded yet: embed them with embeddings --all.`);
}

function showProblems(console: Console, problems: number, counts: Counts, shown: readonly Problem[]): void {
  console.say('');
  const subject = ({ sampleId, textId = String(sampleId) }: Problem): string =>
    sampleId === null ? 'ledger' : `sample ${plain(textId)}`;
  const subjects = Math.max(...shown.map((problem) => subject(problem).length));
  const kinds = Math.max(...shown.map(({ kind }) => kind.length));
  for (const problem of shown) {
    const prefix = `  ${subject(problem).padEnd(subjects)}  ${problem.kind.padEnd(kinds)}  `;
    console.say(hanging(prefix, plain(problem.message), console.stdout.columns));
  }
  if (problems > shown.length) console.say(`  and ${count(problems - shown.length)} more; --json for all`);
  console.say('');
  for (const line of tally(counts)) console.say(line);
  console.say('');
}

/** Returns one line for each kind of problem: count, name, meaning. */
function tally(counts: Counts): string[] {
  const found = Object.entries(counts) as [ProblemKind, number][];
  const numbers = Math.max(...found.map(([, n]) => count(n).length));
  const names = Math.max(...found.map(([kind]) => kind.length));
  return found.map(
    ([kind, n]) => `  ${count(n).padStart(numbers)} ${kind.padEnd(names)}  ${KINDS[kind].meaning}`,
  );
}

export const howMany = (problems: number): string =>
  problems === 1 ? '1 problem' : `${count(problems)} problems`;
