import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Scene, setScene } from '../e2e/scene.js';
import { runCli } from '../support/cli.js';

let scene: Scene;
let sub: string;
let file: string;
beforeAll(async () => {
  scene = await setScene(20);
  sub = join(scene.path, 'drums', 'loops');
  mkdirSync(sub, { recursive: true });
  file = join(scene.path, '.env');
  writeFileSync(
    file,
    `OPENROUTER_API_KEY=sk-canary\nOPENROUTER_BASE_URL=${scene.sandbox.baseUrl}\nDATABASE_URL=catalog.db\nTURSO_DATABASE_URL=file:store.db\n`,
  );
});
afterAll(() => scene.close());

it('a run, a look and a check in a subfolder use the settings, the store and the home above it', async () => {
  const { code, stdout } = await runCli(sub, ['--all']);
  expect(code).toBe(0);
  expect(stdout.replace(/[\s│]/g, '')).toContain(`Settings:${file}`);
  expect(existsSync(scene.store)).toBe(true);
  expect(existsSync(join(scene.path, '.embeddings'))).toBe(true);
  expect(existsSync(join(sub, '.embeddings'))).toBe(false);

  const status = await runCli(join(scene.path, 'drums'), ['status', '--json']);
  expect(JSON.parse(status.stdout)).toMatchObject({ state: 'completed', stored: 20 });

  const doctor = JSON.parse((await runCli(sub, ['doctor', '--json'])).stdout);
  expect(doctor).toMatchObject({ ok: true });
  expect(doctor.checks).toContainEqual({
    name: 'Settings',
    ok: true,
    detail: `of the environment, and of ${file}`,
  });
  // A page is written where the person is.
  await runCli(sub, ['report', '--out', 'report.html']);
  expect(existsSync(join(sub, 'report.html'))).toBe(true);
});
