import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMissingFile, parseStoreUrl } from '../../src/engines/libsql/url.js';
import { Fault } from '../../src/fault.js';
import { temporary } from './scene.js';

describe('TURSO_DATABASE_URL', () => {
  it.each([
    ['libsql://h', 'https://h'],
    ['libsql://db-me.turso.io', 'https://db-me.turso.io'],
    ['LIBSQL://H', 'https://h'],
    ['https://h', 'https://h'],
    ['https://h/', 'https://h'],
    ['https://h/a/b/', 'https://h/a/b'],
    ['https://h:8443', 'https://h:8443'],
    ['https://h:80', 'https://h:80'],
    ['libsql://h:80', 'https://h:80'],
    ['wss://h', 'https://h'],
    ['libsql://h?tls=1', 'https://h'],
    ['libsql://h?authToken=t', 'https://h?authToken=t'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://127.9.9.9', 'http://127.9.9.9'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://[::1]:8080', 'http://[::1]:8080'],
    ['ws://localhost', 'http://localhost'],
    ['http://localhost:443', 'http://localhost:443'],
    ['libsql://localhost:8080?tls=0', 'http://localhost:8080'],
    ['http://sqld:8080?tls=0', 'http://sqld:8080'],
    ['libsql://sqld:8080?tls=0', 'http://sqld:8080'],
  ])('%s → %s', (value, url) => {
    expect(parseStoreUrl(value)).toEqual({ kind: 'remote', url });
  });

  it.each([
    ['file:rel.db', 'rel.db', 'file:rel.db'],
    ['file:./a/b.db', './a/b.db', 'file:./a/b.db'],
    ['file:/abs/x.db', '/abs/x.db', 'file:/abs/x.db'],
    ['file:///abs/x.db', '/abs/x.db', 'file:/abs/x.db'],
    ['file://localhost/abs/x.db', '/abs/x.db', 'file:/abs/x.db'],
    ['FILE:x.db', 'x.db', 'file:x.db'],
    ['file:my%20db', 'my db', 'file:my%20db'],
    ['file:my db', 'my db', 'file:my%20db'],
    ['file:%E2%9C%93.db', '✓.db', 'file:%E2%9C%93.db'],
  ])('%s → the file %s', (value, path, url) => {
    expect(parseStoreUrl(value)).toEqual({ kind: 'file', url, path });
  });

  it.each([
    'mongodb://h',
    'postgres://h/db',
    'h',
    '',
    './x.db',
    ':memory:',
    'file:',
    'file://',
    'file::memory:',
    'file://host/x.db',
    'file:x.db?mode=ro',
    'file:x.db#part',
    'file:%E0%A4%A',
    'libsql://',
    'https://h:99999',
    'http://example.com',
    'http://sqld:8080',
    'ws://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://0.0.0.0:8080',
    'http://h?tls=1',
    'libsql://h?tls=2',
    'libsql://h?tls',
    'libsql://h?mode=x',
  ])('%s is refused', (value) => {
    expect(() => parseStoreUrl(value)).toThrow(Fault);
    expect(() => parseStoreUrl(value)).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining('TURSO_DATABASE_URL') }),
    );
  });

  it.each([
    'https://me:s3cret@h',
    'libsql://s3cret@h',
    'http://example.com?authToken=s3cret',
    'http://me:s3cret@example.com?tls=0',
    'libsql://h?authToken=s3cret&mode=x',
    'libsql://h?s3cret=x',
    'libsql://h?tls=s3cret',
    'mongodb://me:s3cret@h',
    'file:x.db?authToken=s3cret',
    'https://h:99999?authToken=s3cret',
    's3cret',
  ])('%s is refused without its secret', (value) => {
    let said = '';
    try {
      parseStoreUrl(value);
    } catch (error) {
      said = `${(error as Error).stack} ${JSON.stringify(error)} ${String((error as Error).cause)}`;
    }
    expect(said).toContain('TURSO_DATABASE_URL');
    expect(said).not.toContain('s3cret');
  });

  it('tells a missing file, and makes none', () => {
    const folder = temporary();
    const path = join(folder, 'none.db');
    expect(isMissingFile(`file:${path}`)).toBe(true);
    expect(isMissingFile(`file:${path}`)).toBe(true);
    expect(isMissingFile(`file:${process.cwd()}/package.json`)).toBe(false);
    expect(isMissingFile('libsql://h')).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
