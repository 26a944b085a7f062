import type { RenderedSample } from '../domain/samples.js';
import { withTextIds } from '../domain/text-ids.js';
import type { StoredVector } from '../engines/libsql/verify-reads.js';
import type { Store } from '../engines/store.js';
import { type Catalog, hidesSamples } from '../sources/types.js';
import { checkLedger } from './check-ledger.js';
import { checkRow } from './check-row.js';
import type { Today } from './check-text.js';
import { type Counts, KINDS, type Problem } from './kinds.js';
import { type PageSources, readPages } from './read-pages.js';

/** The result of a verification. Its counts are final; the problems themselves were passed on one by one. */
export interface Report {
  /** Stored vectors that were read and checked. */
  checked: number;
  problems: number;
  counts: Counts;
  /** In the catalog, neither stored nor failed: remaining work, not damage. */
  missing: number;
  /** In the catalog, not stored, and known to have failed. */
  failed: number;
  /** Rows of the old script that the next run can use without paying. */
  adoptable: number;
  /** Tables with rows that row-level security hides from us: a sample that is not seen there may exist. */
  hidden: Awaited<ReturnType<Catalog['hiddenTables']>>;
  /** Stored samples not seen in a catalog that hides some: they may be gone or hidden. Not checked. */
  unseen: number;
  /** False when there is no ledger to check. */
  ledger: boolean;
}

export interface Findings {
  problem(problem: Problem): Promise<void> | void;
  /** Called once for each sample that a run would repair, however many problems it has. */
  damaged?(sample: RenderedSample): void;
  orphan?(sampleId: number): void;
  /** Called with the number of samples checked so far, stored or not. */
  progress?(samples: number, problems: number): Promise<void> | void;
}

type Reads = Pick<
  Store,
  | 'vectorPage'
  | 'tables'
  | 'failuresOf'
  | 'identity'
  | 'keysOf'
  | 'knownNumbers'
  | 'ledgerByRun'
  | 'doubleEntries'
  | 'contradictions'
>;

/** Reads every stored vector back and checks it, then the ledger. Writes nothing; memory does not grow with the store. */
export async function verifyStore(
  sources: { catalog: PageSources['catalog'] & Pick<Catalog, 'hiddenTables'>; store: Reads | null },
  today: Today,
  findings: Findings,
  pageRows?: number,
): Promise<Report> {
  const { catalog, store } = sources;
  const tables = (await store?.tables()) ?? { vectors: 'none' as const, failures: false, ledger: false };
  const report: Report = {
    checked: 0,
    problems: 0,
    counts: {},
    missing: 0,
    failed: 0,
    adoptable: 0,
    hidden: await catalog.hiddenTables(),
    unseen: 0,
    ledger: tables.ledger,
  };
  const found = async (problem: Problem): Promise<void> => {
    report.problems += 1;
    report.counts[problem.kind] = (report.counts[problem.kind] ?? 0) + 1;
    await findings.problem(problem);
  };
  const failuresOf = async (samples: readonly RenderedSample[]) =>
    store === null || !tables.failures || samples.length === 0
      ? []
      : store.failuresOf(samples.map((sample) => sample.id));

  const someHidden = hidesSamples(report.hidden);
  let seen = 0;
  for await (const page of readPages({ catalog, store, table: tables.vectors }, today, pageRows)) {
    const off: { row: StoredVector; sample: RenderedSample | null; problems: Problem[] }[] = [];
    for (const { row, sample } of page.pairs) {
      if (sample === null && someHidden) {
        report.unseen += 1;
        continue;
      }
      report.checked += 1;
      const { problems, adoptable } = checkRow(row, sample, today);
      if (adoptable) report.adoptable += 1;
      if (problems.length > 0) off.push({ row, sample, problems });
    }
    const refusals = await failuresOf(off.flatMap(({ sample }) => sample ?? []));
    const refused = new Map(
      refusals.filter((row) => row.permanent).map((row) => [row.sampleId, row.contentHash]),
    );
    const rows = await withTextIds(
      store,
      off.map(({ row }) => row),
    );
    for (const [index, { row, sample, problems }] of off.entries()) {
      const { textId } = rows[index] ?? {};
      if (sample === null) findings.orphan?.(row.sampleId);
      const hopeless = sample !== null && refused.get(sample.id) === sample.hash;
      if (sample !== null && !hopeless && problems.some(({ kind }) => KINDS[kind].cure === 'embed'))
        findings.damaged?.(sample);
      for (const problem of problems) {
        const named = { ...problem, ...(textId !== undefined && { textId }) };
        await found(hopeless ? asRefused(named) : named);
      }
    }
    const failed = (await failuresOf(page.unstored)).length;
    report.failed += failed;
    report.missing += page.unstored.length - failed;
    seen += page.pairs.length + page.unstored.length;
    await findings.progress?.(seen, report.problems);
  }
  if (store !== null && tables.ledger) for await (const problem of checkLedger(store)) await found(problem);
  return report;
}

/** A text that was refused for good is sent again only after it changes, or with `--failed`. */
const asRefused = (problem: Problem): Problem =>
  problem.kind === 'stale'
    ? { ...problem, kind: 'refused', message: `${problem.message}, and the provider has refused it` }
    : problem;
