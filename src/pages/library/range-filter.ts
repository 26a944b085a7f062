import { element } from '../shared/element.js';
import { nameOf } from './format.js';

export interface RangeOptions {
  field: string;
  min: number;
  max: number;
  from: number;
  to: number;
  /** Called when a handle is released, or a key was pressed. */
  changed(from: number, to: number): void;
}

/** Creates a slider with two handles. */
export function rangeOf({ field, min, max, from, to, changed }: RangeOptions): HTMLElement {
  const step = stepOf(max - min);
  const said = element('output', { className: 'number' });
  const track = element('div', { className: 'track' });
  const end = (name: 'from' | 'to', value: number): HTMLInputElement => {
    const input = element('input', {
      ...{ type: 'range', min: String(min), max: String(max), step: 'any', value: String(value) },
      data: { key: `${field} ${name}` },
    });
    input.setAttribute('aria-label', `${nameOf(field)} ${name}`);
    return input;
  };
  const low = end('from', from);
  const high = end('to', to);
  // The ends are the exact minimum and maximum of the library; values between them are rounded.
  const roundOf = (input: HTMLInputElement): number => {
    const value = Number(input.value);
    if (value <= min || value >= max) return value;
    return Number((Math.round(value / step) * step).toFixed(6));
  };
  const draw = (): void => {
    const share = (value: number): string => `${(100 * (value - min)) / (max - min || 1)}%`;
    said.textContent = `${shown(roundOf(low))} – ${shown(roundOf(high))}`;
    track.style.setProperty('--from', share(Number(low.value)));
    track.style.setProperty('--to', share(Number(high.value)));
    for (const input of [low, high]) input.setAttribute('aria-valuetext', shown(roundOf(input)));
  };
  low.oninput = () => {
    if (Number(low.value) > Number(high.value)) low.value = high.value;
    draw();
  };
  high.oninput = () => {
    if (Number(high.value) < Number(low.value)) high.value = low.value;
    draw();
  };
  for (const input of [low, high]) {
    input.onchange = () => changed(roundOf(low), roundOf(high));
    // With a step of "any", arrow keys would move by a tiny amount.
    input.onkeydown = (event) => {
      const by = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 }[event.key];
      if (by === undefined) return;
      event.preventDefault();
      input.value = String(roundOf(input) + by * step);
      input.dispatchEvent(new Event('input'));
      clearTimeout(waiting);
      waiting = setTimeout(() => changed(roundOf(low), roundOf(high)), 400);
    };
  }
  let waiting = 0;
  track.append(low, high);
  draw();
  return element('fieldset', {}, element('legend', {}, nameOf(field)), said, track);
}

const shown = (value: number): string => String(Number(value.toFixed(2)));

/** Returns a power of ten near a hundredth of the width: 0.01, 0.1, 1, 10. */
const stepOf = (width: number): number => 10 ** Math.round(Math.log10(Math.max(width, 1e-6) / 100));
