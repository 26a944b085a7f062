import { PICOS } from '../provider/bill.mjs';
import { figuresOf, nanos } from './money.mjs';

/** The run's own account, `usage` and `verify` all tell what the ledger holds. */
export function judgeBooks({ bill, ledger, report, usage, verify }) {
  const { settled, uncertain } = figuresOf({ bill, ledger });
  const says = (what, said, is) =>
    said !== undefined &&
    Number.isSafeInteger(is / PICOS) &&
    said !== is / PICOS &&
    `${what} says ${said === null ? 'unknown' : nanos(said * PICOS)}, the ledger holds ${nanos(is)}`;
  return [
    usage?.code !== 0 && `\`usage\` ends with ${usage?.code}`,
    says('`usage`', usage?.said?.total?.cost_nanodollars, settled),
    says('`usage`, uncertain,', usage?.said?.total?.uncertain_nanodollars, uncertain),
    says('the run', report?.total_cost_nanodollars, settled),
    says('the run, uncertain,', report?.uncertain_cost_nanodollars, uncertain),
    verify !== undefined && verify.code !== 0 && `\`verify\` ends with ${verify.code}: ${problemsOf(verify)}`,
  ];
}

const problemsOf = ({ said, stderr }) =>
  said?.problems?.map((problem) => problem.message)[0] ?? stderr?.trim().split('\n').at(-1) ?? '';
