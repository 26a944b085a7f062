import { Refused, type Sample } from '../api.js';
import { type Cell, cell } from '../cell.js';
import { keep, kept } from '../kept.js';
import { bufferVoice } from './buffer-voice.js';
import { type Buffers, createBuffers, TooLong } from './buffers.js';
import { streamVoice } from './stream-voice.js';
import type { Voice } from './voice.js';

export type Playing =
  | { state: 'nothing'; sample: null }
  | { state: 'loading' | 'plays' | 'paused' | 'ended'; sample: Sample }
  /** `why`: a sentence with the cure. */
  | { state: 'failed'; sample: Sample; why: string };

export interface Player {
  playing: Cell<Playing>;
  /** What sounds, decoded; null: it is streamed, or not here yet. */
  buffer: Cell<AudioBuffer | null>;
  loop: Cell<boolean>;
  /** 0 to 1. */
  volume: Cell<number>;
  /** From its beginning, instead of what sounds now. Once it is here, `soon` are fetched too. */
  play(sample: Sample, soon?: readonly Sample[]): void;
  /** Has these at hand. */
  ahead(samples: readonly Sample[]): void;
  toggle(): void;
  stop(): void;
  /** Seconds. */
  seek(to: number): void;
  position(): number;
  duration(): number;
}

/** Seconds. Longer ones are streamed without a look at their size. */
const LONGEST = 90;
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isLevel = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

export function createPlayer(): Player {
  let context: AudioContext | null = null;
  // A browser lets a page sound only after a key or a click: the first one opens the way before it is wanted.
  const opened = (): AudioContext => {
    context ??= new AudioContext({ latencyHint: 'interactive' });
    if (context.state === 'suspended') void context.resume();
    return context;
  };
  for (const gesture of ['keydown', 'pointerdown'] as const)
    addEventListener(gesture, () => void opened(), { capture: true, passive: true });

  const buffers: Buffers = createBuffers(opened);
  const playing = cell<Playing>({ state: 'nothing', sample: null });
  const buffer = cell<AudioBuffer | null>(null);
  const loop = cell(kept('embeddings.loop', false, isBoolean));
  const volume = cell(kept('embeddings.volume', 0.8, isLevel));
  let voice: Voice | null = null;
  let next: readonly Sample[] = [];

  const silence = (): void => {
    voice?.end();
    voice = null;
  };
  const events = (sample: Sample) => ({
    ended: () => playing.set({ state: 'ended', sample }),
    failed: (why: string) => playing.set({ state: 'failed', sample, why }),
  });
  const begin = (sample: Sample, made: Voice, decoded: AudioBuffer | null): void => {
    silence();
    voice = made;
    made.volume(loudness(volume.get()));
    made.loop(loop.get());
    void made.play();
    playing.set({ state: 'plays', sample });
    buffer.set(decoded);
  };
  const loadNext = (): void => {
    if (context === null) return;
    const addresses = next.flatMap(({ preview_url: address, duration }) =>
      address === null || (duration ?? 0) > LONGEST ? [] : [address],
    );
    buffers.ahead(addresses);
  };
  const stream = (sample: Sample, address: string): void =>
    begin(sample, streamVoice(address, events(sample)), null);

  playing.watch(({ state }) => {
    if (state === 'plays' || state === 'failed') loadNext();
  });
  loop.watch((on) => {
    keep('embeddings.loop', on);
    voice?.loop(on);
  });
  volume.watch((level) => {
    keep('embeddings.volume', level);
    voice?.volume(loudness(level));
  });
  return {
    ...{ playing, buffer, loop, volume },
    play(sample, soon = []) {
      next = soon;
      const address = sample.preview_url;
      if (address === null) {
        silence();
        playing.set({ state: 'failed', sample, why: 'The catalog names no audio file for it.' });
        return;
      }
      const decoded = buffers.get(address);
      if (decoded !== null) return begin(sample, bufferVoice(opened(), decoded, events(sample)), decoded);
      silence();
      buffer.set(null);
      if ((sample.duration ?? 0) > LONGEST) return stream(sample, address);
      playing.set({ state: 'loading', sample });
      const isWanted = (): boolean => playing.get().sample === sample && playing.get().state === 'loading';
      buffers.load(address).then(
        (loaded) => {
          if (isWanted()) begin(sample, bufferVoice(opened(), loaded, events(sample)), loaded);
        },
        (error: unknown) => {
          if (!isWanted()) return;
          if (error instanceof TooLong) stream(sample, address);
          else if (error instanceof Refused) playing.set({ state: 'failed', sample, why: error.message });
          else playing.set({ state: 'failed', sample, why: 'The sound did not come. Play it again.' });
        },
      );
    },
    ahead(samples) {
      next = samples;
      loadNext();
    },
    toggle() {
      const { state, sample } = playing.get();
      if (sample === null || state === 'loading') return;
      if (voice === null || state === 'failed') return this.play(sample);
      if (state === 'plays') {
        voice.pause();
        playing.set({ state: 'paused', sample });
      } else {
        void voice.play();
        playing.set({ state: 'plays', sample });
      }
    },
    stop() {
      const { sample } = playing.get();
      if (sample === null) return;
      voice?.pause();
      playing.set({ state: 'paused', sample });
    },
    seek(to) {
      const { sample } = playing.get();
      if (voice === null || sample === null) return;
      const most = voice.duration() || Number.POSITIVE_INFINITY;
      void voice.play(Math.max(0, Math.min(to, most)));
      playing.set({ state: 'plays', sample });
    },
    position: () => voice?.position() ?? 0,
    duration: () => voice?.duration() ?? 0,
  };
}

/** What sounds half as loud to an ear is less than half as strong. */
const loudness = (level: number): number => level * level;
