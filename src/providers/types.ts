import type { SaidUsage } from './answers/usage.js';

/** A vector that must not be stored; `why` goes after its name: `is all zeros`. */
export interface UnusableVector {
  /** Of its text among those sent. */
  index: number;
  why: string;
}

/** What `usage` says is in it too: tokens and cost, and how far they bound what was billed. */
export interface EmbedAnswer extends SaidUsage {
  /**
   * In the order of the texts: little-endian float32 bytes, 4 × dimensions each, finite and not all zero; null for each
   * that is unusable. At least one is usable.
   */
  vectors: (Uint8Array | null)[];
  unusable: readonly UnusableVector[];
  providerId: string | null;
  /** True when the provider says that it answered from its response cache, which is free. */
  cached: boolean;
  latencyMs: number;
}

export interface ModelInfo {
  id: string;
  /** Integer-safe price: nanodollars a token (20 for $0.02 a million), may be fractional. */
  nanosPerToken: number;
  /** Tokens of one text; null: the list does not say. */
  contextLength: number | null;
}

export interface EmbedRequest {
  model: string;
  dimensions: number;
  texts: readonly string[];
  /** Sent as `input_type`. Default: what the provider was made with. */
  inputType?: string | null;
  /** For error sentences: `samples 101–200`. */
  subject: string;
  /**
   * OpenRouter is told to use no provider that asks more, in nanodollars a token. Default: it is not told. Constant
   * during a run: the response cache is keyed by the body.
   */
  maxNanosPerToken?: number;
  signal?: AbortSignal;
  /** Ask the provider itself, not its response cache: a canary request that the cache answers proves nothing. */
  fresh?: boolean;
  /** Called once the whole answer has arrived, before it is read: another request may leave. */
  received?: () => void;
}

interface KeyAnswer {
  checked: boolean;
  limitRemainingUsd: number | null;
}

export interface Provider {
  /**
   * Sends one request. Throws an EmbeddingError; never retries, except without `dimensions`, a highest price or base64
   * where the server refuses to be told, which costs nothing. `signal` ends the whole call, body included.
   */
  embed(request: EmbedRequest): Promise<EmbedAnswer>;
  /**
   * From the provider's list. Null when it shows none (to a request without a key, say) or no firm price; throws an
   * EmbeddingError of type Blocked when there is a list and the model is not in it, or the key is refused (401).
   */
  model(id: string, signal?: AbortSignal): Promise<ModelInfo | null>;
  /**
   * Checks the key. Throws an EmbeddingError of type Blocked when it is refused: by a 401 alone. `checked` false: the
   * provider does not say whether the key is good. `limitRemainingUsd` null: it names no limit.
   */
  key(signal?: AbortSignal): Promise<KeyAnswer>;
}
