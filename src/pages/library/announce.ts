import { byId } from '../shared/element.js';

/** Milliseconds. Longer than the repeat interval of a held key, so that only the last message is announced. */
const PAUSE_MS = 160;

let waiting = 0;

/** Announces a message to screen readers. */
export function announce(sentence: string): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    byId('live').textContent = sentence;
  }, PAUSE_MS);
}
