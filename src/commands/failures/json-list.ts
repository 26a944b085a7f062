import { once } from 'node:events';
import { inertJson } from '../../terminal/inert.js';

/** A JSON array that is written while its items are read, so it is never in memory as a whole. */
export interface JsonList {
  /** Resolves once the stream accepts more. */
  add(items: readonly unknown[]): Promise<void>;
  /** Closes the array. Until then the output is not valid JSON. */
  end(): void;
}

export function createJsonList(stdout: NodeJS.WriteStream): JsonList {
  let written = 0;
  return {
    async add(items) {
      const text = items
        .map((item) => `${written++ === 0 ? '[' : ','}\n  ${inertJson(item).replaceAll('\n', '\n  ')}`)
        .join('');
      if (!stdout.write(text)) await once(stdout, 'drain');
    },
    end: () => void stdout.write(written === 0 ? '[]\n' : '\n]\n'),
  };
}
