import type { Voice, VoiceEvents } from './voice.js';

/** Seconds. Long enough that a sound does not click when it is cut off, too short to be heard. */
const FADE = 0.004;

/** Creates a voice that plays from memory: it starts at once, and loops without a gap. */
export function bufferVoice(context: AudioContext, buffer: AudioBuffer, { ended }: VoiceEvents): Voice {
  const gain = context.createGain();
  gain.connect(context.destination);
  let source: AudioBufferSourceNode | null = null;
  /** The context's time at which the sound's beginning was, or would have been, played. */
  let began = 0;
  let paused = 0;
  let looping = false;
  let level = 1;

  const position = (): number => {
    if (source === null) return paused;
    const at = Math.max(0, context.currentTime - began);
    return looping ? at % buffer.duration : Math.min(at, buffer.duration);
  };
  const stop = (): void => {
    const old = source;
    source = null;
    if (old === null) return;
    old.onended = () => old.disconnect();
    gain.gain.setTargetAtTime(0, context.currentTime, FADE / 3);
    old.stop(context.currentTime + FADE);
  };
  return {
    duration: () => buffer.duration,
    position,
    async play(from = paused) {
      stop();
      const made = context.createBufferSource();
      made.buffer = buffer;
      made.loop = looping;
      made.connect(gain);
      gain.gain.cancelScheduledValues(context.currentTime);
      gain.gain.setValueAtTime(level, context.currentTime);
      const start = from >= buffer.duration ? 0 : from;
      made.start(0, start);
      began = context.currentTime - start;
      source = made;
      made.onended = () => {
        if (source !== made) return;
        source = null;
        paused = 0;
        ended();
      };
    },
    pause() {
      paused = position();
      stop();
    },
    loop(on) {
      // Keeps the position: earlier passes of the loop no longer count.
      if (source !== null) began = context.currentTime - position();
      looping = on;
      if (source !== null) source.loop = on;
    },
    volume(value) {
      level = value;
      if (source !== null) gain.gain.setTargetAtTime(value, context.currentTime, 0.01);
    },
    end() {
      stop();
      setTimeout(() => gain.disconnect(), 50);
    },
  };
}
