import type { RunRequest } from '../contract.js';

/** `all samples`, `samples 1,5,10-20`, for sentences and summaries. */
export function describeSelection({ selection, reset }: Pick<RunRequest, 'selection' | 'reset'>): string {
  const anew = reset ? ', anew' : '';
  if (selection.kind === 'all') return `all samples${anew}`;
  if (selection.kind === 'failed') return `the samples that failed${anew}`;
  const ids = selection.ids.length > 60 ? `${selection.ids.slice(0, 59)}…` : selection.ids;
  return `samples ${ids}${anew}`;
}
