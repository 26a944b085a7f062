import { byId } from '../shared/element.js';

/** Longer than a held key repeats: only where one stops is said. */
const PAUSE_MS = 160;

let waiting = 0;

/** Says it to who does not see the page. */
export function announce(sentence: string): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    byId('live').textContent = sentence;
  }, PAUSE_MS);
}
