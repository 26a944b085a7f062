import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readOrigin } from '../../src/imports/catalog-file.js';
import { importFile } from '../../src/imports/import-file.js';
import { matchColumns } from '../../src/imports/match-columns.js';
import { Database } from '../../src/sqlite.js';
import { temporaryFolder } from '../support/cli.js';

vi.setConfig({ testTimeout: 60_000 });

let folder: ReturnType<typeof temporaryFolder>;
let catalog: string;
beforeEach(() => {
  folder = temporaryFolder();
  catalog = join(folder.path, 'x.catalog.db');
});
afterEach(() => folder.remove());

const write = (content: string, name = 'x.csv'): string => {
  const path = join(folder.path, name);
  writeFileSync(path, content);
  return path;
};
const take = (content: string, columns = {}) =>
  importFile({
    kind: 'csv',
    file: write(content),
    catalog,
    columns: { id: 'path', title: 'title', ...columns },
  });
const rows = (): Record<string, unknown>[] => {
  const db = new Database(catalog, { readonly: true });
  try {
    return db.prepare<[], Record<string, unknown>>('SELECT * FROM rows ORDER BY id').all();
  } finally {
    db.close();
  }
};

describe('a file that is read into a catalog file', () => {
  it('leaves out and names rows without an id, and those whose id was there before', async () => {
    expect(await take('path,title\na,1\n,2\na,3\nb,4\n,5\n')).toEqual({
      ...{ rows: 2, fresh: 2, gone: 0, lostColumns: [] },
      text: { encoding: 'utf-8', isAssumed: false, bad: null },
      ...{ columns: ['path', 'title'], silent: new Map() },
      leftOut: [
        { wrong: 'no path', count: 2, lines: [3, 6] },
        { wrong: 'a path that was there before', count: 1, lines: [4] },
      ],
    });
    expect(rows()).toEqual([
      { id: 'a', path: 'a', title: '1' },
      { id: 'b', path: 'b', title: '4' },
    ]);
  });

  it('keeps ids, takes what is new and leaves what is gone, where it is read again', async () => {
    await take('path,title\na,1\nb,2\nc,3\n');
    expect(await take('title,path,bpm\nother,b,90\n3,c,\n4,d,\n')).toMatchObject({
      rows: 3,
      fresh: 1,
      gone: 1,
    });
    expect(rows()).toEqual([
      { id: 'b', title: 'other', path: 'b', bpm: '90' },
      { id: 'c', title: '3', path: 'c', bpm: null },
      { id: 'd', title: '4', path: 'd', bpm: null },
    ]);
    expect(readOrigin(catalog)).toMatchObject({ kind: 'csv', columns: { id: 'path', title: 'title' } });
    expect(readdirSync(folder.path).sort()).toEqual(['x.catalog.db', 'x.csv']);
  });

  it.each([
    ['csv', 'path\n9007199254740992\n9007199254740993\n-9007199254740993\n1e400\n1.0\n1\n007\n'],
    [
      'jsonl',
      ['9007199254740992', '9007199254740993', '-9007199254740993', '1e400', '"1.0"', '1', '"007"']
        .map((id) => `{"path":${id}}\n`)
        .join(''),
    ],
  ] as const)('keeps the digits of ids of %s', async (kind, content) => {
    const file = write(content, `x.${kind}`);
    expect(await importFile({ kind, file, catalog, columns: { id: 'path' } })).toMatchObject({ leftOut: [] });
    expect(rows().map(({ id, path }) => [id, String(path)])).toEqual(
      ['-9007199254740993', '007', '1', '1.0', '1e400', '9007199254740992', '9007199254740993'].map((id) => [
        id,
        id,
      ]),
    );
  });

  it('names columns that are gone', async () => {
    await take('path,title,mood\na,1,dark\n');
    expect(await take('path,title\na,1\n')).toMatchObject({ lostColumns: ['mood'] });
  });

  it('says where it cannot be written', async () => {
    catalog = join(folder.path, 'nowhere', 'x.catalog.db');
    await expect(take('path,title\na,1\n')).rejects.toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/catalog file .* cannot be written \(.*ENOENT/),
    });
  });

  it('makes titles of names of files, and numbers of tempos', async () => {
    await take('path,title,bpm\na/Kick_01.wav,,"120,5"\nC:\\b\\.hidden,,0\nc,C,118-122\n', {
      file: 'path',
      bpm: 'bpm',
    });
    expect(rows().map(({ title, bpm }) => [title, bpm])).toEqual([
      ['.hidden', null],
      ['Kick 01', 120.5],
      ['C', '118-122'],
    ]);
  });

  it('has a title of its own where the file has none, and its own ids beside a column id', async () => {
    await importFile({
      kind: 'csv',
      file: write(`id,file\n7,kick_01.wav\n8,${'x'.repeat(1100)}\n`),
      catalog,
      columns: { id: 'file', file: 'file' },
    });
    expect(rows()).toEqual([
      { id: 'kick_01.wav', title: 'kick 01', 'its id': '7', file: 'kick_01.wav' },
      expect.objectContaining({ id: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) }),
    ]);
  });

  it('has columns that come late', async () => {
    const file = write('{"path":"a"}\n{"path":"b","mood":"dark","bpm":90}\n', 'x.jsonl');
    await importFile({ kind: 'jsonl', file, catalog, columns: { id: 'path', bpm: 'bpm' } });
    expect(rows()).toEqual([
      { id: 'a', path: 'a', mood: null, bpm: null },
      { id: 'b', path: 'b', mood: 'dark', bpm: 90 },
    ]);
  });

  it('stays as it was where the file is empty, or broken at its end', async () => {
    await take('path,title\na,1\n');
    const before = readFileSync(catalog);
    await expect(take('path,title\n')).rejects.toThrow(/has no rows that can be used: name another file/);
    await expect(take('path,title\nb,2\nc,"3\n')).rejects.toThrow(/never closed/);
    expect(readFileSync(catalog).equals(before)).toBe(true);
    expect(readdirSync(folder.path).sort()).toEqual(['x.catalog.db', 'x.csv']);
  });

  it('stays as it was where the import is killed, and the next one clears up', async () => {
    await take('path,title\na,1\n');
    const before = readFileSync(catalog);
    const endless = join(folder.path, 'endless.csv');
    const out = createWriteStream(endless);
    out.write('path,title\n');
    for (let n = 0; n < 300_000; n++) out.write(`path/of/a/sample/${n}.wav,Title of sample ${n}\n`);
    out.end();
    await once(out, 'finish');
    const built = fileURLToPath(new URL('../../dist/imports/import-file.js', import.meta.url));
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { importFile } from ${JSON.stringify(built)};
       await importFile({ kind: 'csv', file: ${JSON.stringify(endless)}, catalog: ${JSON.stringify(catalog)}, columns: { id: 'path' } });`,
    ]);
    const leftOver = () => readdirSync(folder.path).filter((name) => name.endsWith('.tmp'));
    while (leftOver().length === 0 && child.exitCode === null) await sleep(5);
    // Another import meanwhile takes the one that is under way for what it is.
    await take('path,title\na,1\n');
    expect(leftOver()).toHaveLength(1);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(readFileSync(catalog).equals(before)).toBe(true);
    await take('path,title\na,1\nb,2\n');
    expect(rows().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(leftOver()).toEqual([]);
  });
});

describe('columns by their names', () => {
  it.each([
    [
      ['ID', 'Sample Name', 'Tempo', 'Initial Key', 'File_Path', 'Genre(s)'],
      {
        id: 'ID',
        title: 'Sample Name',
        bpm: 'Tempo',
        key: 'Initial Key',
        file: 'File_Path',
        genre: 'Genre(s)',
      },
    ],
    [
      ['filename', 'BPM', 'musical_key'],
      { id: 'filename', file: 'filename', bpm: 'BPM', key: 'musical_key' },
    ],
    [['name', 'title', 'path', 'uuid'], { id: 'uuid', title: 'title', file: 'path' }],
    [['Pfad', 'Titel'], {}],
  ])('%j', (columns, matched) => {
    expect(matchColumns(columns)).toEqual(matched);
  });

  it('count less than what a person says', () => {
    expect(matchColumns(['id', 'name', 'Titel'], { title: 'Titel' })).toEqual({ id: 'id', title: 'Titel' });
  });
});
