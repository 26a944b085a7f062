import { Database } from '../../../src/sqlite.js';

/** The tables of Mixxx's schema 40 that hold tracks, as its revisions leave them. */
const SCHEMA = `
  CREATE TABLE settings (name TEXT UNIQUE NOT NULL, value TEXT, locked INTEGER DEFAULT 0, hidden INTEGER DEFAULT 0);
  CREATE TABLE track_locations (
    id INTEGER PRIMARY KEY AUTOINCREMENT, location varchar(512) UNIQUE, filename varchar(512), directory varchar(512),
    filesize INTEGER, fs_deleted INTEGER, needs_verification INTEGER);
  CREATE TABLE library (
    id INTEGER PRIMARY KEY AUTOINCREMENT, artist varchar(64), title varchar(64), album varchar(64), year varchar(16),
    genre varchar(64), tracknumber varchar(3), location INTEGER REFERENCES track_locations(location),
    comment varchar(256), url varchar(256), duration FLOAT, bitrate INTEGER, samplerate INTEGER, cuepoint INTEGER,
    bpm FLOAT, wavesummaryhex BLOB, channels INTEGER, datetime_added DEFAULT CURRENT_TIMESTAMP, mixxx_deleted INTEGER,
    played INTEGER, header_parsed INTEGER DEFAULT 0);
  ALTER TABLE library ADD COLUMN filetype varchar(8) DEFAULT '?';
  ALTER TABLE library ADD COLUMN replaygain FLOAT DEFAULT 0;
  ALTER TABLE library ADD COLUMN timesplayed INTEGER DEFAULT 0;
  ALTER TABLE library ADD COLUMN rating INTEGER DEFAULT 0;
  ALTER TABLE library ADD COLUMN key varchar(8) DEFAULT '';
  ALTER TABLE library ADD COLUMN beats BLOB;
  ALTER TABLE library ADD COLUMN composer varchar(64) DEFAULT '';
  ALTER TABLE library ADD COLUMN keys BLOB;
  ALTER TABLE library ADD COLUMN key_id INTEGER DEFAULT 0;
  ALTER TABLE library ADD COLUMN grouping TEXT DEFAULT '';
  ALTER TABLE library ADD COLUMN album_artist TEXT DEFAULT '';
  ALTER TABLE library ADD COLUMN last_played_at DATETIME DEFAULT NULL;
  CREATE TABLE crates (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name varchar(48) UNIQUE NOT NULL, count INTEGER DEFAULT 0,
    show INTEGER DEFAULT 1);
  CREATE TABLE crate_tracks (
    crate_id INTEGER NOT NULL REFERENCES crates(id), track_id INTEGER NOT NULL REFERENCES library(id),
    UNIQUE (crate_id, track_id));
`;

/** A tagged track in two crates, an untagged sample, a hidden one, and one whose file is gone. */
const ROWS = `
  INSERT INTO track_locations (id, location, filename, directory, fs_deleted) VALUES
    (11, '/music/Night.mp3', 'Night.mp3', '/music', 0), (12, '/music/shaker_120.wav', 'shaker_120.wav', '/music', 0),
    (13, '/music/hidden.mp3', 'hidden.mp3', '/music', 0), (14, '/music/gone.mp3', 'gone.mp3', '/music', 1);
  INSERT INTO library (id, artist, title, album, genre, location, comment, duration, bpm, mixxx_deleted, key, key_id, grouping)
  VALUES
    (21, 'Ada', 'Night', 'First', 'Deep House', 11, 'warm pads', 301.5, 121.97, 0, '8A', 22, 'Warm-up'),
    (22, '', NULL, NULL, '', 12, '', 2, 0, 0, '', 0, ''),
    (23, 'Ada', 'Hidden', '', '', 13, '', 1, 0, 1, '', 0, ''),
    (24, 'Ada', 'Gone', '', '', 14, '', 1, 0, 0, '', 0, '');
  INSERT INTO crates (id, name) VALUES (1, 'Sunset; late'), (2, 'Openers');
  INSERT INTO crate_tracks VALUES (1, 21), (2, 21);
`;

export function makeMixxx(path: string): void {
  const db = new Database(path);
  // Mixxx does not have them checked, and its library.location holds ids.
  db.pragma('foreign_keys = OFF');
  db.exec(SCHEMA);
  db.exec(ROWS);
  db.close();
}
