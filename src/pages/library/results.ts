import { byId, element } from '../shared/element.js';
import type { Sample, Status } from './api.js';
import { columnsOf, isNumeric } from './columns.js';
import { nameOf } from './format.js';
import { createListbox, type Listbox } from './listbox.js';
import { rowOf } from './row.js';
import type { Searching } from './searching.js';
import type { Playing } from './sound/player.js';
import type { Tray } from './tray/tray-store.js';

export interface ResultsOptions {
  status: Status;
  searching: Searching;
  tray: Tray;
  moved(sample: Sample, index: number, held: boolean): void;
  /** Called on ArrowUp at the first hit. */
  above(): void;
}

/** Draws the hits as a list with the columns that fit its width. */
export function drawResults({ status, searching, tray, moved, above }: ResultsOptions): Listbox {
  const root = byId('results');
  const head = byId('head');
  let columns: string[] = [];
  let numeric: ReadonlySet<string> = new Set();

  const list = createListbox({
    root,
    row: (sample) => rowOf(sample, { columns, numeric, collected: tray.has(sample.id) }),
    moved,
    above,
    below: () => void more(),
  });
  const more = async (): Promise<void> => {
    const from = list.samples().length;
    const came = await searching.more();
    // Does not move when the user has gone to another row meanwhile.
    if (came.length > 0 && list.active.get() === from - 1) list.move(from);
  };
  const drawHead = (): void => {
    const number = (name: string): string => (numeric.has(name) ? ' number' : '');
    head.replaceChildren(
      element('span', { className: 'mark' }),
      element('span', { className: 'name' }, nameOf(status.columns[0] ?? 'title')),
      ...columns.map((name, index) =>
        element('span', { className: `cell c${index}${number(name)}`, title: nameOf(name) }, nameOf(name)),
      ),
      element('span', { className: 'length number' }, 'length'),
    );
  };
  const fitColumns = (): void => {
    const width = root.clientWidth || head.clientWidth;
    // In a narrow list, the stylesheet gives each row two lines instead of columns.
    const shown =
      width === 0 ? columns.length : Math.max(0, Math.min(columns.length, Math.floor((width - 330) / 90)));
    const tracks = columns.slice(0, shown).map((name) => (numeric.has(name) ? '52px' : 'minmax(0, 1fr)'));
    const found = byId('found');
    found.style.setProperty('--tracks', `18px minmax(180px, 2.4fr) ${tracks.join(' ')} 58px`);
    found.dataset.shown = String(shown);
  };
  new ResizeObserver(fitColumns).observe(byId('found'));

  searching.found.watch((found) => {
    const samples = found.state === 'found' ? found.samples : found.state === 'asking' ? found.before : [];
    root.ariaBusy = String(found.state === 'asking');
    root.hidden = samples.length === 0;
    head.hidden = root.hidden;
    const before = list.samples();
    if (samples === before) return;
    if (before.length > 0 && samples.length > before.length && samples[0] === before[0]) {
      list.append(samples.slice(before.length));
      return;
    }
    columns = columnsOf(status, samples);
    numeric = new Set(columns.filter((name) => isNumeric(name, samples)));
    fitColumns();
    drawHead();
    list.show(samples);
    root.scrollTop = 0;
  });
  tray.samples.watch(() => {
    for (const [index, sample] of list.samples().entries()) {
      const kept = root.children[index]?.querySelector('.kept');
      if (kept) kept.textContent = tray.has(sample.id) ? ' in tray' : '';
    }
  });
  return list;
}

/** Shows the playback state of a sample on its row. */
export function markPlaying(root: HTMLElement, playing: Playing): void {
  for (const old of root.querySelectorAll<HTMLElement>('[data-sound]')) {
    if (old.dataset.sound !== 'failed') delete old.dataset.sound;
  }
  if (playing.sample === null) return;
  const row = root.querySelector<HTMLElement>(`[data-id="${CSS.escape(String(playing.sample.id))}"]`);
  if (row === null) return;
  row.dataset.sound = playing.state;
  row.title = playing.state === 'failed' ? playing.why : '';
}
