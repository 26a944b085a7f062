import { recordOf } from './json.js';
import { readUsage, type Sent, saysUsed } from './usage.js';

/** What an error answer shows of work that was done all the same. */
export interface WorkShown {
  /** It holds vectors, or says that something was used. */
  done: boolean;
  /** What it says that it cost, at most, nanodollars; null: it does not say. */
  statedNanos: number | null;
}

const holdsVector = (item: unknown): boolean => {
  const { embedding } = recordOf(item);
  return (typeof embedding === 'string' || Array.isArray(embedding)) && embedding.length > 0;
};

/** Reads the body of an error answer, in which `usage` may stand anywhere that errors put it. */
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
