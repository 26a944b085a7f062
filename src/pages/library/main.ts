import { byId } from '../shared/element.js';
import { createActions } from './actions.js';
import { keepAddress, placeNow } from './address.js';
import { announce } from './announce.js';
import { status as askStatus, type Sample, type Status, sampleOf } from './api.js';
import { cell } from './cell.js';
import { createTitles, drawChips } from './chips.js';
import { isList } from './columns.js';
import { drawFilters } from './filters.js';
import { titleOf } from './format.js';
import { drawKeys, type Key, listenToKeys } from './keys.js';
import { PAGE } from './listbox.js';
import { createMapPanel } from './map/map-panel.js';
import { drawMessages } from './message.js';
import { createNotice } from './notice.js';
import { createPanels } from './panels.js';
import { drawPlayerBar } from './player-bar.js';
import { asksAnything, costs } from './question.js';
import { drawResults, markPlaying } from './results.js';
import { listenToSearchBox } from './search-box.js';
import { createSearching } from './searching.js';
import { createPlayer } from './sound/player.js';
import { drawTray } from './tray/tray-panel.js';
import { createTray } from './tray/tray-store.js';

/** Milliseconds. While a key is held down, only the sample where it stops is played. */
const HELD_MS = 90;

const notice = createNotice();
const player = createPlayer();

