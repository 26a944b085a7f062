/** One sound that plays, from memory or as a stream. */
export interface Voice {
  /** Seconds; 0: not known yet. */
  duration(): number;
  /** Seconds from the beginning. */
  position(): number;
  /** From there, or from where it was paused. */
  play(from?: number): Promise<void>;
  pause(): void;
  loop(on: boolean): void;
  /** 0 to 1. */
  volume(level: number): void;
  /** For good. */
  end(): void;
}

export interface VoiceEvents {
  /** It came to its end. */
  ended(): void;
  /** Why it cannot go on. */
  failed(sentence: string): void;
}
