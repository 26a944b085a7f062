import { keyOf } from './provider/bill.mjs';
import { tokensOf } from './provider/tokens.mjs';
import Database from './sqlite.mjs';
import { MARK } from './ways/patterns.mjs';

const SCHEMA = `
CREATE TABLE samples (
  id INTEGER NOT NULL PRIMARY KEY, title VARCHAR NOT NULL, genre VARCHAR, bpm FLOAT, musical_key VARCHAR, tags JSON
);
CREATE TABLE vibe_analyses (
  id INTEGER NOT NULL PRIMARY KEY, sample_id INTEGER NOT NULL UNIQUE REFERENCES samples(id),
  mood_primary VARCHAR NOT NULL, mood_secondary VARCHAR, energy_level FLOAT, texture_tags JSON, characteristics JSON
);`;

const MARKED_ID = 37;
const WORDS = 'grainy loop dusty kick warm pad thin hat wide room bright key soft bass über naïve'.split(' ');

/** Sample `id`: every field is plain, so that its text can be told without knowing how odd ones are read. */
function rowOf(id, edits) {
  const word = (n) => WORDS[(id * 7 + n * 5) % WORDS.length];
  const prose = Array.from({ length: 4 + (id % 40) }, (_, n) => word(n)).join(' ');
  return {
    id,
    title: `Sample ${String(id).padStart(5, '0')} ${word(1)}${id === MARKED_ID ? ` ${MARK}` : ''}${' again'.repeat(edits)}`,
    genre: 'hip hop',
    bpm: 80 + (id % 60),
    key: 'Am',
    tags: ['dark', word(2)],
    mood: 'moody',
    mood2: 'calm',
    energy: 0.5,
    textures: [word(3)],
    prose: `${prose}.`,
  };
}

/** The source text of a sample, as the library's own documentation lays it down. */
const textOf = (row) =>
  [
    `Title: ${row.title}`,
    `Genre: ${row.genre}`,
    `BPM: ${row.bpm}`,
    `Key: ${row.key}`,
    `Mood: ${row.mood}, ${row.mood2}`,
    'Energy: 0.50',
    `Tags: ${row.textures.join(', ')}`,
    `Description: ${row.prose}`,
    `Sample Tags: ${row.tags.join(', ')}`,
  ].join('\n');

/** A SQLite catalog of `samples` samples, all of different texts. */
export function makeCatalog(path, samples) {
  const db = new Database(path);
  db.exec(SCHEMA);
  const rows = Array.from({ length: samples }, (_, index) => rowOf(index + 1, 0));
  const sample = db.prepare('INSERT INTO samples VALUES (?, ?, ?, ?, ?, ?)');
  const vibe = db.prepare('INSERT INTO vibe_analyses VALUES (?, ?, ?, ?, ?, ?, ?)');
  db.transaction(() => {
    for (const row of rows) {
      sample.run(row.id, row.title, row.genre, row.bpm, row.key, JSON.stringify(row.tags));
      const prose = JSON.stringify({ raw_analysis: row.prose });
      vibe.run(row.id, row.id, row.mood, row.mood2, row.energy, JSON.stringify(row.textures), prose);
    }
  })();
  db.close();
  return describe(rows);
}

/** Changes the titles of the samples with these ids; gives what the catalog then holds. */
export function editCatalog(path, samples, ids) {
  const db = new Database(path);
  const edit = db.prepare('UPDATE samples SET title = ? WHERE id = ?');
  const rows = Array.from({ length: samples }, (_, index) =>
    rowOf(index + 1, ids.includes(index + 1) ? 1 : 0),
  );
  db.transaction(() => {
    for (const row of rows) edit.run(row.title, row.id);
  })();
  db.close();
  return describe(rows);
}

/** `texts`: by sample id; `marked`: the key of the one text that is marked; `tokens`: of all texts. */
function describe(rows) {
  const texts = new Map(rows.map((row) => [row.id, textOf(row)]));
  const marked = texts.get(MARKED_ID);
  return {
    texts,
    keys: new Set([...texts.values()].map(keyOf)),
    marked: marked === undefined ? null : keyOf(marked),
    tokens: [...texts.values()].reduce((sum, text) => sum + tokensOf(text), 0),
  };
}
