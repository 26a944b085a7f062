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
  /** `why`: a sentence that says what to do. */
  | { state: 'failed'; sample: Sample; why: string };

export interface Player {
  playing: Cell<Playing>;
  /** The current sound, decoded; null: it is streamed, or not loaded yet. */
  buffer: Cell<AudioBuffer | null>;
  loop: Cell<boolean>;
  /** 0 to 1. */
  volume: Cell<number>;
  /** Plays a sample from its beginning, in place of the current one. Then loads `soon` in advance. */
  play(sample: Sample, soon?: readonly Sample[]): void;
  /** Loads these samples in advance. */
  ahead(samples: readonly Sample[]): void;
  toggle(): void;
  stop(): void;
  /** Seconds. */
  seek(to: number): void;
  position(): number;
  duration(): number;
}

/** Seconds. Longer sounds are streamed, whatever their size in bytes. */
const LONGEST = 90;
const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
const isLevel = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 1;

export function createPlayer(): Player {
  let context: AudioContext | null = null;
  // Browsers allow sound only after a key press or a click, so the first of these already opens the audio context.
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
          else playing.set({ state: 'failed', sample, why: 'The sound did not arrive. Play it again.' });
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

/** Returns the gain for a volume level. A sound that seems half as loud has less than half the amplitude. */
const loudness = (level: number): number => level * level;
