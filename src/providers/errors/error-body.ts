import { jsonOrNull } from '../answers/json.js';

/** What an error answer says of itself, as much of it as is there. */
export interface ErrorBody {
  /** In the provider's words, those of the provider behind it after them; `` when there are none. */
  message: string;
  /** What `code` and `type` say, of the error and then of the one behind it: numbers or words. */
  codes: readonly (string | number)[];
  metadata: unknown;
  /** A page of HTML or plain text: a firewall or a proxy may speak. Absent: JSON, as providers write errors. */
  form?: 'page' | 'text';
}

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null ? (value as Fields) : null;

const isCode = (value: unknown): value is string | number =>
  typeof value === 'number' || (typeof value === 'string' && value !== '');

/** More of a message is not worth reading, characters. */
const MAX_MESSAGE = 65_536;

/** `insufficient_quota`: a word that is a code, where a sentence could stand. */
const isWord = (text: string): boolean => /^[a-z]+(?:[_-][a-z]+)+$/i.test(text.trim());

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);

const codesOf = ({ code, type }: Fields, message: string): (string | number)[] => [
  ...[code, type].filter(isCode),
  ...(isWord(message) ? [message.trim()] : []),
];

/** The `error` of an answer, whatever its form; null when there is none. */
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

/** OpenRouter passes on what the provider behind it said as `metadata.raw`: JSON, JSON as text, or plain text. */
function errorBehind(raw: unknown): Pick<ErrorBody, 'message' | 'codes'> {
  const said = errorOf(typeof raw === 'string' ? jsonOrNull(raw) : raw);
  return said ?? { message: typeof raw === 'string' ? raw : '', codes: [] };
}

/** Of an answer that is an error by its status: what servers like vLLM (`message`) and FastAPI (`detail`) say. */
function errorBesides(json: unknown): ErrorBody | null {
  const fields = fieldsOf(json);
  const said = fields?.message ?? fields?.detail;
  if (fields === null || said === undefined || said === null) return null;
  const message = textOf(said).slice(0, MAX_MESSAGE);
  return { message, codes: codesOf(fields, message), metadata: null };
}

/** JSON with something in it is a provider's error, too, though nobody here can read it: `{"errorCode": 7}`. */
const wordless = (json: unknown): ErrorBody | null =>
  Object.keys(fieldsOf(json) ?? {}).length === 0 ? null : { message: '', codes: [], metadata: null };

const errorOf = (json: unknown): ErrorBody | null => errorBody(json) ?? errorBesides(json);

/** Whether a body that is no JSON is a page of HTML, by its type or by how it begins. */
export const isPage = (type: string, text: string): boolean =>
  type.startsWith('text/html') || /^\s*<(?:!doctype|html)/i.test(text);

/** What the body of an answer says that is an error by its status; null: nothing. `json`: null where it is none. */
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
