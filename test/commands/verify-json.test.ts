import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { createJsonReport } from '../../src/commands/verify/verify-json.js';

it('verify --json escapes what a terminal would act on, and says the same', async () => {
  const stdout = new PassThrough();
  const report = createJsonReport(stdout as unknown as NodeJS.WriteStream);
  const message = 'Kick \u202egpj \u009b2J \u001b[31m \u007f';
  await report.problem({ kind: 'unreadable', sampleId: 1, textId: 'a\u2066b', message } as never);
  const ledger = { checked: 1, problems: 1, counts: {}, missing: 0, failed: 0 } as never;
  report.end(ledger, { place: 'x\u202e' });
  stdout.end();
  const written = await text(stdout);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  expect(written).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
  expect(JSON.parse(written)).toMatchObject({
    problems: [{ sample_id: 'a\u2066b', message }],
    place: 'x\u202e',
  });
});
