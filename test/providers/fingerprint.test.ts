import fc from 'fast-check';
import { expect, test } from 'vitest';
import { documentForm } from '../../src/collections/document-form.js';
import { libraryText } from '../../src/collections/library-text.js';
import { contentHash } from '../../src/providers/fingerprint.js';

test('is the same for the same input and stays so', () => {
  expect(contentHash({ model: 'm', dimensions: 3, text: 'Title: é' })).toBe(
    '06aad1d3cb4b074fdbafa0e28d5f9908b734c314adc7776eb00d53869e5964f4',
  );
});

test('differs as soon as model, dimensions or text does', () => {
  const input = fc.record({ model: fc.string(), dimensions: fc.integer(), text: fc.string() });
  fc.assert(
    fc.property(input, input, (a, b) => {
      const same = a.model === b.model && a.dimensions === b.dimensions && a.text === b.text;
      expect(contentHash(a) === contentHash(b)).toBe(same);
    }),
  );
  expect(contentHash({ model: 'a","b', dimensions: 1, text: '' })).not.toBe(
    contentHash({ model: 'a', dimensions: 1, text: 'b' }),
  );
});

test('of a document, its prefix and input_type are part; without them it is as it always was', () => {
  const model = { id: 'm', dimensions: 3, query: {} };
  const hashWith = (document: { prefix?: string; inputType?: string }): string => {
    const { inputType, render } = documentForm({ text: libraryText, model: { ...model, document } });
    return contentHash({ model: 'm', dimensions: 3, text: render({ id: 1, title: 'é' }).text, inputType });
  };
  expect(hashWith({})).toBe('06aad1d3cb4b074fdbafa0e28d5f9908b734c314adc7776eb00d53869e5964f4');
  const hashes = [
    hashWith({}),
    hashWith({ prefix: 'passage: ' }),
    hashWith({ inputType: 'search_document' }),
    hashWith({ inputType: 'passage' }),
    hashWith({ prefix: 'passage: ', inputType: 'search_document' }),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
});
