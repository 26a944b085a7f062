/** Codes of different providers for an account without credit, which no waiting cures. */
const NO_CREDIT: readonly string[] = [
  'insufficient_quota',
  'insufficient_user_quota',
  'insufficient_credits',
  'insufficient_balance',
  'exceeded_current_quota_error',
  'billing_hard_limit_reached',
  'billing_not_active',
];

/** Codes and types that providers write as words, and the HTTP status of each. */
const WORDS: Readonly<Record<string, number>> = {
  ...Object.fromEntries(NO_CREDIT.map((word) => [word, 402])),
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  invalid_api_key: 401,
  authentication_error: 401,
  permission_error: 403,
  model_not_found: 404,
  context_length_exceeded: 400,
  invalid_request_error: 400,
  server_error: 500,
  overloaded_error: 529,
};

/** Returns the HTTP status that an error's `code` or `type` stands for; null when it stands for none. */
export function statusOfCode(code: unknown): number | null {
  const status = typeof code === 'string' ? (WORDS[code.toLowerCase()] ?? Number(code)) : code;
  return typeof status === 'number' && Number.isInteger(status) && status >= 300 && status < 600
    ? status
    : null;
}

const isOneOf = (codes: readonly (string | number)[], words: readonly string[]): boolean =>
  codes.some((code) => typeof code === 'string' && words.includes(code.toLowerCase()));

/** Returns whether a code, or a code quoted in a message, says that no credit is left. Sent texts are ignored. */
export const saysNoCredit = (
  codes: readonly (string | number)[],
  message: string,
  texts: readonly string[],
): boolean =>
  isOneOf(codes, NO_CREDIT) ||
  NO_CREDIT.some((word) => message.includes(word) && !texts.some((text) => text.includes(word)));

export const saysNoModel = (codes: readonly (string | number)[]): boolean =>
  isOneOf(codes, ['model_not_found']);