/** Starts the page once the server's status is known. */
function start(status: Status): void {
  const canSound = status.sound === null;
  const place = placeNow();
  const isLedHere = 'ledHere' in document.body.dataset && costs(place.question);
  const question = cell(isLedHere ? { ...place.question, q: '' } : place.question);
  const searching = createSearching();
  const tray = createTray(status.collection);
  const titles = createTitles();
  const current = cell<Sample | null>(null);
  const panels = createPanels({ map: place.map });
  const actions = createActions({ current, question, tray, titles, say: notice.say });

  let held = 0;
  let last = 0;
  /** Returns the samples that the next steps in the same direction reach: the next two, and the one a page further. */
  const nextOf = (samples: readonly Sample[], index: number): Sample[] => {
    const step = index < last ? -1 : 1;
    last = index;
    return [1, 2, PAGE].flatMap((by) => samples[index + by * step] ?? []);
  };
  /** Makes a sample the current one and plays it. */
  const take = (sample: Sample, where: string, isHeld: boolean, next: readonly Sample[]): void => {
    current.set(sample);
    clearTimeout(held);
    announce(`${where}, ${titleOf(sample)}${canSound ? ', plays' : ''}`);
    if (!canSound) return;
    const sound = (): void => player.play(sample, next);
    if (isHeld) held = setTimeout(sound, HELD_MS);
    else sound();
  };
  const results = drawResults({
    ...{ status, searching, tray },
    above: () => byId('q').focus(),
    moved: (sample, index, isHeld) => {
      const samples = results.samples();
      take(sample, `${index + 1} of ${samples.length}`, isHeld, nextOf(samples, index));
    },
  });
  const collected = drawTray({
    tray,
    say: notice.say,
    moved: (sample, index, isHeld) => {
      const samples = collected.samples();
      take(sample, `Tray, ${index + 1} of ${samples.length}`, isHeld, nextOf(samples, index));
    },
  });
  let pointedAt = '';
  const map = createMapPanel({
    ...{ root: byId('map'), current, found: searching.found },
    pointed: (id) => {
      pointedAt = id;
      sampleOf(id).then(
        (sample) => {
          if (pointedAt === id) take(sample, 'Map', false, []);
        },
        (error: Error) => notice.say(error.message),
      );
    },
  });
  panels.map.watch((open) => open && map.open());
  if (panels.map.get()) map.open();
  const box = listenToSearchBox({ question, searching, results });

  question.watch(searching.ask);
  keepAddress({ question, map: panels.map });
  drawMessages({ status, searching, question });
  drawChips(byId('chips'), question, titles);
  drawPlayerBar({ status, player, current, actions, tray });
  drawFilters({
    question,
    open: panels.filters,
    isList: (field) => isList(field, results.samples()),
  });
  searching.found.watch((found) => {
    if (found.state !== 'found') return;
    if (canSound) player.ahead(found.samples.slice(0, 2));
    if (!found.provisional)
      announce(
        found.samples.length === 0
          ? 'Nothing was found'
          : `${found.samples.length} hits. Arrow down plays the first.`,
      );
  });
  player.playing.watch((playing) => {
    markAll();
    if (playing.state === 'failed') announce(`${titleOf(playing.sample)} cannot be heard. ${playing.why}`);
  });
  if (status.sound !== null) notice.stay(status.sound);
  const markAll = (): void => {
    markPlaying(results.root, player.playing.get());
    markPlaying(collected.root, player.playing.get());
  };
  tray.samples.watch(markAll);
  searching.found.watch(markAll);
  let many = tray.samples.get().length;
  tray.samples.watch(({ length }) => {
    // Opens the tray when a sample is added, if there is room.
    if (length > many && panels.isWide()) panels.tray.set(true);
    many = length;
  });

  const nudge = (direction: -1 | 1): void => {
    const step = Math.min(5, Math.max(0.1, player.duration() / 10));
    player.seek(player.position() + direction * step);
  };
  const keys: Key[] = [
    { key: ' ', shown: 'Space', does: 'pause and go on', run: () => player.toggle() },
    { key: 'arrowleft', shown: '←', does: 'back in the sound', run: () => nudge(-1) },
    { key: 'arrowright', shown: '→', does: 'forward in the sound', run: () => nudge(1) },
    { key: 'l', shown: 'L', does: 'loop', run: () => player.loop.set(!player.loop.get()) },
    { key: 'm', shown: 'M', does: 'more like this one', run: actions.more },
    { key: 'n', shown: 'N', does: 'less like this one', run: actions.less },
    { key: 't', shown: 'T', does: 'add to the tray, or remove from it', run: actions.collect },
    { key: 'enter', shown: 'Enter', does: 'the same', run: actions.collect },
    { key: 'shift t', shown: 'Shift T', does: 'go to the tray', run: () => openTray() },
    { key: 'c', shown: 'C', does: 'copy the path', run: () => void actions.copyPath() },
    ...(status.reveals
      ? [
          {
            key: 'o',
            shown: 'O',
            does: 'show the file in the file manager',
            run: () => void actions.reveal(),
          },
        ]
      : []),
    { key: '/', shown: '/', does: 'search', run: () => box.focus() },
    { key: 'f', shown: 'F', does: 'filters', run: () => panels.toggle('filters') },
    { key: 'g', shown: 'G', does: 'map', run: () => panels.toggle('map') },
    { key: '?', shown: '?', does: 'these keys', run: () => byId<HTMLDialogElement>('keys').showModal() },
    { key: 'escape', shown: 'Esc', does: 'a step back', run: () => stepBack() },
  ];
  const openTray = (): void => {
    panels.tray.set(true);
    (collected.root.hidden ? byId('show-tray') : collected.root).focus();
  };
  const stepBack = (): void => {
    if (player.playing.get().state === 'plays') player.stop();
    else if (panels.closeTop()) results.root.focus();
    else box.focus();
  };
  byId('show-keys').onclick = () => byId<HTMLDialogElement>('keys').showModal();
  drawKeys(keys);
  listenToKeys(keys);
  searching.ask(question.get());
  if (isLedHere) {
    box.value = place.question.q;
    notice.say('Another page opened this search: press Enter to search by meaning.');
    if (!asksAnything(question.get())) searching.preview(place.question);
  }
  document.body.dataset.ready = 'true';
}

// At once: letters typed before the library is known would be shortcuts otherwise.
byId('q').focus();
askStatus().then(start, (error: Error) => {
  notice.stay(error.message, 'Try again', () => location.reload());
  document.body.dataset.ready = 'failed';
});
