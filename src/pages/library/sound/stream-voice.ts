import type { Voice, VoiceEvents } from './voice.js';

/** Creates a voice that plays while the sound loads, for sounds that are too long to decode as a whole. */
export function streamVoice(address: string, { ended, failed }: VoiceEvents): Voice {
  const audio = new Audio();
  audio.preload = 'auto';
  audio.src = address;
  audio.onended = ended;
  audio.onerror = () => failed('This browser cannot play the file. Download it to hear it.');
  return {
    duration: () => (Number.isFinite(audio.duration) ? audio.duration : 0),
    position: () => audio.currentTime,
    async play(from) {
      if (from !== undefined) audio.currentTime = from;
      // `play` rejects when the voice is ended while it starts. This is no error.
      await audio.play().catch(() => {});
    },
    pause: () => audio.pause(),
    loop(on) {
      audio.loop = on;
    },
    volume(level) {
      audio.volume = level;
    },
    end() {
      audio.onended = null;
      audio.onerror = null;
      audio.pause();
      audio.removeAttribute('src');
      audio.load();
    },
  };
}
