import type { SaidUsage } from './answers/usage.js';

/** A vector that must not be stored. `why` completes a sentence about it: `is all zeros`. */
export interface UnusableVector {
  /** Index of its text among those sent. */
  index: number;
  why: string;
}

/** An answer and its usage: tokens and cost, and how far they bound what was billed. */
export interface EmbedAnswer extends SaidUsage {
  /**
   * In the order of the texts: little-endian float32 bytes, 4 × dimensions each, finite and not all zero. Null for each
   * unusable vector. At least one is usable.
   */
  vectors: (Uint8Array | null)[];
  unusable: readonly UnusableVector[];
  providerId: string | null;
  /** True when the provider says that its response cache answered, which is free. */
  cached: boolean;
  latencyMs: number;
}

export interface ModelInfo {
  id: string;
  /** Price in nanodollars per token (20 for $0.02 per million), may be fractional. */
  nanosPerToken: number;
  /** Most tokens of one text; null when the list does not say. */
  contextLength: number | null;
}

export interface EmbedRequest {
  model: string;
  dimensions: number;
  texts: readonly string[];
  /** Sent as `input_type`. Default: the provider's own option. */
  inputType?: string | null;
  /** For error messages: `samples 101–200`. */
  subject: string;
  /**
   * OpenRouter must use no provider with a higher price, nanodollars per token. Default: no limit. Constant during a
   * run, as the response cache is keyed by the body.
   */
  maxNanosPerToken?: number;
  signal?: AbortSignal;
  /** Bypasses the provider's response cache: a canary request that the cache answers proves nothing. */
  fresh?: boolean;
  /** Called once the whole answer has arrived, before it is read, so that another request may leave. */
  received?: () => void;
}

interface KeyAnswer {
  checked: boolean;
  limitRemainingUsd: number | null;
}

export interface Provider {
  /**
   * Sends one request. Throws an EmbeddingError. Never retries, except without `dimensions`, a highest price or base64
   * when the server refuses that field, which costs nothing. `signal` ends the whole call, body included.
   */
  embed(request: EmbedRequest): Promise<EmbedAnswer>;
  /**
   * Reads the model from the provider's list. Null when the list is not shown (for example without a key) or has no
   * firm price. Throws an EmbeddingError of type Blocked when the list lacks the model, or when the key is refused
   * (401).
   */
  model(id: string, signal?: AbortSignal): Promise<ModelInfo | null>;
  /**
   * Checks the key. Throws an EmbeddingError of type Blocked when it is refused, which only a 401 does. `checked`
   * false: the provider does not say whether the key is good. `limitRemainingUsd` null: it names no limit.
   */
  key(signal?: AbortSignal): Promise<KeyAnswer>;
}
