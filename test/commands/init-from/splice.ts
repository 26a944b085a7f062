import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Database } from '../../../src/sqlite.js';

/** Splice's own tables, as far as they matter, with the columns that its app has. */
export const SPLICE_SCHEMA = `
  CREATE TABLE samples (
    id INTEGER PRIMARY KEY AUTOINCREMENT, local_path TEXT, attr_hash TEXT, dir TEXT, audio_key TEXT, bpm INTEGER,
    chord_type TEXT, duration INTEGER, file_hash TEXT, sas_id TEXT, filename TEXT, genre TEXT, pack_uuid TEXT,
    sample_type TEXT, tags TEXT, popularity INTEGER, purchased_at DATETIME, last_modified_at DATETIME,
    waveform_url TEXT, provider_name TEXT);
  CREATE TABLE packs (
    id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT NOT NULL UNIQUE, name TEXT, description TEXT, cover_url TEXT,
    genre TEXT, permalink TEXT, provider_name TEXT);
`;

type Row = Record<string, string | number | null>;

const HOME = '/Users/ada/Splice/sounds/packs/Dusty Breaks';
const DRUMS: Row = {
  local_path: `${HOME}/Loops/SO_DB_92_drum_loop_dusty_Cmin.wav`,
  filename: 'SO_DB_92_drum_loop_dusty_Cmin.wav',
  audio_key: 'c#',
  bpm: 92,
  chord_type: 'minor',
  duration: 10_434,
  file_hash: 'a1'.repeat(32),
  genre: 'hip hop',
  pack_uuid: 'pack-1',
  sample_type: 'loop',
  tags: 'drums,breaks,dusty',
  provider_name: 'Sounds of Ada',
};

/** What the app has written: a loop, a one-shot, a file that is there twice, and one that is not downloaded. */
export const SPLICE_ROWS: readonly Row[] = [
  DRUMS,
  {
    local_path: 'C:\\Users\\ada\\Splice\\Kick_Hard_01.wav',
    filename: null,
    audio_key: '',
    bpm: 0,
    chord_type: null,
    duration: 500,
    file_hash: 'b2'.repeat(32),
    genre: null,
    pack_uuid: 'pack-1',
    sample_type: 'oneshot',
    tags: 'kicks',
    provider_name: null,
  },
  { ...DRUMS, local_path: '/Users/ada/Desktop/copy.wav', filename: 'copy.wav' },
  { ...DRUMS, local_path: null, file_hash: 'c3'.repeat(32), filename: 'not here.wav' },
  {
    local_path: `${HOME}/Bass/bass Bb.wav`,
    filename: 'bass Bb.wav',
    audio_key: 'bb',
    chord_type: 'major',
    bpm: null,
    file_hash: 'f6'.repeat(32),
    pack_uuid: 'gone',
    sample_type: null,
    tags: null,
  },
];

/** Which index the hashes of files have is not the same in all versions. */
export function makeSplice(
  path: string,
  rows = SPLICE_ROWS,
  index: 'INDEX' | 'UNIQUE INDEX' | null = 'INDEX',
): void {
  mkdirSync(dirname(path), { recursive: true });
  const db = new Database(path);
  db.exec(SPLICE_SCHEMA);
  if (index !== null) db.exec(`CREATE ${index} samples_by_hash ON samples (file_hash)`);
  db.exec(
    `INSERT INTO packs (uuid, name, genre, provider_name) VALUES ('pack-1', 'Dusty Breaks', 'Hip Hop', 'Sounds of Ada'), ('pack-2', 'Other', 'techno', NULL)`,
  );
  db.transaction(() => {
    for (const row of rows) insert(db, row);
  })();
  db.close();
}

export function insert(db: Database.Database, row: Row): void {
  const names = Object.keys(row);
  db.prepare(`INSERT INTO samples (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(
    Object.values(row),
  );
}
