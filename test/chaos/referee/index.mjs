import { readBill } from './bill.mjs';
import { readCatalog } from './catalog.mjs';
import { judgeMoney, judgePurchases } from './rules/money.mjs';
import { judgeSamples } from './rules/samples.mjs';
import { judgeSecondRun } from './rules/second-run.mjs';
import { judgeSecrets } from './rules/secrets.mjs';
import { judgeVectors } from './rules/vectors.mjs';
import { readStore } from './store.mjs';

export { readBill } from './bill.mjs';
export { inFlight } from './rules/money.mjs';
export { readStore } from './store.mjs';
export { watchArgv } from './watch-argv.mjs';

const RULES = [judgeSamples, judgeVectors, judgeMoney, judgePurchases, judgeSecondRun, judgeSecrets];

export async function judge(evidence) {
  const read = {};
  const violations = [];
  const guarded = async (rule, what, act) => {
    try {
      return await act();
    } catch (error) {
      violations.push({ rule, message: `${what}: ${error.message}` });
    }
  };
  await guarded('unreadable', 'the catalog cannot be read', () => {
    read.catalog = readCatalog(evidence.catalog);
  });
  await guarded('unreadable', "the provider's bill cannot be read", () => {
    read.bill = readBill(evidence.bill);
  });
  await guarded('unreadable', 'the store cannot be read', async () => {
    read.store = await readStore(evidence.store);
  });
  const selected = evidence.selected ?? read.catalog?.map(({ id }) => id);
  for (const rule of RULES) {
    const found = await guarded('unjudged', rule.name, () =>
      rule({ kills: [], ...evidence, selected, ...read }),
    );
    violations.push(...(found ?? []).filter(Boolean));
  }
  return violations;
}

export async function snapshot({ store, bill }) {
  return { digest: (await readStore(store)).digest, requests: readBill(bill).requests };
}
