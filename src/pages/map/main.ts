import type { MapPage } from '../../map/map-data.js';
import { float32, int8, pageData } from '../shared/data.js';
import { byId, element } from '../shared/element.js';
import { type Groups, groupsOf } from '../shared/groups.js';
import { createPlot, drawPoints } from '../shared/plot.js';
import { neighboursOf } from './neighbours.js';

const NEIGHBOURS = 8;
const RESULTS = 50;

const data = pageData<MapPage>();
const places = float32(data.places);
const sketches = int8(data.sketches);
const colourings: Record<string, Groups> = { genre: groupsOf(data.genres), mood: groupsOf(data.moods) };
const lower = data.titles.map((title, index) =>
  `${title} ${colourings.genre?.nameOf(index)} ${colourings.mood?.nameOf(index)} ${data.ids[index]}`.toLowerCase(),
);

const canvas = byId<HTMLCanvasElement>('canvas');
const frame = byId('frame');
const tip = byId('tip');
const list = byId('list');
const heading = byId('heading');
const search = byId<HTMLInputElement>('search');
const colour = byId<HTMLSelectElement>('colour');
const legend = byId('legend');

byId('generation').textContent = data.generation;

const plot = createPlot({ canvas, frame, count: data.ids.length });

let hidden = new Set<number>();
let matched: number[] | null = null;
const groupsNow = (): Groups => colourings[colour.value] as Groups;

async function draw(): Promise<void> {
  await drawPoints(plot, places, groupsNow());
  await refilter();
}

/** Hides the samples of hidden groups. */
async function refilter(): Promise<void> {
  const { of } = groupsNow();
  const shown = data.ids.map((_, index) => index).filter((index) => !hidden.has(of[index] ?? 0));
  if (hidden.size === 0) await plot.unfilter({ preventEvent: true });
  else await plot.filter(shown, { preventEvent: true });
  byId('count').textContent =
    shown.length === data.ids.length
      ? `${data.ids.length.toLocaleString('en')} samples`
      : `${shown.length.toLocaleString('en')} of ${data.ids.length.toLocaleString('en')} samples`;
}

function drawLegend(): void {
  hidden = new Set();
  legend.replaceChildren(
    ...groupsNow().groups.map((group, index) => {
      const swatch = element('span', { className: 'swatch' });
      swatch.style.background = group.colour;
      const button = element(
        'button',
        { type: 'button', title: `show or hide ${group.name}` },
        swatch,
        `${group.name} `,
        element('small', {}, group.size.toLocaleString('en')),
      );
      button.setAttribute('aria-pressed', 'true');
      button.onclick = () => {
        if (hidden.has(index)) hidden.delete(index);
        else hidden.add(index);
        button.setAttribute('aria-pressed', String(!hidden.has(index)));
        void refilter();
      };
      return element('li', {}, button);
    }),
  );
}

const about = (sample: number): string =>
  [colourings.genre?.nameOf(sample), colourings.mood?.nameOf(sample), `#${data.ids[sample]}`]
    .filter(Boolean)
    .join(' · ');

function showList(title: string, samples: readonly number[], chosen: number | null): void {
  heading.textContent = title;
  list.replaceChildren(
    ...samples.map((sample) => {
      const swatch = element('span', { className: 'swatch' });
      swatch.style.background = groupsNow().groups[groupsNow().of[sample] ?? 0]?.colour ?? '';
      const button = element(
        'button',
        { type: 'button', data: { sample: String(sample) } },
        swatch,
        element('b', {}, data.titles[sample] ?? ''),
        element('small', {}, about(sample)),
      );
      if (sample === chosen) button.setAttribute('aria-current', 'true');
      button.onclick = () => choose(sample);
      button.onfocus = () => void plot.hover(sample, { preventEvent: true, showReticleOnce: true });
      return element('li', {}, button);
    }),
  );
}

/** Selects a sample: highlights it and its neighbours on the map, and lists the neighbours beside it. */
function choose(sample: number): void {
  const near = neighboursOf(sketches, data.numbers, sample, NEIGHBOURS);
  void plot.select([sample, ...near], { preventEvent: true });
  showList(`Nearest to “${data.titles[sample]}”`, [sample, ...near], sample);
  byId('status').textContent = `${data.titles[sample]}: ${near.length} neighbours`;
}

function find(): void {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  plot.deselect({ preventEvent: true });
  if (words.length === 0) {
    matched = null;
    showHelp();
  } else {
    matched = [];
    for (const [index, text] of lower.entries())
      if (words.every((word) => text.includes(word))) matched.push(index);
    const more = matched.length > RESULTS ? `, the first ${RESULTS}` : '';
    void plot.select(matched, { preventEvent: true });
    showList(`${matched.length.toLocaleString('en')} match${more}`, matched.slice(0, RESULTS), null);
    byId('status').textContent = `${matched.length} samples match`;
  }
}

function showHelp(): void {
  heading.textContent = 'How to read it';
  list.replaceChildren(
    element('li', { className: 'help' }, 'Each point is a sample; what sounds alike lies near each other.'),
    element(
      'li',
      { className: 'help' },
      'Hover for its name, click for its neighbours, drag and scroll to move.',
    ),
    element('li', { className: 'help' }, '/ searches, Enter takes the first match, Esc clears.'),
  );
}

function hover(sample: number): void {
  const [x, y] = plot.getScreenPosition(sample) ?? [0, 0];
  tip.replaceChildren(element('b', {}, data.titles[sample] ?? ''), element('small', {}, about(sample)));
  tip.hidden = false;
  const left = Math.min(x + 14, frame.clientWidth - tip.offsetWidth - 4);
  tip.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, y - tip.offsetHeight - 10)}px)`;
}

plot.subscribe('pointOver', hover);
plot.subscribe('pointOut', () => {
  tip.hidden = true;
});
plot.subscribe('select', ({ points }) => {
  const [sample] = points;
  if (sample !== undefined) choose(sample);
});
plot.subscribe('deselect', () => (matched === null ? showHelp() : find()));
search.oninput = find;
colour.onchange = () => {
  drawLegend();
  void draw();
};
addEventListener('keydown', (event) => {
  if (event.key === '/' && document.activeElement !== search) {
    event.preventDefault();
    search.focus();
  }
  if (event.key === 'Escape') {
    search.value = '';
    find();
    search.blur();
  }
  if (event.key === 'Enter' && document.activeElement === search && matched?.[0] !== undefined)
    choose(matched[0]);
  if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && event.target !== colour) {
    const buttons = [...list.querySelectorAll('button')];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const next = buttons[event.key === 'ArrowDown' ? at + 1 : Math.max(0, at - 1)];
    if (next !== undefined) {
      event.preventDefault();
      next.focus();
    }
  }
});

drawLegend();
showHelp();
void draw().then(() => {
  document.body.dataset.ready = 'true';
});
