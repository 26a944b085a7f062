import createScatterplot from 'regl-scatterplot';
import type { Groups } from './groups.js';
import { isDark, onTheme } from './theme.js';

export type Plot = ReturnType<typeof createScatterplot>;

/** More points than these are drawn smaller, and let each other shine through. */
const MANY = 20_000;
const SEVERAL = 5000;

/** A plane of `count` points that can be moved and scrolled; it keeps the size of `frame` and the reader's colour scheme. */
export function createPlot({
  canvas,
  frame,
  count,
  grounds = { light: '#fbfbfa', dark: '#14161b' },
}: {
  canvas: HTMLCanvasElement;
  frame: HTMLElement;
  count: number;
  grounds?: { light: string; dark: string };
}): Plot {
  const ground = (): string => (isDark() ? grounds.dark : grounds.light);
  const plot = createScatterplot({
    canvas,
    width: frame.clientWidth,
    height: frame.clientHeight,
    pointSize: count > MANY ? 3 : count > SEVERAL ? 5 : 7,
    opacity: count > MANY ? 0.6 : 0.85,
    backgroundColor: ground(),
    opacityInactiveScale: 0.12,
    pointSizeSelected: 4,
    lassoInitiator: false,
    spatialIndexUseWorker: false,
    deselectOnDblClick: true,
  });
  new ResizeObserver(() => {
    if (frame.clientWidth > 0) plot.set({ width: frame.clientWidth, height: frame.clientHeight });
  }).observe(frame);
  onTheme(() => plot.set({ backgroundColor: ground() }));
  return plot;
}

/** Draws them in the colours of their groups. `places`: x, y of each. */
export async function drawPoints(plot: Plot, places: Float32Array, { of, groups }: Groups): Promise<void> {
  const colours = groups.map((group) => group.colour);
  // What is chosen keeps its colour, and all else fades.
  plot.set({ colorBy: 'valueA', pointColor: colours });
  // The library takes a list here too; its types know of one colour only.
  plot.set({ pointColorActive: colours as unknown as string });
  const points = Array.from({ length: places.length / 2 }, (_, index) => [
    places[2 * index] ?? 0,
    places[2 * index + 1] ?? 0,
    of[index] ?? 0,
  ]);
  await plot.draw(points, { zDataType: 'categorical' });
}
