import { existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runCli, temporaryFolder } from '../../support/cli.js';
import { startInTerminal } from '../../support/terminal.js';

vi.setConfig({ testTimeout: 120_000 });

let folder: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

const write = (name: string, content: string): void => writeFileSync(join(folder.path, name), content);
const config = () => readFileSync(join(folder.path, 'embeddings.config.yaml'), 'utf8');
const run = (args: string[]) =>
  runCli(folder.path, args, { HOME: folder.path, OPENROUTER_BASE_URL: 'http://127.0.0.1:9/v1' });

const CSV =
  'Path;Name;Tempo;Initial Key;Genre;Tags;Duration;Danceability\r\n' +
  'Kicks/kick; hard.wav;Kick;"120,5";Am;House|Tech;"dusty, warm";3;0.7\r\n'.replace(
    'Kicks/kick; hard.wav',
    '"Kicks/kick; hard.wav"',
  ) +
  'Loops/loop_92.wav;;0;;;;;\r\n' +
  'ragged;row\r\n';

describe('init --from csv', () => {
  it('makes a collection of a file, and says what it left out', async () => {
    write('my samples.csv', `\uFEFF${CSV}`);
    const answer = await run(['init', '--from', 'csv', 'my samples.csv', '--json']);
    expect(answer.stderr).toContain('Left out: 1 with other than 8 values (line 4)');
    expect(answer.stderr).toContain('their id is the column Path.');
    expect(JSON.parse(answer.stdout)).toMatchObject({
      collection: 'my-samples',
      import: {
        rows: 2,
        new: 2,
        gone: 0,
        left_out: [{ reason: 'other than 8 values', rows: 1, lines: [4] }],
      },
      samples: 2,
      texts: [
        {
          id: 'Kicks/kick; hard.wav',
          text: 'Title: Kick\nGenre: House, Tech\nBPM: 120\nKey: Am\nTags: dusty, warm\nDanceability: 0.7',
        },
        { id: 'Loops/loop_92.wav', text: 'Title: loop 92' },
      ],
    });
    expect(config()).toContain("embeddings init --from csv 'my samples.csv'\n");
    expect(config()).toContain('# Not used: Duration, Path\n');
    const dry = await run(['--dry-run', '--all', '--json']);
    expect(JSON.parse(dry.stdout)).toMatchObject({ total_samples: 2, to_embed: 2 });
    const explained = await run(['explain', 'Loops/loop_92.wav', '--json']);
    expect(explained.stdout).toContain('Title: loop 92');
  });

  it('brings it up to date where it is declared already, and leaves the configuration as it is', async () => {
    write('a.csv', 'path,title\n1.wav,One\n2.wav,Two\n');
    await run(['init', '--from', 'csv', 'a.csv']);
    const before = config();
    write('a.csv', 'path,title\n2.wav,Zwei\n3.wav,Three\n4.wav,Four\n');
    const answer = await run(['init', '--from', 'csv', 'a.csv']);
    expect(answer).toMatchObject({ code: 0, stdout: expect.stringContaining('(2 new, 1 gone)') });
    expect(answer.stdout).toContain('2.wav\n  Title: Zwei\n');
    expect(config()).toBe(before);
  });

  it('refuses another file under the name of an earlier one, unless it takes its place', async () => {
    write('2024.csv', 'path,title\n1.wav,One\n2.wav,Two\n');
    write('2025.csv', 'path,title\n3.wav,Three\n');
    await run(['init', '--from', 'csv', '2024.csv']);
    const file = join(folder.path, '2025.csv');
    const command = `embeddings init --from csv ${file} --collection`;
    const refused = await run(['init', '--from', 'csv', '2025.csv']);
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toContain(
      `The collection collection holds the rows of another file, ${join(folder.path, '2024.csv')}: name another collection ` +
        `for this one, ${command} collection-2, or, if it takes the place of that file, ${command} collection --replace`,
    );
    const rows = await run(['init', '--from', 'csv', '2024.csv']);
    expect(rows.stdout).toContain('(0 new, 0 gone)');
    // The same file by another path is no other file.
    symlinkSync(join(folder.path, '2024.csv'), join(folder.path, 'linked.csv'));
    const linked = await run(['init', '--from', 'csv', 'linked.csv', '--collection', 'collection']);
    expect(linked).toMatchObject({ code: 0, stdout: expect.stringContaining('(0 new, 0 gone)') });
    write('a.jsonl', '{"id": 7, "name": "Kick"}\n');
    const other = await run(['init', '--from', 'jsonl', 'a.jsonl', '--collection', 'collection']);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('--collection collection-2') });
    const beside = await run(['init', '--from', 'csv', '2025.csv', '--collection', 'collection-2']);
    expect(beside).toMatchObject({ code: 0, stdout: expect.stringContaining('1 samples.') });
    expect((await run(['init', '--from', 'csv', '2025.csv'])).stderr).toContain('--collection collection-3');
    const replaced = await run([
      ...['init', '--from', 'csv', '2025.csv', '--collection', 'collection', '--replace'],
    ]);
    expect(replaced).toMatchObject({ code: 0, stdout: expect.stringContaining('(1 new, 2 gone)') });
  });

  it('leaves out columns that say nothing of the sound, and says why and how to take one in', async () => {
    write(
      'a.csv',
      'id,title,DateAdded,file size,last played,seen,proof,pack,Texture,comment\n' +
        '1,Kick,2024-01-02,123,x,2024-02-03,d41d8cd98f00b204e9800998ecf8427e,http://x.org/1,dusty,https://x.org\n' +
        '2,Hat,2024-01-03,124,y,never,0cc175b9c0f1b6a831c399e269772661,http://x.org/2,warm,https://x.org/2\n',
    );
    const answer = await run(['init', '--from', 'csv', 'a.csv', '--json']);
    expect(answer.stderr).toContain(
      'Not in the text, as their names or values say nothing of the sound: pack, comment (addresses); ' +
        'DateAdded, last played, seen (dates and times); file size (sizes); proof (identifiers). ' +
        'To take one in, add its line to the text in embeddings.config.yaml, like Pack: {pack}\n',
    );
    const { import: told, texts } = JSON.parse(answer.stdout);
    expect(told.not_in_text).toContainEqual({
      column: 'file size',
      reason: 'sizes',
      line: 'File size: {"file size"}',
    });
    expect(texts[0].text).toBe('Title: Kick\nTexture: dusty');
    expect(config()).toContain(
      '# Not used: pack, comment, DateAdded, file size, last played, seen, proof, id\n',
    );
    // The cure as it is printed.
    const added = told.not_in_text.map(({ line }: { line: string }) => `      ${line}\n`).join('');
    write(
      'embeddings.config.yaml',
      config().replace('      Title: {title}\n', `      Title: {title}\n${added}`),
    );
    const explained = await run(['explain', '1', '--json']);
    expect(explained.stdout).toContain(
      'Title: Kick\\nPack: http://x.org/1\\nComment: https://x.org\\nDate added: 2024-01-02\\nFile size: 123\\n',
    );
  });

  it('uses a column that a person gave a role, whatever its values', async () => {
    write('a.csv', 'id,title,seen\n1,Kick,2024-01-02\n');
    const answer = await run(['init', '--from', 'csv', 'a.csv', '--column', 'tags=seen', '--json']);
    expect(JSON.parse(answer.stdout)).toMatchObject({ texts: [{ text: 'Title: Kick\nTags: 2024-01-02' }] });
  });

  it('needs a title and an id, and takes them from --column', async () => {
    write('a.csv', 'Titel,Pfad,Tempo\nEins,a.wav,90\n');
    const refused = await run(['init', '--from', 'csv', 'a.csv']);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain(
      'no column that is a title or the path of a file; there are Titel, Pfad, Tempo: name one with --column title=NAME',
    );
    const wrong = await run(['init', '--from', 'csv', 'a.csv', '--column', 'title=Titl']);
    expect(wrong.stderr).toContain('the file has no column Titl; did you mean Titel?');
    const odd = await run(['init', '--from', 'csv', 'a.csv', '--column', 'colour=Titel']);
    expect(odd.stderr).toContain('--column: write one of id, title,');
    const said = ['--column', 'title=Titel', '--column', 'id=Pfad'];
    const answer = await run(['init', '--from', 'csv', 'a.csv', ...said, '--json']);
    expect(JSON.parse(answer.stdout)).toMatchObject({
      texts: [{ id: 'a.wav', text: 'Title: Eins\nBPM: 90' }],
    });
    // What was said is known the next time.
    expect((await run(['init', '--from', 'csv', 'a.csv'])).code).toBe(0);
  });

  it('says of a column named later that the text does not use it, with the line that does', async () => {
    write('a.csv', 'path,title,Group,bpm\n1.wav,One,Drums,90\n');
    await run(['init', '--from', 'csv', 'a.csv']);
    const later = ['init', '--from', 'csv', 'a.csv', '--column', 'bpm=bpm', '--column'];
    const answer = await run([...later, 'pack=Group']);
    expect(answer).toMatchObject({ code: 0 });
    expect(answer.stdout.match(/The text stays as it is.*/g)).toEqual([
      `The text stays as it is: for this column write "Pack: {Group}" into it in ${join(folder.path, 'embeddings.config.yaml')}.`,
    ]);
    write('embeddings.config.yaml', config().replace('Group: {Group}', 'Pack: {Group | upper}'));
    const again = await run([...later, 'pack=Group']);
    expect(again.stdout).toContain('Pack: DRUMS');
    expect(again.stdout).not.toContain('stays as it is');
    const path = await run([...later, 'file=title']);
    expect(path.stdout).toContain(
      'The column of the files\' paths stays as it is: for this one write "file: title"',
    );
  });

  it('asks for what is not clear in a terminal', async () => {
    write('a.csv', 'Titel,Pfad\nEins,a.wav\n');
    const terminal = startInTerminal(folder.path, ['init', '--from', 'csv', 'a.csv']);
    await terminal.says('Which column is the title');
    terminal.type('\r');
    await terminal.says('Which column identifies each sample');
    terminal.type('\u001b[B\r');
    expect(await terminal.done).toBe(0);
    expect(terminal.shown()).toContain('Title: Eins');
    expect(config()).toContain('Their id is the column Pfad');
  });

  it('reads UTF-8 with a wrong byte as UTF-8, and says where it is', async () => {
    const bytes = ['id,title\n1,Café kick\n2,bad ', [0xff], ' byte\n'].map((part) =>
      Buffer.from(part as string),
    );
    writeFileSync(join(folder.path, 'a.csv'), Buffer.concat(bytes));
    const answer = await run(['init', '--from', 'csv', 'a.csv', '--json']);
    expect(answer.stderr).toContain(
      'they are read as 1 \uFFFD (line 3). Correct them there and run it again',
    );
    expect(JSON.parse(answer.stdout)).toMatchObject({
      import: { encoding: 'utf-8', bad_bytes: { count: 1, lines: [3] } },
      texts: [{ text: 'Title: Café kick' }, { text: 'Title: bad \uFFFD byte' }],
    });
  });

  it('says which encoding it assumed, and remembers another that is said', async () => {
    writeFileSync(
      join(folder.path, 'a b.csv'),
      Buffer.concat([Buffer.from('id,title\n1,'), Buffer.from([0x83, 0x4c, 0x83, 0x62, 0x83, 0x4e, 0x0a])]),
    );
    const first = await run(['init', '--from', 'csv', 'a b.csv', '--collection', 'japan']);
    expect(first.stdout).toContain('The file is not UTF-8 and was read as windows-1252.');
    expect(first.stdout).toContain(
      "another: embeddings init --from csv 'a b.csv' --collection japan --encoding macintosh\n",
    );
    expect(config()).toContain("changed: embeddings init --from csv 'a b.csv' --collection japan\n");
    const again = ['init', '--from', 'csv', 'a b.csv', '--collection', 'japan'];
    const said = await run([...again, '--encoding', 'Shift_JIS']);
    expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining('1\n  Title: キック\n') });
    expect((await run(again)).stdout).toContain('1\n  Title: キック\n');
    const odd = await run([...again, '--encoding', 'klingon']);
    expect(odd).toMatchObject({ code: 2, stderr: expect.stringContaining('klingon is no encoding') });
  });

  it('leaves files and collections of others alone', async () => {
    write('a.csv', 'path,title\n1.wav,One\n');
    write('a.catalog.db', 'mine');
    expect((await run(['init', '--from', 'csv', 'a.csv'])).stderr).toContain(
      'is not a catalog file of this program',
    );
    write('embeddings.config.yaml', 'collections:\n  b:\n    source: { url: other.db }\n');
    const answer = await run(['init', '--from', 'csv', 'a.csv', '--collection', 'b']);
    expect(answer.stderr).toContain('declares a collection b already');
    expect((await run(['init', '--from', 'csv', 'a.csv', '--collection', '../b'])).stderr).toContain(
      'is no name for a collection',
    );
  });

  it.each([
    [['--from', 'csv'], '--from csv needs a file'],
    [['a.csv'], 'a.csv needs --from'],
    [['--column', 'id=a'], '--column needs --from'],
    [['--replace'], '--replace needs --from'],
    [['--from', 'splice', '--replace'], '--replace is for csv, jsonl and rekordbox'],
    [['--encoding', 'utf-8'], '--encoding needs --from'],
    [['--from', 'splice', '--encoding', 'utf-8'], '--encoding is for csv, jsonl and rekordbox'],
    [['--from', 'csv', '--table', 'x'], '--table and --from are both given'],
    [['--from', 'csv', 'a.csv', '--path', 'b.csv'], '--path and the path a.csv are both given'],
    [['--from', 'splice', '--column', 'id=a'], '--column is for csv, jsonl and rekordbox'],
    [['--from', 'itunes'], 'splice, mixxx, beets, rekordbox, csv, jsonl'],
  ])('refuses %j', async (args, words) => {
    const answer = await run(['init', ...args]);
    expect(answer).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
  });
});

