import type { PackedMap } from '../../../map/map-data.js';
import { float32 } from '../../shared/data.js';
import { element } from '../../shared/element.js';
import { type Groups, groupsOf } from '../../shared/groups.js';
import { createPlot, drawPoints } from '../../shared/plot.js';
import { count } from '../format.js';
import { isolated } from '../row.js';
import { reglCode } from './regl-code.js';
import { DIRECTIONS, towards } from './towards.js';

/** The drawn map. */
export interface Picture {
  /** Highlights these samples and fades all others. An empty list highlights all. */
  light(ids: readonly string[]): void;
  mark(id: string): void;
}

interface PictureParts {
  root: HTMLElement;
  data: PackedMap;
  pointed(id: string): void;
}

/** Milliseconds that the pointer must rest on a point before it plays. */
const DWELL_MS = 70;
const LONGEST_TITLE = 120;

export async function drawPicture({ root, data, pointed }: PictureParts): Promise<Picture> {
  const places = float32(data.places);
  const idOf = (index: number): string => data.textIds?.[index] ?? String(data.ids[index]);
  const indexOf = new Map(data.ids.map((_, index) => [idOf(index), index]));
  const groupings: Record<string, Groups> = { genre: groupsOf(data.genres), mood: groupsOf(data.moods) };

  const canvas = element('canvas', {});
  const frame = element('div', { id: 'plot', tabIndex: 0 }, canvas);
  frame.setAttribute('role', 'application');
  frame.setAttribute(
    'aria-label',
    `Map of ${count(data.ids.length)} samples: an arrow key goes to the next sample in its direction and plays it`,
  );
  const tip = element('div', { id: 'tip', hidden: true, ariaHidden: 'true' });
  const colour = element(
    'select',
    { id: 'colour' },
    ...Object.keys(groupings).map((name) => element('option', { value: name }, `colours: ${name}`)),
  );
  colour.setAttribute('aria-label', 'What the colours stand for');
  const legend = element('ul', { id: 'legend' });
  legend.setAttribute('aria-label', 'Colours');
  root.replaceChildren(frame, tip, colour, legend);

  const plot = createPlot({
    ...{ canvas, frame, count: data.ids.length },
    grounds: { light: '#f7f6f3', dark: '#161513' },
    reglCode,
  });
  let lit: number[] = [];
  const light = (): void => {
    if (lit.length > 0) void plot.select(lit, { preventEvent: true });
    else plot.deselect({ preventEvent: true });
  };
  const draw = async (): Promise<void> => {
    const groups = groupings[colour.value] as Groups;
    legend.replaceChildren(
      ...groups.groups.map((group) => {
        const swatch = element('span', { className: 'swatch' });
        swatch.style.background = group.colour;
        return element('li', {}, swatch, isolated(group.name), ' ', element('small', {}, count(group.size)));
      }),
    );
    await drawPoints(plot, places, groups);
    light();
  };
  colour.onchange = () => void draw();

  let at: number | null = null;
  let dwelling = 0;
  const tell = (index: number): void => {
    const [x, y] = plot.getScreenPosition(index) ?? [0, 0];
    const title = data.titles[index] ?? '';
    tip.replaceChildren(isolated(title.length > LONGEST_TITLE ? `${title.slice(0, LONGEST_TITLE)}…` : title));
    tip.hidden = false;
    const left = Math.max(4, Math.min(x + 12, frame.clientWidth - tip.offsetWidth - 4));
    tip.style.transform = `translate(${left}px, ${Math.max(4, y - tip.offsetHeight - 8)}px)`;
  };
  const mark = (index: number): void => {
    at = index;
    void plot.hover(index, { preventEvent: true, showReticleOnce: true });
    tell(index);
  };
  plot.subscribe('pointOver', (index) => {
    clearTimeout(dwelling);
    tell(index);
    dwelling = setTimeout(() => {
      at = index;
      pointed(idOf(index));
    }, DWELL_MS);
  });
  plot.subscribe('pointOut', () => {
    clearTimeout(dwelling);
    tip.hidden = true;
  });
  // A click does not change the highlighting: the hits stay highlighted.
  plot.subscribe('select', ({ points: [index] }) => {
    light();
    if (index === undefined) return;
    mark(index);
    pointed(idOf(index));
  });
  plot.subscribe('deselect', light);
  frame.addEventListener('keydown', (event) => {
    const direction = DIRECTIONS[event.key];
    if (direction === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const next = towards(places, at ?? lit[0] ?? 0, direction);
    if (next === null) return;
    mark(next);
    pointed(idOf(next));
  });
  await draw();
  root.dataset.ready = 'true';
  return {
    light(ids) {
      lit = ids.flatMap((id) => indexOf.get(id) ?? []);
      light();
    },
    mark(id) {
      const index = indexOf.get(id);
      if (index !== undefined) mark(index);
    },
  };
}
