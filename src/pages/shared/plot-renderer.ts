import createRegl from 'regl';
import { createRenderer } from 'regl-scatterplot';

/** Functions that regl generates, by hashes of their texts. regl generates and adds those that it does not find. */
export type ReglCode = Record<string, (...linked: never[]) => unknown>;

/** Extensions that regl-scatterplot uses. Without them, it draws less precisely. */
const EXTENSIONS = [
  'OES_texture_float',
  'OES_element_index_uint',
  'WEBGL_color_buffer_float',
  'EXT_float_blend',
];

/** Creates the renderer of a plot, with its own canvas and WebGL context. Throws without WebGL. */
export function createPlotRenderer(cachedCode: ReglCode): ReturnType<typeof createRenderer> {
  const canvas = document.createElement('canvas');
  // The attributes that regl-scatterplot gives to a context of its own.
  const gl = canvas.getContext('webgl', { antialias: true, preserveDrawingBuffer: true });
  if (gl === null)
    throw new Error('This browser does not draw with WebGL: turn on its graphics acceleration.');
  const extensions = EXTENSIONS.filter((name) => gl.getExtension(name) !== null);
  // Not written in the call, because the types of regl do not have `cachedCode`.
  const options = { gl, extensions, cachedCode };
  const renderer = createRenderer({ canvas, regl: createRegl(options) });
  // A renderer follows the window only with a canvas of its own. With this one it would draw 300 by 150 pixels.
  const follow = (): void =>
    renderer.resize(Math.min(innerWidth, screen.availWidth), Math.min(innerHeight, screen.availHeight));
  for (const change of ['resize', 'orientationchange']) window.addEventListener(change, follow);
  follow();
  return renderer;
}
