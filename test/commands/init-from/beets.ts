import { Database } from '../../../src/sqlite.js';

/** beets' tables; `genres` is in newer versions, beside the `genre` of before. */
const schema = (genre: string): string => `
  CREATE TABLE items (
    id INTEGER PRIMARY KEY, path BLOB, album_id INTEGER, title TEXT, artist TEXT, artist_sort TEXT, album TEXT,
    albumartist TEXT, ${genre}, style TEXT, grouping TEXT, year INTEGER, lyrics TEXT, comments TEXT, bpm INTEGER,
    label TEXT, initial_key TEXT, length REAL, format TEXT, mtime REAL, added REAL);
  CREATE TABLE item_attributes (
    id INTEGER PRIMARY KEY, entity_id INTEGER, key TEXT, value TEXT, UNIQUE(entity_id, key) ON CONFLICT REPLACE);
  CREATE INDEX item_attributes_by_entity ON item_attributes (entity_id);
  CREATE TABLE albums (id INTEGER PRIMARY KEY, artpath BLOB, added REAL, albumartist TEXT, album TEXT);
  CREATE TABLE album_attributes (
    id INTEGER PRIMARY KEY, entity_id INTEGER, key TEXT, value TEXT, UNIQUE(entity_id, key) ON CONFLICT REPLACE);
`;

export function makeBeets(path: string, { isNew }: { isNew: boolean }): void {
  const db = new Database(path);
  db.exec(schema(isNew ? 'genre TEXT, genres TEXT' : 'genre TEXT'));
  const genre = isNew ? 'genres' : 'genre';
  const add = db.prepare(
    `INSERT INTO items (id, path, title, artist, album, ${genre}, bpm, initial_key, comments, length, style)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')`,
  );
  add.run(
    ...[3, Buffer.from('/music/Ada/01 Night.flac'), 'Night', 'Ada', 'First'],
    ...[isNew ? 'Deep House\\␀Ambient' : 'Deep House', 122, 'Am', '', 301.5],
  );
  // Names of files are bytes, not always UTF-8.
  add.run(5, Buffer.from('/music/caf\xe9_loop.wav', 'latin1'), '', '', '', '', 0, null, 'from a tape', 2);
  const attribute = db.prepare('INSERT INTO item_attributes (entity_id, key, value) VALUES (?, ?, ?)');
  attribute.run(3, 'mood', 'melancholic');
  attribute.run(3, "ada's tags", 'late, warm');
  attribute.run(3, 'data_source', 'MusicBrainz');
  attribute.run(5, 'mood_aggressive', '0.02');
  db.close();
}
