import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { whyNoSample } from '../../../src/sources/folder/why-no-sample.js';
import { temporaryFolder } from '../../support/cli.js';

it('tells nothing of what exists outside of the folders, and the cause inside of them', async () => {
  const place = temporaryFolder();
  const root = join(place.path, 'music');
  mkdirSync(root);
  writeFileSync(join(place.path, 'secret.wav'), 'x');
  writeFileSync(join(root, 'notes.txt'), 'x');
  const why = (path: string) => whyNoSample({ roots: [root], ignore: [] }, path);
  const outside = `is outside of the folder ${root}: move it there, or add its folder to the settings`;
  for (const path of [
    ...['/etc/passwd', '/etc/nobody-has-this', join(place.path, 'secret.wav'), join(place.path, 'none.wav')],
    ...[join(root, '../secret.wav'), '../secret.wav', '../none.wav'],
  ])
    expect([path, await why(path)]).toEqual([path, outside]);
  mkdirSync(join(place.path, 'other'));
  writeFileSync(join(place.path, 'other', 'kick.wav'), 'x');
  symlinkSync('../other', join(root, 'link'));
  symlinkSync('../secret.wav', join(root, 'file.wav'));
  symlinkSync('../none.wav', join(root, 'none.wav'));
  for (const path of ['link', 'link/kick.wav', 'link/none.wav', 'link/no/way.wav', 'file.wav', 'none.wav'])
    expect([path, await why(path)]).toEqual([
      path,
      'is behind a link that leads out of the folder: name the folder that it leads to, too',
    ]);
  expect(await why('kick.wav')).toBeNull();
  expect(await why(join(root, 'kick.wav'))).toBeNull();
  expect(await why('notes.txt')).toMatch(/does not have the name of an audio file/);
  expect(await why(root)).toBe('is a folder: name a file in it');
  place.remove();
});
