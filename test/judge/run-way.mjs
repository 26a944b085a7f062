import { readLedger } from './ledger.mjs';
import { PICOS } from './provider/bill.mjs';
import { setSite } from './site.mjs';
import { figuresOf, judge } from './verdict/index.mjs';

const SAMPLES = 120;
const BATCH = 10;
const CONCURRENCY = 4;
const RETRIES = 1;
const LIST_PICOS = 20 * PICOS;
/** A cap is this part of what the whole catalog costs at the list price. */
const CAP_PART = 0.55;
const FIRST_CAP_PART = 0.3;

/**
 * One run of the product against one way of lying, judged from outside.
 * @param capped whether `--max-cost` is given
 * @param look is shown the evidence and the site before the site is gone
 * @returns `{ capPicos, codes, figures, violations, seconds }`
 */
export async function runWay(way, capped, look = async () => {}) {
  const { promises } = way;
  const lie = way.start();
  const started = Date.now();
  const site = await setSite({
    samples: SAMPLES,
    way: lie,
    settings: { BATCH_SIZE: String(BATCH), CONCURRENCY: String(CONCURRENCY), MAX_RETRIES: String(RETRIES) },
  });
  try {
    const product = site.product('home');
    const whole = site.catalog.tokens * (lie.listPicos ?? LIST_PICOS);
    const capOf = (part) => Math.floor((part * whole) / PICOS) * PICOS;
    const maxCost = (picos) => ['--max-cost', (picos / 1e12).toFixed(9)];
    const codes = [];
    let capPicos = capped ? capOf(promises.raisedAtPause ? FIRST_CAP_PART : CAP_PART) : null;
    let end = await product.run(['--all', '--json', ...(capped ? maxCost(capPicos) : [])]);
    codes.push(end.code);
    if (capped && promises.raisedAtPause) {
      lie.rise();
      capPicos = capOf(CAP_PART);
      end = await product.run(['--resume', '--json', ...maxCost(capPicos)]);
      codes.push(end.code);
    }
    for (let left = promises.resumes; !capped && left > 0 && end.code === 3; left--) {
      end = await product.run(['--resume', '--json']);
      codes.push(end.code);
    }
    const usage = await product.run(['usage', '--json']);
    const verify = capped ? undefined : await product.run(['verify', '--json']);
    const evidence = {
      promises,
      retries: RETRIES,
      concurrency: CONCURRENCY,
      capPicos,
      bill: site.bill(),
      ledger: await readLedger(site.store),
      catalog: site.catalog,
      report: end.said,
      usage,
      verify,
      codes,
      capped,
      reason: end.said?.reason ?? end.stderr.trim().replaceAll('\n', ' ').slice(-300),
    };
    await look(evidence, site);
    const seconds = (Date.now() - started) / 1000;
    return { capPicos, codes, figures: figuresOf(evidence), violations: judge(evidence), seconds };
  } finally {
    await site.close();
  }
}
