import createScatterplot from 'regl-scatterplot';
import type { Groups } from './groups.js';
import { createPlotRenderer, type ReglCode } from './plot-renderer.js';
import { isDark, onTheme } from './theme.js';

export type Plot = ReturnType<typeof createScatterplot>;

/** Above these numbers, points are drawn smaller and more transparent. */
const MANY = 20_000;
const SEVERAL = 5000;

/**
 * Creates a plot of `count` points with pan and zoom. It follows the size of `frame` and the user's colour scheme.
 * `reglCode`: the functions that regl would generate, for pages without 'unsafe-eval'. Throws without WebGL.
 */
export function createPlot({
  canvas,
  frame,
  count,
  grounds = { light: '#fbfbfa', dark: '#14161b' },
  reglCode = {},
}: {
  canvas: HTMLCanvasElement;
  frame: HTMLElement;
  count: number;
  grounds?: { light: string; dark: string };
  reglCode?: ReglCode;
}): Plot {
  const ground = (): string => (isDark() ? grounds.dark : grounds.light);
  const plot = createScatterplot({
    canvas,
    renderer: createPlotRenderer(reglCode),
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

/** Draws the points in the colours of their groups. `places`: x, y of each point. */
export async function drawPoints(plot: Plot, places: Float32Array, { of, groups }: Groups): Promise<void> {
  const colours = groups.map((group) => group.colour);
  // Selected points keep their colour, and all others fade.
  plot.set({ colorBy: 'valueA', pointColor: colours });
  // The library accepts a list here too, but its types allow only one colour.
  plot.set({ pointColorActive: colours as unknown as string });
  const points = Array.from({ length: places.length / 2 }, (_, index) => [
    places[2 * index] ?? 0,
    places[2 * index + 1] ?? 0,
    of[index] ?? 0,
  ]);
  await plot.draw(points, { zDataType: 'categorical' });
}
