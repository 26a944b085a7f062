const SAYS = { completed: [0, 1], paused: [3], blocked: [3], failed: [3], cancelled: [3] };

/** The exit codes, and that a cap does not keep its promise by buying nothing. */
export function judgeEnd({ promises, capped, codes, reason, report, bill, ledger }) {
  const [first] = codes;
  const last = codes.at(-1);
  const done = promises.fails > 0 ? 1 : 0;
  // Where all of it cost less than the cap, the run is done.
  const wanted = capped ? [3, done] : [done];
  const said = SAYS[report?.state] ?? [];
  return [
    !wanted.includes(last) &&
      `the command ended with ${codes.join(', ')} instead of ${wanted.join(' or ')}: ${reason}`,
    report !== null && !said.includes(last) && `the run is ${report.state}, and the exit code ${last}`,
    !capped && promises.resumes > 0 && first !== 3 && `it did not stop: ${first} instead of 3`,
    capped && bill.picos === 0 && 'nothing was bought under the cap',
    capped && bill.picos > 0 && ledger.vectors.size === 0 && 'nothing was stored under the cap',
  ];
}
