import { recordOf } from './json.js';
import { readUsage, type Sent, saysUsed } from './usage.js';

/** Signs in an error answer that work was done despite the error. */
export interface WorkShown {
  /** The answer holds vectors, or reports usage. */
  done: boolean;
  /** Highest cost that the answer states, in nanodollars; null: none stated. */
  statedNanos: number | null;
}

const holdsVector = (item: unknown): boolean => {
  const { embedding } = recordOf(item);
  return (typeof embedding === 'string' || Array.isArray(embedding)) && embedding.length > 0;
};

/** Reads the body of an error answer; `usage` may be at the top level, in the error or in its metadata. */
export function workShown(json: unknown, sent: Sent): WorkShown {
  const { data, usage, error } = recordOf(json);
  const { usage: inError, metadata } = recordOf(error);
  const usages = [usage, inError, recordOf(metadata).usage].filter(saysUsed);
  const costs = usages.flatMap((each) => {
    const { costMost, costNanos } = readUsage(each, sent);
    return [costMost ?? 0, costNanos ?? 0];
  });
  const stated = Math.max(0, ...costs);
  return {
    done: usages.length > 0 || (Array.isArray(data) && data.some(holdsVector)),
    statedNanos: stated > 0 ? stated : null,
  };
}
