import { median } from './speed.mjs';

const SPEED = [
  { latency: 150, than: 'bare-loop', goal: 0.95 },
  { latency: 50, than: 'bare-loop', goal: 0.85 },
  { latency: 150, than: 'langchain', goal: 3 },
  { latency: 50, than: 'langchain', goal: 3 },
  { latency: 150, than: 'llamaindex', goal: 10 },
  { latency: 50, than: 'llamaindex', goal: 10 },
  { latency: 50, than: 'old-way', goal: 100 },
];
const COLUMNS = [
  ['kill', 'lost'],
  ['kill', 'twice'],
  ['poison', 'lost'],
  ['limit', 'lost'],
  ['burst', 'lost'],
];
export const MEANING = { lost: 'samples lost', twice: 'texts charged twice' };

/** Returns each goal, what was reached, and whether that is enough; `met` null: not measured in this run. */
export const goals = ({ speeds, faults }) => [
  ...SPEED.map((goal) => fastEnough(goal, speeds)),
  ...COLUMNS.map((column) => losesToNobody(column, faults)),
];

function fastEnough({ latency, than, goal }, speeds) {
  const at = speeds.find((each) => each.latency === latency)?.contenders ?? [];
  const [ours, theirs] = ['ours', than].map((name) => at.find((each) => each.name === name));
  const text = `${latency} ms: ${goal} x ${theirs?.title ?? than}`;
  if (!ours?.rate || !theirs?.rate) return { text, reached: 'not measured', met: null };
  // Contenders that take turns are compared turn by turn, since the machine's load changes.
  const turns = theirs.rates.length === ours.rates.length;
  const ratio = turns
    ? median(ours.rates.map((rate, turn) => rate / theirs.rates[turn]))
    : ours.rate / theirs.rate;
  return { text, reached: `${ratio.toFixed(ratio < 10 ? 2 : 0)} x`, ratio, met: ratio >= goal };
}

function losesToNobody([kind, what], faults) {
  const text = `${kind}: ${MEANING[what]}, not more than anyone`;
  const rows = faults.filter((row) => row.kind === kind);
  const ours = rows.find(({ name }) => name === 'ours');
  const others = rows.filter((row) => row !== ours && row.error === undefined);
  if (ours === undefined || others.length === 0) return { text, reached: 'not measured', met: null };
  if (ours.error !== undefined) return { text, reached: ours.error, met: false };
  const best = Math.min(...others.map((row) => row[what]));
  return { text, reached: `${ours[what]}, the best of the others ${best}`, met: ours[what] <= best };
}
