import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { CLIENT } from '../support/cli.js';

it.each([
  [
    'versions',
    "{...process.versions,node:'20.11.1'}",
    /^error: Node 20\.12 or newer is needed; this is v.*\n$/,
  ],
  ['platform', "'win32'", /^error: Windows is supported through WSL only.*\n$/],
  ['platform', "'aix'", /^error: Only linux and darwin are supported; this is aix\.\n$/],
])('a machine that cannot run the command gets one sentence (%s %s)', (name, value, sentence) => {
  const pretence = `data:text/javascript,Object.defineProperty(process,${JSON.stringify(name)},{value:${value}})`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', pretence, CLIENT, '--all'], {
    encoding: 'utf8',
  });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
});
