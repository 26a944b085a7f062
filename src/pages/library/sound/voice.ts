/** Playback of one sound, from memory or as a stream. */
export interface Voice {
  /** Returns seconds; 0 when not known yet. */
  duration(): number;
  /** Returns seconds from the beginning. */
  position(): number;
  /** Plays from `from` (seconds), default where it was paused. */
  play(from?: number): Promise<void>;
  pause(): void;
  loop(on: boolean): void;
  /** 0 to 1. */
  volume(level: number): void;
  /** Ends the playback; it cannot be resumed. */
  end(): void;
}

export interface VoiceEvents {
  /** Called when the sound has played to its end. */
  ended(): void;
  /** Called when playback fails, with the reason. */
  failed(sentence: string): void;
}