it('init --from jsonl keeps lists and numbers', async () => {
  write('a.jsonl', '{"id": 7, "name": "Kick", "tags": ["dry", "hard"], "energy": 0.333, "loop": false}\n');
  const answer = await run(['init', '--from', 'jsonl', 'a.jsonl', '--json']);
  expect(JSON.parse(answer.stdout)).toMatchObject({
    texts: [{ id: '7', text: 'Title: Kick\nEnergy: 0.33\nTags: dry, hard\nLoop: false' }],
  });
});

it.each(['', '\n\n', '{\n"id": 1\n}\n'])(
  'init --from jsonl says what a file without samples lacks: %j',
  async (content) => {
    write('a.jsonl', content);
    const answer = await run(['init', '--from', 'jsonl', 'a.jsonl']);
    expect(answer).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        'a.jsonl has no object of JSON in a line of its own (it is empty, or one object is spread over several lines): ' +
          'write each sample as one line, like {"id":1,"title":"Kick"}',
      ),
    });
    expect(existsSync(join(folder.path, 'a.catalog.db'))).toBe(false);
  },
);

it('init --from rekordbox finds its export, and takes the ids of its tracks', async () => {
  write(
    'rekordbox.xml',
    '<DJ_PLAYLISTS><COLLECTION><TRACK TrackID="41" Name="" Kind="WAV File" Genre="Techno" AverageBpm="0.00" Comments="deep" ' +
      'Grouping="Peak" DateAdded="2024-01-10" Size="3" BitRate="320" PlayCount="3" Rating="255" Colour="0xFF007F" Tonality="8A" Location="file://localhost/Users/ada/kick_1.wav"/></COLLECTION></DJ_PLAYLISTS>',
  );
  const none = await run(['init', '--from', 'rekordbox']);
  expect(none.stderr).toContain('File, Export Collection in xml format');
  const answer = await run(['init', '--from', 'rekordbox', '--path', '.', '--json']);
  expect(JSON.parse(answer.stdout)).toMatchObject({
    collection: 'rekordbox',
    texts: [{ id: '41', text: 'Title: kick 1\nGenre: Techno\nKey: 8A\nGrouping: Peak\nDescription: deep' }],
  });
});
