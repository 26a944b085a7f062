import { expect, it } from 'vitest';
import { embedPolicy } from '../../src/workflows/retry-policies.js';

it('a batch may wait for hours for its turn under a small stated limit; heartbeats tell soon whether it is lost', () => {
  expect(embedPolicy(3)).toMatchObject({ startToCloseTimeout: '6 hours', heartbeatTimeout: '8 seconds' });
});
