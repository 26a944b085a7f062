import { jsonOrNull } from '../answers/json.js';

/** The content of an error answer, as far as it has any. */
export interface ErrorBody {
  /** The provider's message, then that of the provider behind it; `` when there is none. */
  message: string;
  /** The values of `code` and `type`, of the error and then of the one behind it: numbers or words. */
  codes: readonly (string | number)[];
  metadata: unknown;
  /** An HTML page or plain text, perhaps of a firewall or a proxy. Absent: JSON, as providers write errors. */
  form?: 'page' | 'text';
}

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null;

const isCode = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value !== '');

/** Longest part of a message that is read, characters. */
const MAX_MESSAGE = 65_536;

/** Returns whether a message is a code such as `insufficient_quota`, not a sentence. */
const isWord = (text: string): boolean => /^[a-z]+(?:[_-][a-z]+)+$/i.test(text.trim());

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const codesOf = ({ code, type }: Fields, message: string): (string | number)[] => [
  ...[code, type].filter(isCode),
  ...(isWord(message) ? [message.trim()] : []),
];

/** Returns the `error` of an answer, in any of its forms; null when there is none. */
export function errorBody(json: unknown): ErrorBody | null {
  const error = fieldsOf(json)?.error;
  if (error === null || error === undefined || error === false) return null;
  const fields = fieldsOf(error);
  if (fields === null) return { message: String(error), codes: codesOf({}, String(error)), metadata: null };
  const own = typeof fields.message === 'string' ? fields.message : '';
  const { metadata = null } = fields;
  const behind = errorBehind(fieldsOf(metadata)?.raw);
  const message = [own, behind.message]
    .filter((said) => said !== '')
    .join(': ')
    .slice(0, MAX_MESSAGE);
  return { message, codes: [...codesOf(fields, own), ...behind.codes], metadata };
}

/** Reads `metadata.raw`, the error of the provider behind OpenRouter: JSON, JSON as text, or plain text. */
function errorBehind(raw: unknown): Pick<ErrorBody, 'message' | 'codes'> {
  const said = errorOf(typeof raw === 'string' ? jsonOrNull(raw) : raw);
  return said ?? { message: typeof raw === 'string' ? raw : '', codes: [] };
}

/** Reads an answer with an error status from servers like vLLM (`message`) and FastAPI (`detail`). */
function errorBesides(json: unknown): ErrorBody | null {
  const fields = fieldsOf(json);
  const said = fields?.message ?? fields?.detail;
  if (fields === null || said === undefined || said === null) return null;
  const message = textOf(said).slice(0, MAX_MESSAGE);
  return { message, codes: codesOf(fields, message), metadata: null };
}

/** Returns an empty error for JSON with unknown fields, such as `{"errorCode": 7}`: it too is a provider's error. */
const wordless = (json: unknown): ErrorBody | null =>
  Object.keys(fieldsOf(json) ?? {}).length === 0 ? null : { message: '', codes: [], metadata: null };

const errorOf = (json: unknown): ErrorBody | null => errorBody(json) ?? errorBesides(json);

/** Returns whether a body that is not JSON is an HTML page, by its type or its first characters. */
export const isPage = (type: string, text: string): boolean =>
  type.startsWith('text/html') || /^\s*<(?:!doctype|html)/i.test(text);

/** Reads the error from the body of an error status; null when it has none. `json`: null when the body is no JSON. */
export function errorText(json: unknown, body: string, headers: Headers): ErrorBody | null {
  const error = errorOf(json) ?? wordless(json);
  if (error !== null) return error;
  const text = body.slice(0, MAX_MESSAGE);
  const type = headers.get('content-type') ?? '';
  if (isPage(type, text)) {
    const title = /<title[^>]*>([^<]{1,200})/i.exec(text)?.[1];
    return { message: title?.trim() ?? '', codes: [], metadata: null, form: 'page' };
  }
  return type.startsWith('text/plain')
    ? { message: text, codes: codesOf({}, text), metadata: null, form: 'text' }
    : null;
}
