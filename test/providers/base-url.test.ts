import { expect, test } from 'vitest';
import { Fault } from '../../src/fault.js';
import { checkedBaseUrl, checkKey } from '../../src/providers/http/base-url.js';

test.each([
  ['https://openrouter.ai/api/v1', 'https://openrouter.ai/api/v1'],
  ['https://openrouter.ai/api/v1/', 'https://openrouter.ai/api/v1'],
  ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
  ['http://[::1]:8080/v1', 'http://[::1]:8080/v1'],
  ['http://localhost/v1', 'http://localhost/v1'],
  ['http://api.localhost/v1', 'http://api.localhost/v1'],
])('%s is used as %s', (given, used) => {
  expect(checkedBaseUrl(given, true)).toBe(used);
});

test.each([
  '',
  'openrouter.ai',
  'ftp://openrouter.ai',
  'https://user:pass@openrouter.ai',
  'https://openrouter.ai/?a=1',
  'http://openrouter.ai/api/v1',
  'http://127.0.0.1.evil.example',
  'http://10.0.0.1',
])('%j is refused, without being echoed', (given) => {
  const use = () => checkedBaseUrl(given, true);
  expect(use).toThrow(Fault);
  expect(use).toThrow(/^OPENROUTER_BASE_URL /);
  expect(use).not.toThrow(/pass@/);
});

test('plain http is fine without a key', () => {
  expect(checkedBaseUrl('http://sandbox:8080/v1', false)).toBe('http://sandbox:8080/v1');
});

test.each(['sk with blank', 'sk-line\n', 'sk-ключ', ''])('key %j is refused, without being echoed', (key) => {
  expect(() => checkKey(key)).toThrow(/^OPENROUTER_API_KEY must be/);
});
