import { describe, expect, it } from 'vitest';
import { saysTooManyInputs } from '../../src/providers/errors/too-many-inputs.js';

const texts = (count: number): string[] => Array.from({ length: count }, (_, at) => `Title: a sample ${at}`);

describe('a refusal of too many texts', () => {
  it.each([
    ['<400> InternalError: batch size is invalid, it should not be larger than 10.: input.contents', 100, 10],
    ['batch size 100 > maximum allowed batch size 32', 100, 32],
    ['batch size 60 > maximum allowed batch size 32', 60, 32],
    ['Too many inputs. The max number of inputs is 16. We hope to increase it soon.', 100, 16],
    ['invalid request: total number of texts must be at most 96 texts', 100, 96],
    ['at most 100 requests can be in one batch', 500, 100],
    ['[] is too long. Expected an array with maximum length 64, but got an array with length 100', 100, 64],
    ["Invalid 'input': array too long. Expected an array with maximum length 2048, but got 3000", 3000, 2048],
    ['input batch size 64 > maximum allowed batch size 32', 64, 32],
    ['Batch size (100) exceeds the limit of 25', 100, 25],
    ['too many inputs in this request', 100, null],
  ])('%s', (message, sent, atMost) => {
    expect(saysTooManyInputs(message, texts(sent))).toEqual({ atMost });
  });

  it.each([
    ["This model's maximum context length is 8192 tokens, however you requested 9000 tokens"],
    ['Request too large: 300000 tokens at most'],
    ['cannot embed this'],
    [''],
  ])('is not: %s', (message) => {
    expect(saysTooManyInputs(message, texts(100))).toBeNull();
  });

  it('is not what an error echoes of a text, nor of one text', () => {
    const title = 'Title: batch size 9 at most 3';
    expect(saysTooManyInputs(`bad input: ${title}`, [title, 'b'])).toBeNull();
    expect(saysTooManyInputs('batch size 1 > maximum 0', ['a'])).toBeNull();
  });
});
