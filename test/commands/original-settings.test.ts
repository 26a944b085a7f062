import { describe, expect, it } from 'vitest';
import { originalSettings } from '../../src/commands/generate/original-settings.js';
import { loadSettings } from '../../src/config.js';
import type { RunPlan } from '../../src/contract/plan.js';
import type { RunRequest } from '../../src/contract/request.js';
import type { JoinedRun } from '../../src/hosting/join-run.js';
import type { OpenRun } from '../../src/hosting/open-run.js';
import { runRequest } from '../support/run-request.js';

const PLAN = { model: 'openai/text-embedding-3-small', dimensions: 1536 } as RunPlan;

const run = (before: Partial<OpenRun> | null, how: JoinedRun['how'] = 'joined'): JoinedRun => ({
  handle: {} as JoinedRun['handle'],
  runId: 'run-1',
  request: runRequest(),
  how,
  before:
    before === null
      ? null
      : {
          handle: {} as OpenRun['handle'],
          runId: 'run-1',
          request: runRequest(),
          plan: PLAN,
          state: 'running',
          reason: null,
          ...before,
        },
});

const told = (joined: JoinedRun, env: Record<string, string> = {}, today: RunRequest | null = runRequest()) =>
  Object.fromEntries(originalSettings(joined, loadSettings(env, '/'), today));

describe('the panel of a run that was there before', () => {
  it('says nothing of a new run, nor of one that is as today’s settings say', () => {
    expect(told(run(null))).toEqual({});
    expect(told(run({}))).toEqual({});
  });

  it('says how it stood, and the choice', () => {
    expect(told(run({ state: 'blocked', reason: 'no \u001b[31mcredit' }))).toEqual({
      'It was': 'blocked: no credit',
      Choice: 'it goes on now, and what is sent is paid for · end it: embeddings cancel',
    });
    const reason = 'paused by a person; go on with: embeddings resume';
    expect(told(run({ state: 'paused', reason }))).toEqual({
      'It is': reason,
      Choice: 'go on with it: embeddings resume · end it: embeddings cancel',
    });
    expect(told(run({ state: 'paused', reason }, 'resumed'))).toMatchObject({ 'It was': reason });
    const cap = 'the next batch might pass --max-cost; raise it with: embeddings resume --max-cost USD';
    expect(told(run({ state: 'paused', reason: cap })).Choice).toBe(
      'go on with it: embeddings resume --max-cost USD · end it: embeddings cancel',
    );
  });

  it('says what today’s settings and options would have made of it', () => {
    const today = runRequest({ batchSize: 20, onBlocked: 'fail' });
    expect(told(run({}, 'resumed'), { EMBEDDING_DIMENSIONS: '512' }, today)).toEqual({
      'Began with':
        'openai/text-embedding-3-small, 1536 dimensions (today openai/text-embedding-3-small, 512 dimensions); batch size 100 (today 20); when blocked wait (today fail)',
      Choice: "it goes on as it began · to use today's settings: embeddings cancel, then start again",
    });
  });

  it('compares no model that only the workers know', () => {
    expect(told(run({}), { TEMPORAL_ADDRESS: '127.0.0.1:7233' })).toEqual({});
    const own = { TEMPORAL_ADDRESS: '127.0.0.1:7233', EMBEDDING_MODEL: 'qwen/qwen3-embedding-8b' };
    expect(told(run({}), own)['Began with']).toContain('today qwen/qwen3-embedding-8b, 1536 dimensions');
  });
});
