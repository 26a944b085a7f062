import type { Cell } from './cell.js';
import { parametersOf, type Question, questionIn } from './question.js';

/** The state that the address holds after its #. */
export interface Place {
  question: Question;
  map: boolean;
}

export function placeNow(): Place {
  const parameters = new URLSearchParams(location.hash.slice(1));
  return { question: questionIn(parameters), map: parameters.get('view') === 'map' };
}

/** Keeps the address up to date. Each search and each opening of the map is a history entry, so that Back undoes it. */
export function keepAddress({ question, map }: { question: Cell<Question>; map: Cell<boolean> }): void {
  let reading = false;
  const write = (): void => {
    if (reading) return;
    const parameters = parametersOf(question.get());
    if (map.get()) parameters.set('view', 'map');
    const hash = parameters.size === 0 ? '' : `#${parameters}`;
    if (hash !== location.hash) history.pushState(null, '', hash === '' ? location.pathname : hash);
  };
  question.watch(write);
  map.watch(write);
  addEventListener('popstate', () => {
    const place = placeNow();
    reading = true;
    if (String(parametersOf(place.question)) !== String(parametersOf(question.get())))
      question.set(place.question);
    if (place.map !== map.get()) map.set(place.map);
    reading = false;
  });
}
