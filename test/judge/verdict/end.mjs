/** The exit codes, and that a cap does not keep its promise by buying nothing. */
export function judgeEnd({ promises, capped, codes, reason, bill, ledger }) {
  const first = codes[0];
  const last = codes.at(-1);
  const done = promises.fails > 0 ? 1 : 0;
  const wanted = capped ? 3 : done;
  return [
    last !== wanted && `the command ended with ${codes.join(', ')} instead of ${wanted}: ${reason}`,
    !capped && promises.resumes > 0 && first !== 3 && `it did not stop: ${first} instead of 3`,
    capped && bill.picos === 0 && 'nothing was bought under the cap',
    capped && bill.picos > 0 && ledger.vectors.size === 0 && 'nothing was stored under the cap',
  ];
}
