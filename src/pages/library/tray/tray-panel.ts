import { byId, element } from '../../shared/element.js';
import { announce } from '../announce.js';
import type { Sample } from '../api.js';
import { seconds, titleOf } from '../format.js';
import { createListbox, type Listbox } from '../listbox.js';
import { isolated, pathOf } from '../row.js';
import { EXPORTS } from './export.js';
import type { Tray } from './tray-store.js';

interface TrayParts {
  tray: Tray;
  moved(sample: Sample, index: number, held: boolean): void;
  say(sentence: string): void;
}

/** Draws the tray: the collected samples, with the same arrow keys as the hits, and the exports. */
export function drawTray({ tray, moved, say }: TrayParts): Listbox {
  const panel = byId('tray');
  const root = element('div', { id: 'collected', role: 'listbox', tabIndex: 0 });
  root.setAttribute('aria-label', 'Collected samples; Alt and an arrow moves one, Delete takes it out');
  const empty = element(
    'p',
    { className: 'soft' },
    'Nothing yet. ',
    element('kbd', {}, 'T'),
    ' puts what you hear here.',
  );
  const clear = element('button', { type: 'button', className: 'plain' }, 'Clear');
  clear.onclick = () => {
    tray.clear();
    say('The tray is empty.');
  };
  const ways = element(
    'div',
    { className: 'ways' },
    ...EXPORTS.map(({ name, run }) => {
      const button = element('button', { type: 'button', className: 'plain' }, name);
      button.onclick = () => void run(tray.samples.get()).then(say);
      return button;
    }),
    clear,
  );
  panel.replaceChildren(element('h2', {}, 'Tray'), empty, root, ways);

  const list = createListbox({ root, row, moved });
  const draw = (samples: readonly Sample[]): void => {
    list.show(samples);
    const some = samples.length > 0;
    empty.hidden = some;
    root.hidden = !some;
    ways.hidden = !some;
    byId('tray-count').textContent = String(samples.length);
  };
  tray.samples.watch(draw);
  draw(tray.samples.get());

  root.addEventListener('keydown', (event) => {
    const now = list.active.get();
    const sample = list.samples()[now];
    if (sample === undefined) return;
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    if (event.altKey && by !== null) {
      event.preventDefault();
      const to = tray.move(now, by);
      announce(`${titleOf(sample)}, now ${to + 1} of ${list.samples().length}`);
    } else if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      tray.remove(now);
      announce(`${titleOf(sample)} is out of the tray, ${list.samples().length} are left`);
      if (list.samples().length > 0) list.mark(Math.min(now, list.samples().length - 1));
    }
  });
  return list;
}

function row(sample: Sample): HTMLElement {
  return element(
    'div',
    { className: 'row', data: { id: String(sample.id) } },
    element('span', { className: 'mark', ariaHidden: 'true' }),
    element(
      'span',
      { className: 'name' },
      isolated(titleOf(sample), 'title'),
      ...(sample.path === null ? [] : [pathOf(sample.path)]),
    ),
    element('span', { className: 'length number' }, sample.duration === null ? '' : seconds(sample.duration)),
  );
}
