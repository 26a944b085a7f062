/** Rule: a second run over the same catalog sends nothing and changes no byte. */
export function judgeSecondRun({ secondRun }) {
  if (secondRun === undefined) return [];
  const { before, after } = secondRun;
  const sent = after.requests - before.requests;
  return [
    sent !== 0 && { rule: 'second-run-sent', message: `a second run sent ${sent} requests` },
    after.digest !== before.digest && {
      rule: 'second-run-changed',
      message: 'a second run changed rows of the store',
    },
  ];
}
