import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkOut } from '../../src/commands/pages/write-page.js';
import { whyNotWritable, writeWhole } from '../../src/commands/write-file.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'write-file-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

describe('a regular file', () => {
  it('is made for its owner alone, replaced whole, and leaves nothing beside it', () => {
    writeWhole(at('a.json'), 'first');
    expect(statSync(at('a.json')).mode & 0o777).toBe(0o600);
    const before = statSync(at('a.json')).ino;
    writeWhole(at('a.json'), 'second');
    expect(readFileSync(at('a.json'), 'utf8')).toBe('second');
    expect(statSync(at('a.json')).ino).not.toBe(before);
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('behind a link is replaced, and the link kept', () => {
    writeFileSync(at('real.json'), 'first');
    symlinkSync(at('real.json'), at('link.json'));
    writeWhole(at('link.json'), 'second');
    expect(readFileSync(at('real.json'), 'utf8')).toBe('second');
    expect(lstatSync(at('link.json')).isSymbolicLink()).toBe(true);
  });
});

describe('what is no regular file is written to, and stays what it is', () => {
  it('a device', () => {
    symlinkSync('/dev/null', at('device'));
    writeWhole(at('device'), 'x'.repeat(100_000));
    writeWhole('/dev/null', 'x', { wait: false });
    expect(lstatSync(at('device')).isSymbolicLink()).toBe(true);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(readdirSync(folder)).toEqual(['device']);
    expect(checkOut('/dev/null')).toBe('/dev/null');
  });

  it('a pipe, whether anybody reads it or not', () => {
    execFileSync('mkfifo', [at('pipe')]);
    writeWhole(at('pipe'), 'lost', { wait: false });
    const reader = openSync(at('pipe'), constants.O_RDONLY | constants.O_NONBLOCK);
    writeWhole(at('pipe'), 'heard', { wait: false });
    const heard = Buffer.alloc(100);
    expect(heard.toString('utf8', 0, readSync(reader, heard))).toBe('heard');
    closeSync(reader);
    expect(statSync(at('pipe')).isFIFO()).toBe(true);
    expect(readdirSync(folder)).toEqual(['pipe']);
  });
});

it('says beforehand why it would fail, and writes nothing', () => {
  expect(whyNotWritable(at('new.json'))).toBeNull();
  expect(whyNotWritable('/dev/null')).toBeNull();
  expect(whyNotWritable(folder)).toMatch(/^it is a folder/);
  expect(whyNotWritable(at('none/a.json'))).toBe(`there is not a folder ${at('none')}: make it first`);
  writeFileSync(at('file'), '');
  expect(whyNotWritable(at('file/a.json'))).toMatch(/^there is not a folder/);
  expect(readdirSync(folder)).toEqual(['file']);
});
