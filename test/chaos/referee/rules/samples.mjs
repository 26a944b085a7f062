import { some } from '../violation.mjs';

/** Rule: every selected sample ends as stored or failed, never as both, and no other sample does. */
export function judgeSamples({ selected, store, mayFail, report }) {
  const wanted = new Set(selected);
  const { samples, failed } = store;
  const ended = [...samples.keys(), ...failed.keys()];
  return [
    some(
      'lost',
      'selected, but neither stored nor failed',
      selected.filter((id) => !samples.has(id) && !failed.has(id)),
    ),
    some(
      'stranger',
      'not selected, and in the store all the same',
      ended.filter((id) => !wanted.has(id)),
    ),
    some(
      'stored-and-failed',
      'both stored and failed',
      [...failed.keys()].filter((id) => samples.has(id)),
    ),
    mayFail &&
      some(
        'failed-without-cause',
        'failed, though the provider takes them',
        [...failed.keys()].filter((id) => !mayFail.includes(id)),
      ),
    ...judgeReport(report, selected, store),
  ];
}

/** Rule: the run's own report (`--json`) adds up and agrees with the store. */
function judgeReport(report, selected, { samples, failed }) {
  if (report === undefined) return [];
  const { stored, unchanged, failed: lost, total_selected: total } = report;
  const should = { total: selected.length, sound: samples.size, failed: failed.size };
  if (total === should.total && stored + unchanged === should.sound && lost === should.failed) return [];
  const says = `selected ${total}, stored ${stored}, unchanged ${unchanged}, failed ${lost}`;
  const holds = `selected ${should.total}, stored or unchanged ${should.sound}, failed ${should.failed}`;
  return [{ rule: 'count', message: `the run says ${says}; from outside: ${holds}` }];
}
