import { byId, element } from '../shared/element.js';
import { announce } from './announce.js';

export interface Notice {
  /** Shows and announces a message for four seconds. */
  say(sentence: string): void;
  /** Shows a message until the page is closed. `way`: label of a button that calls `run`. */
  stay(sentence: string, way?: string, run?: () => void): void;
}

const WHILE_MS = 4000;

export function createNotice(): Notice {
  const toast = byId('toast');
  let waiting = 0;
  return {
    say(sentence) {
      announce(sentence);
      toast.textContent = sentence;
      toast.hidden = false;
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        toast.hidden = true;
      }, WHILE_MS);
    },
    stay(sentence, way, run) {
      const place = byId('notice');
      place.replaceChildren(element('span', {}, sentence));
      place.hidden = false;
      if (way === undefined) return;
      const button = element('button', { type: 'button', className: 'plain' }, way);
      button.onclick = () => run?.();
      place.append(' ', button);
    },
  };
}
