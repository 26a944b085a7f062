import { PICOS } from '../provider/bill.mjs';

/** Statuses that a provider gives before it does any work: in its own words they say that nothing was charged. */
const PROOF = new Set([400, 401, 402, 403, 404, 413, 422, 429]);
const LIST_PICOS = 20 * PICOS;

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const sumBig = (numbers) => numbers.reduce((total, number) => total + number, 0n);
const picosOf = (nanos) => Number(nanos) * PICOS;

/** The figures of one run, in picodollars; `uncertain` is Infinity where an attempt has no bound. */
export function figuresOf({ bill, ledger }) {
  const { attempts } = ledger;
  const settled = sumBig(attempts.map((row) => row.settled ?? 0n));
  const unbounded = attempts.some((row) => row.most === null);
  const uncertain = sumBig(attempts.map((row) => (row.most ?? 0n) - (row.settled ?? 0n)));
  return {
    bill: bill.picos,
    settled: picosOf(settled),
    uncertain: unbounded ? Number.POSITIVE_INFINITY : picosOf(uncertain),
    requests: bill.lines.length,
    dearestRequest: Math.max(0, ...bill.lines.map((line) => line.picos)),
  };
}

/** settled ≤ bill ≤ settled + uncertain, and neither of the two made true by saying nothing. */
export function judgeBounds({ promises, bill, ledger }) {
  const { settled, uncertain, ...billed } = figuresOf({ bill, ledger });
  // Only where a token costs a fraction of a nanodollar: the ledger counts whole ones, an attempt.
  const slack = promises.fraction ? (PICOS / 2) * ledger.attempts.length : 0;
  const stated = sum(bill.lines.filter((line) => line.stated).map((line) => line.picos));
  const answered = sum(bill.lines.filter((line) => line.whole).map((line) => line.picos));
  const thinkable = mostThinkable(bill, promises);
  return [
    promises.lower === true &&
      settled > answered + slack &&
      `settled ${nanos(settled)} is more than the ${nanos(answered)} that answers were charged at`,
    promises.upper === true &&
      billed.bill > settled + uncertain + slack &&
      `the bill of ${nanos(billed.bill)} is more than settled and uncertain, ${nanos(settled + uncertain)}`,
    settled + slack < stated &&
      `answers stated ${nanos(stated)} truthfully, and ${nanos(settled)} are settled`,
    uncertain < -slack && `settled is more than its own bound by ${nanos(-uncertain)}`,
    promises.uncertain === 'bounded' &&
      uncertain > thinkable + slack &&
      `uncertain ${nanos(uncertain)} is more than the ${nanos(thinkable)} that was left unsaid`,
    ...ledger.attempts
      .filter((row) => row.status === 'pending')
      .map(() => 'an attempt is pending after the end'),
  ];
}

/**
 * The bytes of all texts whose price was neither said nor surely nothing, at the dearest price; and what a discount takes
 * off the list price, which might be false.
 */
function mostThinkable({ lines }, { discount }) {
  const dearest = Math.max(LIST_PICOS, ...lines.map((line) => line.picos / line.tokens));
  const open = lines.filter(
    (line) => !line.stated && (line.billed || !line.own || !PROOF.has(line.answered)),
  );
  const off = discount ? lines.filter((line) => line.stated) : [];
  return (
    sum(open.map((line) => line.bytes)) * dearest +
    sum(off.map((line) => Math.max(0, line.tokens * LIST_PICOS - line.picos)))
  );
}

/** The bill against `--max-cost`. */
export function judgeCap({ promises, bill, capPicos, concurrency }) {
  if (capPicos === null || !(promises.cap in ALLOWED)) return [];
  const { bill: paid, dearestRequest } = figuresOf({ bill, ledger: { attempts: [] } });
  const allowed = capPicos + ALLOWED[promises.cap](concurrency) * dearestRequest;
  return [
    paid > allowed &&
      `the cap of ${nanos(capPicos)} was passed by ${nanos(paid - capPicos)}, ${((paid - capPicos) / dearestRequest).toFixed(1)} batches`,
  ];
}

/** Batches by which a cap may be passed. */
const ALLOWED = { nothing: () => 0, 'one batch': () => 1, 'in flight': (concurrency) => concurrency };

export const nanos = (picos) => `${Math.round(picos / PICOS).toLocaleString('en')} n$`;
