import type { RunRequest } from '../contract.js';

/** `all samples`, `samples 1,5,10-20`, for sentences and summaries. */
export function describeSelection({
  selection,
  reset,
  prune = false,
}: Pick<RunRequest, 'selection' | 'reset' | 'prune'>): string {
  const anew = `${reset ? ', anew' : ''}${prune ? ', pruning' : ''}`;
  if (selection.kind === 'all') return `all samples${anew}`;
  if (selection.kind === 'failed') return `the samples that failed${anew}`;
  const ids = selection.ids.length > 60 ? `${selection.ids.slice(0, 59)}…` : selection.ids;
  return `samples ${ids}${anew}`;
}
