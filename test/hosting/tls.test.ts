import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTemporal } from '../chaos/temporal.js';
import { json, type Scene, setScene } from '../e2e/scene.js';
import { type Authority, makeAuthority } from './tls/certificates.js';
import { startTlsFront, type TlsFront } from './tls/tls-front.js';

let temporal: TestWorkflowEnvironment;
let scene: Scene;
let ours: Authority;
let theirs: Authority;
let open: TlsFront;
let keyed: TlsFront;
let mutual: TlsFront;

beforeAll(async () => {
  temporal = await startTemporal();
  scene = await setScene(30);
  ours = makeAuthority(scene.path, 'ours');
  theirs = makeAuthority(scene.path, 'theirs');
  const server = ours.issue('server');
  open = await startTlsFront(temporal.address, server);
  keyed = await startTlsFront(temporal.address, server);
  mutual = await startTlsFront(temporal.address, { ...server, clientCa: ours.ca });
});
afterAll(async () => {
  await open?.close();
  await keyed?.close();
  await mutual?.close();
  await temporal?.teardown();
  await scene?.close();
});

const settings = (front: TlsFront): Record<string, string> => ({
  TEMPORAL_ADDRESS: front.address,
  TEMPORAL_NAMESPACE: temporal.namespace ?? 'default',
  TEMPORAL_TLS_SERVER_CA_CERT_PATH: ours.ca,
});
const certificate = (authority: Authority, name: string): Record<string, string> => {
  const { cert, key } = authority.issue(name);
  return { TEMPORAL_TLS_CLIENT_CERT_PATH: cert, TEMPORAL_TLS_CLIENT_KEY_PATH: key };
};

/** A worker and a client, both through that front. */
async function wholeRun(env: Record<string, string>): Promise<void> {
  const worker = scene.start(['worker'], env);
  await worker.says('worker is up');
  const run = await scene.run(['--all', '--json'], env);
  worker.child.kill('SIGTERM');
  expect(await worker.done).toMatchObject({ code: 0 });
  expect(json(run)).toMatchObject({ state: 'completed', failed: 0, total_selected: 30 });
}

describe('Temporal behind TLS', () => {
  it('an API key goes with every call of client and worker as a bearer token, inside TLS, and is shown nowhere', async () => {
    const env = { ...settings(keyed), TEMPORAL_API_KEY: 'tk-canary' };
    const worker = scene.start(['worker'], env);
    await worker.says('worker is up');
    const fromWorker = keyed.authorizations.length;
    const run = await scene.run(['--all', '--json'], env);
    worker.child.kill('SIGTERM');
    const { stdout, stderr, code } = await worker.done;
    expect(code).toBe(0);
    expect(json(run)).toMatchObject({ state: 'completed', stored: 30 });
    expect(fromWorker).toBeGreaterThan(0);
    expect(new Set(keyed.authorizations)).toEqual(new Set(['Bearer tk-canary']));
    expect(run.stdout + run.stderr + stdout + stderr).not.toContain('tk-canary');
  });

  it('a client certificate lets client and worker in', () =>
    wholeRun({ ...settings(mutual), ...certificate(ours, 'client') }));
});

// At the same time: gRPC gives up on a plaintext connection only after ten seconds.
describe.concurrent('Temporal behind TLS that does not let us in', () => {
  it.each([[['--all']], [['worker']]])(
    'a certificate of another CA is refused, by its setting: %j',
    async (args) => {
      const env = { ...settings(open), TEMPORAL_TLS_SERVER_CA_CERT_PATH: theirs.ca };
      expect(await scene.run(args, env)).toMatchObject(
        refusal(/TEMPORAL_TLS_SERVER_CA_CERT_PATH: .* is not signed by that CA/),
      );
    },
  );

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'no CA named',
      () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '', TEMPORAL_TLS: 'true' }),
      /TEMPORAL_TLS_SERVER_CA_CERT_PATH: .*name the file of that CA/,
    ],
    [
      'another name',
      () => ({ TEMPORAL_TLS_SERVER_NAME: 'temporal.example' }),
      /TEMPORAL_TLS_SERVER_NAME: .*for another name/,
    ],
    ['no TLS', () => ({ TEMPORAL_TLS: 'false' }), /TEMPORAL_TLS: .*set TEMPORAL_TLS=true/],
    [
      'TLS where there is none',
      () => ({ TEMPORAL_ADDRESS: temporal.address }),
      /TEMPORAL_TLS: .*speaks no TLS/,
    ],
    [
      'a file that is not there',
      () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: '/nowhere/ca.pem' }),
      /TEMPORAL_TLS_SERVER_CA_CERT_PATH.*\/nowhere\/ca.pem/,
    ],
    [
      'a CA that is no PEM',
      () => ({ TEMPORAL_TLS_SERVER_CA_CERT_PATH: scene.catalog }),
      /TEMPORAL_TLS_SERVER_CA_CERT_PATH: /,
    ],
    [
      'a key without its certificate',
      () => ({ TEMPORAL_TLS_CLIENT_KEY_PATH: ours.ca }),
      /TEMPORAL_TLS_CLIENT_CERT_PATH must be set too/,
    ],
    [
      'a switch that the SDK ignores',
      () => ({ TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: 'true' }),
      /TEMPORAL_TLS_DISABLE_HOST_VERIFICATION is not supported/,
    ],
  ])('%s: one sentence names the setting', async (_, env, sentence) => {
    expect(await scene.run(['--all'], { ...settings(open), ...env() })).toMatchObject(refusal(sentence));
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      'no client certificate',
      () => ({}),
      /TEMPORAL_TLS_CLIENT_CERT_PATH: .* us without a client certificate/,
    ],
    [
      'one of another CA',
      () => certificate(theirs, 'stranger'),
      /TEMPORAL_TLS_CLIENT_CERT_PATH: .* this client certificate/,
    ],
  ])('%s where one is asked for: one sentence names the setting', async (_, env, sentence) => {
    expect(await scene.run(['worker'], { ...settings(mutual), ...env() })).toMatchObject(refusal(sentence));
  });
});

/** Exit code 2 and one line that says it. */
const refusal = (sentence: RegExp): object => ({
  code: 2,
  stderr: expect.stringMatching(new RegExp(`^error: ${sentence.source}[^\\n]*\\n$`)),
});
