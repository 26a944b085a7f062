import { vectorOf } from '../provider/vectors.mjs';

const first = (list) => `${list.slice(0, 3).join(', ')}${list.length > 3 ? ', …' : ''}`;
const some = (list, what) => list.length > 0 && `${list.length} ${what}: ${first(list)}`;

/** No text is charged more often than its tries allow. Texts that are none of the catalog's are not judged here. */
export function judgePurchases({ promises, bill, catalog, retries }) {
  const { times, timesMarked } = promises;
  const allowed = (key) => (key === catalog.marked && timesMarked ? timesMarked : times)(retries);
  const often = [...catalog.keys].filter((key) => (bill.times.get(key) ?? 0) > allowed(key));
  return [
    some(
      often.map((key) => `${bill.times.get(key)} instead of ${allowed(key)}`),
      'texts were charged too often',
    ),
  ];
}

/** What is stored is what was sold for exactly that text, and the text is the catalog's. */
export function judgeVectors({ ledger, catalog }) {
  const wrong = [];
  for (const [id, { text, vector }] of ledger.vectors) {
    if (catalog.texts.get(id) !== text) wrong.push(`${id} has another text`);
    else if (!vectorOf(text).equals(vector)) wrong.push(`${id} has another vector`);
  }
  return [some(wrong, 'rows are wrong')];
}

/** What the run says of itself adds up, and is what the store holds. */
export function judgeAccount({ promises, report, ledger, catalog }) {
  if (report === null) return ['the command printed no account'];
  const { state, total_selected: selected, stored, unchanged, failed } = report;
  const all = catalog.texts.size;
  const ended = stored + unchanged + failed;
  const both = ledger.failed.filter((id) => ledger.vectors.has(id));
  return [
    state === 'completed' && selected !== all && `${selected} of ${all} samples were selected`,
    state === 'completed' &&
      ended !== all &&
      `stored ${stored} + unchanged ${unchanged} + failed ${failed} are not the ${all} selected`,
    ended > all && `stored ${stored} + unchanged ${unchanged} + failed ${failed} are more than ${all}`,
    stored + unchanged !== ledger.vectors.size &&
      `the account says ${stored + unchanged} stored, the store holds ${ledger.vectors.size}`,
    failed !== ledger.failed.length &&
      `the account says ${failed} failed, the store holds ${ledger.failed.length}`,
    some(both, 'samples are both stored and failed'),
    state === 'completed' &&
      ledger.failed.length !== promises.fails &&
      `${ledger.failed.length} samples failed instead of ${promises.fails}`,
  ];
}
