import { linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { refuseSameFile } from '../../src/hosting/same-file.js';
import { temporaryFolder } from '../support/cli.js';

const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
writeFileSync(at('library.db'), '');
writeFileSync(at('other.db'), '');
symlinkSync(at('library.db'), at('link.db'));
linkSync(at('library.db'), at('hard.db'));
afterAll(() => folder.remove());

describe('catalog and store', () => {
  it.each([
    ['one path', at('library.db'), `file:${at('library.db')}`],
    ['a symbolic link', at('library.db'), `file:${at('link.db')}`],
    ['a hard link', `sqlite:///${at('hard.db')}`, `file:${at('library.db')}`],
    ['a file that is not there yet', at('new.db'), `file:${at('./new.db')}`],
  ])('in one file are refused: %s', (_, catalogUrl, storeUrl) =>
    expect(() => refuseSameFile({ catalogUrl, storeUrl })).toThrow(
      /the catalog's own file.*name another file/,
    ),
  );

  it.each([
    [at('library.db'), `file:${at('other.db')}`],
    [at('library.db'), 'libsql://library.db'],
    ['postgresql://localhost/library', `file:${at('library.db')}`],
    [null, `file:${at('library.db')}`],
    [at('library.db'), null],
  ])('apart are taken: %s, %s', (catalogUrl, storeUrl) =>
    expect(() => refuseSameFile({ catalogUrl, storeUrl })).not.toThrow(),
  );
});
