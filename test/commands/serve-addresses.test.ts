import { describe, expect, it } from 'vitest';
import { baseOf, hostOf, originOf, pageOf } from '../../src/commands/serve/addresses.js';
import { unavailableFeatures } from '../../src/commands/serve/unavailable-features.js';

describe('what embeddings serve prints and takes as an address', () => {
  it.each([
    ['127.0.0.1', 'http://localhost:8787'],
    ['127.0.0.2', 'http://127.0.0.2:8787'],
    ['localhost', 'http://localhost:8787'],
    ['0.0.0.0', 'http://localhost:8787'],
    ['::1', 'http://[::1]:8787'],
    ['[::1]', 'http://[::1]:8787'],
    ['192.168.1.7', 'http://192.168.1.7:8787'],
  ])('--host %s', (host, base) => {
    expect(baseOf({ host: hostOf(host), port: 8787 })).toBe(base);
  });

  it.each(['', '  ', '[]'])('--host "%s" is refused', (host) => {
    expect(() => hostOf(host)).toThrow(/--host is empty: write an address like 127\.0\.0\.1/);
  });

  it('a token opens the page whatever is in it', () => {
    expect(new URL(pageOf('http://localhost:1', 'a+b&c=d #%')).searchParams.get('token')).toBe('a+b&c=d #%');
    expect(pageOf('http://localhost:1', null)).toBe('http://localhost:1/');
  });

  it.each([
    ['https://app.example.com', 'https://app.example.com'],
    ['https://APP.example.com/', 'https://app.example.com'],
    ['http://localhost:3000', 'http://localhost:3000'],
  ])('--allow-origin %s', (text, origin) => {
    expect(originOf(text)).toBe(origin);
  });

  it.each([
    ['https://a.com/x', /write one like https:\/\/a\.com$/],
    ['https://a.com/?x', /write one like https:\/\/a\.com$/],
    ['https://a.com/?', /write one like https:\/\/a\.com$/],
    ['https://me:you@a.com', /write one like https:\/\/a\.com$/],
    ['file:///a', /write one like https:\/\/app\.example\.com$/],
    ['*', /write one like https:\/\/app\.example\.com$/],
  ])('--allow-origin %s is refused', (text, words) => {
    expect(() => originOf(text)).toThrow(words);
  });
});

it('says at the start what it cannot do', async () => {
  expect(
    await unavailableFeatures({ apiKey: null }, { whyUnheard: async () => 'SAMPLES_ROOT is not set.' }),
  ).toEqual([
    expect.stringMatching(/OPENROUTER_API_KEY is not set: .* new queries by meaning do not/),
    'No sample can be heard. SAMPLES_ROOT is not set.',
  ]);
  expect(await unavailableFeatures({ apiKey: 'sk-x' }, { whyUnheard: async () => null })).toEqual([]);
});
