import WaveSurfer from 'wavesurfer.js';
import { onTheme } from '../../shared/theme.js';
import { peaksOf } from './peaks.js';
import type { Player } from './player.js';

const PARTS = 600;
const HEIGHT = 44;

/** Draws the waveform of the current sound with its position. A click or a drag seeks. */
export function drawWaveform(container: HTMLElement, player: Player): void {
  const wave = WaveSurfer.create({
    container,
    height: HEIGHT,
    ...coloursOf(container),
    cursorWidth: 2,
    barWidth: 2,
    barGap: 1,
    barRadius: 1,
    normalize: true,
    hideScrollbar: true,
    dragToSeek: true,
    // WaveSurfer only draws; the player plays.
    media: new Audio(),
  });
  let frame = 0;
  const follow = (): void => {
    const duration = player.duration();
    if (duration > 0) wave.setTime(player.position());
    frame = player.playing.get().state === 'plays' ? requestAnimationFrame(follow) : 0;
  };
  player.playing.watch(({ state }) => {
    container.dataset.state = state;
    if (frame === 0) frame = requestAnimationFrame(follow);
  });
  let drawn = 0;
  player.buffer.watch((buffer) => {
    clearTimeout(drawn);
    // Drawn in a later task, so that the sound starts first.
    drawn = setTimeout(() => {
      const peaks = buffer === null ? new Float32Array(2) : peaksOf(buffer, PARTS);
      const duration = buffer?.duration ?? (player.duration() || 1);
      wave.load('', [peaks], duration).catch(() => {});
    });
  });
  wave.on('interaction', (time) => player.seek(time));
  onTheme(() => wave.setOptions(coloursOf(container)));
}

function coloursOf(container: HTMLElement) {
  const style = getComputedStyle(container);
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return {
    waveColor: colour('--wave'),
    progressColor: colour('--accent'),
    cursorColor: colour('--ink'),
  };
}
