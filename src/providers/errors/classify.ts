import { STATUS_CODES } from 'node:http';
import { FailureType } from '../../contract/failure.js';
import { billedBy, proofOf } from '../answers/what-answers-prove.js';
import type { WorkShown } from '../answers/work-shown.js';
import { allowanceOf } from '../pacing/allowance.js';
import { retryAfterMs } from '../pacing/retry-after.js';
import { accountCure } from './about-the-account.js';
import { type Asked, saysNoSuchModel } from './about-the-model.js';
import type { ErrorBody } from './error-body.js';
import { saysNoCredit, saysNoModel, statusOfCode } from './error-codes.js';
import { EmbeddingError } from './errors.js';
import { oneLine } from './sentence.js';
import { saysTooManyInputs } from './too-many-inputs.js';

const NO_MODEL = 'no such model or address: check EMBEDDING_MODEL and OPENROUTER_BASE_URL';
const NO_CREDIT =
  'the quota is used up: add credit in the billing settings of the provider (openrouter.ai/credits), then resume';
const TOO_DEAR =
  'if no provider offers the price that the run was planned with, run embeddings cancel and start again';
const NO_API =
  'a web page instead of an answer of an embeddings API: check OPENROUTER_BASE_URL (for OpenRouter https://openrouter.ai/api/v1)';
const A_PAGE = 'a firewall or proxy answered instead of the provider: check OPENROUTER_BASE_URL';

const CURES: Readonly<Record<number, string>> = {
  401: 'OPENROUTER_API_KEY was refused: make a new key at openrouter.ai/keys',
  402: 'no credit is left: add some at openrouter.ai/credits, then resume',
  403: 'the account may not use this model: see openrouter.ai/settings/privacy, or change EMBEDDING_MODEL',
  404: NO_MODEL,
};

/** Statuses whose HTML pages come from the server itself; a page with another 4xx status comes from a firewall. */
const OWN_PAGES = new Set([400, 401, 402, 404, 407, 413, 422, 429]);

const isForeignPage = (status: number, body: ErrorBody | null): boolean =>
  body?.form === 'page' && status >= 400 && status < 500 && !OWN_PAGES.has(status);

/** Returns whether a 403 is about flagged input, which it carries, and not about the account. */
const isModeration = (metadata: unknown): boolean =>
  typeof metadata === 'object' && metadata !== null && ('flagged_input' in metadata || 'reasons' in metadata);

/** What an error answer is about, and what a person can do about it. `cure` null: nothing, or it passes by itself. */
interface Judgement {
  type: FailureType;
  cure: string | null;
}

/** Judges by the codes first. The message is believed only where it cannot be an echo of what was sent. */
function judge({ status, body, asked, maxPrice = false }: HttpFailure): Judgement {
  const { type } = proofOf(status);
  const { codes = [], message = '', metadata = null } = body ?? {};
  if (status !== 402 && saysNoCredit(codes, message, asked?.texts ?? []))
    return { type: FailureType.Blocked, cure: NO_CREDIT };
  if (isForeignPage(status, body)) return { type: FailureType.Transient, cure: A_PAGE };
  if (status === 403 && isModeration(metadata)) return { type: FailureType.Rejected, cure: null };
  if (type === FailureType.Rejected && status !== 413) {
    const noModel = saysNoModel(codes) || (asked !== undefined && saysNoSuchModel(message, asked));
    if (noModel) return { type: FailureType.Blocked, cure: NO_MODEL };
  }
  if (type !== FailureType.Blocked) return { type, cure: null };
  const ofAccount = status === 403 || status === 404 ? accountCure(message, asked?.texts ?? []) : null;
  if (ofAccount !== null) return { type, cure: ofAccount };
  if (status === 404 && body?.form === 'page') return { type, cure: NO_API };
  if (status === 404 && maxPrice) return { type, cure: `${NO_MODEL}; ${TOO_DEAR}` };
  if (status < 400) return { type, cure: 'redirect not followed: check OPENROUTER_BASE_URL' };
  return { type, cure: CURES[status] ?? 'the provider takes no such request: check OPENROUTER_BASE_URL' };
}

export interface HttpFailure {
  /** Operation and subject: `OpenRouter POST /embeddings (samples 101–200)`. */
  what: string;
  status: number;
  body: ErrorBody | null;
  headers?: Headers;
  /** The error came inside a 200, and its code stands for `status`. */
  inside200?: boolean;
  /** What was sent; absent: no texts. */
  asked?: Asked;
  /** What the answer shows of work that was done; absent: nothing. */
  work?: WorkShown;
  /** The request set a highest price. */
  maxPrice?: boolean;
  /** Never to appear in a message. */
  secret?: string | null;
}

/** Returns the error, with its message and classification, of an HTTP error answer. */
export function httpError(failure: HttpFailure): EmbeddingError {
  const { what, status, body, headers = new Headers(), inside200 = false, work, secret = null } = failure;
  const { type, cure } = judge(failure);
  const allowance = type === FailureType.RateLimited ? allowanceOf(body, headers) : null;
  const title = STATUS_CODES[status] ?? OWN_TITLES[status] ?? '';
  const said = oneLine(body?.message ?? '', secret);
  const repeated = [title, `${status} ${title}`].some((each) => each.toLowerCase() === said.toLowerCase());
  const cause = [repeated ? null : said, allowance?.sentence, cure].filter(Boolean).join('; ');
  const head = `${what}: ${`${status} ${title}`.trim()}${inside200 ? ' inside a 200' : ''}`;
  return new EmbeddingError(cause === '' ? head : `${head}: ${cause}`, {
    type,
    status,
    retryAfterMs: allowance?.waitMs ?? retryAfterMs(headers),
    billed: billedBy(status, {
      inside200,
      ownError: body !== null && body.form === undefined,
      workDone: work?.done === true,
    }),
    statedNanos: work?.statedNanos ?? null,
    tooManyInputs:
      type === FailureType.Rejected
        ? saysTooManyInputs(body?.message ?? '', failure.asked?.texts ?? [])
        : null,
  });
}

/** Returns the error found inside a 200. Without a code that explains it, it counts as transient. */
export function errorInside200(failure: Omit<HttpFailure, 'status' | 'inside200' | 'body'>, body: ErrorBody) {
  const { what, secret = null } = failure;
  const status = body.codes.map(statusOfCode).find((each) => each !== null);
  if (status !== undefined && status !== null)
    return httpError({ ...failure, status, body, inside200: true });
  const noCredit = saysNoCredit(body.codes, body.message, failure.asked?.texts ?? []);
  if (noCredit) return httpError({ ...failure, status: 402, body, inside200: true });
  return new EmbeddingError(`${what}: error inside a 200: ${oneLine(body.message, secret) || 'no message'}`, {
    type: FailureType.Transient,
    status: null,
    retryAfterMs: null,
    billed: 'maybe',
    statedNanos: failure.work?.statedNanos ?? null,
  });
}

const OWN_TITLES: Readonly<Record<number, string>> = {
  520: 'Unknown Error',
  521: 'Web Server Is Down',
  522: 'Connection Timed Out',
  523: 'Origin Is Unreachable',
  524: 'A Timeout Occurred',
  529: 'Overloaded',
};
