import { element } from '../../shared/element.js';
import type { Sample } from '../api.js';
import type { Cell } from '../cell.js';
import type { Found } from '../searching.js';
import { loadMap } from './load-map.js';
import type { Picture } from './picture.js';

export interface MapParts {
  root: HTMLElement;
  /** Called with the id of a sample that the user points at or moves to. */
  pointed(id: string): void;
  /** The current sample, which the map marks. */
  current: Cell<Sample | null>;
  /** The hits, which the map highlights. */
  found: Cell<Found>;
}

/** Creates the map's panel. The data is loaded and drawn when the panel is first opened. */
export function createMapPanel({ root, pointed, current, found }: MapParts): { open(): void } {
  let picture: Picture | null = null;
  let loading = false;
  const say = (...content: (Node | string)[]): void =>
    root.replaceChildren(element('p', { className: 'soft waiting', role: 'status' }, ...content));

  const draw = async (): Promise<void> => {
    loading = true;
    say('The map is being made…');
    try {
      const data = await loadMap((what, share) =>
        say(`The map is being made: ${what} ${Math.floor(100 * share)} %`),
      );
      const { drawPicture } = await import('./picture.js');
      picture = await drawPicture({ root, data, pointed });
      light();
      mark();
    } catch (error) {
      const again = element('button', { type: 'button', className: 'plain' }, 'Try again');
      again.onclick = () => void draw();
      say(sentenceOf(error), ' ', again);
    } finally {
      loading = false;
    }
  };
  const light = (): void => {
    const now = found.get();
    if (now.state !== 'asking')
      picture?.light(now.state === 'found' ? now.samples.map(({ id }) => String(id)) : []);
  };
  const mark = (): void => {
    const sample = current.get();
    if (sample !== null && !root.hidden) picture?.mark(String(sample.id));
  };
  found.watch(light);
  current.watch(mark);
  return {
    open() {
      if (picture === null && !loading) void draw();
      else mark();
    },
  };
}

/** An EvalError: the graphics driver needs a drawing function that regl-code.ts does not have, which the policy forbids. */
function sentenceOf(error: unknown): string {
  if (error instanceof EvalError)
    return 'The map cannot be drawn here with the graphics driver of this browser: embeddings map draws it as a file.';
  return error instanceof Error ? error.message : String(error);
}
