import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTemporal } from '../chaos/temporal.js';
import { runCli, startCli } from '../support/cli.js';
import { json, type Scene, setScene } from './scene.js';

/** Where a container with a read-only root stands: no folder of ours can be made, whoever asks, root too. */
let scene: Scene;
let temporal: TestWorkflowEnvironment;
let cwd: string;
let env: Record<string, string>;
let worker: ReturnType<typeof startCli>;

beforeAll(async () => {
  scene = await setScene(60);
  temporal = await startTemporal();
  cwd = join(scene.path, 'app');
  mkdirSync(cwd);
  const file = join(scene.path, 'no-folder');
  writeFileSync(file, '');
  const below = (name: string): string => join(file, name);
  env = {
    ...scene.env,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace ?? 'default',
    EMBEDDINGS_HOME: below('home'),
    TMPDIR: below('tmp'),
    HOME: join(scene.path, 'user'),
    XDG_CACHE_HOME: below('cache'),
  };
  worker = startCli(cwd, ['worker'], env);
  await worker.says('worker is up');
});
afterAll(async () => {
  expect(readdirSync(cwd)).toEqual([]);
  expect(existsSync(join(scene.path, 'user'))).toBe(false);
  worker?.child.kill('SIGTERM');
  await worker?.done;
  await temporal?.teardown();
  await scene?.close();
});

const run = (...args: string[]) => runCli(cwd, args, env);

describe('with a Temporal of the user’s own, where neither EMBEDDINGS_HOME nor a temporary folder can be made', () => {
  it('a run and the questions about it need neither', async () => {
    expect(json(await run('--all', '--json'))).toMatchObject({ state: 'completed', stored: 60, failed: 0 });
    expect(json(await run('doctor', '--json'))).toMatchObject({ ok: true });
  });

  it.each(['map', 'report'])('%s goes to stdout whole, and words about it to stderr', async (page) => {
    const { code, stdout, stderr } = await run(page, '--out', '-');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i);
    expect(stdout).not.toContain('%DATA%');
    expect(stderr).toMatch(/: stdout\n$/);
  });

  it('a page has stdout for itself: with --json it is refused, and nothing is written', async () => {
    const { code, stderr } = await run('report', '--out', '-', '--json');
    expect(code).toBe(2);
    expect(stderr).toContain(
      '--out - writes the page to stdout, where --json writes its answer: leave one of them out',
    );
  });
});
