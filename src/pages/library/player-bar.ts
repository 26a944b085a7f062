import { byId, element } from '../shared/element.js';
import type { Actions } from './actions.js';
import type { Sample, Status } from './api.js';
import type { Cell } from './cell.js';
import { beginDrag, fileNameOf } from './drag.js';
import { seconds, titleOf } from './format.js';
import { isolated, pathOf } from './row.js';
import type { Player } from './sound/player.js';
import { drawWaveform } from './sound/waveform.js';
import type { Tray } from './tray/tray-store.js';

interface BarParts {
  status: Status;
  player: Player;
  current: Cell<Sample | null>;
  actions: Actions;
  tray: Tray;
}

/** Draws the current sample and the actions on it. */
export function drawPlayerBar({ status, player, current, actions, tray }: BarParts): void {
  const bar = byId('player');
  const canSound = status.sound === null;
  const play = button('play', 'Play', 'Space', () => player.toggle());
  // The stylesheet shows an icon in place of text; the label names the action.
  play.replaceChildren();
  play.setAttribute('aria-label', 'Play');
  const loop = button('loop', 'Loop', 'L', () => player.loop.set(!player.loop.get()));
  const collect = button('collect', 'Collect', 'T', actions.collect);
  const more = button('more', 'More like it', 'M', actions.more);
  const less = button('less', 'Less like it', 'N', actions.less);
  const copy = button('copy', 'Copy path', 'C', () => void actions.copyPath());
  const show = button('reveal', 'Show file', 'O', () => void actions.reveal());
  const download = element('a', { className: 'action', id: 'download', draggable: true }, 'Download');
  const volume = element('input', { type: 'range', min: '0', max: '1', step: '0.01', id: 'volume' });
  volume.setAttribute('aria-label', 'Volume');
  const title = element('div', { id: 'now' });
  const wave = element('div', { id: 'wave', ariaHidden: 'true' });
  const time = element('span', { id: 'time', className: 'number' });
  bar.replaceChildren(
    ...(canSound ? [play] : []),
    title,
    ...(canSound ? [wave, time] : []),
    element(
      'div',
      { id: 'actions' },
      ...(canSound ? [loop, element('label', { className: 'volume' }, 'Volume ', volume)] : []),
      ...[collect, more, less, copy],
      ...(status.reveals ? [show] : []),
      ...(canSound ? [download] : []),
    ),
  );
  volume.value = String(player.volume.get());
  volume.oninput = () => player.volume.set(Number(volume.value));
  player.loop.watch((on) => loop.setAttribute('aria-pressed', String(on)));
  loop.setAttribute('aria-pressed', String(player.loop.get()));
  download.ondragstart = (event) => {
    const sample = current.get();
    if (sample !== null) beginDrag(event, sample);
  };

  const whyNot = (sample: Sample): HTMLElement | null => {
    const playing = player.playing.get();
    if (playing.state !== 'failed' || playing.sample.id !== sample.id) return null;
    return element('span', { className: 'why' }, isolated(playing.why));
  };
  const drawSample = (): void => {
    const sample = current.get();
    bar.hidden = sample === null;
    if (sample === null) return;
    title.replaceChildren(
      isolated(titleOf(sample), 'title'),
      whyNot(sample) ??
        (sample.path === null ? element('small', {}, 'The catalog names no file.') : pathOf(sample.path)),
    );
    copy.hidden = sample.path === null;
    show.hidden = sample.download_url === null;
    download.hidden = sample.download_url === null;
    if (sample.download_url !== null) download.href = sample.download_url;
    download.download = fileNameOf(sample);
    collect.setAttribute('aria-pressed', String(tray.has(sample.id)));
  };
  current.watch(drawSample);
  tray.samples.watch(drawSample);
  drawSample();
  if (!canSound) return;

  let timer = 0;
  const drawTime = (): void => {
    const duration = player.duration() || (current.get()?.duration ?? 0);
    time.textContent = duration === 0 ? '' : `${seconds(player.position())} / ${seconds(duration)}`;
  };
  player.playing.watch((playing) => {
    const sounds = playing.state === 'plays';
    play.dataset.state = playing.state;
    play.setAttribute('aria-label', sounds ? 'Pause' : 'Play');
    clearInterval(timer);
    if (sounds) timer = setInterval(drawTime, 100);
    drawTime();
    drawSample();
  });
  drawWaveform(wave, player);
}

function button(id: string, name: string, key: string, does: () => void): HTMLButtonElement {
  const made = element(
    'button',
    { type: 'button', id, className: 'action' },
    name,
    ' ',
    element('kbd', {}, key),
  );
  made.setAttribute('aria-keyshortcuts', key);
  made.onclick = does;
  return made;
}
