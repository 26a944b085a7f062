import { STATUS_CODES } from 'node:http';
import { FailureType } from '../contract.js';
import { EmbeddingError } from './errors.js';
import { retryAfterMs } from './retry-after.js';
import { oneLine } from './sentence.js';

/** What an error answer says of itself: `{error:{message,code,metadata}}`, or as much of it as is there. */
export interface ErrorBody {
  message: string;
  code: unknown;
  metadata: unknown;
}

const CURES: Readonly<Record<number, string>> = {
  401: 'OPENROUTER_API_KEY was refused: make a new key at openrouter.ai/keys',
  402: 'no credit is left: add some at openrouter.ai/credits, then resume',
  403: 'the account may not use this model: see openrouter.ai/settings/privacy, or change EMBEDDING_MODEL',
  404: 'no such model or address: check EMBEDDING_MODEL and OPENROUTER_BASE_URL',
};

/** OpenRouter answers an unknown model with 400; halving batches over it would refuse every sample. */
const ABOUT_THE_MODEL = /not a valid model|model .{0,100}(?:does not exist|not found)|no endpoints found/i;

/** The failure type of an HTTP error status. What is not listed is Blocked: a person has to look. */
export function typeOfStatus(status: number, body?: Pick<ErrorBody, 'message' | 'metadata'>): FailureType {
  if (status === 400 || status === 413 || status === 422)
    return ABOUT_THE_MODEL.test(body?.message ?? '') ? FailureType.Blocked : FailureType.Rejected;
  if (status === 429) return FailureType.RateLimited;
  if (status === 403 && isModeration(body?.metadata)) return FailureType.Rejected;
  if (status === 408 || status === 409 || status === 425 || status >= 500) return FailureType.Transient;
  return FailureType.Blocked;
}

/** A 403 that carries the flagged input is about that input, not about the account. */
const isModeration = (metadata: unknown): boolean =>
  typeof metadata === 'object' && metadata !== null && ('flagged_input' in metadata || 'reasons' in metadata);

/** Codes that providers write as words inside a 200. */
const WORDS: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  insufficient_quota: 402,
  invalid_api_key: 401,
  model_not_found: 404,
};

/** The HTTP status that an error's `code` stands for; null when it stands for none. */
export function statusOfCode(code: unknown): number | null {
  const status = typeof code === 'string' ? (WORDS[code] ?? Number(code)) : code;
  return typeof status === 'number' && Number.isInteger(status) && status >= 300 && status < 600
    ? status
    : null;
}

/** The `error` of an answer, whatever its form; null when there is none. */
export function errorBody(json: unknown): ErrorBody | null {
  const error = typeof json === 'object' && json !== null ? (json as { error?: unknown }).error : null;
  if (error === null || error === undefined || error === false) return null;
  if (typeof error !== 'object') return { message: String(error), code: null, metadata: null };
  const { message, code = null, metadata = null } = error as Record<string, unknown>;
  return { message: typeof message === 'string' ? message : '', code, metadata };
}

/** Of an answer that is an error by its status: what servers like vLLM (`message`) and FastAPI (`detail`) say. */
export function errorBesides(json: unknown): ErrorBody | null {
  if (typeof json !== 'object' || json === null) return null;
  const { message, detail, code = null } = json as Record<string, unknown>;
  const said = message ?? detail;
  if (said === undefined || said === null) return null;
  return { message: typeof said === 'string' ? said : JSON.stringify(said), code, metadata: null };
}

/** Gateways that gave up waiting: the request behind them may have gone on, and may be billed. */
const GAVE_UP = new Set([504, 520, 524]);

export interface HttpFailure {
  /** Operation and subject: `OpenRouter POST /embeddings (samples 101–200)`. */
  what: string;
  status: number;
  body: ErrorBody | null;
  headers?: Headers;
  /** Inside a 200 the answer is the provider's own, whatever its code. */
  inside200?: boolean;
  /** Never to appear in a message. */
  secret?: string | null;
}

/** The one sentence and the classification of an HTTP error answer. */
export function httpError({
  what,
  status,
  body,
  headers,
  inside200 = false,
  secret = null,
}: HttpFailure): EmbeddingError {
  const type = typeOfStatus(status, body ?? undefined);
  const cure = type === FailureType.Blocked && status < 500 ? (CURES[status] ?? redirected(status)) : null;
  const title = STATUS_CODES[status] ?? OWN_TITLES[status] ?? '';
  const said = oneLine(body?.message ?? '', secret);
  const cause = [said.toLowerCase() === title.toLowerCase() ? null : said, cure].filter(Boolean).join('; ');
  const head = `${what}: ${`${status} ${title}`.trim()}${inside200 ? ' inside a 200' : ''}`;
  return new EmbeddingError(cause === '' ? head : `${head}: ${cause}`, {
    type,
    status,
    retryAfterMs: headers === undefined ? null : retryAfterMs(headers),
    sent: GAVE_UP.has(status) && !inside200 ? 'maybe' : 'answered',
  });
}

const OWN_TITLES: Readonly<Record<number, string>> = {
  520: 'Unknown Error',
  524: 'A Timeout Occurred',
  529: 'Overloaded',
};

const redirected = (status: number): string | null =>
  status >= 300 && status < 400 ? 'redirect not followed: check OPENROUTER_BASE_URL' : null;
